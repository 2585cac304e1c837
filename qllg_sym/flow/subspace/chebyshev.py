r"""exp(ζx) on tall columns by Chebyshev polynomials, −1 ≤ x ≤ 1 a scaled operator, with a bound of what is cut off.

$e^{\zeta x} = I_0(\zeta) + 2\sum_{k\ge1} I_k(\zeta)\,T_k(x)$ for every complex ζ; the series cut after K is off by at
most $2\sum_{k>K}|I_k(\zeta)|$ in norm, since ‖T_k(x)‖ ≤ 1. All is scaled by $e^{-|\mathrm{Re}\,\zeta|}$, so that the
largest factor is 1 at most and no time overflows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ive

from qllg_sym.flow.subspace.kets import BLOCK, blocks

Array = NDArray[Any]
SEED, TINY = 1e-60, 1e-100      # where the recursion begins; |ζ| below which it would leave the doubles
NOTHING = 1e-40     # terms smaller than this, by the bound below, are not looked at


@dataclass(frozen=True)
class ChebyshevSeries:
    """The series cut at a tolerance, for several ζ.

    Attributes:
        coefficients: (p, K + 1) complex, those of T_0 … T_K, scaled by e^{−|Re ζ|}.
        tails: (p,) bounds of the norm of what is left out, scaled alike.
    """

    coefficients: Array
    tails: Array

    @property
    def noise(self) -> Array:
        """Estimate of the rounding of the sums, (p,): T_k is exact to about √(k + 1) units in the last place."""
        grow = np.sqrt(np.arange(self.coefficients.shape[1]) + 1.0)
        return np.asarray(np.finfo(float).eps * (abs(self.coefficients) @ grow))


def series(zeta: Array, tolerance: Array) -> ChebyshevSeries:
    """Return the shortest series whose tails are within the tolerances.

    Args:
        zeta: (p,) complex.
        tolerance: (p,) of the norm of the tails, scaled by e^{−|Re ζ|}, at least about 1e-30.

    >>> cut = series(np.array([-3.0 + 1j]), np.array([1e-12]))
    >>> value = np.polynomial.chebyshev.chebval(0.3, cut.coefficients[0])
    >>> bool(abs(value - np.exp(-3 + (-3 + 1j) * 0.3)) < 1e-12)
    True
    """
    most = _enough(float(abs(zeta).max(initial=0.0)))
    coefficients = np.array([_bessel(complex(z), most) for z in zeta]).reshape(len(zeta), -1)
    coefficients[:, 1:] *= 2
    # tails[:, k] is all that comes after order k; summed from the small end.
    tails = np.cumsum(abs(coefficients[:, ::-1]), axis=1)[:, ::-1]
    tails = np.hstack([tails[:, 1:], np.zeros((len(tails), 1))])
    last = int(np.argmax(np.all(tails <= tolerance[:, None], axis=0)))
    return ChebyshevSeries(coefficients[:, :last + 1].astype(complex), tails[:, last] + NOTHING)


def _bessel(zeta: complex, most: int) -> Array:
    """Return e^{−|Re ζ|} I_k(ζ) for k = 0 … most, (most + 1,), where all later ones together are below NOTHING.

    Miller's downward recursion I_{k−1} = I_{k+1} + (2k/ζ) I_k, in which I_k is the solution that wins (DLMF 10.29.1 and
    3.6), scaled at its largest term; one call of SciPy where it needs as many as there are orders.
    """
    if abs(zeta) < TINY:
        return np.asarray(ive(np.arange(most + 1), zeta))
    found, above, here, twice = [], 0j, SEED + 0j, 2 / zeta
    for k in range(most, -1, -1):
        found.append(here)
        above, here = here, above + k * twice * here
    values = np.array(found[::-1])
    largest = np.argmax(abs(values), keepdims=True)
    return values * (ive(largest, zeta) / values[largest])


def _enough(size: float) -> int:
    """Return an order above which all terms together are below NOTHING.

    |I_k(ζ)| ≤ |ζ/2|^k e^{|Re ζ|}/k! (DLMF 10.14.4 at the argument iζ).
    """
    half, k, term = size / 2, 0, 0.0
    while term > log(NOTHING / 4) or k < size:      # from k ≥ |ζ| on the terms fall by one half at least
        k += 1
        term += log(half / k) if half > 0 else -np.inf
    return k


class Scaled:
    """x = ±(A − middle)/half on kets, with every eigenvalue in [−1, 1]; the end that does not decay at −1.

    Args:
        apply: apply(kets, out) writes A · kets.
        bounds: an interval that holds the spectrum of A.
        sign: 1, or −1 to turn the spectrum over.
        whole: whole((middle, factor), coefficients, ring, total) writes all of `polynomials` where it can, and returns
            whether it did; x = factor · (A − middle).
        line: line((middle, factor), kets, out, before) writes all of `image` where it can, and returns whether it did.
    """

    def __init__(self, apply: Callable[[Array, Array], object], bounds: tuple[float, float], sign: int = 1,
                 whole: Callable[[tuple[float, float], Array, Array, Array], bool] = lambda *_: False,
                 line: Callable[[tuple[float, float], Array, Array, Array | None], bool] = lambda *_: False) -> None:
        low, high = bounds
        self._whole, self._line = whole, line
        self._apply, self._middle, self.half = apply, (low + high) / 2, (high - low) / 2 or 1.0
        self._factor = sign / self.half
        self.count = 0

    def image(self, kets: Array, out: Array, before: Array | None = None) -> None:
        """Write x · kets into `out`, or 2x · kets − before, the recursion of Chebyshev's polynomials."""
        self.count += 1
        if self._line((self._middle, self._factor), kets, out, before):
            return
        self._apply(kets, out)
        factor = self._factor if before is None else 2 * self._factor
        for rows in blocks(kets):
            part = out[rows]
            part -= self._middle * kets[rows]
            part *= factor
            if before is not None:
                part -= before[rows]

    def series(self, coefficients: Array, ring: Array, total: Array) -> bool:
        """Do the work of `polynomials` in one call, where there is one for it; return whether it is done."""
        done = self._whole((self._middle, self._factor), coefficients, ring, total)
        self.count += max(coefficients.shape[1] - 2, 0) if done else 0
        return done


def polynomials(scaled: Scaled, cut: ChebyshevSeries, ring: Array, total: Array) -> None:
    """Write Σ_k c_k T_k(x) · start for each row of coefficients into `total`.

    Args:
        scaled: x.
        cut: the series, of p rows.
        ring: (b, d, r) complex, b ≥ 3, worked in; ring[0] = start and ring[1] = x · start are there already.
        total: (p, d, r) complex.

    >>> ring, total = np.array([[[1.0 + 0j]], [[0.5]], [[0]]]), np.empty((1, 1, 1), dtype=complex)
    >>> half = Scaled(lambda kets, out: np.multiply(kets, 0.5, out=out), (-1.0, 1.0))
    >>> polynomials(half, series(np.array([2.0 + 0j]), np.array([1e-14])), ring, total)
    >>> bool(abs(total[0, 0, 0] - np.exp(1 - 2)) < 1e-13)
    True
    """
    if scaled.series(cut.coefficients, ring, total):
        return
    count, size = cut.coefficients.shape[1], len(ring)
    total[:] = 0
    for first in range(0, count, size):
        chunk = range(first, min(first + size, count))
        for k in chunk:
            if k > 1:
                scaled.image(ring[(k - 1) % size], ring[k % size], ring[(k - 2) % size])
        _add(total.reshape(len(total), -1), cut.coefficients[:, chunk.start:chunk.stop],
             ring[:len(chunk)].reshape(len(chunk), -1))


def _add(total: Array, coefficients: Array, vectors: Array) -> None:
    """Add coefficients (p, b) · vectors (b, n) to `total` (p, n)."""
    for start in range(0, total.shape[1], BLOCK):
        total[:, start:start + BLOCK] += coefficients @ vectors[:, start:start + BLOCK]
