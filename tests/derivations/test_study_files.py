"""The record of a study, its files, and the command that computes studies."""

import json
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from qllg_sym import cli
from qllg_sym.errors import FileError, InputError
from qllg_sym.figures.figure import Check, Statement
from qllg_sym.figures.study import Study

STUDIES = import_module("qllg_sym.derivations").studies()
MAGNET = STUDIES["magnet"]
HELD = Statement("one is one", "own", "holds", "1 = 1")


@pytest.fixture(scope="module")
def magnet():
    """A quick study."""
    return MAGNET.compute(MAGNET.QUICK)


def record(**changes):
    given = {"id": "one", "title": "One", "caption": "One.", "tables": {"t": {"t": np.zeros(2), "y": np.ones(2)}},
             "draw": lambda: None, "statements": (HELD,), "checks": ()}
    return Study(**given | changes)


def test_a_study_is_ok_only_when_all_of_it_is():
    assert record().ok
    assert not record(statements=(HELD, replace(HELD, verdict="holds approximately"))).ok
    assert not record(checks=(Check("drift", float("nan"), 1.0),)).ok


@pytest.mark.parametrize(("changes", "part"), [
    ({"id": "../one"}, "`id`"), ({"id": "One"}, "`id`"), ({"statements": ()}, "`statements`"),
    ({"tables": {"t": {"t": np.zeros(2), "y": np.ones(3)}}}, "`tables['t']`"), ({"tables": {"t": {}}}, "`tables['t']`"),
])
def test_bad_records_are_refused(changes, part):
    with pytest.raises(InputError, match="must") as caught:
        record(**changes)
    assert part in str(caught.value)


def test_the_files_of_a_study(magnet, tmp_path):
    paths = magnet.write(tmp_path)
    assert sorted(path.name for path in paths) == sorted(path.name for path in tmp_path.iterdir())
    assert paths == magnet.paths(tmp_path)
    assert paths[0].read_bytes()[1:4] == b"PNG"
    table = np.genfromtxt(tmp_path / "study_magnet_time.csv", delimiter=",", names=True)
    assert np.array_equal(table["switched"], magnet.tables["time"]["switched"])
    with pytest.raises(FileError, match="folder"):
        magnet.write(tmp_path / "missing")


def test_the_command_lists_computes_and_refuses(tmp_path, monkeypatch, capsys, magnet):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["study", "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["studies"] == {name: m.TITLE for name, m in STUDIES.items()}
    assert cli.main(["study", "magnet", "no-such", "--quick"]) == 2
    assert "`ID` must be one of" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "taken").touch()
    assert cli.main(["study", "magnet", "--quick", "-o", "taken"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    monkeypatch.setattr(MAGNET, "compute", lambda given: magnet)
    assert cli.main(["study", "magnet", "magnet", "--quick", "-o", "a/b", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [study["id"] for study in found["studies"]] == ["magnet"]
    assert len(list((tmp_path / "a" / "b").iterdir())) == 5
    wrong = replace(magnet, statements=(replace(HELD, verdict="does not hold"),))
    monkeypatch.setattr(MAGNET, "compute", lambda given: wrong)
    assert cli.main(["study", "magnet", "-o", "a"]) == 1
    assert "DOES NOT HOLD: one is one (own)" in capsys.readouterr().out
