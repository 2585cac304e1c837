"""ρ = a + b P: states of two levels, many in one call, against their density matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.two_levels import SAME, alike, completed, lower_counts, more_than_two, two_levels

seeds = st.integers(0, 2**31)


def frames(rng, m, d, r):
    """Orthonormal columns with nothing special, (m, d, r)."""
    return np.linalg.qr(rng.normal(size=(m, d, r)) + 1j * rng.normal(size=(m, d, r)))[0]


def density(weights, kets, background):
    """ρ of every row, from its definition."""
    return (kets * weights[:, None, :]) @ kets.conj().swapaxes(1, 2) + np.asarray(background)[:, None, None] * np.eye(
        kets.shape[1])


def distinct(rho):
    """How many levels a matrix has."""
    return 1 + int(np.sum(np.diff(np.linalg.eigvalsh(rho)) > 1e-9))


@settings(max_examples=60)
@given(st.integers(2, 7), st.integers(0, 7), st.lists(st.sampled_from([0.0, 0.3, -0.2, 0.3 + 0.1 * SAME]), min_size=7,
                                                      max_size=7), seeds)
def test_every_state_is_split_as_its_density_matrix_is(d, r, drawn, seed):
    """Kets of a few weights over a background: two levels exactly where ρ has two, and a + bP is ρ."""
    rng, r = np.random.default_rng(seed), min(r, d)
    weights, kets, background = np.array([drawn[:r]]), frames(rng, 1, d, r), np.array([0.25])
    rho = density(weights, kets, background)
    found = two_levels(weights, kets, background)
    assert (found is None) == (distinct(rho[0]) > 2)
    if found is not None:
        a, b, columns = found
        p = columns.shape[2]
        assert 2 * p <= d
        assert (p == 0) == (distinct(rho[0]) == 1)
        assert np.linalg.norm(columns[0].conj().T @ columns[0] - np.eye(p)) < 1e-13
        assert abs(density(np.repeat(b[:, None], p, axis=1), columns, a) - rho).max() < 1e-13
        assert p == 0 or abs(density(np.repeat(b[:, None], p, axis=1), columns, a + 1e-9) - rho).max() > 1e-10


@settings(max_examples=30)
@given(st.integers(2, 6), st.integers(1, 6), st.integers(1, 12), seeds)
def test_rows_are_grouped_alike_and_split_as_each_alone(d, r, m, seed):
    rng, r = np.random.default_rng(seed), min(r, d)
    weights, kets, background = rng.choice([0.0, 0.4, -0.1], size=(m, r)), frames(rng, m, d, r), rng.random(m)
    groups = alike(weights, d)
    assert sorted(np.concatenate(groups).tolist()) == list(range(m))
    for rows in groups:
        found = two_levels(weights[rows], kets[rows], background[rows])
        for i, row in enumerate(rows.tolist()):
            alone = InitialStates.one(weights[row], kets[row], background[row]).two_levels
            if found is None:
                assert alone is None
                continue
            assert alone is not None
            for part, own in zip(found, alone, strict=True):
                assert abs(part[i] - own[0]).max(initial=0) < 1e-14


@pytest.mark.parametrize(("levels", "lower"), [
    ([0.5, 0.5, 0.5, 0.5 + 2 * SAME], 3), ([0.5, 0.5, 0.5, 0.5 + 0.5 * SAME], 4), ([0.0, 0.3, 0.3, 0.3 + 2 * SAME], -1),
    ([0.1 * SAME, 0.9 * SAME, 1.7 * SAME, 0.5], -1), ([0.1, 0.1, 0.5, 0.5], 2), ([0.1, 0.5, 0.5, 0.5], 1)])
def test_one_tolerance_says_what_is_one_level(levels, lower):
    """Also along a chain of levels each near the next: a level is as wide as the tolerance at most."""
    assert lower_counts(np.array([levels[::-1]]), 4).tolist() == [lower]


def test_large_states_are_split_without_a_matrix():
    """2^20 dimensions: a basis of all of them would take 16 TiB."""
    kets = np.zeros((1, 2**20, 2), dtype=complex)
    kets[0, [3, 7], [0, 1]] = 1
    a, b, columns = two_levels(np.array([[0.5, 0.5]]), kets, np.array([0.0]))
    assert (a.tolist(), b.tolist(), columns.shape) == ([0.0], [0.5], kets.shape)


def test_completed_kets_are_a_basis():
    kets = frames(np.random.default_rng(1), 3, 5, 2)
    weights, basis = completed(np.ones((3, 2)), kets)
    assert weights.tolist() == [[1, 1, 0, 0, 0]] * 3
    assert np.array_equal(basis[:, :, :2], kets)
    assert abs(basis.conj().swapaxes(1, 2) @ basis - np.eye(5)).max() < 1e-14


@settings(max_examples=60)
@given(st.integers(2, 7), st.integers(0, 7), st.lists(st.sampled_from([0.0, 0.3, -0.2, 0.3 + 0.1 * SAME]), min_size=7,
                                                      max_size=7), seeds)
def test_counts_of_one_row_are_those_of_its_density_matrix(d, r, drawn, seed):
    """Kets that move are those whose level is not the commonest; of equally common ones the lowest is taken."""
    r = min(r, d)
    kets = frames(np.random.default_rng(seed), 1, d, r)
    weights = np.array(drawn[:r])
    rho = density(weights[None], kets, [0.25])[0]
    assert more_than_two(drawn[:r], d) == (distinct(rho) > 2)
    initial = InitialStates.one(np.round(weights, 1), kets[0], 0.25)
    assert initial.rank == initial.thin().kets.shape[2]
    alone, shared = initial.two_levels, initial.repeated(3).two_levels
    assert (alone is None) == (shared is None) == (distinct(rho) > 2)
    if alone is not None:
        assert all(np.array_equal(own[0], row) for own, rows in zip(alone, shared, strict=True) for row in rows)
    if 2 * r > d:
        levels = np.round(np.linalg.eigvalsh(rho), 9)
        assert initial.rank == d - max(np.sum(levels == level) for level in levels)
    thin = initial.thin()
    assert abs(thin.density()[0] - rho).max() < 1e-13
