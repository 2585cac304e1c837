"""Rigorous balls around the exact solution and what is read off it, by python-flint (Arb)."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import sympy as sp

from qllg_sym.errors import InputError, IntegrationError
from qllg_sym.flow.exact.balls import Balls
from qllg_sym.model.expansion import standard_string
from qllg_sym.model.space import Space

FIRST, MOST = 64, 200_000       # bits
PAULI, NONLOCALITY = "pauli", "nonlocality"


def check_reading(observe: Any, space: Space) -> None:
    """Refuse what cannot be read off the states of a space.

    >>> check_reading("pauli", Space("1"))
    Traceback (most recent call last):
        ...
    qllg_sym.errors.InputError: `observe` must be None for Space('1'), but is 'pauli'; leave it out.
    """
    allowed = [name for name, fits in ((PAULI, space.is_half), (NONLOCALITY, space.dimensions == (2, 2))) if fits]
    if observe is not None and observe not in allowed:
        raise InputError(f"`observe` must be {' or '.join(['None', *map(repr, allowed)])} for {space!r}, but is "
                         f"{observe!r}; leave it out.")


def enclose(density: Callable[[Balls], Any], space: Space, time: sp.Rational, digits: int, observe: str | None) -> Any:
    """Return ρ(t) or an observable of it in balls that contain the exact values and have radii below 10^−digits.

    Args:
        density: ρ(t) in balls, (d, d).
        space: of the state.
        time: what t is.
        digits: of the radii.
        observe: what to read, as `check_reading` allows.

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
            rho = density(Balls(flint)).ravel().tolist()
            if all(entry.is_finite() for entry in rho):         # not where the precision does not separate the columns
                found = _read(flint.acb_mat(space.dimension, space.dimension, rho), observe, space, flint)
                if _radius(found) < flint.arb(10)**-digits:
                    return found
            bits *= 2
    finally:
        flint.ctx.prec = kept
    raise IntegrationError(f"The enclosure must reach {digits} digits, but {MOST} bits do not suffice at t = {time}; "
                           "take a shorter time.")


def _read(rho: Any, observe: str | None, space: Space, flint: Any) -> Any:
    """Return an observable of ρ in balls."""
    if observe is None:
        return rho
    names = ["".join(letters) for letters in product("0xyz", repeat=space.sites)][1:]
    strings = [standard_string(space.numeric_spins, string) for string in product(range(4), repeat=space.sites)][1:]
    found = {f"T_{name}": _trace(rho, Balls(flint).matrix(string)) for name, string in zip(names, strings, strict=True)}
    return found if observe == PAULI else _nonlocality(found, flint)


def _trace(rho: Any, operator: Any) -> Any:
    """Return Tr ρA, real."""
    product_ = rho * operator
    return sum((product_[i, i].real for i in range(1, product_.nrows())), product_[0, 0].real)


def _nonlocality(components: Mapping[str, Any], flint: Any) -> Any:
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


def _radius(found: Any) -> Any:
    """The largest radius of a real or imaginary part."""
    if hasattr(found, "rad"):
        return found.rad()
    values = found.values() if isinstance(found, dict) else (
        part for entry in found.entries() for part in (entry.real, entry.imag))
    return max(value.rad() for value in values)
