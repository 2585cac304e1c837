"""`qllg bench`: the table, the files, JSON, exit codes."""

import json

import pytest

from qllg_sym.benchmarks import run
from qllg_sym.benchmarks.results import Results, Row, Section
from qllg_sym.cli import main


def measured(ok=True):
    """Results that took no time."""
    rows = Row("qllg_sym, frame", 1e-4, 1e-11 if ok else 1e-3, 1e-10, ok=ok), Row("peer", note="not installed")
    curves = {"qllg_sym, frame": [(1e-10, 1e-11, 1e-4)]}
    sizes = {"N": [8.0, 9.0], "time in ms": [1.0, 2.0], "memory in MiB": [1.0, 2.0]}
    return Results((Section("Problem A: x", rows, 1e-10, curves),), sizes, {"time": 1.0}, True, "machine", "day")


def test_the_table_and_where_the_files_are(monkeypatch, tmp_path, capsys):
    asked = []
    monkeypatch.setattr(run, "measure", lambda *given: asked.append(given) or measured())
    assert main(["bench", "--quick", "--out", str(tmp_path / "new")]) == 0
    out = capsys.readouterr().out
    assert asked == [(True, False, 20)]                         # quick, and no bar where nobody looks
    assert "qllg_sym, frame" in out
    assert "not installed" in out
    assert all(str(path) in out for path in (tmp_path / "new").iterdir())


def test_the_largest_chain_is_the_users_and_24_at_most(monkeypatch, tmp_path, capsys):
    asked = []
    monkeypatch.setattr(run, "measure", lambda *given: asked.append(given) or measured())
    assert main(["bench", "--spins", "24", "--out", str(tmp_path)]) == 0
    assert asked == [(False, False, 24)]
    for wrong in ("1", "25", "x", "²"):
        assert main(["bench", "--spins", wrong, "--out", str(tmp_path)]) == 2
        assert "must be a number from 2 to 24" in capsys.readouterr().err


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_a_row_of_our_own_that_misses_its_target_is_a_failed_check(monkeypatch, tmp_path, capsys, ok, code):
    monkeypatch.setattr(run, "measure", lambda *_: measured(ok))
    assert main(["bench", "--json", "--out", str(tmp_path)]) == code
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is ok
    assert document["sections"][0]["rows"][0]["seconds"] == 1e-4
    assert len(document["files"]) == 4


def test_a_folder_that_cannot_be_written_is_refused_before_any_work(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(run, "measure", lambda *_: pytest.fail("measured first"))
    (tmp_path / "file").write_text("")
    assert main(["bench", "--out", str(tmp_path / "file")]) == 2
    assert "must be one to write to" in capsys.readouterr().err


@pytest.mark.slow
def test_a_quick_run_ends_well(tmp_path, capsys):
    assert main(["bench", "--quick", "--json", "--out", str(tmp_path)]) == 0
    document = json.loads(capsys.readouterr().out)
    titles = [section["title"] for section in document["sections"]]
    assert [title[:9] for title in titles[:3]] == ["Problem A", "Problem B", "Problem D"]
    own = [row for section in document["sections"] for row in section["rows"] if row["name"].startswith("qllg_sym")]
    assert len(own) >= 15
    assert all(row["ok"] and row["seconds"] > 0 for row in own)
