"""Signals in model files: from a file, from lists, to every command, and back into text."""

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym import cli
from qllg_sym.modelfile.read import read_file
from qllg_sym.modeltext.as_text import model_as_text
from qllg_sym.modeltext.from_text import model_from_text
from qllg_sym.modeltext.signals import MOST_WRITTEN

TIMES = np.linspace(0, 6, 61)
SAMPLES = np.exp(-(TIMES - 3)**2)
PULSE = q.signal("pulse")
MODEL = q.Model(q.Space("1/2"), [q.Zeeman((2*PULSE, 0, 0))])
FILE = """\
[system]
spins = ["1/2"]
[[term]]
kind = "zeeman"
B = ["2*pulse", 0, 0]
[signals]
pulse = {entry}
[law]
kind = "q-llg"
kappa = {kappa}
[state]
kind = "product"
spins = ["up"]
[time]
times = [0, 3, 6]
"""
HEAD = "time / ps, B / T   # of an oscilloscope\n# a line\n\n"
WRITTEN = {"commas": (HEAD, ","), "blanks": ("", "  "), "tabs": (HEAD, "\t"), "semicolons": ("t; B\n", "; ")}


def written(folder, entry='{file = "data/pulse.csv"}', head="", between=",", kappa="0"):
    """Write a model file with its samples beside it, and return its path."""
    (folder / "data").mkdir(exist_ok=True)
    rows = "".join(f"{a!r}{between}{b!r}\n" for a, b in zip(TIMES.tolist(), SAMPLES.tolist(), strict=True))
    (folder / "data" / "pulse.csv").write_text(head + rows, encoding="utf-8")
    path = folder / "pulse.toml"
    path.write_text(FILE.replace("{entry}", entry).replace("{kappa}", kappa), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", WRITTEN)
def test_two_columns_are_read_as_they_are_written(name, tmp_path):
    head, between = WRITTEN[name]
    found = read_file(written(tmp_path, head=head, between=between))
    assert found.model == MODEL
    assert [part.tolist() for part in found.values["pulse"]] == [TIMES.tolist(), SAMPLES.tolist()]


def test_the_commands_take_it_and_turn_the_spin_by_its_area(tmp_path, monkeypatch, capsys):
    """A field along x of any shape turns a spin by its area; half of it where half is over."""
    written(tmp_path)
    monkeypatch.chdir(tmp_path)
    for words in (["solve", "pulse.toml"], ["derive", "pulse.toml"], ["generate", "pulse.toml", "--target", "c"],
                  ["sweep", "pulse.toml", "--over", "kappa=0,0.5", "-o", "study.npz"]):
        assert cli.main(words) == 0
    out = capsys.readouterr().out
    assert "pulse = 61 samples from 0 to 6" in out
    assert "2 pulse(t) T_z" in out
    assert "p[0] = pulse" in out
    area = np.sqrt(np.pi) * 0.9999779095030014          # erf(3)
    assert abs(q.load("pulse.npz").bloch(0)[:, 2] - np.cos([0, area, 2 * area])).max() < 1e-5
    study = q.load("study.npz")
    assert abs(study.bloch.sel(kappa=0, axis="z").values.ravel()[-1] - np.cos(2 * area)) < 1e-5
    assert abs(study.bloch.sel(kappa=0.5, axis="z").values.ravel()[-1] - np.cos(2 * area)) > 1e-2


def test_a_run_that_was_saved_says_what_its_signal_was(tmp_path):
    run = q.solve(MODEL, q.QuantumLLG(0.1), q.states.product("up"), [0, 3, 6], {"pulse": (TIMES, SAMPLES)})
    run.save(tmp_path / "run.npz")
    again = q.load(tmp_path / "run.npz")
    assert again.model == MODEL
    model, law, values = model_from_text(again.record.provenance.told["model_file"])
    rerun = q.solve(model, law, q.states.product("up"), [0, 3, 6], values)
    assert np.array_equal(rerun.bloch(0), again.bloch(0))


@pytest.mark.parametrize(("values", "says"), [
    ({"pulse": (np.arange(MOST_WRITTEN + 1.0), np.zeros(MOST_WRITTEN + 1))}, "1001 samples are more than 1000"),
    ({"pulse": None}, "they were no samples"), ({}, "")], ids=["many", "a function", "none"])
def test_text_says_which_samples_it_does_not_keep(values, says):
    text = model_as_text(MODEL, None, values)
    assert f"pulse = {{}}{f'   # its values are not kept: {says}' if says else ''}" in text.splitlines()
    assert model_from_text(text)[0] == MODEL
    assert model_from_text(text)[2] == {}


def test_support_and_resolution_come_back():
    pulse = q.signal("pulse", support=[(0, 2), (5, 6)], resolution=0.25)
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1 + pulse**2))])
    law = q.QuantumLLG(q.signal("friction"))
    values = {"pulse": (TIMES, SAMPLES), "friction": (TIMES[:4], SAMPLES[:4])}
    found, again, numbers = model_from_text(model_as_text(model, law, values))
    assert (found, again) == (model, law)
    assert {name: [part.tolist() for part in pair] for name, pair in numbers.items()} == \
        {name: [part.tolist() for part in pair] for name, pair in values.items()}
