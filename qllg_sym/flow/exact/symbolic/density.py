r"""ρ(t) = a + b P(t) with symbols: eigenvalues of H by square roots, P(t) in exponentials of them.

With $c = W(b)^*$ and eigenvalues E of H the columns are $u(t) = \sum_E e^{-icEt/\hbar} v_E$, and
$P = U (U^\dagger U)^{-1} U^\dagger$ does not depend on how long they are; so no parameter need stand below a line in u.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy.polys.rings import PolyElement

from qllg_sym.flow.exact.symbolic.eigenvalues import characteristic_factors, cleared, square_root_levels
from qllg_sym.flow.exact.symbolic.exponentials import Exponentials, Ratio
from qllg_sym.flow.exact.symbolic.radicals import Radicals

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class SymbolicDensity:
    """ρ(t) with symbols.

    Attributes:
        field: of all coefficients.
        rho: (d, d), quotients.
        growth: g of exp(g S t).
        turn: ν of exp(−iνΔt).
    """

    field: Radicals
    rho: Array
    growth: sp.Expr
    turn: sp.Expr


def symbolic_density(a: sp.Expr, b: sp.Expr, c: sp.Expr, frequency: sp.ImmutableMatrix, kets: sp.ImmutableMatrix,
                     numbers: Sequence[Any] = ()) -> SymbolicDensity:
    """Return ρ(t).

    Args:
        a: the level a, exact, as all that follow.
        b: a + b is the other level.
        c: the complex rate.
        frequency: H/ħ, (d, d).
        kets: columns that span range P(0).
        numbers: other expressions that the coefficients must hold, such as entries of spin matrices.

    Raises:
        InputError: an eigenvalue of H is not made of rational functions of the parameters and their square roots.
    """
    d = frequency.rows
    low, whole = cleared(frequency)
    columns = [cleared(kets[:, k])[1] for k in range(kets.cols)]
    parts = [sp.numer(sp.together(x)) for x in (a, b)] + [sp.denom(sp.together(x)) for x in (a, b)]
    held = [*whole.flat(), *(x for column in columns for x in column.flat()), *parts, *numbers]
    factors = [f for f, _ in characteristic_factors(whole, Radicals(whole.flat()))]
    roots, levels = square_root_levels(factors)
    field = Radicals(held, roots)
    re, im = sp.re(c), sp.im(c)
    damped = im != 0
    energies = [(field.lift(centre) + field.lift(offset) * (field.lift(w) if w else field.ring.one), k)
                for k, centre, offset, w in levels]
    matrix = [[field.lift(x) for x in row] for row in whole.tolist()]
    moved = [_moved(field, matrix, [field.lift(x) for x in column.flat()], energies, factors) for column in columns]
    states = np.array([[Exponentials(field, {(e if damped else field.ring.zero, e): v[i] for e, v in parts_of})
                        for parts_of in moved] for i in range(d)], dtype=object).reshape(d, len(columns))
    projector = _projector(field, states)
    one = Exponentials.constant(field, field.ring.one)
    level, gap = (Ratio(Exponentials.constant(field, field.lift(sp.numer(x))),
                        Exponentials.constant(field, field.lift(sp.denom(x)))) for x in map(sp.together, (a, b)))
    rho = np.array([[projector[i, j] * gap + (level if i == j else Ratio(Exponentials(field, {}), one))
                     for j in range(d)] for i in range(d)], dtype=object)
    return SymbolicDensity(field, rho, im / low, re / low)


def _moved(field: Radicals, matrix: list[list[PolyElement]], ket: list[PolyElement],
           energies: list[tuple[PolyElement, int]],
           factors: list[sp.Poly]) -> list[tuple[PolyElement, list[PolyElement]]]:
    """Return (E, v_E) of a ket, v_E = Π_{E' ≠ E} (H − E')/(E − E') times the ket, all times one number."""
    found, below = [], []
    for n, (level, _) in enumerate(energies):
        vector, weight = ket, field.ring.one
        for k, (other, _) in enumerate(energies):
            if k != n:
                vector = [field.reduced(sum((x * y for x, y in zip(row, vector, strict=True)), field.ring.zero)
                                        - other * vector[i]) for i, row in enumerate(matrix)]
                weight = field.reduced(weight * (level - other))
        if any(vector):
            inverse, norm = field.inverse(weight)
            found.append((level, [field.reduced(x * inverse) for x in vector]))
            below.append(norm)
    low = reduce(lambda x, y: x.lcm(y), below, field.ring.one)
    scaled = [[x * low.exquo(norm) for x in vector] for (_, vector), norm in zip(found, below, strict=True)]
    common = reduce(lambda x, y: x.gcd(y), (x for vector in scaled for x in vector if x), field.ring.zero)
    own = common if field.conjugate(common) == common else field.ring.one
    return [(level, [x.exquo(own) for x in vector]) for (level, _), vector in zip(found, scaled, strict=True)]


def _projector(field: Radicals, columns: Array) -> Array:
    """U (U†U)⁻¹ U†."""
    d, r = columns.shape
    if r == 0:
        return np.full((d, d), Ratio(Exponentials(field, {}), Exponentials.constant(field, field.ring.one)))
    dual = np.array([[x.conjugate() for x in row] for row in columns.T], dtype=object)
    gram = [[sum(dual[j] * columns[:, k], Exponentials(field, {})) for k in range(r)] for j in range(r)]
    den, adjugate = _determinant(field, gram), _adjugate(field, gram)
    total = np.empty((d, d), dtype=object)
    for i in range(d):
        for j in range(d):
            total[i, j] = Ratio(sum((columns[i, m] * adjugate[m][n] * dual[n, j] for m in range(r) for n in range(r)),
                                    Exponentials(field, {})), den)
    return total


def _determinant(field: Radicals, rows: list[list[Exponentials]]) -> Exponentials:
    """By the first row."""
    if not rows:
        return Exponentials.constant(field, field.ring.one)
    total = Exponentials(field, {})
    for k, x in enumerate(rows[0]):
        part = x * _determinant(field, [[*row[:k], *row[k + 1:]] for row in rows[1:]])
        total = total - part if k % 2 else total + part
    return total


def _adjugate(field: Radicals, rows: list[list[Exponentials]]) -> list[list[Exponentials]]:
    """Cofactors, transposed."""
    def cofactor(i: int, j: int) -> Exponentials:
        minor = _determinant(field, [[*row[:j], *row[j + 1:]] for k, row in enumerate(rows) if k != i])
        return -minor if (i + j) % 2 else minor
    return [[cofactor(j, i) for j in range(len(rows))] for i in range(len(rows))]
