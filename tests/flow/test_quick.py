"""The short cuts of short kets give what the long ways give, and are taken where they are shorter."""

import os

import mpmath as mp
import numpy as np
import pytest

import qllg_sym as q
from qllg_sym.codegen.compiler import find
from qllg_sym.errors import CodegenError
from qllg_sym.flow.choose import choose
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.clusters import clusters
from qllg_sym.flow.hamiltonians.dense import string_entries
from qllg_sym.flow.pose import pose
from qllg_sym.flow.subspace.chebyshev import Scaled, polynomials, series
from qllg_sym.flow.threads import Threads

RNG = np.random.default_rng(11)


def chain(sites):
    """Couplings and fields of every direction."""
    bonds = [term(i) for i in range(sites - 1)
             for term in (lambda i: q.Exchange(0.5 + i / 7, i, i + 1), lambda i: q.DMI((0.1, 0.2, 0.3), i, i + 1))]
    return q.Model(q.Space.half(sites), [*bonds, q.Zeeman((0.3, 0.4, 0.5))])


def with_compiler():
    try:
        find()
    except CodegenError:
        pytest.skip("no C compiler")


@pytest.mark.parametrize(("sites", "columns"), [(1, 1), (3, 1), (3, 2), (5, 3), (6, 8), (9, 1), (12, 5)])
def test_the_recursion_in_c_is_the_one_in_python(sites, columns):
    with_compiler()
    action = Action(chain(sites), {})
    cut = series(np.array([-2.0 + 9j, -0.5 + 3j]), np.array([1e-14, 1e-14]))
    start = RNG.normal(size=(2**sites, columns)) + 1j * RNG.normal(size=(2**sites, columns))
    found, calls = [], []

    def whole(*given):
        calls.append(action.series(*given))
        return calls[-1]

    for way in (whole, lambda *_: False):
        x = Scaled(lambda kets, out: action.apply(kets, 0.0, out), action.bounds(), -1, way)
        ring, total = np.empty((4, *start.shape), dtype=complex), np.empty((2, *start.shape), dtype=complex)
        ring[0] = start
        x.image(ring[0], ring[1])
        polynomials(x, cut, ring, total)
        found.append((total, x.count))
    assert calls == [True]
    assert found[0][1] == found[1][1]
    assert np.abs(found[0][0] - found[1][0]).max() < 1e-13 * np.abs(start).max()


def test_long_or_many_kets_are_left_to_threads():
    with_compiler()
    action = Action(chain(3), {})
    ring, total = np.zeros((3, 8, 9), dtype=complex), np.zeros((1, 8, 9), dtype=complex)
    assert not action.series((0.0, 1.0), np.ones((1, 3)), ring, total)


@pytest.mark.parametrize("size", [0.0, 5e-324, 1e-105, 1e-90, 1e-12, 0.1, 1.0, 2.404825557695773, 10.0, 119.5])
@pytest.mark.parametrize("angle", [0.0, 0.3, np.pi / 2, 2.0, np.pi, -1.2])
def test_bessel_functions_are_those_of_fifty_digits(size, angle):
    zeta = complex(size * np.exp(1j * angle))
    found = series(np.array([zeta]), np.array([1e-25]))
    with mp.workdps(50):
        expected = [complex((2 if k else 1) * mp.besseli(k, mp.mpc(zeta)) * mp.exp(-abs(zeta.real)))
                    for k in range(found.coefficients.shape[1])]
    assert np.abs(found.coefficients[0] - expected).max() < 1e-14


def test_the_cheaper_exact_method_is_taken():
    model, law, state = chain(8), q.QuantumLLG(0.5), q.states.product(*["up", "down"] * 4)

    def chosen(times):
        return choose(pose(model, law, state, times)).NAME

    assert chosen([0, 10]) == "krylov"                          # one diagonalisation of d = 256 takes longer
    assert chosen(np.linspace(0, 10, 1001)) == "exact"          # all times at once
    assert chosen([0, 1e6]) == "exact"                          # a series of a million terms


@pytest.mark.parametrize("spins", [("1/2",) * 3, ("1", "1/2", "3/2"), ("2", "5/2")])
def test_strings_and_clusters_are_kronecker_products(spins):
    model = q.Model(q.Space(*spins), [q.Exchange(0.7, 0, 1), q.Zeeman((0.1, 0.2, 0.3)), q.DMI((1, 0, 2), 0, 1)])
    numbers = model.space.spins
    dense = 0
    for (_, string), c in model.frequency.terms.items():
        rows, columns, values = string_entries(numbers, string)
        part = np.zeros((model.space.dimension,) * 2, dtype=complex)
        part[rows, columns] = values
        sites = [np.zeros((int(2 * s) + 1,) * 2, dtype=complex) for s in numbers]
        for site, s, index in zip(sites, numbers, string, strict=True):
            r, k, v = string_entries([s], [index])
            site[r, k] = v
        whole = np.eye(1)
        for site in sites:
            whole = np.kron(whole, site)
        assert np.array_equal(part, whole)
        dense = dense + float(c.as_expr()) * part
    found = Action(model, {}, target="numpy").apply(np.eye(len(dense), dtype=complex))
    assert np.abs(found - dense).max() < 1e-13 * np.abs(dense).max()
    assert clusters(numbers, [((0,) * len(spins), 0, 2.0)])[0].matrix(np.ones(1)).toarray()[0, 0] == 2.0


@pytest.mark.parametrize("kept", ["all", "final"])
def test_the_energy_of_kets_is_that_of_matrices(kept):
    """Rank one and two, with a background, many times in several calls."""
    model = chain(4)
    state = np.diag([0.3, 0.3] + [0.4 / 14] * 14)
    found = q.solve(model, q.QuantumLLG(0.5), state, np.linspace(0, 3, 7), keep=kept)
    h = Action(model, {}).apply(np.eye(16, dtype=complex))
    final = np.trace(found.last.states[-1] @ h).real
    assert abs(found.energy[-1] - final) < 1e-13 * np.abs(h).max()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_starts_threads_of_its_own():
    """The threads of the parent are not there; waiting for them would never end."""
    threads, seen = Threads(2), []
    threads.share(lambda begin, end: seen.append(end), 8, 1)
    first = threads._pool
    pid = threads._known[0]
    threads._known = pid + 1, first                # as a child finds it: made by another process
    assert threads._pool is not first
    assert sorted(seen) == [4, 8]
    first.shutdown()
