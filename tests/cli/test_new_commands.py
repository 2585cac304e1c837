"""`qllg` alone, `new`, `docs` and `completion`; what is misspelt gets the right word."""

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym import cli
from qllg_sym.cli import docs, new
from qllg_sym.modelfile.read import read_file


def said(capsys, *words):
    assert cli.main(list(words)) == 2
    return capsys.readouterr().err.removeprefix("qllg: error: ").rstrip("\n")


def test_alone_it_shows_what_one_can_do(capsys):
    assert cli.main([]) == 0
    shown, err = capsys.readouterr()
    assert err == ""
    assert 10 <= len(shown.splitlines()) <= 12
    examples = re.findall(r"^  qllg (.+?)(?: {2,}|$)", shown, flags=re.MULTILINE)
    assert len(examples) >= 7
    for example in examples:            # each is understood by the parsers
        words = shlex.split(example.partition(" > ")[0])
        args, extra = cli._parser().parse_known_args(words)
        assert (args.command, extra) == (words[0], [])
    assert cli.main(["--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["commands"]) == set(cli.commands())


@pytest.mark.parametrize("name", sorted(new.starters()))
def test_every_starter_runs(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", name]) == 0
    text = capsys.readouterr().out
    assert text.count("#") >= 5
    Path(f"{name}.toml").write_text(text, encoding="utf-8")
    assert cli.main(["solve", f"{name}.toml"]) == 0
    found = q.Trajectory.load(f"{name}.npz")
    assert len(found) > 60
    assert max(found.invariants.values()) < 1e-7
    assert np.ptp(found.bloch(0)) > 0.1             # something happens


@pytest.mark.parametrize(("name", "over", "point"), [
    ("sweep", ["--over", "D=0:1:3", "--over", "kappa=0.1,0.5"], {"D": 0.5, "kappa": 0.1}),
    ("pulse", ["--over", "A=0:2.5:3"], {"A": 1.25})])
def test_starters_are_swept(name, over, point, tmp_path, monkeypatch, capsys):
    """As their first lines say, with fewer points; one of them is what `solve` gives."""
    text = new.starters()[name].read_text(encoding="utf-8")
    assert f"qllg sweep {name}.toml --over {over[1].partition('=')[0]}=" in text
    monkeypatch.chdir(tmp_path)
    Path(f"{name}.toml").write_text(text, encoding="utf-8")
    assert cli.main(["sweep", f"{name}.toml", *over, "-o", "many.npz"]) == 0
    for key, value in point.items():
        text = re.sub(rf"(?m)^{key} = [\d.]+$", f"{key} = {value}", text)
    Path("one.toml").write_text(text, encoding="utf-8")
    assert cli.main(["solve", "one.toml"]) == 0
    there = q.load("many.npz").energy.sel(point).values
    assert np.abs(there - q.load("one.npz").energy).max() < 1e-8
    assert np.ptp(there) > 0.1


def test_two_pulses_of_a_starter_turn_alike(tmp_path):
    """Without damping or field along z each turns by its area, A w √(2π)."""
    text = new.starters()["pulse"].read_text(encoding="utf-8").replace(", 0, 1]", ", 0, 0]")
    (tmp_path / "a.toml").write_text(text.replace("kappa = 0.1", "kappa = 0"), encoding="utf-8")
    file = read_file(tmp_path / "a.toml")
    run = q.solve(file.model, file.law, q.states.product("up"), [0, 14, 30], file.values)
    angle = 2.5 * 0.5 * np.sqrt(2 * np.pi)
    assert np.abs(run.bloch(0)[:, 2] - np.cos([0, angle, 2 * angle])).max() < 1e-9


def test_the_starters_are_those_promised():
    assert set(new.starters()) >= {"dimer", "molecule", "chain", "pulse", "sweep", "heat"}


def test_the_molecule_is_in_millielectronvolt_and_picoseconds():
    """Its field of 2 T along z alone: hbar ω = g μ_B B."""
    model = read_file(new.starters()["molecule"]).model
    assert (model.units.energy, model.units.time) == ("meV", "ps")
    zeeman = model.terms[-1]
    alone = q.Model(q.Space("1"), [q.Zeeman(zeeman.B, g=zeeman.g)], units=model.units)
    run = q.solve(alone, q.QuantumLLG(0), q.states.product("+x"), [0, 1])
    angle = np.arctan2(*run.bloch(0)[-1, 1::-1])
    assert abs(angle) == pytest.approx(2.1 * 5.7883817982e-2 * 2 / 0.6582119569, rel=1e-7)


def test_docs_says_where_the_site_is(tmp_path, monkeypatch, capsys):
    page = tmp_path / "index.html"
    monkeypatch.setattr(docs, "first_page", lambda: page)
    assert said(capsys, "docs").endswith("run `make docs` in a checkout.")
    page.write_text("<html></html>", encoding="utf-8")
    assert cli.main(["docs"]) == 0
    assert capsys.readouterr().out == f"{page}\n"
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert cli.main(["docs", "--open"]) == 0
    assert opened == [page.as_uri()]


@pytest.mark.parametrize(("words", "meant"), [
    (["slove"], "solve"), (["derive", "dimer", "--form", "paul"], "pauli"), (["new", "molecul"], "molecule"),
    (["derive", "dimer", "--fomr", "pauli"], "--form"), (["derive", "dimr"], "dimer"),
    (["derive", "dimer", "--law", "q-lg"], "q-llg"), (["generate", "dimer", "--target", "numpi"], "numpy"),
    (["prove", "purty"], "purity"), (["study", "ground-tim"], "ground-time"),
    (["reproduce", "--variant", "papr"], "paper"), (["completion", "bsh"], "bash"),
])
def test_misspelt_words_get_the_right_one(words, meant, capsys):
    assert re.search(rf"\(did you mean ([\w-]+(, | or ))*{meant}\b", said(capsys, *words))


@pytest.mark.parametrize("words", [["frobnicate"], ["prove", "xyzzy"], ["derive", "dimer", "--form", "zzz"]])
def test_nothing_is_meant_where_nothing_is_near(words, capsys):
    assert "did you mean" not in said(capsys, *words)


COMPLETED = [("qllg sol", {"solve"}), ("qllg ", set(cli.commands()) | {"--help", "--version", "--json"}),
             ("qllg derive dimer --form ", {"pauli", "eta", "coefficients", "moments"}), ("qllg derive di", {"dimer"}),
             ("qllg generate dimer --ta", {"--target"}), ("qllg new mo", {"molecule"}),
             ("qllg solve mod", {"model.toml"}), ("qllg --json figure 1 --variant a", {"authors"})]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on this machine")
def test_bash_completes(tmp_path, capsys):
    (tmp_path / "model.toml").touch()
    assert cli.main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    for line, _ in COMPLETED:
        words = line.split(" ")
        script += f"\nCOMP_WORDS=({' '.join(w or chr(34) * 2 for w in words)}); COMP_CWORD={len(words) - 1}\n"
        script += 'COMPREPLY=(); _qllg; echo "${COMPREPLY[*]}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stderr == ""
    for (line, expected), found in zip(COMPLETED, done.stdout.splitlines(), strict=True):
        assert expected <= set(found.split()), line
        assert line.endswith(" ") or set(found.split()) == expected, line


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_knows_every_command_and_option(shell, capsys):
    from qllg_sym.cli.completion import command_table
    assert cli.main(["completion", shell]) == 0
    script = capsys.readouterr().out
    table = command_table(cli._parser().parse_known_args(["doctor"])[0].parsers)
    assert set(table) == set(cli.commands())
    for name, command in table.items():
        assert re.search(rf"\b{name}\b", script)
        for option in command.options:
            assert (f"-l {option[2:]} " in script) if shell == "fish" else (option in script)
    if shutil.which(shell):
        subprocess.run([shell, "-n", "/dev/stdin"], input=script, text=True, check=True, capture_output=True)


def test_studies_say_what_they_compute_when_piped(tmp_path, monkeypatch, capsys):
    """Each before its work, so that somebody who waits at a pipe or a log sees where it is."""
    heard = []

    def compute(sizes):
        heard.append(capsys.readouterr().err)
        return SimpleNamespace(id="x", title="", caption="", ok=True, statements=[], checks=[], write=lambda folder: [])
    study = SimpleNamespace(compute=compute, QUICK=None)
    monkeypatch.setattr("qllg_sym.derivations.studies", lambda: {"first": study, "second": study})
    assert cli.main(["study", "-o", str(tmp_path)]) == 0
    assert heard == ["qllg: study first (1 of 2)\n", "qllg: study second (2 of 2)\n"]
    assert cli.main(["study", "--json", "-o", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""
