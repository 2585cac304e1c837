"""A study that was killed goes on from what was done, and ends with the bits of one that was not."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.studies import sweep
from studies.cases import OVER, START, VALUES, J, same, study

GRID = {"D": np.linspace(0, 1, 20), "kappa": np.linspace(0.1, 1, 30)}      # 600 points, ten chunks


@pytest.fixture
def solved(monkeypatch):
    """The numbers of the chunks that are solved."""
    numbers = []

    def counted(study, chunk, look, solve=sweep.solve_chunk):
        numbers.append(chunk.number)
        return solve(study, chunk, look)

    monkeypatch.setattr(sweep, "solve_chunk", counted)
    return numbers


@pytest.fixture(scope="module")
def undisturbed():
    return study(over=GRID)


def started(folder, seconds):
    """The process of a study."""
    return subprocess.Popen([sys.executable, Path(__file__).with_name("killed.py"), folder, str(seconds),
                             folder.with_suffix(".npz")], stdout=subprocess.PIPE, text=True)


def test_a_killed_study_repeats_no_finished_chunk_and_ends_with_the_same_bits(tmp_path, undisturbed, solved):
    folder = tmp_path / "study"
    process = started(folder, 0.3)
    for _ in range(3):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    done = {int(path.stem[6:]) for path in folder.glob("chunk-*.npz")}
    assert 1 <= len(done) < 10
    ds = study(over=GRID, checkpoint=folder)
    assert same(ds, undisturbed)
    assert {*solved} == {*range(10)} - done
    assert len(solved) == 10 - len(done)
    solved.clear()
    assert same(study(over=GRID, checkpoint=folder), undisturbed)
    assert not solved


@pytest.mark.slow
def test_killed_again_and_again_it_still_ends_with_the_same_bits(tmp_path, undisturbed):
    folder, rng = tmp_path / "study", np.random.default_rng(0)
    for _ in range(12):
        process = started(folder, 0.2)
        try:
            process.communicate(timeout=rng.uniform(0.5, 8))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    process = started(folder, 0)
    process.communicate(timeout=120)
    with np.load(folder.with_suffix(".npz")) as found:
        for name in undisturbed.data_vars:
            assert np.array_equal(found[name], undisturbed[name].values, equal_nan=found[name].dtype.kind in "fc"), name


def test_failures_are_kept_too(tmp_path):
    model = q.Model(q.Space.half(2), [q.Exchange(1 / J, 0, 1)])
    arguments = {"over": {"J": [-1.0, 0.0, 1.0]}, "observe": ["energy"], "checkpoint": tmp_path / "a"}
    first = q.sweep(model, q.QuantumLLG(0.5), START, [0, 1], **arguments)
    again = q.sweep(model, q.QuantumLLG(0.5), START, [0, 1], **arguments)
    assert same(first, again)
    assert first.failure.values[1] != ""


def test_the_checkpoint_of_another_study_is_refused(tmp_path):
    study(checkpoint=tmp_path / "a")
    before = {path: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    for changes, name in (({"rtol": 1e-8}, "`rtol`"), ({"values": {**VALUES, "B": 1}}, "`values`"),
                          ({"over": {**OVER, "kappa": [0.1]}}, "`over`"), ({"times": [0, 1]}, "`times`")):
        with pytest.raises(q.InputError, match=f"holds one with another {name}; choose another folder"):
            study(checkpoint=tmp_path / "a", **changes)
    assert {path: path.read_bytes() for path in (tmp_path / "a").iterdir()} == before


@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda data: b"", lambda data: b"PK\x03\x04" + data[:9],
                                    lambda data: data[:200] + bytes([data[200] ^ 255]) + data[201:]])
def test_a_damaged_chunk_is_solved_anew_with_a_warning(tmp_path, damage, solved):
    first = study(checkpoint=tmp_path / "a")
    path = tmp_path / "a" / "chunk-000000.npz"
    path.write_bytes(damage(path.read_bytes()))
    solved.clear()
    with pytest.warns(q.QllgWarning, match=r"must be whole, but is damaged; what was in it is solved anew"):
        assert same(study(checkpoint=tmp_path / "a"), first)
    assert solved == [0]
    assert same(study(checkpoint=tmp_path / "a"), first)
    assert solved == [0]


def test_a_chunk_of_another_study_is_not_taken(tmp_path):
    study(checkpoint=tmp_path / "a")
    first = study(checkpoint=tmp_path / "b", rtol=1e-8)
    (tmp_path / "b" / "chunk-000000.npz").write_bytes((tmp_path / "a" / "chunk-000000.npz").read_bytes())
    with pytest.warns(q.QllgWarning, match="damaged"):
        assert same(study(checkpoint=tmp_path / "b", rtol=1e-8), first)


def test_what_is_no_folder_for_a_study_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "study.json").write_text("{")
    for name, says in (("file", "cannot be made"), ("full", r"holds thesis\.tex"), ("broken", "is damaged")):
        with pytest.raises(q.FileError, match=says):
            study(checkpoint=tmp_path / name)
    with pytest.raises(q.InputTypeError, match="must be the path of a folder"):
        study(checkpoint=3)
