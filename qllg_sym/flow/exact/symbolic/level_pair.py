r"""Two eigenvalues of a matrix of quotients, of different multiplicity: then they are quotients themselves.

Of $X = N/D$ with sums of exponentials N the levels times D are p and q, m and n times. Their sum is an entry of N²
divided by that of N beside the diagonal, $\mathrm{Tr}\,N = mp + nq$ gives both, and $(N - p)(N - q) = 0$ proves them.
"""

from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.flow.exact.symbolic.cancelling import cancelled, divided
from qllg_sym.flow.exact.symbolic.exponentials import Exponentials, Ratio
from qllg_sym.flow.exact.symbolic.radicals import Radicals

Array = NDArray[Any]


def level_pair(field: Radicals, x: Array) -> tuple[Ratio, Ratio, int] | None:
    """Return (p, q, m) of a matrix with eigenvalues p, m times, and q, the other n > m times; None for others."""
    d, (whole, low) = len(x), _common(field, x)
    one = np.array(sp.eye(d).tolist(), dtype=object)
    one = np.array([[Exponentials.constant(field, field.lift(e)) for e in row] for row in one], dtype=object)
    total = _sum_of_levels(field, whole)
    if total is None:
        return None
    trace = sum(whole.diagonal(), Exponentials(field, {}))
    for m in range(1, (d + 1) // 2):
        q = _scaled(trace - _scaled(total, sp.QQ(m)), sp.QQ(1, d - 2 * m))
        p = total - q
        if not any((_minus(whole, p, one) @ _minus(whole, q, one)).ravel()):
            return cancelled(Ratio(p, low)), cancelled(Ratio(q, low)), m
    return None


def _common(field: Radicals, x: Array) -> tuple[Array, Exponentials]:
    """Numerators over one denominator."""
    unit = Exponentials.constant(field, field.ring.one)
    ratios = [e if isinstance(e, Ratio) else Ratio(Exponentials.constant(field, field.lift(e)), unit)
              for e in x.ravel()]
    lows = list({frozenset(r.den.terms.items()): r.den for r in ratios if r.num}.values())
    low = unit
    for part in lows:
        low = low * part
    numerators = []
    for r in ratios:
        num = r.num
        for part in lows if r.num else ():
            num = num if part.terms == r.den.terms else num * part
        numerators.append(num)
    return np.array(numerators, dtype=object).reshape(x.shape), low


def _sum_of_levels(field: Radicals, whole: Array) -> Exponentials | None:
    """P + q, if there are two."""
    d, square = len(whole), whole @ whole
    places: list[Any] = sorted(((i, j) for i in range(d) for j in range(i) if whole[i, j]),
                               key=lambda place: len(whole.item(place).terms))
    if not places:
        different = [k for k in range(d) if (whole[k, k] - whole[0, 0])]
        return whole[0, 0] + whole[different[0], different[0]] if different else None
    return divided(square[places[0]], whole[places[0]])


def _scaled(x: Exponentials, number: Any) -> Exponentials:
    return Exponentials(x.field, {key: c * number for key, c in x.terms.items()})


def _minus(whole: Array, level: Exponentials, one: Array) -> Array:
    return np.array([[e - level * unit for e, unit in zip(row, units, strict=True)]
                     for row, units in zip(whole, one, strict=True)], dtype=object)
