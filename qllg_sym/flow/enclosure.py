"""Rigorous balls around the exact solution, by python-flint (Arb)."""

from typing import Any

import sympy as sp

from qllg_sym.errors import InputError, IntegrationError

FIRST, MOST = 64, 200_000       # bits


def enclose(solution: Any, time: sp.Rational, digits: int) -> Any:
    """Return ρ(t) as a flint.acb_mat whose balls contain the exact entries and have radii below 10^−digits.

    The precision is doubled until the radii are small enough; every operation is Arb's, so the bound is proved.
    """
    try:
        import flint
    except ImportError:
        raise InputError("`enclose` must have python-flint, but it is not installed; "
                         "run pip install 'qllg_sym[verified]'.") from None
    bits = max(FIRST, int(3.33 * digits) + 32)
    kept = flint.ctx.prec
    try:
        while bits <= MOST:
            flint.ctx.prec = bits
            balls = _density(solution, time, flint)
            if balls is not None and _radius(balls) < flint.arb(10)**-digits:
                return balls
            bits *= 2
    finally:
        flint.ctx.prec = kept
    raise IntegrationError(f"The enclosure must reach {digits} digits, but {MOST} bits do not suffice at t = {time}; "
                           "take a shorter time.")


def _density(solution: Any, time: sp.Rational, flint: Any) -> Any:
    """Return a + b U (U†U)⁻¹ U†, or None where the precision does not separate the columns."""
    rate = flint.acb(0, -1) * ball(solution.c, flint) * ball(time, flint)
    # The middle of H's diagonal is taken out: it changes no projector and halves the exponents.
    size = solution.frequency.rows
    shift = sum((solution.frequency[i, i] for i in range(size)), sp.S.Zero) / size
    generator = _balls(solution.frequency - shift * sp.eye(size), flint)
    kets = (rate * generator).exp() * _balls(solution.kets, flint)
    adjoint = flint.acb_mat(kets.ncols(), kets.nrows(), [kets[i, j].conjugate() for j in range(kets.ncols())
                                                          for i in range(kets.nrows())])
    try:
        inverse = (adjoint * kets).inv()
    except ZeroDivisionError:
        return None
    identity = _balls(sp.eye(size), flint)
    return kets * inverse * adjoint * ball(solution.b, flint) + identity * ball(solution.a, flint)


def _balls(matrix: Any, flint: Any) -> Any:
    return flint.acb_mat(matrix.rows, matrix.cols, [ball(x, flint) for x in matrix])


def ball(expression: Any, flint: Any) -> Any:
    """Return an exact number (rationals, i, π, roots, sin, cos, exp of them) as a complex ball.

    >>> import flint
    >>> ball(sp.sqrt(2)**3 / 2 + sp.I, flint).imag == 1
    True
    """
    if expression.is_Rational:
        return flint.acb(flint.fmpq(int(expression.p), int(expression.q)))
    if expression is sp.I:
        return flint.acb(0, 1)
    if expression is sp.pi:
        return flint.acb.pi()
    parts = [ball(x, flint) for x in expression.args]
    if expression.is_Add:
        return sum(parts[1:], parts[0])
    if expression.is_Mul:
        total = parts[0]
        for part in parts[1:]:
            total = total * part
        return total
    if expression.is_Pow and expression.exp.is_Rational:
        return _power(parts[0], expression.exp, flint)
    if isinstance(expression, (sp.sin, sp.cos, sp.tan, sp.exp, sp.tanh)):
        return getattr(parts[0], type(expression).__name__)()
    raise InputError(f"`enclose` must know every number of the problem, but {expression} is new to it; use `at`.")


def _power(base: Any, exponent: sp.Rational, flint: Any) -> Any:
    """Integer and half-integer powers by products and roots (x**2 of a ball around 0 is unsafe in some releases)."""
    if exponent.q not in (1, 2):
        return base.pow(flint.acb(flint.fmpq(int(exponent.p), int(exponent.q))))
    root = base.sqrt() if exponent.q == 2 else base
    total = flint.acb(1)
    for _ in range(abs(int(exponent.p))):
        total = total * root
    return 1 / total if exponent.p < 0 else total


def _radius(balls: Any) -> Any:
    """The largest radius of a real or imaginary part."""
    return max(part.rad() for i in range(balls.nrows()) for j in range(balls.ncols())
               for part in (balls[i, j].real, balls[i, j].imag))
