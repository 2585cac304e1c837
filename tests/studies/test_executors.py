"""Whoever does the chunks, the bits are the same; what is no executor is refused, and what loses chunks is told."""

from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import qllg_sym as q
from studies.cases import OBSERVE, same, study

GRID = {"D": np.linspace(0, 1, 20), "kappa": np.linspace(0.1, 1, 30)}      # 600 points, ten chunks


class Backwards(Executor):
    """Does everything in this thread, and the last first."""

    def __init__(self):
        self.tasks = []

    def submit(self, function, *arguments):
        self.tasks.append((Future(), function, arguments))
        if len(self.tasks) == 10:
            for future, work, given in reversed(self.tasks):
                future.set_result(work(*given))
        return self.tasks[-1][0]


@pytest.fixture(scope="module")
def alone():
    return study(over=GRID)


def test_any_executor(alone):
    with ThreadPoolExecutor(3) as pool:
        assert same(study(over=GRID, executor=pool), alone)
    assert same(study(over=GRID, executor=Backwards()), alone)


@pytest.mark.slow
def test_processes(alone, tmp_path):
    assert same(study(over=GRID, executor=2), alone)
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        assert same(study(over=GRID, executor=pool, checkpoint=tmp_path / "a"), alone)
    assert same(study(over=GRID, checkpoint=tmp_path / "a"), alone)


def test_a_lost_process_is_told_and_what_was_done_is_kept(tmp_path, alone):
    class Lossy(Backwards):
        def submit(self, function, *arguments):
            future = Future()
            if arguments[1].number < 4:
                future.set_result(function(*arguments))
            else:
                future.set_exception(RuntimeError("a process ended"))
            return future

    with pytest.raises(q.QllgError, match=r"but one was lost \(RuntimeError: a process ended\); mend that"):
        study(over=GRID, executor=Lossy(), checkpoint=tmp_path / "a")
    assert same(study(over=GRID, checkpoint=tmp_path / "a"), alone)


@pytest.mark.parametrize("executor", ["threads", 1.5, True, [], object, ThreadPoolExecutor])
def test_what_is_no_executor_is_refused(executor):
    with pytest.raises(q.InputTypeError, match=r"`executor` must be one of a dask\.distributed Client, a conc"):
        study(executor=executor)


def test_processes_need_functions_that_can_be_imported():
    with pytest.raises(q.InputTypeError, match=r"`observe\['z'\]` must be something that can be sent"):
        study(executor=2, observe={**OBSERVE, "z": lambda rho: rho[0, 0].real})
    with pytest.raises(q.InputError, match="at least one process, but is 0"):
        study(executor=0)
