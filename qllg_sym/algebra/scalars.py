"""Coefficients: the door through which a user's numbers and symbols become exact real expressions."""

import math
import numbers
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.signals import signals_in
from qllg_sym.algebra.symbols import check_name, t
from qllg_sym.errors import InputTypeError, ModelError

Scalar = PolyElement
Coefficient = Annotated[Any, "coefficient"]     # a field of a term or a law: a number, or an expression in real symbols
CERTAIN = 30        # digits in which a constant without symbols must be real


def real_coefficient(value: Any, argument: str) -> sp.Expr:
    """Return `value` as an exact real SymPy expression; a float becomes the rational that it prints as.

    Args:
        value: a number, or a SymPy expression in symbols declared real and in `qllg_sym.t`.
        argument: the name used in error messages.

    Raises:
        ModelError: NaN, infinity, a complex value, a symbol not declared real, or a reserved name.
        InputTypeError: not a number and not an expression.

    >>> real_coefficient(0.7, "J")
    7/10
    """
    expression = _exact(value, argument)
    symbols: list[Any] = sorted(expression.free_symbols, key=str)
    for symbol in symbols:
        if not symbol.is_real:
            raise ModelError(f"`{argument}` must have real symbols, but `{symbol}` is not declared real; write "
                             f"`{_identifier(symbol)} = sympy.Symbol({str(symbol)!r}, real=True)`.")
        check_name(symbol)
    if expression.has(sp.I) or expression.is_extended_real is False:
        raise ModelError(f"`{argument}` must be real, but is {expression}; give a real expression.")
    if not _is_real(expression):
        raise ModelError(f"`{argument}` must be real for all values of its symbols, but {expression} need not be; "
                         "declare the symbols positive, or the functions real.")
    return expression


REAL = (sp.exp, sp.sin, sp.cos, sp.tan, sp.tanh, sp.sinh, sp.cosh, sp.atan, sp.asinh, sp.erf, sp.Abs, sp.sign,
        sp.Heaviside)           # of every real argument
BOUNDED = (sp.sin, sp.cos, sp.tanh)             # within [-1, 1]
PARTIAL = (sp.log, sp.asin, sp.acos, sp.acosh, sp.atanh)        # real of some real arguments


def _is_real(expression: Any) -> bool:
    """Real wherever finite: SymPy leaves 1/x open because of x = 0, which is no reason to refuse it.

    Of time, √t and log(2 − t) are real on intervals, and no symbol can be declared so that SymPy knows; whether they
    are on the one asked for is seen when they become numbers.
    """
    if expression.is_extended_real:
        return True
    if not expression.free_symbols:             # SymPy knows little of constants such as zeta(3)
        return isinstance(sp.N(expression, CERTAIN), sp.Float)
    if isinstance(expression, sp.Piecewise):            # each branch where it holds
        return all(_is_real(pair.args[0]) and all(map(_is_real, _sides(pair.args[1]))) for pair in expression.args)
    if expression.is_Add or expression.is_Mul or isinstance(expression, (sp.Min, sp.Max)) or (
            expression.is_Pow and expression.exp.is_Integer):
        return all(_is_real(part) for part in expression.args)
    argument = expression.args[0]
    if isinstance(expression, REAL):
        return _is_real(argument)
    if isinstance(expression, (sp.asin, sp.acos)) and isinstance(argument, BOUNDED):
        return _is_real(argument)
    if expression.is_Pow or isinstance(expression, PARTIAL):
        return argument.has(t) and all(_is_real(part) for part in expression.args)
    return False


def _sides(condition: Any) -> list[Any]:
    """What a condition compares."""
    return [side for relation in condition.atoms(sp.core.relational.Relational) for side in relation.args]


def _identifier(symbol: sp.Symbol) -> str:
    return str(symbol) if str(symbol).isidentifier() else "x"


def _exact(value: Any, argument: str) -> sp.Expr:
    """Turn numbers of every kind, and Floats inside expressions, into exact expressions."""
    if isinstance(value, sp.Expr):
        floats = {f: exact_float(f, argument) for f in value.atoms(sp.Float)}
        expression = value.xreplace(floats)
        if expression.has(sp.nan, sp.oo, -sp.oo, sp.zoo):
            raise ModelError(f"`{argument}` must be finite, but is {value}; give a finite value.")
        return expression
    if getattr(value, "shape", None) == () and hasattr(value, "item") and not hasattr(value, "mask"):
        value = value[()]                       # an array of no dimensions is a number
    if isinstance(value, Decimal) and value.is_finite():
        return sp.Rational(str(value))
    if isinstance(value, bool) or not isinstance(value, numbers.Number):
        raise InputTypeError(f"`{argument}` must be a number or a SymPy expression, but is {_shown(value)}; "
                             "give a number such as 0.5 or a real Symbol.")
    if isinstance(value, numbers.Rational):
        return sp.Rational(int(value.numerator), int(value.denominator))
    if isinstance(value, numbers.Real):
        return exact_float(value, argument)
    raise ModelError(f"`{argument}` must be real, but is {value!r}; give a real number.")


def expanded(expression: sp.Expr) -> sp.Expr:
    """Return an expression multiplied out, with every opaque factor left alone.

    >>> a = sp.Symbol("a"); expanded((a + 1)**2 + sp.exp(a + 1))
    a**2 + 2*a + exp(a + 1) + 1
    """
    terms = monomials(expression).items()
    return sp.Add(*(sp.Mul(number, *(base**power for base, power in key)) for key, number in terms))


def is_plain(expression: Any) -> bool:
    """Return whether an expression is, as it is written, one rational times powers of symbols and opaque factors.

    Then its value is the same however it is evaluated: there is nothing to multiply out.

    >>> a, b = sp.symbols("a b"); is_plain(3 * a**2 * sp.exp(a - b)), is_plain(a - b), is_plain(1 / (1 + a**2))
    (True, False, False)
    """
    if expression.is_Mul:
        return all(map(is_plain, expression.args))
    if expression.is_Pow and expression.exp.is_Integer:
        return not (expression.base.is_Add or expression.base.is_Mul)
    return not expression.is_Add


def _shown(value: Any) -> str:
    return f"{value!r}" if isinstance(value, (str, bool, type(None))) else f"of type {type(value).__name__}"


def number_text(value: Any, argument: str) -> str:
    """Return a real number as text: a rational as it is, a float as it prints.

    >>> number_text(0.1, "x"), number_text(3, "x")
    ('0.1', '3')
    """
    if isinstance(value, numbers.Rational):
        return f"{value.numerator}/{value.denominator}" if value.denominator != 1 else str(value.numerator)
    if not math.isfinite(value):
        raise ModelError(f"`{argument}` must be a finite number, but is {value}; give a finite value.")
    return str(value)


def exact_float(value: Any, argument: str) -> sp.Rational:
    """Return the rational that a float prints as: 0.7 -> 7/10.

    >>> exact_float(0.1, "x")
    1/10
    """
    if not math.isfinite(value):
        raise ModelError(f"`{argument}` must be a finite number, but is {value}; give a finite value.")
    return sp.Rational(str(value))


def symbols_in(expressions: Iterable[sp.Expr]) -> tuple[sp.Symbol, ...]:
    """Free symbols except time, and signals, by name: the parameters.

    >>> symbols_in([sp.Symbol("b", real=True) * t, sp.Symbol("a", real=True)])
    (a, b)
    """
    expressions = list(expressions)
    found: set[Any] = set().union(*(e.free_symbols for e in expressions), signals_in(expressions)) - {t}
    ordered = sorted(found, key=lambda s: s.name)
    for first, second in pairwise(ordered):
        if first.name == second.name:
            raise ModelError(f"Symbol `{first.name}` must be declared in one way, but has different assumptions; "
                             "make it once and use it everywhere.")
    return tuple(ordered)


def monomials(expression: Any) -> dict[frozenset[tuple[sp.Expr, int]], sp.Rational]:
    """Return an expression multiplied out: {set of (generator, power): rational}.

    Generators are symbols, inverses and opaque factors such as sin(t), √3 and 1/(1 + a²). Only products and positive
    powers of sums are multiplied out, so that an opaque factor stays what it is.

    >>> a = sp.Symbol("a"); sorted(map(str, monomials(3 * a**2 * sp.sqrt(3) / a).values()))
    ['3']
    """
    if expression.is_Rational:
        return {frozenset(): expression} if expression else {}
    if expression.is_Add:
        return _added(*map(monomials, expression.args))
    if expression.is_Mul:
        total: dict[Any, sp.Rational] = {frozenset(): sp.Rational(1)}
        for factor in expression.args:
            total = _multiplied(total, monomials(factor))
        return total
    base, power = expression.as_base_exp()
    if power.is_Integer and power > 0 and base.is_Add:
        return _multiplied(monomials(base), monomials(base ** (power - 1)))
    if power.is_Integer and base.is_Add:                # 1/(2 + 2a) and (1/2)·1/(1 + a) are one thing
        content, base = expanded(base).primitive()
        return {frozenset({(base, int(power))}): content**power}
    return {frozenset({(base, int(power)) if power.is_Integer else (base**power, 1)}): sp.S.One}


def _added(*sums: dict[Any, sp.Rational]) -> dict[Any, sp.Rational]:
    """The sum of sums of monomials."""
    total: dict[Any, sp.Rational] = {}
    for terms in sums:
        for key, number in terms.items():
            total[key] = total.get(key, sp.S.Zero) + number
    return {key: number for key, number in total.items() if number}


def _multiplied(a: dict[Any, sp.Rational], b: dict[Any, sp.Rational]) -> dict[Any, sp.Rational]:
    """The product of sums of monomials; a power of a root is what SymPy makes of it."""
    total: dict[Any, sp.Rational] = {}
    for left, x in a.items():
        for right, y in b.items():
            powers = dict(left)
            for base, power in right:
                powers[base] = powers.get(base, 0) + power
            if roots := [base for base, power in powers.items() if base.is_Pow and power > 1]:
                root = roots[0]
                rest = {frozenset((k, v) for k, v in powers.items() if v and k != root): x * y}
                total = _added(total, _multiplied(rest, monomials(root ** powers[root])))
            else:
                total = _added(total, {frozenset((k, v) for k, v in powers.items() if v): x * y})
    return total


def real_and_imaginary(expression: Any) -> tuple[Any, Any]:
    """Return (re, im) of an expression re + i·im in real letters, as they are written where that shows them.

    >>> a, b = sp.symbols("a b", real=True); real_and_imaginary((a - b)**2 + 3 * sp.I * (a + b)**2)
    ((a - b)**2, 3*(a + b)**2)
    """
    if not expression.has(sp.I):
        return expression, sp.S.Zero
    re, im = [], []
    for term in sp.Add.make_args(expression):
        rest = term / sp.I
        if not term.has(sp.I):
            re.append(term)
        elif not rest.has(sp.I):
            im.append(rest)
        else:                                               # no more is multiplied out than i asks for
            apart = sp.expand_mul(term)
            parts = real_and_imaginary(apart) if apart.is_Add else apart.as_real_imag()
            re.append(parts[0])
            im.append(parts[1])
    return sp.Add(*re), sp.Add(*im)


def atoms_in(expression: sp.Expr) -> set[sp.Expr]:
    """Return the ring generators that hold `expression`: symbols, inverses, opaque factors.

    >>> sorted(map(str, atoms_in(sp.sympify(3) * sp.Symbol("a")**2 * sp.sqrt(3))))
    ['a', 'sqrt(3)']
    """
    return {_generator(base, power) for key in monomials(expression) for base, power in key}


def _generator(base: sp.Expr, power: int) -> sp.Expr:
    return base if power > 0 else 1 / base


def make_ring(generators: Iterable[sp.Expr]) -> PolyRing:
    """Polynomial ring over the rationals in `generators` (symbols or opaque factors), in the order given.

    >>> make_ring([sp.Symbol("a")]).gens
    (a,)
    """
    return PolyRing(tuple(generators), sp.QQ, sp.lex)


def to_ring(ring: PolyRing, expression: sp.Expr) -> PolyElement:
    """Return an expression as an element of `ring`, whose generators hold all its atoms.

    >>> a = sp.Symbol("a"); to_ring(make_ring([a]), 3 * a**2)
    3*a**2
    """
    index = {g: i for i, g in enumerate(ring.symbols)}
    result: dict[tuple[int, ...], Any] = {}
    for key, number in monomials(expression).items():
        exponents = [0] * len(index)
        for base, power in key:
            exponents[index[_generator(base, power)]] += abs(power)
        result[tuple(exponents)] = sp.QQ(int(number.p), int(number.q))
    return ring.from_dict(result)


def to_expr(element: PolyElement) -> sp.Expr:
    """Return a ring element as an expanded SymPy expression.

    >>> a = sp.Symbol("a"); to_expr(make_ring([a]).gens[0] ** 2)
    a**2
    """
    gens, terms = element.ring.symbols, []
    for exponents, number in element.terms():
        factors = [gens[i] ** e for i, e in enumerate(exponents) if e]
        terms.append(sp.Mul(sp.Rational(int(number.numerator), int(number.denominator)), *factors))
    return sp.Add(*terms)
