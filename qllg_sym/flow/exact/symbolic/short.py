r"""A quotient of sums of exponentials as a short expression: cos and sin for phases, cosh and sinh where they pair."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import combinations_with_replacement
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.symbols import t
from qllg_sym.flow.exact.symbolic.cancelling import cancelled, square_root
from qllg_sym.flow.exact.symbolic.exponentials import Exponentials, Ratio
from qllg_sym.flow.exact.symbolic.radicals import Radicals

Phase = tuple[str, PolyElement]                             # "cos", "sin" or "exp" of a multiple of t
Sum = dict[PolyElement, dict[Phase, PolyElement]]           # S → phase → coefficient
MOST_CENTRES = 60
LONG = 3            # terms of a sum that is tried for a square


@dataclass(frozen=True, eq=False)
class Rates:
    """What exponents are multiplied by: exp(growth · S t), exp(−i · turn · Δ t)."""

    growth: sp.Expr
    turn: sp.Expr


@dataclass(frozen=True, eq=False)
class Product:
    """A coefficient times a phase and a function of time."""

    coefficient: PolyElement
    phase: Phase
    shape: sp.Expr


def in_short(ratio: Ratio, rates: Rates) -> sp.Expr:
    """Return a quotient as an expression in `qllg_sym.t`."""
    constant = ratio.as_constant()
    if constant is not None:
        return constant
    short = cancelled(ratio)
    field = short.num.field
    square = square_root(short.den) if len(short.den.terms) > LONG else None
    if square is not None:
        middle = centre_of(square)
        (upper, high), (lower, low) = factored(short.num, rates, 2 * middle), factored(square, rates, middle)
        return sp.cancel(upper / lower**2) * high / low**2
    sums = [_by_growth(part, real=short.num.is_real or which == 1) for which, part in enumerate((short.num, short.den))]
    centre = _centre(sums)
    above, below = (_products(field, part, centre, rates) for part in sums)
    top, bottom = _common(field, above), _common(field, below)
    return field.quotient(top, bottom) * _added(field, above, top, rates) / _added(field, below, bottom, rates)


def sum_written(x: Exponentials, rates: Rates, centre: PolyElement | None = None) -> sp.Expr:
    """Return a sum, divided by exp(growth · centre · t), as an expression; by default nothing is divided off."""
    return sp.Mul(*factored(x, rates, centre))


def factored(x: Exponentials, rates: Rates, centre: PolyElement | None = None) -> tuple[sp.Expr, sp.Expr]:
    """Return the same as a common factor of all terms, and the sum that is left."""
    field, part = x.field, _by_growth(x, real=x.is_real)
    middle = _centre([part]) if centre is None else centre
    products = _products(field, part, middle, rates)
    common = _common(field, products)
    back = _times(field, middle, rates.growth) if centre is None else sp.S.Zero
    return field.written(common) * sp.exp(back), _added(field, products, common, rates)


def centre_of(x: Exponentials) -> PolyElement:
    """Return the S about which most exponentials of a sum pair to cosh and sinh."""
    return _centre([_by_growth(x, real=x.is_real)])


def _by_growth(x: Exponentials, real: bool) -> Sum:
    """Terms by S; c e^{−iθ} + c* e^{iθ} = 2 Re c cos θ + 2 Im c sin θ where the sum is real."""
    found: Sum = {}
    for (s, turn), c in x.terms.items():
        group = found.setdefault(s, {})
        if not real:
            group["exp", turn] = c
        elif not turn:
            group["cos", turn] = c
        elif turn.LC > 0:
            re, im = x.field.parts(c)
            group |= {phase: 2 * part for phase, part in ((("cos", turn), re), (("sin", turn), im)) if part}
    return {s: group for s, group in found.items() if group}


def _centre(sums: list[Sum]) -> PolyElement:
    """The S about which most exponentials pair to cosh and sinh."""
    exponents = sorted({s for part in sums for s in part}, key=str)
    candidates = {(a + b) * sp.QQ(1, 2) for a, b in combinations_with_replacement(exponents[:MOST_CENTRES], 2)}

    def score(centre: PolyElement) -> tuple[int, int, str]:
        pairs = sum(_pairing(part, s, 2 * centre - s) is not None for part in sums for s in part if s != centre)
        alone = sum(centre in part for part in sums)
        return pairs, alone - len(centre), str(centre)
    return max(candidates, key=score)


def _pairing(part: Sum, s: PolyElement, other: PolyElement) -> tuple[dict[Phase, Any], dict[Phase, Any]] | None:
    """Half the sum and half the difference of the coefficients of two exponentials, where these are shorter."""
    if other not in part or part[s].keys() != part[other].keys():
        return None
    halves = {phase: (c + part[other][phase], c - part[other][phase]) for phase, c in part[s].items()}
    before = sum(len(c) for group in (part[s], part[other]) for c in group.values())
    if sum(len(x) for pair in halves.values() for x in pair) >= before:
        return None
    return {k: x for k, (x, _) in halves.items() if x}, {k: y for k, (_, y) in halves.items() if y}


def _products(field: Radicals, part: Sum, centre: PolyElement, rates: Rates) -> list[Product]:
    """The terms of a sum about a centre: a e^x + b e^−x = (a + b) cosh x + (a − b) sinh x."""
    found, done = list[Product](), set[PolyElement]()
    for s, group in part.items():
        if s in done:
            continue
        other = 2 * centre - s
        pairing = _pairing(part, s, other) if other != s else None
        shift = _times(field, s - centre, rates.growth)
        done |= {s, other}
        if pairing is None:
            done -= {other} - {s}
            found += [Product(c, phase, sp.exp(shift)) for phase, c in group.items()]
            continue
        odd = sp.sinh(shift)
        sign = -1 if odd.could_extract_minus_sign() else 1
        found += [Product(c, phase, sp.cosh(shift)) for phase, c in pairing[0].items()]
        found += [Product(c * sign, phase, odd * sign) for phase, c in pairing[1].items()]
    return found


def _common(field: Radicals, products: Iterable[Product]) -> PolyElement:
    """The common factor of all coefficients, of the sign of the first."""
    coefficients = [p.coefficient for p in products]
    common = reduce(lambda a, b: a.gcd(b), coefficients, field.ring.zero)
    numbers = reduce(lambda a, b: sp.QQ(sp.igcd(a.numerator * b.denominator, b.numerator * a.denominator),
                                        a.denominator * b.denominator),
                     (c.primitive()[0] if c else sp.QQ(0) for c in (q.quo(common) for q in coefficients)))
    return common * numbers * (1 if coefficients[0].LC > 0 else -1)


def _added(field: Radicals, products: Iterable[Product], common: PolyElement, rates: Rates) -> sp.Expr:
    """The sum, its common factor taken out."""
    return sp.Add(*(field.written(p.coefficient.exquo(common)) * _phase(field, p.phase, rates) * p.shape
                    for p in products))


def _phase(field: Radicals, phase: Phase, rates: Rates) -> Any:
    """A phase as an expression."""
    kind, turn = phase
    angle = _times(field, turn, rates.turn)
    return sp.exp(-sp.I * angle) if kind == "exp" else getattr(sp, kind)(angle)


def _times(field: Radicals, exponent: PolyElement, rate: sp.Expr) -> sp.Expr:
    """An exponent times its rate and time, numbers multiplied in."""
    number, rest = rate.as_coeff_Mul()
    return sp.expand(field.written(exponent) * number) * rest * t
