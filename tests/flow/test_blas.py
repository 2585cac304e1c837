"""BLAS has one thread while small matrices are worked on, whoever solves beside, and then its own number again."""

import sys
import threading
import types

import numpy as np
import pytest

import qllg_sym as q
from flow.reference import distance
from qllg_sym.flow import blas

MANY = 7


class Libraries:
    """What threadpoolctl gives, as far as it is used."""

    def __init__(self):
        self.threads, self.set = MANY, 0

    def select(self, user_api):
        assert user_api == "blas"
        return self

    def limit(self, limits):
        self.before, self.threads, self.set = self.threads, limits, self.set + 1
        return self

    def restore_original_limits(self):
        self.threads = self.before


@pytest.fixture
def libraries(monkeypatch):
    found = Libraries()
    monkeypatch.setitem(sys.modules, "threadpoolctl", types.SimpleNamespace(ThreadpoolController=lambda: found))
    blas._libraries.cache_clear()
    yield found
    blas._libraries.cache_clear()


def solved(sites, libraries):
    """How many threads there were while a chain was solved, in matrices."""
    seen = []
    model = q.Model(q.Space.half(sites), q.chain(sites, q.Exchange, 1))
    q.solve(model, q.QuantumLLG(0.5), q.states.product(*["up", "down"] * (sites // 2)), [0, 0.1], method="exact",
            observe={"a": lambda rho: seen.append(libraries.threads) or 0.0})
    return set(seen)


def test_one_thread_where_matrices_are_small(libraries):
    assert solved(6, libraries) == {1}
    assert libraries.threads == MANY
    assert solved(4, libraries) == {MANY}


@pytest.mark.parametrize(("dimension", "threads"), [(32, MANY), (33, 1), (256, 1), (257, MANY)])
def test_larger_ones_gain_by_more_and_smaller_ones_are_not_shared(libraries, dimension, threads):
    with blas.one_thread(dimension):
        assert libraries.threads == threads
    assert libraries.threads == MANY


def test_the_last_to_leave_gives_back_what_the_first_found(libraries):
    """Two threads whose times overlap: the broken twin, each with a limit of its own, would leave one thread."""
    first, second = blas.one_thread(64), blas.one_thread(64)
    first.__enter__()
    other = threading.Thread(target=second.__enter__)
    other.start()
    other.join()
    first.__exit__(None, None, None)
    assert libraries.threads == 1
    second.__exit__(None, None, None)
    assert (libraries.threads, libraries.set) == (MANY, 1)


def test_an_error_gives_the_threads_back(libraries):
    with pytest.raises(ZeroDivisionError), blas.one_thread(64):
        raise ZeroDivisionError
    assert libraries.threads == MANY


def test_without_threadpoolctl_nothing_changes(monkeypatch):
    rho = np.diag(np.arange(1.0, 65)) / 2080
    model = q.Model(q.Space.half(6), q.chain(6, q.Exchange, 1))
    found = q.solve(model, q.QuantumLLG(0.5), rho, [0, 0.1]).final_state
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    blas._libraries.cache_clear()
    assert distance(q.solve(model, q.QuantumLLG(0.5), rho, [0, 0.1]).final_state, found) < 1e-12
    blas._libraries.cache_clear()
