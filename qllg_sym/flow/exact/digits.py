r"""range P(t) = exp(−i c H t/ħ) range P(0) to any number of digits, at any time.

In the eigenbasis of H the flow multiplies row i of the amplitudes by exp(−i c E_i t/ħ). Operations on columns commute
with that. So the amplitudes are brought to X, with X = 1 on the r rows that lead at time t, before any exponential is
taken; what is taken then cannot overflow, and costs no digits however long the time.
"""

from collections.abc import Sequence
from typing import Any

import mpmath
import sympy as sp

GUARD = 15      # digits carried beyond those that are accounted for
REACH = 200     # digits below which an amplitude that is outrun by more than these counts as zero


def evaluated(matrix: Any) -> Any:
    """Return an exact matrix in the working precision.

    >>> with mpmath.workdps(30): print(evaluated(sp.Matrix([[sp.sqrt(2)]]))[0, 0].real)
    1.41421356237309504880168872421
    """
    digits = mpmath.mp.dps + 5
    result = mpmath.matrix(matrix.rows, matrix.cols)
    for i in range(matrix.rows):
        for j in range(matrix.cols):
            result[i, j] = mpmath.mpc(*(_number(part, digits) for part in matrix[i, j].as_real_imag()))
    return result


def _number(expression: Any, digits: int) -> Any:
    """Return a real exact number; differences of nearly equal numbers get the digits that they need."""
    if expression.is_Rational:
        return mpmath.mpf(int(expression.p)) / int(expression.q)
    return mpmath.mpf(sp.Float(sp.N(expression, digits, maxn=2 * digits + 100), digits)._mpf_)


def projector(frequency: sp.ImmutableMatrix, c: sp.Expr, kets: sp.ImmutableMatrix, time: sp.Rational, digits: int
              ) -> Any:
    """Return P(t), (d, d), to `digits` digits.

    Args:
        frequency: H/ħ, (d, d), exact.
        c: the complex rate.
        kets: (d, r), independent columns that span range P(0), exact; r ≥ 1.
        time: any.
        digits: decimal digits.

    >>> half = sp.Rational(1, 2)
    >>> late = projector(sp.Matrix([[-half, 0], [0, half]]), half - half * sp.I, sp.Matrix([1, 1]), sp.Rational(99), 30)
    >>> mpmath.nstr(late[1, 1].real, 20)                # 1/(1 + e^99)
    '1.0112214926104485299e-43'
    """
    growth, phase = _sizes(frequency, c, time)
    kept = digits + int(min(growth, REACH)) + _length(frequency) + _length(kets)
    carried = GUARD + phase + (kets.cols + 1) * kept        # each of r pivots may be as small as 10^−kept
    with mpmath.workdps(carried):
        levels, vectors = mpmath.eighe(evaluated(frequency))
        adjoint = vectors.transpose_conj()
        rate = mpmath.mpc(0, -1) * evaluated(sp.Matrix([[c]]))[0, 0] * _number(time, carried)
        exponents = [rate * (level - levels[0]) for level in levels]
        moved = vectors * _moved(adjoint * evaluated(kets), exponents, kept)
        return moved * mpmath.inverse(moved.transpose_conj() * moved) * moved.transpose_conj()


def _sizes(frequency: sp.ImmutableMatrix, c: sp.Expr, time: sp.Rational) -> tuple[Any, int]:
    """Return by how many digits one amplitude outruns another at most, and how many the phases have before the point.

    The first is |Im c| · |t| · spread(H/ħ)/ln 10.
    """
    with mpmath.workdps(GUARD):
        h, rate = evaluated(frequency), evaluated(sp.Matrix([[c]]))[0, 0]
        spread = 2 * max(mpmath.fsum(abs(h[i, j]) for j in range(h.cols)) for i in range(h.rows))
        reach = spread * abs(_number(time, GUARD))
        return abs(rate.imag) * reach / mpmath.ln(10), int(mpmath.ceil(mpmath.log10(1 + abs(rate) * reach)))


def _length(matrix: sp.ImmutableMatrix) -> int:
    """Return how many digits the longest rational in a matrix has: amplitudes may be that small."""
    return max((int(0.31 * max(int(x.p).bit_length(), int(x.q).bit_length())) + 1 for entry in matrix.flat()
                for x in entry.atoms(sp.Rational)), default=1)


def _moved(amplitudes: Any, exponents: Sequence[Any], kept: int) -> Any:
    """Return columns that span exp(diag(exponents)) range(amplitudes), none of them large or nearly dependent."""
    pivots, x = _chart(amplitudes, [exponent.real for exponent in exponents], mpmath.mpf(10)**-kept)
    lowest = -mpmath.mp.dps * mpmath.ln(10)
    for j, pivot in enumerate(pivots):
        for i in range(x.rows):
            exponent = exponents[i] - exponents[pivot]
            x[i, j] = x[i, j] * mpmath.exp(exponent) if x[i, j] != 0 and exponent.real > lowest else mpmath.mpf(0)
    return x


def _chart(amplitudes: Any, growth: Sequence[Any], least: Any) -> tuple[list[int], Any]:
    """Return pivot rows and X with the range of the amplitudes and X = 1 on those rows, by complete pivoting.

    The pivot is the entry that is largest after the growth; entries below `least` of their column are zero.
    """
    x, pivots, free = amplitudes.copy(), [-1] * amplitudes.cols, list(range(amplitudes.cols))
    while free:
        for j in range(x.cols):
            _cleaned(x, j, least, rescaled=j in free)
        _, row, column = max((mpmath.log(abs(x[i, j])) + growth[i], i, j) for j in free for i in range(x.rows)
                             if x[i, j] != 0)
        for k in range(x.cols):
            factor = x[row, k] / x[row, column]
            for i in range(x.rows if k != column else 0):
                x[i, k] = x[i, k] - x[i, column] * factor if i != row else mpmath.mpf(0)
        lead = x[row, column]
        for i in range(x.rows):
            x[i, column] = x[i, column] / lead
        pivots[column] = row
        free.remove(column)
    return pivots, x


def _cleaned(x: Any, j: int, least: Any, rescaled: bool) -> None:
    """Make what is rounding in a column zero, and the column of size one."""
    size = max(abs(x[i, j]) for i in range(x.rows))
    for i in range(x.rows):
        if abs(x[i, j]) < least * size:
            x[i, j] = mpmath.mpf(0)
        elif rescaled:
            x[i, j] = x[i, j] / size
