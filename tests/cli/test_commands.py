"""What the commands do, from the words after `qllg` to the files that they leave."""

import json
import math
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

from qllg_sym import cli
from qllg_sym.errors import IntegrationError, SolveInterrupted
from qllg_sym.model.expressions import parse

DIMER = Path(__file__).parents[1] / "data" / "dimer.toml"
FIG_1 = """
[system]
spins = ["1/2", "1/2"]
[[term]]
kind = "exchange"
J = "J"
sites = [0, 1]
[[term]]
kind = "zeeman"
B = ["B", 0, 0]
[values]
J = -0.3
B = 0.8
[law]
kind = "q-llg"
kappa = 0.5
[state]
kind = "product"
spins = ["up", "down"]
[time]
stop = 4.0
points = 9
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty working folder with the dimer's model file in it."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(DIMER, tmp_path / "dimer.toml")
    return tmp_path


def document(capsys, *words, code=0):
    """Run with --json and return the one document that is printed."""
    assert cli.main([*words, "--json"]) == code
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    return json.loads(out)


def test_derive_gives_prl_8_for_one_spin(capsys):
    found = document(capsys, "derive", "spin")
    names = [*found["states"], *found["velocities"], *found["parameters"]]
    residual = sp.Matrix([parse(text, names) for text in found["residual"]])
    eta, deta, B = (sp.Matrix([sp.Symbol(f"{name}_{k}", real=True) for k in "xyz"]) for name in ("eta", "deta", "B"))
    kappa, s = sp.symbols("kappa s", real=True)
    expected = deta - eta.cross(B) + kappa / (2 * s + 1) * eta.cross(deta)
    assert (residual - expected).expand() == sp.zeros(3, 1)


def test_derive_prints_within_a_terminal(capsys):
    for words in (["dimer"], ["spin"], ["dimer", "--law", "llg"], ["dimer", "--form", "coefficients"]):
        assert cli.main(["derive", *words]) == 0
        text = capsys.readouterr().out
        assert max(map(len, text.splitlines())) <= 100


def test_derive_prints_latex_and_json(capsys):
    assert cli.main(["derive", "spin", "--format", "latex"]) == 0
    assert "aligned" in capsys.readouterr().out
    assert cli.main(["derive", "spin", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["states"] == ["eta_x", "eta_y", "eta_z"]


def test_derive_prints_vectors_for_a_paper(capsys):
    assert cli.main(["derive", "dimer", "--form", "vector", "--width", "246", "--environment", "align*"]) == 0
    found = capsys.readouterr().out
    assert found.startswith("{\\allowdisplaybreaks\n\\begin{align*}\n\\dot{r}_{1,i} &= ")
    assert cli.main(["derive", "spin", "--form", "vector"]) == 0
    assert "\nη' = " in capsys.readouterr().out
    record = document(capsys, "derive", "spin", "--form", "vector")
    assert record["form"] == "vector"
    assert record["latex"].startswith("\\begin{aligned}")


@pytest.mark.parametrize(("words", "said"), [
    (["--width", "246", "--format", "text"], "`--width` must go with --format latex, but the format is text"),
    (["--environment", "align", "--json"], "`--environment` must go with --format latex, but the format is json"),
    (["--environment", "eqnarray"], "`environment` must be one of aligned, align, align*, but is 'eqnarray'"),
    (["--width", "-1"], "`width` must be a positive number of points, but is -1.0"),
])
def test_derive_refuses_what_does_not_fit_together(words, said, capsys):
    assert cli.main(["derive", "dimer", *words]) == 2
    assert said in "".join(capsys.readouterr())


def test_derive_takes_the_law_and_the_values_names_of_a_file(folder, capsys):
    assert document(capsys, "derive", "dimer.toml")["parameters"] == ["D0", "J0"]
    assert document(capsys, "derive", "dimer.toml", "--law", "von-neumann")["law"] == "von-neumann"
    said = document(capsys, "derive", "dimer.toml", "--form", "eta", code=2)["error"]
    assert said == "`--form eta` must have one site, but the space has 2; use `--form coefficients`."


@pytest.mark.parametrize("command", [["derive"], ["generate", "--target", "c"]])
def test_too_many_equations_are_refused_at_once(command, folder, capsys):
    spins = ", ".join(['"1/2"'] * 20)
    Path("large.toml").write_text(f"[system]\nspins = [{spins}]\n", encoding="utf-8")
    assert str(4**20 - 1) in document(capsys, *command, "large.toml", code=2)["error"]
    assert document(capsys, "derive", "large.toml", "--law", "llg")["states"][-1] == "m19_z"


@pytest.mark.parametrize("words", [["derive", "no.toml"], ["derive", "dimer", "--law", "gilbert"], ["solve", "dimer"],
                                   ["generate", "dimer", "--target", "cobol"], ["plot", "no.npz"], ["solve", "no.toml"],
                                   ["derive", "dimer", "--law", "llg", "--form", "pauli"]])
def test_bad_input_is_2(words, folder, capsys):
    assert "error" in document(capsys, *words, code=2)
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("qllg: error: ")
    assert err.count("\n") == 1
    assert sorted(path.name for path in folder.iterdir()) == ["dimer.toml"]


def test_derive_prints_the_hamiltonian_that_the_classical_equations_come_from(folder, capsys):
    assert cli.main(["derive", "dimer", "--law", "llg"]) == 0
    text = capsys.readouterr().out
    assert "+J m_0·m_1, J = J" in text
    assert 'law: llg (PRL 133, 266704 (2024), eq. 1, field="paper")' in text
    assert "S_0" not in text
    assert cli.main(["derive", "dimer"]) == 0
    assert "+(4J/ħ²) S_0·S_1, J = J" in capsys.readouterr().out


def test_generate_prints_or_writes_the_same_source(folder, capsys):
    printed = document(capsys, "generate", "dimer", "--target", "c")
    written = document(capsys, "generate", "dimer", "--target", "c", "--out", "new/folder")
    assert Path(written["file"]).read_text(encoding="utf-8") == printed["source"]
    assert [Path(name).read_text(encoding="utf-8") for name in written["beside"]] == [printed["beside"][".h"]]
    assert written["beside"] == [written["file"].removesuffix(".c") + ".h"]
    assert written["digest"] in printed["source"]
    assert len(written["states"]) == 15
    assert "gap" in document(capsys, "generate", "spin", "--target", "numpy", "--spectrum", "two-level")["parameters"]


def test_generated_numpy_code_is_the_closed_form_of_one_spin(folder, capsys):
    """At rest along x in a field along z: PRL 8 solved for the velocity, by hand."""
    from qllg_sym.codegen.build import load
    from qllg_sym.modelfile.read import model_named
    found = document(capsys, "generate", "spin", "--target", "numpy")
    model_file = model_named("spin").with_law(None)
    function = load(model_file.law.derive(model_file.model).eta().kernel(), "numpy")
    assert list(function.kernel.parameters) == found["parameters"]
    values = {"B_x": 0.0, "B_y": 0.0, "B_z": 1.5, "kappa": 0.5, "s": 1.0}
    eta = 0.6
    x = 0.5 * eta / 3
    velocity = function(0.0, np.array([eta, 0, 0]), np.array([values[name] for name in found["parameters"]]))
    assert velocity == pytest.approx([0, -eta * 1.5 / (1 + x**2), eta * 1.5 * x / (1 + x**2)], abs=1e-15)


def test_solve_gives_the_exact_solution_of_figure_1(folder, capsys):
    from qllg_sym.flow.results.trajectory import Trajectory
    Path("fig1.toml").write_text(FIG_1, encoding="utf-8")
    found = document(capsys, "solve", "fig1.toml")
    trajectory = Trajectory.load(found["file"])
    q, J, B = 0.5 / 1.25, -0.3, 0.8
    expected = [math.sinh(2 * q * B * t) / (math.cosh(2 * q * B * t) + math.exp(8 * q * J * t))
                for t in trajectory.times]
    assert trajectory.times == pytest.approx(np.linspace(0, 4, 9))
    assert trajectory.bloch(0)[:, 0] == pytest.approx(expected, abs=1e-8)
    assert found["points"] == 9
    assert found["invariants"]["purity"] < 1e-8


def test_solve_then_plot(folder, capsys):
    assert cli.main(["solve", "dimer.toml"]) == 0
    out, err = capsys.readouterr()
    assert "dimer.npz" in out
    assert err == ""  # no bar where standard error is no terminal
    assert max(map(len, out.splitlines())) <= 110
    assert cli.main(["plot", "dimer.npz"]) == 0
    assert Path("dimer.png").read_bytes().startswith(b"\x89PNG")
    assert cli.main(["plot", "dimer.npz", "-o", "other.svg"]) == 0
    assert "<svg" in Path("other.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("output", ["x.txt", "no-such-folder/x.npz", "x", "."])
def test_a_wrong_output_file_is_refused_before_the_work(output, folder, capsys, monkeypatch):
    from qllg_sym.flow import solve
    monkeypatch.setattr(solve, "solve_with", lambda *_, **__: pytest.fail("it was integrated"))
    assert "error" in document(capsys, "solve", "dimer.toml", "-o", output, code=2)


def test_a_wrong_picture_file_is_refused(folder, capsys):
    assert cli.main(["solve", "dimer.toml"]) == 0
    capsys.readouterr()
    assert "jpg" in document(capsys, "plot", "dimer.npz", "-o", "x.jpg", code=2)["error"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive", None])
def test_a_damaged_trajectory_is_2(content, folder, capsys):
    assert cli.main(["solve", "dimer.toml"]) == 0
    capsys.readouterr()
    path = Path("dimer.npz")
    path.write_bytes(path.read_bytes()[:-200] if content is None else content)
    assert "damaged" in document(capsys, "plot", "dimer.npz", code=2)["error"]


@pytest.mark.parametrize(("error", "code"), [(IntegrationError("The step became too small at t = 1; loosen rtol."), 3),
                                             (SolveInterrupted("Stopped at t = 1; the rest is missing."), 130)])
def test_failures_of_the_integration_have_their_codes(error, code, folder, capsys, monkeypatch):
    from qllg_sym.flow import solve

    def fail(*_, **__):
        raise error
    monkeypatch.setattr(solve, "solve_with", fail)
    assert document(capsys, "solve", "dimer.toml", code=code)["error"] == str(error)
    assert sorted(path.name for path in folder.iterdir()) == ["dimer.toml"]


@pytest.mark.parametrize(("kind", "code"), [(IntegrationError, 3), (SolveInterrupted, 130)])
def test_what_there_is_of_a_failed_integration_is_kept(kind, code, folder, capsys, monkeypatch):
    from qllg_sym.flow import solve
    from qllg_sym.flow.results.trajectory import Trajectory
    original = solve.solve_with

    def fail(model, law, state, times, *rest):
        raise kind("It ended at t = 1.", partial=original(model, law, state, times[:6], *rest))
    monkeypatch.setattr(solve, "solve_with", fail)
    message = document(capsys, "solve", "dimer.toml", code=code)["error"]
    assert "dimer.partial.npz" in message
    assert Trajectory.load("dimer.partial.npz").times[-1] == pytest.approx(1.0)
    assert not Path("dimer.npz").exists()


@pytest.mark.parametrize("ends", [True, False])
def test_no_terminal_is_told_of_partial(ends, folder, capsys, monkeypatch):
    from qllg_sym.flow import solve
    original = solve.solve_with

    def interrupted(*given):
        found = original(*given)
        raise (SolveInterrupted("`solve` was interrupted after t = 1; the error's `.partial` holds the trajectory so "
                                "far.", found) if ends else
               IntegrationError("It must reach the last of `times`, but stopped after t = 1: why; loosen rtol, or look "
                                "at `.partial`.", None, 1.0))
    monkeypatch.setattr(solve, "solve_with", interrupted)
    message = document(capsys, "solve", "dimer.toml", code=130 if ends else 3)["error"]
    assert message == ("`solve` was interrupted after t = 1; what there is was written to `dimer.partial.npz`." if ends
                       else "It must reach the last of `times`, but stopped after t = 1: why; loosen rtol.")


def test_progress_is_drawn_for_people_at_a_terminal_alone(folder, monkeypatch, capsys):
    from qllg_sym.flow import solve
    asked = []
    original = solve.solve_with

    def listen(*given):
        asked.append(given[-1].progress)
        return original(*given)
    monkeypatch.setattr(solve, "solve_with", listen)
    for is_terminal, words in ((False, []), (True, []), (True, ["--json"])):
        monkeypatch.setattr("sys.stderr.isatty", lambda answer=is_terminal: answer)
        assert cli.main(["solve", "dimer.toml", *words]) == 0
    assert asked == [False, True, False]


def test_help_shows_a_model_file_that_runs_and_every_kind(folder, capsys):
    from qllg_sym.cli.solve import epilog
    from qllg_sym.equations import laws
    from qllg_sym.equations.law import Law
    from qllg_sym.model import terms
    from qllg_sym.model.term import Term
    from qllg_sym.modelfile.state import kinds_of_state
    from qllg_sym.modeltext.terms_and_laws import kinds
    Path("shown.toml").write_text(epilog().split("\n\n")[1], encoding="utf-8")
    assert cli.main(["solve", "shown.toml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["stats"]["resolution"] == 0
    for kind in [*kinds(terms, Term), *kinds(laws, Law), *kinds_of_state()]:
        assert re.search(rf"[\s,]{kind}[,.]", epilog()), kind


def test_solve_says_what_bounds_leave_open(folder, capsys):
    text = 'spins = ["1/2"]\n[[term]]\nkind = "zeeman"\nB = [0, 0, "{}"]\n[values]\nw = 0\n[law]\nkind = "q-llg"\n' \
           'kappa = 0.1\n[state]\nkind = "product"\nspins = ["up"]\n[time]\nstart = 0.1\nstop = 1\npoints = 2\n'
    for field, said in (("exp(-(t - 1/2)**2/w**2)", True), ("exp(-(t - 1/2)**2)", False)):
        Path("open.toml").write_text("[system]\n" + text.format(field), encoding="utf-8")
        assert cli.main(["solve", "open.toml"]) == 0
        assert ("widest interval in which bounds do not show" in capsys.readouterr().out) == said
