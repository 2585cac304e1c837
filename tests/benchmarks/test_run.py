"""Peers are run, tuned and told about: none is skipped in silence, none counts without its error."""

import json
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from qllg_sym.benchmarks import peers, reference, run
from qllg_sym.benchmarks.problems import TARGET, dimers
from qllg_sym.benchmarks.results import Results, Row, Section, machine
from qllg_sym.benchmarks.timing import Outcome
from qllg_sym.errors import CodegenError

FIELDS = ("NAME", "PACKAGE", "PROBLEMS", "PATIENCE", "TOLERANCES", "run")
PROBLEMS = dimers(3)
PROBLEM = PROBLEMS["B"]
RIGHT = cache(lambda name: reference.reference(PROBLEMS[name], 3 if name == "D" else 1))
EXPECTED = RIGHT("B")
PAIRS = [(one, name) for one in peers.peers() for name in one.PROBLEMS if not one.PATIENCE and "Euler" not in one.NAME]


def peer(errors, seconds, package=None, patience=False):
    """A made-up peer whose errors and times at tolerances 1e-8, 1e-9, … are known."""
    tolerances = tuple(10.0**-k for k in range(8, 8 + len(errors)))

    def go(problem, tolerance):
        k = tolerances.index(tolerance)
        return Outcome(EXPECTED[0] + errors[k], seconds[k], setup=float(k))

    return SimpleNamespace(NAME="x", PACKAGE=package, PROBLEMS=("B",), PATIENCE=patience, TOLERANCES=tolerances, run=go)


@pytest.mark.parametrize("one", peers.peers(), ids=lambda one: one.__name__.rpartition(".")[2])
def test_peers_have_all_parts(one):
    assert all(hasattr(one, name) for name in FIELDS)
    assert set(one.PROBLEMS) <= {"A", "B", "D"}
    assert list(one.TOLERANCES) == sorted(one.TOLERANCES, reverse=True)


@pytest.mark.parametrize(("one", "name"), PAIRS, ids=lambda x: x if isinstance(x, str) else x.__name__.split(".")[-1])
def test_peers_solve_the_problem(one, name):
    if one.PACKAGE:
        pytest.importorskip(one.PACKAGE)
    outcome = one.run(PROBLEMS[name], 1e-10)
    states = outcome.states if PROBLEMS[name].batch else outcome.states[None]
    assert len(states) == len(RIGHT(name))
    assert abs(states - RIGHT(name)).max() < 1e-8
    assert outcome.seconds > 0


@pytest.mark.slow
@pytest.mark.parametrize("one", [p for p in peers.peers() if p.PATIENCE], ids=lambda one: one.PACKAGE)
def test_peers_that_compile_solve_the_problem(one):
    pytest.importorskip(one.PACKAGE)
    outcome = one.run(PROBLEM, 1e-10)
    assert abs(outcome.states - EXPECTED[0]).max() < 1e-8
    assert outcome.setup > outcome.seconds > 0


def test_the_authors_scheme_has_an_error_linear_in_its_step(monkeypatch):
    monkeypatch.setattr(euler := next(p for p in peers.peers() if "Euler" in p.NAME), "SLICE", 20)
    outcome = euler.run(PROBLEM, 1e-5)
    error = abs(outcome.states - EXPECTED[0]).max() * outcome.error_factor
    assert 1e-6 < error < 1e-3
    assert "scaled" in outcome.note


def test_the_fastest_run_that_reaches_the_target_counts():
    row, points = run._tuned(peer([1e-9, 9e-11, 1e-12], [1.0, 3.0, 2.0]), PROBLEM, EXPECTED, False)
    assert (row.seconds, row.tolerance, row.ok, row.setup) == (2.0, 1e-10, True, 2.0)
    assert [seconds for _, _, seconds in points] == [1.0, 3.0, 2.0]
    assert points[0][1] == pytest.approx(1e-9, rel=1e-5)


def test_a_peer_that_misses_the_target_is_told_so():
    row, _ = run._tuned(peer([1e-6, 1e-9], [1.0, 3.0]), PROBLEM, EXPECTED, False)
    assert (row.seconds, row.ok) == (3.0, False)
    results = Results((Section("s", (row,), TARGET),), {}, {}, False, machine(), "day")
    assert "MISSES THE TARGET" in results.text()
    assert results.ok                                           # a finding about others is no failure
    assert not Results((Section("s", (Row("qllg_sym", 1.0, ok=False),)),), {}, {}, False, "m", "d").ok


def test_nan_is_no_small_error():
    row, _ = run._tuned(peer([np.nan], [1.0]), PROBLEM, EXPECTED, False)
    assert not row.ok


def test_peers_that_are_not_installed_or_left_out_have_rows():
    absent, points = run._tuned(peer([0.0], [1.0], package="no_such_package"), PROBLEM, EXPECTED, False)
    assert absent.seconds is None
    assert absent.note.startswith("not installed: pip install 'qllg-sym[bench]'")
    assert points == []
    left, _ = run._tuned(peer([0.0], [1.0], patience=True), PROBLEM, EXPECTED, True)
    assert left.seconds is None
    assert left.note.startswith("left out")
    assert run._tuned(peer([0.0], [1.0], patience=True), PROBLEM, EXPECTED, False)[0].seconds == 1.0


@pytest.mark.parametrize("error", [ImportError("no libLLVM"), CodegenError("No compiler works; set CC to one.")])
def test_what_cannot_run_here_has_a_row_that_says_why(error):
    def fail(problem, tolerance):
        raise error

    broken = peer([0.0], [1.0])
    broken.run = fail
    row, points = run._tuned(broken, PROBLEM, EXPECTED, False)
    assert (row.seconds, points) == (None, [])
    assert str(error) in row.note


def test_only_the_tolerances_of_a_quick_run_are_run():
    _, points = run._tuned(peer([0.0] * 6, [1.0] * 6), PROBLEM, EXPECTED, True)
    assert [tolerance for tolerance, _, _ in points] == [1e-10, 1e-12]


def test_files_are_whole_and_say_the_same(tmp_path):
    curves = {"qllg_sym": [(1e-8, 1e-9, 0.1), (1e-9, 1e-11, 0.2)], "peer": [(1e-8, 1e-8, 3.0)]}
    rows = Row("qllg_sym", 0.2, 1e-11, 1e-9), Row("peer", 6.0, 1e-11, 1e-9, 1.5, "note"), Row("gone", note="absent")
    sizes = {"N": [8.0, 9.0], "time in ms": [1.0, 2.2], "memory in MiB": [1.0, 2.0]}
    results = Results((Section("Problem A: a title", rows, TARGET, curves),), sizes, {"time": 1.1}, False, "m", "d")
    paths = run.write(results, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)
    record = json.loads(paths[0].read_text(encoding="utf-8"))
    assert record["sections"][0]["rows"][1]["seconds"] == 6.0
    assert record["ok"] is True
    line = next(line for line in paths[1].read_text(encoding="utf-8").splitlines() if "peer" in line)
    assert line.split() == ["peer", "6", "s", "30", "1.0e-11", "1.0e-09", "1.5", "s", "note"]
    assert all(path.read_bytes()[1:4] == b"PNG" for path in paths[2:])


def test_times_grow_with_the_size():
    """Two kets take memory at the least; slopes of known power laws are theirs."""
    told = []
    columns, slopes = run.chain.growth(range(8, 12), lambda: told.append(1))
    assert columns["N"] == [8, 9, 10, 11]
    assert len(told) == 4
    assert all(value > 2 * 2**n * 16 / 2**20 for n, value in zip(columns["N"], columns["memory in MiB"], strict=True))
    assert list(slopes) == ["time against N·2^N, N ≥ 10", "memory against 2^N, N ≥ 10"]
    n = np.arange(8.0, 20)
    assert run.chain._slope(n * 2**n, 3 * n * 2**n) == pytest.approx(1)
    assert run.chain._slope(n * 2**n, (n * 2**n)**1.5) == pytest.approx(1.5)
