"""Quotients of sums of exponentials without common factors, by the greatest common divisor of polynomials."""

from collections.abc import Iterable
from functools import reduce
from math import lcm
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.flow.exact.symbolic.exponentials import Exponentials, Key, Ratio
from qllg_sym.flow.exact.symbolic.radicals import Radicals

MOST_IN_SQUARE = 60         # terms of a sum that is tried for a square
MOST_TERMS = 20_000         # of one sum times the other: a common divisor costs more than it shortens


def cancelled(ratio: Ratio) -> Ratio:
    r"""Return the same quotient, common factors taken out where that shortens it and no phase stands below the line.

    Every monomial m of the exponents, such as J and B in $e^{2(J + B)t}$, gives a variable $e^{m t/n}$. A divisor of
    the lower sum, in which are no phases, divides what stands above at each phase, its real and imaginary parts.
    """
    field, num, den = ratio.num.field, ratio.num, ratio.den
    size = [sum(len(c) for c in part.terms.values()) for part in (num, den)]
    if not num or size[0] * size[1] > MOST_TERMS:
        return ratio
    if any(turn or field.parts(c)[1] for (_, turn), c in den.terms.items()):
        return ratio
    zero = field.ring.zero
    grid = [_Grid((*num.terms, *den.terms), 0), _Grid([(zero, zero)], 1)]
    ring = _ring(field, grid)
    low, parts = _polynomial(ring, grid, den), dict[tuple[PolyElement, int], Exponentials]()
    for (s, turn), c in num.terms.items():
        for power, part in enumerate(field.parts(c)):
            if part:
                parts[turn, power] = parts.get((turn, power), Exponentials(field, {})) + Exponentials(
                    field, {(s, zero): part})
    above = {key: _polynomial(ring, grid, x) for key, x in parts.items()}
    common = reduce(lambda a, b: a.gcd(b), above.values(), low)
    total: dict[Key, PolyElement] = {}
    for (turn, power), p in above.items():
        for (s, _), c in _back(field, grid, p.exquo(common)).terms.items():
            total[s, turn] = total.get((s, turn), zero) + (field.times_unit(c) if power else c)
    found = Ratio(Exponentials(field, total), _back(field, grid, low.exquo(common)))
    return _by_roots(found if _length(found) <= _length(ratio) else ratio)


def _by_roots(ratio: Ratio) -> Ratio:
    """The same, times a root w over what is common then: D w sinh x + w² cosh x becomes D sinh x + w cosh x."""
    field = ratio.num.field
    for w in field.roots:
        factor = field.ring.gens[field.ring.symbols.index(w)]
        sums = [{key: field.reduced(c * factor) for key, c in x.terms.items()} for x in (ratio.num, ratio.den)]
        common = reduce(lambda a, b: a.gcd(b), (c for x in sums for c in x.values()), field.ring.zero)
        if not common.is_ground:
            found = Ratio(*(Exponentials(field, {key: c.exquo(common) for key, c in x.items()}) for x in sums))
            if _length(found) < _length(ratio) and found.den.is_real:
                ratio = found
    return ratio


def _length(ratio: Ratio) -> int:
    return sum(len(c) for x in (ratio.num, ratio.den) for c in x.terms.values())


def divided(num: Exponentials, den: Exponentials) -> Exponentials | None:
    """Return num/den where that is a sum of exponentials; None where it is not seen to be one."""
    field = num.field
    grid = [_Grid((*num.terms, *den.terms), which) for which in (0, 1)]
    ring = _ring(field, grid, num, den)
    top, low = _polynomial(ring, grid, num).cancel(_polynomial(ring, grid, den))
    if len(low) != 1 or any(low.leading_expv()[sum(len(g.units) for g in grid):]):
        return None
    above, below = _back(field, grid, top.quo_ground(low.LC)), _back(field, grid, low.quo_ground(low.LC))
    (shift, angle), = below.terms
    return Exponentials(field, {(s - shift, turn - angle): c for (s, turn), c in above.terms.items()})


def square_root(x: Exponentials) -> Exponentials | None:
    """Return a real sum whose square is a real sum, None where none is found."""
    field, grid = x.field, [_Grid(x.terms, which) for which in (0, 1)]
    if sum(map(len, x.terms.values())) > MOST_IN_SQUARE or any(field.parts(c)[1] for c in x.terms.values()):
        return None
    ring = _ring(field, grid, x)
    number, factors = _polynomial(ring, grid, x).sqf_list()
    number = sp.QQ_I.to_sympy(number) if ring.domain is sp.QQ_I else sp.QQ.to_sympy(number)
    outside = sp.sqrt(number)
    if any(e % 2 for _, e in factors) or not outside.is_Rational:
        return None
    total = ring.one * ring.domain.from_sympy(outside)
    for f, e in factors:
        total = total * f**(e // 2)
    shift = tuple(g.middle(field) for g in grid)
    found = _back(field, grid, total)
    found = Exponentials(field, {(s + shift[0], turn + shift[1]): c for (s, turn), c in found.terms.items()})
    return found if found.is_real and (found * found).terms == x.terms else None


class _Grid:
    """Exponents as whole multiples of units, one for every monomial in them."""

    def __init__(self, keys: Iterable[Key], which: int) -> None:
        exponents = [key[which] for key in keys]
        below: dict[Any, int] = {}
        for p in exponents:
            for m, c in p.terms():
                below[m] = lcm(below.get(m, 1), int(c.denominator))
        self.units, self.which = below, which
        counts = [self._counted(p) for p in exponents]
        self.least = [min((row[k] for row in counts), default=0) for k in range(len(below))]

    def _counted(self, p: PolyElement) -> list[int]:
        held = dict(p.terms())
        return [int(held[m] * n) if m in held else 0 for m, n in self.units.items()]

    def place(self, key: Key) -> list[int]:
        """The powers of the variables for an exponent, from 0 on."""
        return [n - low for n, low in zip(self._counted(key[self.which]), self.least, strict=True)]

    def middle(self, field: Radicals) -> PolyElement:
        """Half of what `place` takes off."""
        return field.ring.from_dict({m: sp.QQ(low, 2 * n)
                                     for low, (m, n) in zip(self.least, self.units.items(), strict=True) if low})

    def exponent(self, field: Radicals, powers: tuple[int, ...]) -> PolyElement:
        """The exponent that has these powers, but for what is common to all."""
        return field.ring.from_dict({m: sp.QQ(e, n) for e, (m, n) in zip(powers, self.units.items(), strict=True) if e})


def _ring(field: Radicals, grid: list[_Grid], *sums: Exponentials) -> PolyRing:
    """The ring of the variables and of what the coefficients are made of, over Q or Q(i)."""
    variables = [sp.Dummy(f"x{k}") for k in range(sum(len(g.units) for g in grid))]
    others = [g for g in field.ring.symbols if g != field.unit]
    complex_ones = any(field.parts(c)[1] for x in sums for c in x.terms.values())
    return PolyRing([*variables, *others], sp.QQ_I if complex_ones else sp.QQ, sp.lex)


def _polynomial(ring: PolyRing, grid: list[_Grid], x: Exponentials) -> PolyElement:
    """A sum as a polynomial of the variables."""
    total: dict[tuple[int, ...], Any] = {}
    for key, c in x.terms.items():
        place = (*grid[0].place(key), *grid[1].place(key))
        for power, part in enumerate(x.field.parts(c)):
            for m, value in part.terms():
                own = (*place, *x.field.without_unit(m))
                number = ring.domain(0, value) if power else ring.domain.convert(value, sp.QQ)
                total[own] = total.get(own, ring.domain.zero) + number
    return ring.from_dict({m: c for m, c in total.items() if c})


def _back(field: Radicals, grid: list[_Grid], p: PolyElement) -> Exponentials:
    """A polynomial as a sum of exponentials; the phases keep their zero, for it is the same in both sums."""
    first, second = len(grid[0].units), len(grid[0].units) + len(grid[1].units)
    total: dict[Key, PolyElement] = {}
    for m, c in p.terms():
        key = grid[0].exponent(field, m[:first]), grid[1].exponent(field, m[first:second])
        value = field.monomial(m[second:], *((c.x, c.y) if p.ring.domain is sp.QQ_I else (c, sp.QQ(0))))
        total[key] = total.get(key, field.ring.zero) + value
    return Exponentials(field, {key: field.reduced(c) for key, c in total.items()})
