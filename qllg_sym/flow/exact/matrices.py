r"""The two levels of an exact matrix: ρ = a + b P, P the projector on columns of a matrix.

A Hermitian M ≠ a·1 has two levels iff M² − sM + p = 0; they are (s ± √(s² − 4p))/2, and P is a multiple of M − a.
"""

from typing import Any

import mpmath
import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.flow.exact.digits import evaluated
from qllg_sym.flow.exact.pivoting import charted
from qllg_sym.flow.states.state import ExactLevels, one_exact_level

DIGITS = 100        # to which roots and functions in a matrix are taken where its levels are counted
ZERO = 80           # digits of a zero there


def two_exact_levels(matrix: sp.Matrix) -> ExactLevels | None:
    """Return (a, b, kets) of a Hermitian matrix a + b P with rank P ≤ d/2; None where it has more than two levels.

    Rational entries are judged exactly, others to 80 digits.

    >>> two_exact_levels(sp.Matrix([[2, 1], [1, 2]]))[:2]
    (1, 2)
    """
    rational = all(part.is_Rational for entry in matrix.flat() for part in entry.as_real_imag())
    with mpmath.workdps(DIGITS):
        zero, d = 0 if rational else mpmath.mpf(10)**-ZERO, matrix.rows
        square, values = _square(matrix, rational), evaluated(matrix)
        s = _sum(matrix, square, values, zero)
        if s is None:
            return one_exact_level(matrix[0, 0], d)
        p = sp.expand(s * matrix[0, 0] - square[0, 0])
        rest = (square - s * matrix + p * sp.eye(d)).applyfunc(sp.expand)
        if any(entry != 0 for entry in rest) if rational else abs(evaluated(rest)).max() > zero:
            return None
        gap = sp.sqrt(sp.expand(s**2 - 4 * p))
        low, high = (s - gap) / 2, (s + gap) / 2
        above = evaluated(sp.Matrix([[(matrix.trace() - d * low) / gap]]))[0, 0].real
        rank = int(mpmath.nint(above))
        a, b = (low, gap) if 2 * rank <= d else (high, -gap)
        multiple = (matrix - a * sp.eye(d)).applyfunc(sp.expand)
        columns = _independent(evaluated(multiple), min(rank, d - rank))
    return a, b, sp.ImmutableMatrix(multiple[:, columns])


def _square(matrix: sp.Matrix, rational: bool) -> sp.Matrix:
    """Return M², multiplied out."""
    if rational:
        held = DomainMatrix.from_Matrix(matrix)
        return (held * held).to_Matrix()
    return (matrix * matrix).applyfunc(sp.expand)


def _sum(matrix: sp.Matrix, square: sp.Matrix, values: Any, zero: Any) -> sp.Expr | None:
    """Return the sum of the two levels if there are two, None if there is one."""
    d = matrix.rows
    size, i, j = max((abs(values[i, j]), i, j) for i in range(d) for j in range(i))
    if size > zero:             # (M²)_ij = s M_ij
        return sp.expand(square[i, j] * matrix[j, i]) / sp.expand(matrix[i, j] * matrix[j, i])
    size, i = max((abs(values[i, i] - values[0, 0]), i) for i in range(d))
    return sp.expand(matrix[0, 0] + matrix[i, i]) if size > zero else None


def _independent(multiple: Any, rank: int) -> list[int]:
    """Return which columns of a multiple of a projector span its range: those of the rows that its chart pivots on."""
    return [int(row) for row in charted(multiple[None], abs, count=rank)[0][0]]
