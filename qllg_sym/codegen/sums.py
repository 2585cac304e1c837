"""Written sums in doubles: what cancels in them must not be what their evaluation rounded.

SymPy has turned 10·(t − 20.7) into 10·t − 207 and (t − a) + b into b + t − a before it hands them over. A sum of inputs
with a common factor gets that factor back, a constant that is no double is added in two parts, and what else is added
to time, or to two inputs, is added with the rounding errors of the additions. In exact arithmetic it is the sum.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy

from qllg_sym.codegen.builder import ZERO, Builder
from qllg_sym.codegen.kernel import Operand


def lower_sum(builder: Builder, node: Any, done: Mapping[sympy.Basic, Operand]) -> Operand:
    """Add the steps of a sum whose parts are lowered to a builder.

    >>> t = sympy.Symbol("t"); b = Builder("f", [], [])
    >>> [step.op for step in b.kernel({"f": lower_sum(b, 10 * t - 800, {t: b.time})}).steps]
    ['sub', 'mul']
    """
    constant, rest = node.as_coeff_Add()
    linear = [part.as_coeff_Mul() for part in sympy.Add.make_args(rest)]
    if not constant.is_Rational or not all(x.is_Symbol and k.is_Rational for k, x in linear):
        return builder.sum(done[part] for part in node.args)
    size, *others = {abs(k) for k, _ in linear}
    if others or (size != 1 and len(linear) == 1 and abs(constant) <= 1):       # 2s + 1 is good as it is
        return builder.sum(done[part] for part in node.args)
    factor = _fraction(size)
    terms = [(done[x], done[x] if k > 0 else builder.neg(done[x])) for k, x in linear]
    fixed = [term for x, term in terms if x != builder.time] + _parts(_fraction(constant) / factor)
    return builder.mul(factor, _added(builder, [term for x, term in terms if x == builder.time], fixed))


def _fraction(number: Any) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def _parts(constant: Fraction) -> list[Operand]:
    """A constant as the double next to it and the exact rest, without what is zero."""
    try:
        near = Fraction(float(constant))
    except OverflowError:
        near = constant
    return [part for part in (near, constant - near) if part]


def _added(builder: Builder, moving: Sequence[Operand], fixed: Sequence[Operand]) -> Operand:
    """The sum of time and what is fixed, time once and last, so that its range gives that of the sum.

    What is fixed is added with its rounding errors (Knuth's two-sum), unless its parts are those of one constant.
    """
    if len(fixed) < 2 or (moving and all(isinstance(term, Fraction) for term in fixed)):
        return builder.sum([*moving, *fixed])
    if len(fixed) == 2 and not moving:
        return builder.sum(fixed)
    total: Operand = fixed[0]
    error: Operand = ZERO
    for term in fixed[1:]:
        after = builder.add(total, term)
        moved = builder.sub(after, total)
        lost = builder.add(builder.sub(total, builder.sub(after, moved)), builder.sub(term, moved))
        total, error = after, builder.add(error, lost)
    return builder.sum([*moving, total, error])


def tamed(expression: sympy.Expr) -> sympy.Expr:
    """Return an expression without quotients of exponentials that overflow where the quotient does not.

    eʷ/(Σ cᵢ e^(vᵢ))ⁿ becomes 1/(Σ cᵢ e^(vᵢ − w/n))ⁿ.

    >>> u = sympy.Symbol("u"); tamed(sympy.exp(u) / (1 + sympy.exp(u))**2)
    (exp(u/2) + exp(-u/2))**(-2)
    """
    if not isinstance(expression, sympy.Expr) or not expression.has(sympy.exp):
        return expression
    found = {node: _divided(node) for node in sympy.preorder_traversal(expression) if node.is_Mul}
    changed = {node: new for node, new in found.items() if new is not node}
    return expression.xreplace(changed) if changed else expression


def _divided(product: Any) -> sympy.Expr:
    """A product with its exponential inside its first sum of exponentials below the line, if it has both."""
    above = [factor for factor in product.args if isinstance(factor, sympy.exp)]
    below = [factor for factor in product.args if factor.is_Pow and factor.exp.is_Integer and factor.exp < 0
             and factor.base.is_Add and all(map(_is_exponential, factor.base.args))
             and any(part.has(sympy.exp) for part in factor.base.args)]
    if not above or not below:
        return product
    power, quotient = above[0].exp / -below[0].exp, below[0]
    summands = [sympy.Mul(*(factor for factor in sympy.Mul.make_args(part) if factor.is_Rational))
                * sympy.exp(sympy.Add(*(f.exp for f in sympy.Mul.make_args(part) if isinstance(f, sympy.exp))) - power)
                for part in quotient.base.args]
    rest = [factor for factor in product.args if factor not in (above[0], quotient)]
    return sympy.Mul(*rest, sympy.Add(*summands) ** quotient.exp)


def _is_exponential(part: sympy.Expr) -> bool:
    """Whether a summand is a rational times exponentials."""
    return all(factor.is_Rational or isinstance(factor, sympy.exp) for factor in sympy.Mul.make_args(part))
