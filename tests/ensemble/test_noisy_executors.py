"""Noisy trajectories by threads, processes, Dask or whoever: the same bits, also where some were lost or killed."""

import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

import qllg_sym as q
from ensemble.noisy_cases import CASES, OBSERVE, ensemble, same
from qllg_sym.ensemble import integrated, noisy_run
from qllg_sym.ensemble.normals import Normals
from qllg_sym.parallel.executors import _futures

TESTS = Path(__file__).parent.parent


class Backwards(Executor):
    """Does everything in this thread, the last first, and loses all from a number on."""

    def __init__(self, lost=99):
        self.tasks, self._lost = [], lost

    def submit(self, function, *arguments):
        self.tasks.append((Future(), function, arguments))
        if len(self.tasks) == 3:
            for future, work, given in reversed(self.tasks):
                if given[1].number < self._lost:
                    future.set_result(work(*given))
                else:
                    future.set_exception(RuntimeError("a process ended"))
        return self.tasks[-1][0]


@pytest.fixture(scope="module")
def alone():
    return ensemble()


@pytest.mark.parametrize("name", CASES)
def test_any_executor_gives_the_same_bits(name):
    whole = ensemble(name)
    with ThreadPoolExecutor(3) as pool:
        assert same(ensemble(name, executor=pool), whole)


def test_the_last_chunk_may_be_the_first(alone):
    assert same(ensemble(executor=Backwards()), alone)
    assert not same(ensemble(seed=8), alone)


def for_any_chunks(monkeypatch):
    """Whether the chunks' size changes no bit."""
    found = []
    for numbers in (1 << 14, 16 * 100):
        monkeypatch.setattr(noisy_run, "MOST", numbers)
        found.append(ensemble())
    return same(*found)


def test_chunks_change_no_bit_but_those_of_the_broken_twin(monkeypatch):
    class OfPlaces(Normals):
        """Random numbers by the place in a chunk."""

        def __init__(self, seed, trajectories, count):
            super().__init__(seed, range(len(trajectories)), count)

    assert for_any_chunks(monkeypatch)
    monkeypatch.setattr(noisy_run, "Simulation", partial(noisy_run.Simulation, normals=OfPlaces))
    assert not for_any_chunks(monkeypatch)


def test_progress_is_told_and_ends_it(alone):
    for executor in (None, Backwards()):
        seen = []
        ensemble(executor=executor, progress=seen.append)
        assert seen == sorted(seen)
        assert seen[-1] == 1

    def stop(done):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensemble(times=[0, 100], progress=stop)


@pytest.fixture
def counted(monkeypatch):
    """The numbers of the chunks that are integrated."""
    numbers = []

    def one(run, chunk, *look, solve=integrated.integrate_chunk):
        numbers.append(chunk.number)
        return solve(run, chunk, *look)

    monkeypatch.setattr(integrated, "integrate_chunk", one)
    return numbers


def test_what_was_done_before_some_were_lost_is_kept(tmp_path, alone, counted):
    with pytest.raises(q.QllgError, match="start the ensemble again, with `checkpoint` it goes on where it was"):
        ensemble(executor=Backwards(lost=2), checkpoint=tmp_path / "a")
    assert same(ensemble(checkpoint=tmp_path / "a"), alone)
    assert sorted(counted) == [0, 1, 2]
    assert same(ensemble(checkpoint=tmp_path / "a"), alone)
    assert len(counted) == 3


def test_what_was_done_comes_before_what_was_lost():
    """`wait` gives a set, whose order is that of places in memory: some of these sets begin with a lost chunk."""
    for lost in range(20):
        futures = [Future() for _ in range(20)]
        for k, future in enumerate(futures):
            if k == lost:
                future.set_exception(RuntimeError("a process ended"))
            else:
                future.set_result(k)
        assert list(_futures._completed(set(futures), lambda: None))[-1] is futures[lost]


def test_the_checkpoint_of_another_ensemble_is_refused(tmp_path):
    ensemble(checkpoint=tmp_path / "a")
    for changes, name in (({"seed": 8}, "`seed`"), ({"step": 0.04}, "`step`"), ({"bath": q.Bath(2)}, "`bath`"),
                          ({"trajectories": 299}, "`trajectories`"), ({"observe": None}, "`observe`"),
                          ({"state": np.diag([.55, .25, .05, .15])}, "`state`"), ({"law": q.QuantumLLG(1)}, "`law`")):
        with pytest.raises(q.InputError, match=f"must hold this ensemble, but .* holds one with another {name}; cho"):
            ensemble(checkpoint=tmp_path / "a", **changes)


def test_damaged_chunks_are_integrated_again(tmp_path, alone, counted):
    ensemble(checkpoint=tmp_path / "a")
    path = tmp_path / "a" / "chunk-000001.npz"
    path.write_bytes(path.read_bytes()[:-40])
    counted.clear()
    with pytest.warns(q.QllgWarning, match="but is damaged; what was in it is solved anew"):
        assert same(ensemble(checkpoint=tmp_path / "a"), alone)
    assert counted == [1]


def test_processes_need_functions_that_can_be_imported():
    with pytest.raises(q.InputTypeError, match=r"`observe\['z'\]` must be something that can be sent"):
        ensemble(executor=2, observe={**OBSERVE, "z": lambda rho: rho[0, 0].real})


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_processes_give_the_same_bits(name, tmp_path):
    whole = ensemble(name)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        assert same(ensemble(name, executor=pool, checkpoint=tmp_path / "a"), whole)
    assert same(ensemble(name, checkpoint=tmp_path / "a"), whole)


@pytest.mark.slow
def test_a_killed_ensemble_goes_on_and_ends_with_the_same_bits(tmp_path, alone, counted):
    folder = tmp_path / "a"
    process = subprocess.Popen([sys.executable, Path(__file__).with_name("killed.py"), folder], stdout=subprocess.PIPE,
                               text=True)
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    done = {int(path.stem[6:]) for path in folder.glob("chunk-*.npz")}
    assert 1 <= len(done) < 3
    assert same(ensemble(checkpoint=folder), alone)
    assert {*counted} == {0, 1, 2} - done


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:::distributed", "ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_gives_the_same_bits(alone, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="a cluster is Dask's")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), str(TESTS.parent)]))
    with distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster, \
            distributed.Client(cluster) as client:
        assert same(ensemble(executor=client), alone)
