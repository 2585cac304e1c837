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


def test_there_are_notebooks_of_each_kind():
    assert {page.stem for page in NOTEBOOKS} == {"notebook-dimer", "notebook-molecule", "notebook-proofs"}
