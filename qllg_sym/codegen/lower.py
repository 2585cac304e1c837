"""From exact SymPy expressions to kernel steps, and back."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import cast

import sympy
from sympy.polys.rings import PolyElement

from qllg_sym.codegen import conditions
from qllg_sym.codegen.builder import ONE, Builder
from qllg_sym.codegen.closed import Closed
from qllg_sym.codegen.kernel import FUNCTIONS, Kernel, Operand, Operation
from qllg_sym.codegen.sums import lower_sum, tamed
from qllg_sym.errors import CodegenError

Terms = dict[tuple[int, ...], Fraction]  # a polynomial: exponents -> coefficient

_NAMES = {"abs": "Abs", "heaviside": "Heaviside"}       # in SymPy, where another one
_CALLS: Mapping[type, str] = {getattr(sympy, _NAMES.get(name, name)): name for name in FUNCTIONS if name != "sqrt"}
_EXTREMES: Mapping[type, str] = {sympy.Min: "min", sympy.Max: "max"}
_STEPS = (sympy.pi, sympy.E)        # closed constants that kernels have steps for
_INLINED: Mapping[str, Callable[..., sympy.Expr]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, n: a**n,
    "neg": lambda a: -a,
    "pi": lambda: sympy.pi,
    "min": sympy.Min,
    "max": sympy.Max,
    "choose": lambda c, a, b: sympy.Piecewise((a, c > 0), (b, True)),
    **{name: getattr(sympy, _NAMES.get(name, name)) for name in FUNCTIONS},
}


def lower(builder: Builder, expr: sympy.Expr, operands: Mapping[sympy.Expr, Operand]) -> Operand:
    """Add the steps of an exact expression to a builder.

    Args:
        builder: what to add to.
        expr: sums, products, integer and half-integer powers, rationals, π, e, the functions of `FUNCTIONS`, Min, Max,
            Piecewise with inequalities for conditions.
        operands: the operand of each symbol (or of any expression that is to be taken whole).

    Returns:
        The operand that holds the value of `expr`.

    Raises:
        CodegenError: a Float, a complex number, a function or symbol that is not known.

    Example:
        >>> x = sympy.Symbol("x", real=True)
        >>> b = Builder("f", ["x"], [])
        >>> b.kernel({"f": lower(b, x / 3 - x**2, {x: b.state(0)})}).operations
        3
    """
    done: dict[sympy.Basic, Operand] = {}
    closed: dict[sympy.Basic, bool] = {}            # the parts without symbols, and whether they are one constant
    expr = tamed(expr)
    # An explicit stack: expressions may be deeper than the interpreter's recursion limit.
    stack: list[sympy.Basic] = [expr]
    while stack:
        node = stack[-1]
        if node not in done and node in operands:
            done[node] = operands[cast(sympy.Expr, node)]
        waiting = [] if node in done else [arg for arg in _operands_of(node) if arg not in done]
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        if node not in done:
            done[node] = _lowered(builder, node, done, closed)
    return done[expr]


def lower_polynomial(builder: Builder, poly: PolyElement, operands: Sequence[Operand]) -> Operand:
    """Add the steps of a polynomial with rational coefficients to a builder, by greedy multivariate Horner.

    At each stage the generator found in most terms is factored out.

    Args:
        builder: what to add to.
        poly: element of a SymPy polynomial ring over QQ or ZZ.
        operands: one operand a generator of the ring, in its order.

    Raises:
        CodegenError: a coefficient is not rational, or the number of operands is not that of the generators.

    Example:
        >>> ring, x, y = sympy.ring("x, y", sympy.QQ)
        >>> b = Builder("f", ["x", "y"], [])
        >>> b.kernel({"f": lower_polynomial(b, x * y + 2 * x, [b.state(0), b.state(1)])}).operations
        2
    """
    if len(operands) != poly.ring.ngens:
        raise CodegenError(
            f"`operands` must be one a generator ({poly.ring.ngens}), but are {len(operands)}; give them all."
        )
    try:
        terms = {monom: Fraction(int(c.numerator), int(c.denominator)) for monom, c in poly.terms()}
    except (AttributeError, TypeError, ValueError):
        raise CodegenError(f"`poly` must have rational coefficients, but is over {poly.ring.domain}; use QQ.") from None
    return _horner(builder, terms, operands)


def inline(kernel: Kernel, symbols: Mapping[str, sympy.Expr] | None = None) -> dict[str, sympy.Expr]:
    """The outputs of a kernel as SymPy expressions: the inverse of lowering, for proofs that nothing changed.

    Args:
        kernel: any kernel.
        symbols: expressions to put in for states, parameters and `t`, by name; default: a real Symbol of that name.

    Example:
        >>> b = Builder("f", ["x"], [])
        >>> inline(b.kernel({"f": b.div(b.state(0), b.time)}))
        {'f': x/t}
    """
    symbols = symbols or {}
    names = ("t", *kernel.states, *kernel.parameters)
    known: dict[str, sympy.Expr] = {
        key: symbols.get(name, sympy.Symbol(name, real=True)) for key, name in zip(kernel.inputs, names, strict=True)
    }

    for step in kernel.steps:
        known[step.name] = applied(step, known)
    return {name: value_of(operand, known) for name, operand in kernel.outputs}


def applied(step: Operation, known: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """Return one step as an expression of the expressions of its arguments.

    Example:
        >>> applied(Operation("x0", "mul", (Fraction(1, 2), "y0")), {"y0": sympy.Symbol("n")})
        n/2
    """
    if isinstance(step.op, Closed):
        return step.op.expression
    return _INLINED[step.op](*(value_of(arg, known) for arg in step.args))


def value_of(operand: Operand, known: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """Return the expression of an operand: a known one, or a rational."""
    if isinstance(operand, str):
        return known[operand]
    constant: sympy.Expr = sympy.Rational(operand.numerator, operand.denominator)
    return constant


def _operands_of(node: sympy.Basic) -> tuple[sympy.Basic, ...]:
    """The parts of an expression that must be lowered before it; a closed constant that has no steps has none."""
    if isinstance(node, sympy.Pow):
        if node.base is sympy.E:
            return (node.exp,)
        if isinstance(node.exp, sympy.Rational) and node.exp.q <= 2:
            return (node.base,)
        if node.base.is_nonnegative and node.free_symbols:
            return (node.base, node.exp)
    elif isinstance(node, sympy.Add | sympy.Mul) or type(node) in _EXTREMES:
        return tuple(node.args)
    elif type(node) in _CALLS:
        return (node.args[0],)          # Heaviside has its value at 0 besides
    elif isinstance(node, sympy.Piecewise):
        return conditions.operands(node)
    elif isinstance(node, sympy.Rational):
        return ()
    if node.free_symbols or isinstance(node, sympy.Float) or node.has(sympy.I) or not isinstance(node, sympy.Expr):
        raise CodegenError(_refusal(node))
    return ()


def _refusal(node: sympy.Basic) -> str:
    """Why an expression cannot be part of a kernel."""
    if isinstance(node, sympy.Float):
        return f"A kernel must be exact, but the expression has the Float {node}; write it as a Rational."
    if isinstance(node, sympy.Pow):
        return (f"A power must have an integer or half-integer exponent, or a positive base, but {node} has the "
                f"exponent {node.exp} of {node.base}; rewrite it.")
    if node.is_Function:
        return (f"A kernel knows the functions {', '.join(FUNCTIONS)}, min, max and Piecewise, but not `{node.func}`; "
                f"rewrite {node} with those.")
    if node.is_Symbol:
        return f"Every symbol of the expression must be a state or a parameter, but `{node}` is neither; declare it."
    return f"A kernel must be real and finite arithmetic, but the expression has `{node}`; take real parts first."


def _lowered(builder: Builder, node: sympy.Basic, done: Mapping[sympy.Basic, Operand], closed: dict[sympy.Basic, bool]
             ) -> Operand:
    """The operand of an expression whose parts are lowered; `closed` holds the parts without symbols.

    A closed sum, and what is made of one, is one constant: its digits do not depend on what cancels in it.
    """
    parts = _operands_of(node)
    if all(part in closed for part in parts):
        whole = node not in _STEPS and not isinstance(node, sympy.Rational)
        closed[node] = whole and (not parts or isinstance(node, sympy.Add) or any(closed[part] for part in parts))
        if closed[node]:
            return builder.closed(node)
    if isinstance(node, sympy.Rational):
        return Fraction(int(node.p), int(node.q))
    if node in _STEPS:
        return builder.pi if node is sympy.pi else builder.call("exp", ONE)
    if isinstance(node, sympy.Add):
        return lower_sum(builder, node, done)
    if isinstance(node, sympy.Mul):
        return _lowered_product(builder, node, done)
    if isinstance(node, sympy.Piecewise):
        return conditions.lower_piecewise(builder, node, done)
    if type(node) in _EXTREMES:
        return reduce(getattr(builder, _EXTREMES[type(node)]), (done[part] for part in parts))
    if len(parts) == 2:
        return builder.call("exp", builder.mul(done[parts[1]], builder.call("log", done[parts[0]])))
    if isinstance(node, sympy.Pow) and node.base is not sympy.E:
        return builder.power(done[node.base], Fraction(int(node.exp.p), int(node.exp.q)))
    return builder.call("exp" if isinstance(node, sympy.Pow) else _CALLS[type(node)], done[parts[0]])


def _lowered_product(builder: Builder, node: sympy.Mul, done: Mapping[sympy.Basic, Operand]) -> Operand:
    """A product with all negative powers gathered into one denominator, and the constant taken last."""
    constant, factors = node.as_coeff_mul()
    above, below = [], []
    for factor in factors:
        if isinstance(factor, sympy.Pow) and factor.base in done and factor.exp.is_negative:
            below.append(builder.power(done[factor.base], Fraction(-int(factor.exp.p), int(factor.exp.q))))
        else:
            above.append(done[factor])
    quotient = builder.div(builder.product(above), builder.product(below))
    return builder.mul(Fraction(int(constant.p), int(constant.q)), quotient)


def _horner(builder: Builder, terms: Terms, operands: Sequence[Operand]) -> Operand:
    """The value of a polynomial; the deepest recursion is its total degree."""
    content = _content(terms)
    if content != 1:
        return builder.mul(content, _horner(builder, {m: c / content for m, c in terms.items()}, operands))
    summands = []
    while terms:
        counts = Counter(i for monom in terms for i, exponent in enumerate(monom) if exponent)
        if not counts or counts[best := min(counts, key=lambda i: (-counts[i], i))] == 1:
            break
        inside = {m: c for m, c in terms.items() if m[best]}
        terms = {m: c for m, c in terms.items() if not m[best]}
        power = min(m[best] for m in inside)
        quotient = {(*m[:best], m[best] - power, *m[best + 1 :]): c for m, c in inside.items()}
        factor = builder.power(operands[best], power)
        summands.append(builder.mul(factor, _horner(builder, quotient, operands)))
    for monom, coefficient in terms.items():
        powers = (builder.power(operands[i], exponent) for i, exponent in enumerate(monom) if exponent)
        summands.append(builder.mul(coefficient, builder.product(powers)))
    return builder.sum(summands)


def _content(terms: Terms) -> Fraction:
    """The common factor to take out of all coefficients, 1 where taking it out saves no multiplication."""
    sizes = {abs(c) for c in terms.values()}
    if len(terms) < 2:
        return Fraction(1)
    content = Fraction(gcd(*(c.numerator for c in sizes)), lcm(*(c.denominator for c in sizes)))
    before = sum(abs(c) != 1 for c in terms.values())
    after = 1 + sum(abs(c) != content for c in terms.values())
    return content if after < before else Fraction(1)
