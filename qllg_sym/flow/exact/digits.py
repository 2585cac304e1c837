r"""The number type of mpmath: any number of digits, at any time.

In the eigenbasis of H the flow multiplies row i of the amplitudes by exp(−i c E_i t/ħ). Operations on columns commute
with that. So the amplitudes are brought to a chart, with pivots that lead at time t, before any exponential is taken;
what is taken then cannot overflow, and costs no digits however long the time.
"""

from typing import Any

import mpmath
import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.flow.exact.pivoting import charted, speeds

Array = NDArray[Any]
GUARD = 15      # digits carried beyond those that are accounted for
REACH = 200     # digits below which an amplitude that is outrun by more than these counts as zero


class Digits:
    """Numbers of mpmath in its working precision; columns that are exact to so many digits.

    >>> half = sp.Rational(1, 2)
    >>> h, kets = sp.Matrix([[-half, 0], [0, half]]), sp.Matrix([1, 1])
    >>> with mpmath.workdps(45): late = abs(Digits(30).moved(h, -(1 + sp.I) * half * 99, kets)[1, 0])**2
    >>> mpmath.nstr(late, 20)                                           # e^−99
    '1.0112214926104485299e-43'
    """

    def __init__(self, digits: int) -> None:
        self._digits = digits

    def number(self, exact: Any) -> Any:
        """Return an exact number in the working precision."""
        digits = mpmath.mp.dps + 5
        return mpmath.mpc(*(_number(part, digits) for part in exact.as_real_imag()))

    def moved(self, frequency: Any, exponent: Any, kets: Any) -> Array:
        """Return columns that span exp(exponent · H/ħ) range(kets), none of them large or nearly dependent."""
        reach, phase = _sizes(frequency, exponent)
        kept = self._digits + int(min(reach, REACH)) + _length(frequency) + _length(kets)
        with mpmath.workdps(GUARD + phase + (kets.cols + 1) * kept):    # each of r pivots may be as small as 10^−kept
            levels, vectors = (np.array(part.tolist(), dtype=object) for part in mpmath.eighe(
                mpmath.matrix(evaluated(frequency).tolist())))
            exponents = ((levels - levels[0]) * self.number(exponent)).reshape(1, -1)
            growth, least = _real(exponents)[:, :, None], mpmath.mpf(10)**-kept
            pivots, x = charted((vectors.conj().T @ evaluated(kets))[None], lambda x: _log(x) + growth,
                                lambda x, k: _clean(x, k, least), kets.cols)
            return np.asarray(vectors @ (x * _exp(speeds(x, pivots, exponents)))[0])


def evaluated(matrix: Any) -> Array:
    """Return an exact matrix in the working precision, as objects.

    >>> with mpmath.workdps(30): print(evaluated(sp.Matrix([[sp.sqrt(2)]]))[0, 0].real)
    1.41421356237309504880168872421
    """
    numbers = Digits(mpmath.mp.dps)
    return np.array([numbers.number(entry) for entry in matrix], dtype=object).reshape(matrix.shape)


def sizes(x: Array) -> Array:
    """Return |x| of every entry."""
    return np.asarray(abs(x))


def _number(expression: Any, digits: int) -> Any:
    """Return a real exact number; differences of nearly equal numbers get the digits that they need."""
    if expression.is_Rational:
        return mpmath.mpf(int(expression.p)) / int(expression.q)
    return mpmath.mpf(sp.Float(sp.N(expression, digits, maxn=2 * digits + 100), digits)._mpf_)


def _sizes(frequency: Any, exponent: Any) -> tuple[Any, int]:
    """Return by how many digits one amplitude outruns another at most, and how many the phases have before the point.

    The first is |Re exponent| · spread(H/ħ)/ln 10.
    """
    with mpmath.workdps(GUARD):
        spread, turn = 2 * abs(evaluated(frequency)).sum(axis=1).max(), Digits(GUARD).number(exponent)
        return abs(turn.real) * spread / mpmath.ln(10), int(mpmath.ceil(mpmath.log10(1 + abs(turn) * spread)))


def _length(matrix: Any) -> int:
    """Return how many digits the longest rational in a matrix has: amplitudes may be that small."""
    return max((int(0.31 * max(int(x.p).bit_length(), int(x.q).bit_length())) + 1 for entry in matrix.flat()
                for x in entry.atoms(sp.Rational)), default=1)


def _clean(x: Array, pivots: int, least: Any) -> None:
    """Make what is rounding in the columns zero, and those without a pivot of size one."""
    largest = abs(x).max(axis=1, keepdims=True)
    x[abs(x) < least * largest] = 0
    x[:, :, pivots:] /= largest[:, :, pivots:]


def _grown(exponent: Any) -> Any:
    """Return an exponential; 0 where it is below all digits."""
    return mpmath.exp(exponent) if exponent.real > -mpmath.mp.dps * mpmath.ln(10) else mpmath.mpf(0)


_real = np.frompyfunc(lambda z: z.real, 1, 1)
_log = np.frompyfunc(lambda z: mpmath.log(abs(z)) if z else mpmath.mpf("-inf"), 1, 1)
_exp = np.frompyfunc(_grown, 1, 1)
