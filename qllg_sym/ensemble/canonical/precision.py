"""Two evaluations in different precision agree, or the precision is doubled."""

from collections.abc import Callable, Sequence
from typing import Any

import mpmath

from qllg_sym.ensemble.canonical.arithmetic import Multiprecision
from qllg_sym.ensemble.canonical.determinant import Determinant
from qllg_sym.ensemble.canonical.levels import distinct
from qllg_sym.ensemble.canonical.orbit_integral import Groups, OrbitIntegral
from qllg_sym.ensemble.canonical.residues import MOST_STATES, Residues
from qllg_sym.ensemble.canonical.series import COLD, LONGEST, Series
from qllg_sym.errors import InputError

MOST = 20_000       # digits of the working precision


def apart(spectrum: Sequence[Any]) -> tuple[Any, Any] | None:
    """Return (single, common) of a spectrum with one level apart from all others, which are equal; else None.

    >>> apart([1, 0, 0]), apart([0, 0.5, 0.5]), apart([0.5, 0.3, 0.2]), apart([0.5, 0.5])
    ((1, 0), (0, 0.5), None, (0.5, 0.5))
    """
    low, *_, high = ordered = sorted(spectrum)
    if ordered[1:].count(high) == len(ordered) - 1:
        return low, high
    return (high, low) if ordered[:-1].count(low) == len(ordered) - 1 else None


def integral_of(levels: Groups, spectrum: Sequence[Any], numbers: Any, digits: int) -> OrbitIntegral:
    """Return the integral over the orbit of a spectrum, for exp(Tr Aρ) with levels of A."""
    ends, split = [float(x) for x, _ in levels], apart(spectrum)
    reach = abs(float(split[0] - split[1])) * (max(ends) - min(ends)) if split else 0.0
    if split and reach > COLD and sum(n for _, n in levels) <= MOST_STATES:
        return Residues(levels, numbers(split[0]), numbers(split[1]), numbers)
    if split and reach < LONGEST:
        return Series(levels, numbers(split[0]), numbers(split[1]), numbers, digits)
    found = [numbers(x) for x in sorted(spectrum)]
    return Determinant(levels, list(zip(*distinct(found, 0), strict=True)), numbers)


def settled(make: Callable[[Multiprecision], OrbitIntegral], digits: int,
            reach: float = 0.0) -> tuple[OrbitIntegral, int]:
    """Return an integral whose value, populations and variance have so many digits, and its working precision.

    Args:
        make: evaluates the integral.
        digits: relative to each number, or, where it nearly vanishes, to its scale.
        reach: largest exponent, so many digits of which may cancel.

    Raises:
        InputError: 20 000 digits of working precision do not suffice.
    """
    precision, last = 2 * digits + 20 + int(min(reach, MOST / 2)), list[tuple[Any, Any]]()
    while precision <= MOST:
        with Multiprecision(precision) as numbers:
            integral = _made(make, numbers)
            # No term of a series cancels another.
            if isinstance(integral, Series) and integral.lost + digits + 10 < precision:
                return integral, precision
            now = _figures(integral) if integral else []
            if integral and last and all(_near(*x, y, digits) for x, (y, _) in zip(now, last, strict=True)):
                return integral, precision
        last, precision = now, 2 * precision
    raise InputError(f"`kT` must leave levels that {MOST:,} digits tell apart, but {digits} digits of the result are "
                     "not reached; take another kT, or fewer digits.")


def _made(make: Callable[[Multiprecision], OrbitIntegral], numbers: Multiprecision) -> OrbitIntegral | None:
    """Return the integral, or None where rows are equal in this precision."""
    try:
        return make(numbers)
    except ZeroDivisionError:
        return None


def _figures(integral: OrbitIntegral) -> list[tuple[Any, Any]]:
    """What has to agree, each with its scale."""
    reach = (max(integral.levels) - min(integral.levels))**2
    return [(integral.log, reach), *((m, 1) for m in integral.populations), (integral.variance, reach)]


def _near(x: Any, scale: Any, y: Any, digits: int) -> bool:
    goal = mpmath.mpf(10)**-(digits + 1)
    return bool(abs(x - y) <= goal * max(abs(x), goal * scale))
