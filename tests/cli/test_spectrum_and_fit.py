"""`qllg spectrum` and `qllg fit`: what they print and write, on closed forms, and what they refuse."""

import json
from math import tanh

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym import cli
from qllg_sym.modelfile.read import model_named
from test_catalogue.entry import is_one_sentence

SPIN = """
[system]
spins = ["1/2"]
[[term]]
kind = "zeeman"
B = [0, 0, "B"]
[values]
B = 2.0
kappa = 0.1
[law]
kind = "q-llg"
kappa = "kappa"
"""
THERMAL = SPIN + """
[state]
kind = "thermal"
beta = 1.0
[response]
operators = ["Sx", "Sz"]
stop = 4
points = 101
"""
FIT = SPIN + """
[state]
kind = "product"
spins = ["+x"]
[fit]
free = {B = 1.8, kappa = 0.2}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, with data of a damped spin."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"spin": SPIN, "thermal": THERMAL, "fit": FIT}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    times = np.linspace(0, 5, 21)
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 2))])
    run = q.solve(model, q.QuantumLLG(0.1), q.states.product("+x"), times)
    np.savetxt("data.csv", np.column_stack([times, run.bloch(0)]), delimiter=",", header="t, x, y, z")
    return tmp_path


def test_a_spectrum_has_the_line_of_a_qubit(folder, capsys):
    assert cli.main(["spectrum", "thermal.toml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    line, = found["lines"]
    assert line["half_width"] / line["frequency"] == pytest.approx(0.1 * tanh(1), rel=1e-12)
    assert line["weight"] == pytest.approx([tanh(1) / 4, tanh(1) / 4, 0], abs=1e-14)
    assert (folder / found["file"]).read_bytes()[1:4] == b"PNG"


def test_without_a_state_it_is_the_ground_state(folder, capsys):
    assert cli.main(["spectrum", "spin.toml", "-o", "spin.svg"]) == 0
    assert "1.980198 ± 0.198, weights of Sx, Sy, Sz 0.25, 0.25, 0" in capsys.readouterr().out
    assert (folder / "spin.svg").exists()


def test_a_fit_finds_what_made_the_data(folder, capsys):
    assert cli.main(["fit", "fit.toml", "data.csv", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["values"] == pytest.approx({"B": 2, "kappa": 0.1}, abs=1e-8)
    assert found["freedom"] == 61
    assert cli.main(["fit", "fit.toml", "data.csv"]) == 0
    assert "degrees of freedom" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "text", "says"), [
    (["fit", "spin.toml", "data.csv"], None, "`spin` must have [fit] to be fitted"),
    (["fit", "thermal.toml", "data.csv"], None, "`thermal` must have [fit] to be fitted"),
    (["fit", "fit.toml", "two.csv"], "0, 1\n1, 2\n", "`DATA` must have a time and three numbers a line in its file"),
    (["fit", "fit.toml", "none.csv"], None, "`DATA` must have a file that is readable"),
    (["spectrum", "wrong.toml"], SPIN + "[response]\noperators = [\"sx\"]\n", "a list of names among Sx, Sy, Sz"),
    (["spectrum", "wrong.toml"], SPIN + "[response]\nstop = -1\n", "must be above start = 0"),
    (["fit", "wrong.toml", "data.csv"], FIT.replace("kappa = 0.2}", "kapa = 0.2}"), "(did you mean kappa?)"),
])
def test_mistakes_are_one_sentence(folder, capsys, words, text, says):
    if text is not None:
        (folder / words[-1 if words[-1].endswith("two.csv") else 1]).write_text(text, encoding="utf-8")
    before = sorted(p.name for p in folder.iterdir())
    assert cli.main(words) != 0
    error = capsys.readouterr().err.removeprefix("error: ").strip()
    assert says in error
    assert is_one_sentence(error)
    assert sorted(p.name for p in folder.iterdir()) == before


def test_what_is_asked_of_a_response_is_kept(folder):
    """A file's operators and frequencies reach the picture."""
    asked = model_named("thermal.toml").still().response
    assert asked.operators == ("Sx", "Sz")
    assert asked.omega.tolist() == pytest.approx(np.linspace(0, 4, 101))


EPR = """
[system]
spins = ["1"]
units = ["GHz", "ns"]
[[term]]
kind = "zero-field"
D = "D"
i = 0
E = 0.4
[values]
D = 3.0
[law]
kind = "q-llg"
kappa = 0.1
[epr]
frequency = 12.0
start = 0
stop = 0.8
points = 201
temperature = 4
g = 2.0
"""


def test_an_epr_spectrum_has_the_fields_of_a_spin_one(folder, capsys):
    (folder / "epr.toml").write_text(EPR, encoding="utf-8")
    assert cli.main(["spectrum", "epr.toml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    bohr = q.Units("GHz", "ns").mu_B
    assert [line["place"] for line in found["lines"]] == pytest.approx(
        [np.sqrt((12 - sign * 3)**2 - 0.16) / (2 * bohr) for sign in (1, -1)], rel=1e-10)
    assert (folder / "epr.spectrum.png").stat().st_size > 1000
    powder = EPR + """
powder = "lebedev"
orientations = 20
width = 0.05
harmonic = 0
g = [[2, 0, 0], [0, 2, 0], [0, 0, 2.2]]
"""
    (folder / "epr.toml").write_text(powder.replace("g = 2.0\n", ""), encoding="utf-8")
    assert cli.main(["spectrum", "epr.toml"]) == 0
    assert "strongest at" in capsys.readouterr().out


@pytest.mark.parametrize(("old", "new", "says"), [
    ("frequency = 12.0\n", "", "[epr] `frequency` must be given where the field is swept, or `field` where the freq"),
    ("frequency = 12.0", "frequency = 12.0\nfield = 1", "is, but is 'both'; mend it."),
    ("stop = 0.8", "stop = -1", "[epr] `stop` must be above start = 0, but is -1.0; mend it."),
    ("points = 201", "points = 1", "[epr] `points` must be from 2 to 1000000, but is 1; mend it."),
    ("g = 2.0", 'powder = "zwc"', "[epr] `powder` must be one of zcw, lebedev, but is 'zwc'; mend it."),
    ("g = 2.0", "harmonic = 2", "[epr] `harmonic` must be 0 or 1, but is 2; mend it."),
    ("g = 2.0", "b = 2", "[epr] must have known keys alone, but has 'b'"),
    ("g = 2.0", "g = [2, 2]", "`g` must be a finite number, a 3×3 tensor, or one of these for each of the 1 sites, b")])
def test_an_epr_table_that_is_wrong(folder, capsys, old, new, says):
    (folder / "epr.toml").write_text(EPR.replace(old, new), encoding="utf-8")
    assert cli.main(["spectrum", "epr.toml"]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert is_one_sentence(told.strip().removeprefix("qllg: error: "))
