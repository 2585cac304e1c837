"""Readings of the ensemble in rigorous balls, by python-flint (Arb)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import mpmath
import sympy as sp

from qllg_sym.ensemble.canonical.arithmetic import RealBalls
from qllg_sym.ensemble.canonical.levels import levels_of_matrix
from qllg_sym.ensemble.canonical.precision import integral_of
from qllg_sym.errors import InputError, IntegrationError
from qllg_sym.flow.exact.balls import Balls

FIRST, MOST = 128, 20_000       # bits
READINGS = ("log_partition", "energy", "variance", "heat_capacity")
THIRD = 2                       # bound on third cumulants of numbers between 0 and 1


def enclosed(what: str, matrix: sp.ImmutableMatrix, spectrum: Sequence[sp.Rational], kT: sp.Rational,
            digits: int) -> Any:
    """Return a reading as a ball that contains its exact value, of radius below 10^−digits times its scale.

    The scale is the value; 1 for ln Z and the heat capacity, the spread s of H for energies, s² for their variance,
    where that is more.

    Args:
        what: log_partition, energy, variance or heat_capacity.
        matrix: H, exact.
        spectrum: populations.
        kT: k_BT.
        digits: of the ball.
    """
    if what not in READINGS:
        raise InputError(f"`what` must be one of {', '.join(READINGS)}, but is {what!r}; choose one of them.")
    try:
        import flint
    except ImportError:
        raise InputError("`enclose` must have python-flint, but it is not installed; "
                         "run pip install 'qllg_sym[verified]'.") from None
    bits = max(FIRST, int(3.33 * digits) + 64)
    while bits <= MOST:
        with RealBalls(flint, bits) as numbers:
            levels = _levels(matrix, flint)
            found = None if levels is None else _read(what, *levels, spectrum, kT, numbers, flint)
            if found is not None and found.is_finite() and _small(found, what, levels, digits, flint):
                return found
        bits *= 2
    raise IntegrationError(f"The enclosure must reach {digits} digits, but {MOST} bits do not suffice; ask for fewer.")


def _levels(matrix: sp.ImmutableMatrix, flint: Any) -> tuple[list[tuple[Any, int]], Any] | None:
    """Levels as (middle, count) with one radius for all; None where the precision does not tell clusters apart.

    The columns V of approximate eigenvectors make V⁻¹HV similar to H, and nearly diagonal: Gershgorin's discs.
    """
    found = levels_of_matrix(matrix, int(flint.ctx.prec / 3.33))
    d = matrix.rows
    with mpmath.workprec(flint.ctx.prec):
        columns = flint.acb_mat(d, d, [flint.acb(_ball(x.real, flint), _ball(x.imag, flint))
                                       for x in map(mpmath.mpc, found.vectors.ravel())])
        middles = [_ball(x, flint) for x in found.values]
    turned = columns.inv() * Balls(flint).matrix(matrix) * columns
    centres = [x for x, n in zip(middles, found.counts, strict=True) for _ in range(n)]
    reach = [sum((abs(turned[i, j]) for j in range(d) if j != i), abs(turned[i, i] - centres[i])) for i in range(d)]
    radius = max((x.upper() for x in reach), key=float)
    if any(not (y - x > 2 * radius) for x, y in pairwise(middles)):
        return None
    return list(zip(middles, found.counts, strict=True)), radius


def _ball(x: Any, flint: Any) -> Any:
    """A number of mpmath as an exact ball."""
    sign, mantissa, exponent, _ = x._mpf_
    return flint.arb((-int(mantissa) if sign else int(mantissa), exponent))


def _small(found: Any, what: str, levels: Any, digits: int, flint: Any) -> bool:
    """Whether a ball is as small as was asked for."""
    pairs, _ = levels
    spread = pairs[-1][0] - pairs[0][0]
    scale = {"energy": spread, "variance": spread * spread}.get(what, flint.arb(1))
    return bool(found.rad() <= abs(found).max(scale) * flint.arb(10)**-digits)


def _read(what: str, pairs: list[tuple[Any, int]], radius: Any, spectrum: Sequence[sp.Rational], kT: sp.Rational,
          numbers: RealBalls, flint: Any) -> Any:
    """A reading at the middles of the levels, with what the radius of these adds."""
    temperature = flint.arb(flint.fmpq(int(kT.p), int(kT.q)))
    exact = [flint.fmpq(int(p.p), int(p.q)) for p in spectrum]
    integral = integral_of([(-e / temperature, n) for e, n in pairs], exact, numbers, int(flint.ctx.prec / 3.33))
    d, largest = len(spectrum), max((abs(e).upper() for e, _ in pairs), key=float) + radius
    moved, beta = d * radius, 1 / temperature
    # Populations lie between 0 and 1, their covariances between −1/4 and 1/4.
    errors = {"log_partition": moved * beta, "energy": moved * (1 + d * largest * beta / 4),
              "variance": d * moved * largest * (1 + THIRD * d * largest * beta)}
    if what == "log_partition":
        return integral.log + flint.arb(0, errors[what].upper())
    if what == "energy":
        return integral.mean([e for e, _ in pairs]) + flint.arb(0, errors[what].upper())
    found = integral.variance * temperature * temperature + flint.arb(0, errors["variance"].upper())
    return found if what == "variance" else found / (temperature * temperature)
