"""Rigorous balls around the exact solution and what is read off it, by python-flint (Arb)."""

from itertools import product
from typing import Any

import sympy as sp

from qllg_sym.errors import InputError, IntegrationError
from qllg_sym.model.expansion import standard_string
from qllg_sym.model.space import Space

FIRST, MOST = 64, 200_000       # bits
PAULI, NONLOCALITY = "pauli", "nonlocality"


def check_observed(observe: Any, space: Space) -> None:
    """Refuse what cannot be read off the states of a space.

    >>> check_observed("pauli", Space("1"))
    Traceback (most recent call last):
        ...
    qllg_sym.errors.InputError: `observe` must be None for Space('1'), but is 'pauli'; leave it out.
    """
    allowed = [name for name, fits in ((PAULI, space.is_half), (NONLOCALITY, space.dimensions == (2, 2))) if fits]
    if observe is not None and observe not in allowed:
        raise InputError(f"`observe` must be {' or '.join(['None', *map(repr, allowed)])} for {space!r}, but is "
                         f"{observe!r}; leave it out.")


def enclose(solution: Any, time: sp.Rational, digits: int, observe: str | None = None) -> Any:
    """Return ρ(t) or an observable of it in balls that contain the exact values and have radii below 10^−digits.

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
            if balls is not None:
                found = _read(balls, observe, solution.space, flint)
                if _radius(found) < flint.arb(10)**-digits:
                    return found
            bits *= 2
    finally:
        flint.ctx.prec = kept
    raise IntegrationError(f"The enclosure must reach {digits} digits, but {MOST} bits do not suffice at t = {time}; "
                           "take a shorter time.")


def _density(solution: Any, time: sp.Rational, flint: Any) -> Any:
    """Return a + b U (U†U)⁻¹ U†, or None where the precision does not separate the columns."""
    size = solution.frequency.rows
    if not solution.kets.cols:
        return _balls(solution.a * sp.eye(size), flint)
    rate = flint.acb(0, -1) * ball(solution.c, flint) * ball(time, flint)
    # The middle of H's diagonal is taken out: it changes no projector and halves the exponents.
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


def _read(rho: Any, observe: str | None, space: Space, flint: Any) -> Any:
    """Return an observable of ρ in balls."""
    if observe is None:
        return rho
    names = ["".join(letters) for letters in product("0xyz", repeat=space.sites)][1:]
    strings = [standard_string(space.spins, string) for string in product(range(4), repeat=space.sites)][1:]
    found = {f"T_{name}": _trace(rho, _balls(string, flint)) for name, string in zip(names, strings, strict=True)}
    return found if observe == PAULI else _nonlocality(found, flint)


def _trace(rho: Any, operator: Any) -> Any:
    """Return Tr ρA, real."""
    product_ = rho * operator
    return sum((product_[i, i].real for i in range(1, product_.nrows())), product_[0, 0].real)


def _nonlocality(components: Any, flint: Any) -> Any:
    """Return B = √max(Tr TᵀT − u₃² − 1, 0), u₃² the least eigenvalue of TᵀT."""
    T = flint.arb_mat(3, 3, [components[f"T_{k}{l}"] for k in "xyz" for l in "xyz"])
    gram = T.transpose() * T
    margin = gram.trace() - _least(gram, flint) - 1
    return margin.lower().max(0).sqrt().union(margin.upper().max(0).sqrt())


def _least(matrix: Any, flint: Any) -> Any:
    """Return the least eigenvalue of a real symmetric 3×3 matrix: Jacobi's rotations, then Gershgorin's discs.

    Rotations of balls stay orthogonal whatever their angle, so eigenvalues may coincide.
    """
    for _ in range(flint.ctx.prec.bit_length()):        # convergence is quadratic
        for i, j in ((0, 1), (0, 2), (1, 2)):
            turn = _rotation(matrix, i, j, flint)
            matrix = turn.transpose() * matrix * turn
    reach = [sum(abs(matrix[i, j]) for j in range(3) if j != i) for i in range(3)]
    low = min((matrix[i, i] - reach[i]).lower() for i in range(3))
    return low.union(min(matrix[i, i].upper() for i in range(3)))


def _rotation(matrix: Any, i: int, j: int, flint: Any) -> Any:
    """Return the rotation in the plane (i, j) that makes the entry (i, j) vanish at the midpoints."""
    turn = flint.arb_mat(3, 3, [int(k == l) for k in range(3) for l in range(3)])
    entry, half = matrix[i, j].mid(), (matrix[j, j].mid() - matrix[i, i].mid()) / 2
    if entry != 0:
        size = abs(half) + (half * half + entry * entry).sqrt()
        tangent = ((entry if half >= 0 else -entry) / size).mid()
        cosine = 1 / (1 + tangent * tangent).sqrt()
        turn[i, i], turn[j, j], turn[i, j], turn[j, i] = cosine, cosine, tangent * cosine, -tangent * cosine
    return turn


def _balls(matrix: Any, flint: Any) -> Any:
    return flint.acb_mat(matrix.rows, matrix.cols, [ball(x, flint) for x in matrix])


KNOWN = (sp.sin, sp.cos, sp.tan, sp.exp, sp.log, sp.sinh, sp.cosh, sp.tanh, sp.asin, sp.acos, sp.atan, sp.zeta,
         sp.gamma)


def ball(expression: Any, flint: Any) -> Any:
    """Return an exact number (rationals, i, π, roots, sin, exp, log, zeta … of them) as a complex ball.

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
    if expression is sp.E:
        return flint.acb(1).exp()
    if expression is sp.GoldenRatio:
        return ball((1 + sp.sqrt(5)) / 2, flint)
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
    if expression.is_Pow:
        return parts[0].pow(parts[1])
    if isinstance(expression, KNOWN) and len(parts) == 1:
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


def _radius(found: Any) -> Any:
    """The largest radius of a real or imaginary part."""
    if hasattr(found, "rad"):
        return found.rad()
    values = found.values() if isinstance(found, dict) else (
        part for entry in found.entries() for part in (entry.real, entry.imag))
    return max(value.rad() for value in values)
