r"""Rates at which errors grow: of each pair of levels of ρ, and what they come to over a time.

An error that mixes eigenvectors j and k of ρ grows at the rate Im W(p_j − p_k) (⟨j|H|j⟩ − ⟨k|H|k⟩)/ħ, for q-LLG
κΔ(E_j − E_k)/(ħ(1 + κ²Δ²)) with Δ = p_j − p_k: where the more populated level lies higher. This is exact at stationary
states (their relaxation spectrum), an estimate on the way between them. Within equal p the highest and the lowest
level of H count. A state that rests in an unstable state to the end has lost nothing that could be seen: of each rate
its least value, where positive, is taken off.
"""

from collections.abc import Sequence
from math import ceil, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.results.digits import BAD
from qllg_sym.flow.states.two_levels import SAME

Array = NDArray[Any]
POINTS = 64             # states that are looked at, about
FIRST = 4.0             # of an exponent, within the first interval of times that are added
DRIVEN = 5              # times at which the size of H(t) is looked at
TOGETHER = 1 << 20      # rates held at once


def exponents(times: Array, levels: tuple[Array, Array], pull: Array) -> Array:
    """Return the largest rise of the integral of a rate over all pairs of groups, (k,).

    Args:
        times: (n,).
        levels: lowest and highest of each group, (k, n, groups) each.
        pull: Im W of pairs of groups, (k, groups, groups).

    >>> pull = np.array([[[0.0, 1.0], [-1.0, 0.0]]])
    >>> fallen = np.array([[[2.0, 0.0], [2.0, 0.0], [0.0, 2.0]]])
    >>> exponents(np.array([0.0, 3.0, 4.0]), (fallen, fallen), pull).tolist()
    [6.0]
    """
    low, high = levels
    most = np.zeros(len(pull))
    step = max(1, TOGETHER // max(low.size, 1))
    for begin in range(0, pull.shape[1], step):
        part = slice(begin, begin + step)
        rates = np.maximum(pull[:, None, part], 0.0) * (high[:, :, part, None] - low[:, :, None, :])
        rates -= np.maximum(rates.min(axis=1, keepdims=True), 0.0)
        pieces = (rates[:, 1:] + rates[:, :-1]) * (np.diff(times) / 2)[:, None, None]
        sums = np.concatenate([np.zeros_like(pieces[:, :1]), np.cumsum(pieces, axis=1)], axis=1)
        rise = sums - np.minimum.accumulate(sums, axis=1)
        most = np.maximum(most, rise.max(axis=(1, 2, 3), initial=0.0))
    return most


def ends(frames: Array, h: Array, groups: list[Array]) -> tuple[Array, Array]:
    """Return the lowest and the highest level of H within each group of kets, (k, n, groups) each.

    Args:
        frames: (k, n, d, d), kets in columns.
        h: H/ħ, (k, n or 1, d, d).
        groups: of columns.
    """
    low, high = np.empty((2, *frames.shape[:2], len(groups)))
    for g, group in enumerate(groups):
        kets = frames[..., group]
        inner = kets.conj().swapaxes(-1, -2) @ (h @ kets)
        found = np.linalg.eigvalsh(inner) if len(group) > 1 else inner[..., 0].real
        low[..., g], high[..., g] = found[..., 0], found[..., -1]
    return low, high


def grouped(levels: Array) -> list[tuple[list[Array], Array]]:
    """Return which levels (k, d) are one, as lists of their places, each with the rows where it is so.

    >>> [([group.tolist() for group in groups], rows.tolist()) for groups, rows in grouped(np.array([[0.5, 0, 0.5]]))]
    [([[1], [0, 2]], [0])]
    """
    order = np.argsort(levels, axis=1, kind="stable")
    jumps = np.diff(np.take_along_axis(levels, order, axis=1), axis=1) > SAME
    kinds, which = np.unique(np.hstack([order, jumps]), axis=0, return_inverse=True)
    d = levels.shape[1]
    return [(np.split(kind[:d], np.flatnonzero(kind[d:]) + 1), np.flatnonzero(which.ravel() == i))
            for i, kind in enumerate(kinds)]


def strongest(weights: Sequence[Array]) -> Array:
    """Return the Im W of largest size, of W at several times.

    >>> strongest([np.array([1j, 0]), np.array([-2j, 1j])]).tolist()
    [-2.0, 1.0]
    """
    pulls = np.array(weights).imag
    if len(pulls) == 1:
        return np.asarray(pulls[0])
    return np.asarray(np.take_along_axis(pulls, abs(pulls).argmax(axis=0)[None], axis=0)[0])


def spreads(h: Array) -> Array:
    """Return upper bounds of the spread of eigenvalues of Hermitian matrices (k, d, d): √2 of their traceless size.

    >>> spreads(np.diag([1.0, 3.0])[None]).round(12).tolist()
    [2.0]
    """
    k, d = h.shape[:2]
    with np.errstate(invalid="ignore", over="ignore"):
        rest = h - np.einsum("kii->k", h)[:, None, None] / d * np.eye(d)
        return np.asarray(sqrt(2) * np.linalg.norm(rest.reshape(k, -1), axis=1))


def harmless(reached: Array, rtol: float) -> Array:
    """Return whether errors that grow by these exponents stay below what is told.

    >>> harmless(np.array([18.0, 19.0]), 1e-10).tolist()
    [True, False]
    """
    return np.asarray(~(reached > log(BAD / rtol)))     # NaN of an H that is not finite: the run will tell


def instants(times: Array, constant: bool, count: int = DRIVEN) -> list[float]:
    """Return the times at which the size of what may depend on time is looked at."""
    return [float(t) for t in (times[:1] if constant else np.linspace(times[0], times[-1], count))]


def chosen(count: int, room: int) -> Array:
    """Return which of so many states are looked at.

    >>> chosen(3, 1000).tolist(), len(chosen(1000, 1000))
    ([0, 1, 2], 128)
    """
    return np.linspace(0, count - 1, min(count, 2 * POINTS, room)).round().astype(int)


def finer(times: Array, reach: float, room: int, even: int = 0) -> Array:
    """Return the times with a few others between where they are few, closer ones where most states come to rest.

    Args:
        times: those asked for, at least two.
        reach: the largest exponent over the whole.
        room: how many others there may be at most.
        even: how many more are spread evenly.

    >>> finer(np.array([0.0, 64.0]), 60.0, 1000).tolist()
    [0.0, 4.0, 16.0, 40.0, 64.0]
    """
    count = max(1, ceil(log(max(reach, 1.0) / FIRST) / log(4))) if np.isfinite(reach) else 1
    if len(times) >= POINTS // 2 or room <= count:
        return times
    parts = np.concatenate([0.25**np.arange(1, count + 1), [0.625], np.linspace(0, 1, min(even, room - count))])
    return np.union1d(times, times[0] + (times[-1] - times[0]) * parts)
