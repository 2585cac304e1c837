"""The notebooks of the documentation run from top to bottom, each in a kernel of its own."""

import pytest

from docs_pages import is_notebook, pages

NOTEBOOKS = [page for page in pages() if is_notebook(page)]


def execute(text):
    """Run a notebook that is written as Markdown; return its cells of code."""
    jupytext, nbclient = pytest.importorskip("jupytext"), pytest.importorskip("nbclient")
    notebook = jupytext.reads(text, fmt="md:myst")
    nbclient.NotebookClient(notebook, timeout=120).execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.slow
@pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.stem)
def test_a_notebook_runs(page):
    cells = execute(page.read_text(encoding="utf-8"))
    assert len(cells) >= 4
    assert any(cell.outputs for cell in cells)


@pytest.mark.slow
def test_a_notebook_that_fails_is_caught():
    text = NOTEBOOKS[0].read_text(encoding="utf-8") + "\n```{code-cell}\nassert 1 == 2\n```\n"
    with pytest.raises(Exception, match="AssertionError"):
        execute(text)


DISPLAYS = """
```{code-cell}
import qllg_sym as q
run = q.solve(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))]), q.QuantumLLG(0.1), q.states.product("+x"), [0, 1, 2])
run.plot()
```
```{code-cell}
run.plot()[0]
```
```{code-cell}
q.theorems()
```
```{code-cell}
run
```
"""


@pytest.mark.slow
def test_what_a_cell_ends_with_is_seen():
    plot, figure, book, run = [[output for output in cell.outputs if "data" in output] for cell in execute(DISPLAYS)]
    assert sum("image/png" in output["data"] for output in plot) == 1            # drawn, and drawn once
    assert sum("image/png" in output["data"] for output in figure) == 1
    assert "energy-falls" in book[0]["data"]["text/html"]
    assert "2 times" not in run[0]["data"]["text/html"]
    assert "3 times" in run[0]["data"]["text/html"]


def test_there_are_notebooks_of_each_kind():
    assert {page.stem for page in NOTEBOOKS} == {"notebook-dimer", "notebook-molecule", "notebook-proofs"}
