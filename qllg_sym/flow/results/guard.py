r"""The guard of every result: constants of motion that moved beyond tolerance make it a failure.

Allowed is a departure of `FACTOR` (rtol + atol) a step, beside rounding: local errors add up at worst, and the factor
leaves room for the error inside steps and for the growth that a problem itself brings. What is looked at costs a few
operations a number:

- kets: |V x|² for one generic x, which any departure from orthonormality moves;
- density matrices: Tr ρ, and Tr ρ², Tr ρ³ where the law keeps the spectrum;
- moments: their lengths.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.steps.paths import INTERRUPTED

Array = NDArray[Any]
FACTOR = 100.0
ROUNDING = 1e-12        # of the constants themselves, which are of order one
GOLDEN = 2.399963229728653      # an angle whose multiples are nowhere near a pattern
INFINITE = "the Hamiltonian is not finite"
WHAT = {"kets": "the orthonormality of the eigenvectors of ρ", "density": "the trace or the spectrum of ρ",
        "moments": "the length of a moment"}


def allowed(rtol: float, atol: float, steps: Any) -> Any:
    """Return how far a constant of motion may move within so many steps.

    >>> f"{allowed(1e-10, 1e-12, 99):.3g}"
    '1.01e-06'
    """
    return FACTOR * (rtol + atol) * (1 + steps) + ROUNDING


def departures(samples: Array, kind: str, keeps: bool = True) -> Array:
    """Return how far the constants of motion are from their first values, (…, n); infinite where a number is not one.

    Args:
        samples: kets (…, n, d, r), density matrices (…, n, d, d) or moments (…, n, N, 3).
        kind: "kets", "density" or "moments".
        keeps: whether the law keeps the spectrum.

    >>> departures(np.array([np.eye(2), 2 * np.eye(2)]), "density").tolist()
    [0.0, 14.0]
    >>> departures(np.array([[[0, 0, 1.0]], [[0, 0, 1.5]]]), "moments").tolist()
    [0.0, 0.5]
    """
    with np.errstate(all="ignore"):
        constants = {"kets": _overlaps, "density": _powers, "moments": _lengths}[kind](samples, keeps)
        moved = abs(constants - constants[..., :1, :]).max(axis=-1, initial=0.0)
    return np.where(np.isfinite(moved), moved, np.inf)


def _overlaps(kets: Array, keeps: bool) -> Array:
    """Return x†V†V x, (…, n, 1)."""
    r = kets.shape[-1]
    if not r:
        return np.zeros((*kets.shape[:-2], 1))
    images = np.einsum("...r,r->...", kets, _probe(r))          # a threaded BLAS would spin for so little
    squares = (np.einsum("...a,...a->...", part, part) for part in (images.real, images.imag))
    return np.asarray(sum(squares))[..., None]


def _powers(density: Array, keeps: bool) -> Array:
    """Return Tr ρ, and Tr ρ², Tr ρ³ of a law that keeps them, (…, n, 1 or 3)."""
    trace = np.einsum("...ii->...", density)
    if not keeps:
        return trace[..., None]
    square = density @ density
    cube = np.einsum("...ij,...ji->...", square, density)
    return np.stack([trace, np.einsum("...ii->...", square), cube], axis=-1)


def _lengths(moments: Array, keeps: bool) -> Array:
    """Return |m| of every site, (…, n, N)."""
    return np.asarray(np.sqrt((moments * moments).sum(axis=-1)))


@lru_cache(maxsize=64)
def _probe(r: int) -> Array:
    """Return a vector with all components of size 1 and no pattern, (r,)."""
    return np.exp(1j * GOLDEN * np.arange(r)**1.5)


def guarded(problem: Problem, found: Outcome) -> Outcome:
    """Return rows up to where their constants of motion moved beyond tolerance, which then is their failure."""
    if found.handed is not None:        # states were handed on one by one, and looked at by the method
        return found
    stack = found.block
    kind = "moments" if not stack.dims else "density" if stack.weights is None else "kets"
    moved = departures(stack.samples, kind, kind == "density" and problem.keeps_spectrum)
    bound = allowed(problem.rtol, problem.atol, np.array([stats.get("steps", 0) for stats in found.stats]))
    beyond = moved > bound[:, None]
    if not beyond.any():
        return found
    seen = np.where([why == INTERRUPTED for why in found.failures], 0, stack.counts)
    beyond &= np.arange(moved.shape[1]) < seen[:, None]
    if not beyond.any():
        return found
    counts, reached, failures = stack.counts.copy(), found.reached.copy(), list(found.failures)
    for i in np.flatnonzero(beyond.any(axis=1)).tolist():
        k = int(np.argmax(beyond[i]))
        counts[i], reached[i], failures[i] = k, problem.times[k - 1], drifted(kind, moved[i, k], bound[i])
    return replace(found, block=replace(stack, counts=counts), reached=reached, failures=failures)


def drifted(kind: str, moved: float, bound: float) -> str:
    """Return the failure of constants of motion that moved too far.

    >>> drifted("moments", 0.5, 1e-8)
    'the length of a moment moved by 0.5, beyond 1e-08'
    """
    return f"{WHAT[kind]} moved by {moved:.2g}, beyond {bound:.2g}"


def advice(failure: str) -> str:
    """Return what to do about a failure.

    >>> advice("it needs steps as small as 1e-09"), advice(INFINITE)
    ('loosen rtol', 'give smaller numbers')
    """
    if failure == INFINITE:
        return "give smaller numbers"
    if " not finite near " in failure or " factors from " in failure:
        return "change the values, or end `times` before"
    return "give max_step or tighten rtol" if " moved by " in failure else "loosen rtol"
