"""Unrolled sparse linear solve: Gaussian elimination on diagonal pivots, in an order fixed by structure alone."""

from collections import Counter
from collections.abc import Mapping, Sequence

from qllg_sym.codegen.builder import ZERO, Builder, is_zero
from qllg_sym.codegen.kernel import Operand
from qllg_sym.errors import CodegenError

Rows = list[dict[int, Operand]]


def eliminate(builder: Builder, matrix: Mapping[tuple[int, int], Operand], rhs: Sequence[Operand]) -> list[Operand]:
    """Add the steps that solve a sparse linear system M x = b to a builder.

    The pivots are diagonal entries, taken in Markowitz order (least possible fill first). No entry is compared while
    the code runs, so M must be safe for diagonal pivots; 1 + S with S skew is: every pivot is at least 1.

    Args:
        builder: what to add to.
        matrix: the entries of M, (n, n), by (row, column); entries left out are zero.
        rhs: the entries of b, (n,).

    Returns:
        The entries of x, (n,).

    Raises:
        CodegenError: an index is outside the system, or a pivot is zero by structure.

    Example:
        >>> from fractions import Fraction
        >>> b = Builder("solve", ["u"], [])
        >>> eliminate(b, {(0, 0): Fraction(2), (1, 1): Fraction(1), (1, 0): Fraction(4)}, [Fraction(2), Fraction(0)])
        [Fraction(1, 1), Fraction(-4, 1)]
    """
    rows, values = _rows(matrix, len(rhs)), list(rhs)
    left, order = list(range(len(rows))), []
    while left:
        pivot = _cheapest_pivot(rows, left)
        left.remove(pivot)
        order.append(pivot)
        _eliminate(builder, rows, values, pivot, left)
    solution: dict[int, Operand] = {}
    for i in reversed(order):
        # Columns eliminated before i are gone from its row; those after it are solved already.
        known = builder.sum(builder.mul(entry, solution[k]) for k, entry in rows[i].items() if k != i)
        solution[i] = builder.div(builder.sub(values[i], known), rows[i][i])
    return [solution[i] for i in range(len(rhs))]


def _rows(matrix: Mapping[tuple[int, int], Operand], size: int) -> Rows:
    """The entries by row, zeros dropped."""
    rows: Rows = [{} for _ in range(size)]
    for (i, j), entry in sorted(matrix.items(), key=lambda item: item[0]):
        if not (0 <= i < size and 0 <= j < size):
            raise CodegenError(f"`matrix` must have indices below {size}, the length of `rhs`, but has ({i}, {j}).")
        if not is_zero(entry):
            rows[i][j] = entry
    return rows


def _cheapest_pivot(rows: Rows, left: Sequence[int]) -> int:
    """The diagonal entry left with the smallest (row entries − 1)·(column entries − 1), the first of equals."""
    columns = Counter(k for i in left for k in rows[i])
    if not (pivots := [i for i in left if i in rows[i]]):
        raise CodegenError(
            "`matrix` must have a diagonal entry to divide by in every row, but has none left; reorder it."
        )
    return min(pivots, key=lambda i: ((len(rows[i]) - 1) * (columns[i] - 1), i))


def _eliminate(builder: Builder, rows: Rows, values: list[Operand], pivot: int, left: Sequence[int]) -> None:
    """Subtract the pivot's row from every row left that has its column."""
    divisor = rows[pivot][pivot]
    others = [(k, entry) for k, entry in rows[pivot].items() if k != pivot]
    for j in left:
        row = rows[j]
        if pivot not in row:
            continue
        factor = builder.div(row.pop(pivot), divisor)
        for k, entry in others:
            row[k] = builder.sub(row.get(k, ZERO), builder.mul(factor, entry))
            if is_zero(row[k]):
                del row[k]
        values[j] = builder.sub(values[j], builder.mul(factor, values[pivot]))
