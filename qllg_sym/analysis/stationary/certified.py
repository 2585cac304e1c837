r"""Critical points of a classical energy in numbers, each proved to exist and to be alone within a radius.

Unknowns are the moments and multipliers: $B_i(m) = \lambda_i m_i$, $|m_i|^2 = 1$. Newton's method from many starts
finds candidates; Krawczyk's test in interval arithmetic (`mpmath.iv`) proves one zero in a box about each. That all
were found is not proved, but Morse's sum over them, $\sum (-1)^{\text{index}} = 2^N$ on N spheres, must be right.

Source: R. Krawczyk, Computing 4, 187 (1969); J. Milnor, Morse Theory (1963).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy.polys.rings import PolyElement

from qllg_sym.errors import DerivationError, InputError

MOST_MOMENTS = 6
DIGITS = 30
STARTS = 150            # a moment
SAME = 1e-8             # distance below which two zeros in doubles are one
SINGULAR = 1e-7         # ratio of singular values below which a zero is not alone, or a double one
Array = NDArray[Any]


@dataclass(frozen=True)
class CriticalPoint:
    """One of them.

    Attributes:
        values: of the moments, to 30 digits.
        radius: of the box about the values in which there is one critical point.
        residual: bound of |m_i × B_i| there, components of it.
        index: number of directions in which the energy falls.
    """

    values: tuple[sp.Float, ...]
    radius: sp.Float
    residual: sp.Float
    index: int


class MultiplierSystem:
    """F(m, λ) = (B_i − λ_i m_i, (|m_i|² − 1)/2) and its Jacobian, in any number type.

    Args:
        fields: B, polynomials in the moments with rational coefficients, (3N,).
        sites: N.
    """

    def __init__(self, fields: Sequence[PolyElement], sites: int) -> None:
        self.fields, self.sites = fields, sites
        self.slopes = {(i, j): d for i, b in enumerate(fields) for j in range(3 * sites) if (d := b.diff(j))}

    def value(self, y: Sequence[Any], number: Any) -> list[Any]:
        """F, (4N,)."""
        n = 3 * self.sites
        m, multipliers = y[:n], y[n:]
        found = [polynomial_at(b, m, number) - multipliers[i // 3] * m[i] for i, b in enumerate(self.fields)]
        half = number(1, 2)
        return found + [(sum(x * x for x in m[3 * k:3 * k + 3]) - number(1, 1)) * half for k in range(self.sites)]

    def jacobian(self, y: Sequence[Any], number: Any) -> list[list[Any]]:
        """∂F/∂(m, λ), (4N, 4N)."""
        n, zero = 3 * self.sites, number(0, 1)
        m, multipliers = y[:n], y[n:]
        rows = [[zero] * (4 * self.sites) for _ in range(4 * self.sites)]
        for (i, j), slope in self.slopes.items():
            rows[i][j] = polynomial_at(slope, m, number)
        for i in range(n):
            rows[i][i] = rows[i][i] - multipliers[i // 3]
            rows[i][n + i // 3] = -m[i]
            rows[n + i // 3][i] = m[i]
        return rows


def polynomial_at(polynomial: PolyElement, point: Sequence[Any], number: Any) -> Any:
    """Return a polynomial with rational coefficients at a point of any number type.

    >>> from qllg_sym.algebra.scalars import make_ring
    >>> x = make_ring(sp.symbols("x y")).gens[0]; polynomial_at(x**2 / 2, [3.0, 0.0], lambda p, q: p / q)
    4.5
    """
    total = number(0, 1)
    for exponents, c in polynomial.terms():
        term = number(int(c.numerator), int(c.denominator))
        for x, power in zip(point, exponents, strict=True):
            for _ in range(power):
                term = term * x
        total = total + term
    return total


def critical_points(fields: Sequence[PolyElement], sites: int) -> list[CriticalPoint]:
    """Return the critical points of the energy whose negative gradient the fields are, up to positive factors.

    Raises:
        InputError: more than six moments.
        DerivationError: points that are not alone, or points that Morse's sum shows to be not all.
    """
    if sites > MOST_MOMENTS:
        raise InputError(f"`components` must have {MOST_MOMENTS} moments at most for fixed points in numbers, but have "
                         f"{sites}; use q.solve to long times.")
    system = MultiplierSystem(fields, sites)
    found = [_proved(system, start) for start in _candidates(system)]
    if sum((-1) ** each.index for each in found) != 2**sites:
        raise DerivationError(f"`components` must have fixed points whose signs add up to 2^{sites} (Morse), but the "
                              f"{len(found)} found do not; some were missed: change the values a little.")
    return found


def _candidates(system: MultiplierSystem) -> list[Array]:
    """Zeros of F in doubles, from many starts."""
    random, found = np.random.default_rng(0), list[Array]()
    for _ in range(STARTS * system.sites):
        m = random.normal(size=(system.sites, 3))
        m /= np.linalg.norm(m, axis=1)[:, None]
        y = _newton(system, np.concatenate([m.ravel(), random.normal(size=system.sites)]))
        if y is not None and all(abs(y - other).max() > SAME for other in found):
            found.append(y)
        if len(found) > 2000:
            break
    return sorted(found, key=lambda y: (-np.round(y, 6)).tolist())


def _newton(system: MultiplierSystem, y: Array) -> Array | None:
    """Newton's iteration in doubles, with the shortest steps; None where it does not end.

    Raises:
        DerivationError: it ends at a zero that is not alone.
    """
    for _ in range(60):
        slope = _array(system, y)
        step, _, _, sizes = np.linalg.lstsq(slope, np.array(system.value(list(y), _double)), rcond=1e-10)
        y = y - step
        if not np.isfinite(y).all() or abs(y).max() > 1e6:
            return None
        if abs(step).max() < 1e-12 * max(1.0, abs(y).max()):
            break
    if abs(np.array(system.value(list(y), _double))).max() > 1e-9 * max(1.0, abs(y).max()):
        return None
    if sizes[-1] < SINGULAR * sizes[0]:
        raise _family(list(y))
    return np.asarray(y)


def _family(y: Sequence[Any]) -> DerivationError:
    near = ", ".join(f"{float(x):.4g}" for x in y[:3])
    return DerivationError(f"`components` must have fixed points that are isolated, but one near ({near}, …) is not, "
                           "or is double; it may be of a family: break its symmetry with a field.")


def _array(system: MultiplierSystem, y: Array) -> NDArray[np.float64]:
    """The Jacobian in doubles."""
    return np.array(system.jacobian(list(y), _double), dtype=np.float64)


def _double(p: int, q: int) -> float:
    return p / q


def _proved(system: MultiplierSystem, start: Array) -> CriticalPoint:
    """Refine a candidate to 30 digits, and prove that there is one zero within a box about it."""
    with mpmath.workdps(DIGITS + 20):
        y = [mpmath.mpf(float(x)) for x in start]
        for _ in range(4):
            step = mpmath.lu_solve(mpmath.matrix(system.jacobian(y, _real)), mpmath.matrix(system.value(y, _real)))
            y = [a - b for a, b in zip(y, step, strict=True)]
        inverse = mpmath.inverse(mpmath.matrix(system.jacobian(y, _real)))
        radius = mpmath.mpf(10) ** -DIGITS
        y = [x if abs(x) > radius / 2 else mpmath.mpf(0) for x in y]
        iv = mpmath.iv
        before, iv.dps = iv.dps, DIGITS + 20
        try:
            residual = _krawczyk(system, y, inverse, radius)
        finally:
            iv.dps = before
        values = tuple(sp.Float(mpmath.nstr(x, DIGITS + 5), DIGITS + 5) for x in y[:3 * system.sites])
    # written to 35 digits, a value is within the box's radius of that in it
    return CriticalPoint(values, sp.Float("2e-30", 5), sp.Float(residual, 5), index(system, start))


def _krawczyk(system: MultiplierSystem, y: Sequence[Any], inverse: Any, radius: Any) -> float:
    """Prove that K(X) lies within X = y ± radius; return a bound of |m × B| over X."""
    iv, n = mpmath.iv, len(y)
    box = [iv.mpf([x - radius, x + radius]) for x in y]
    value, slope = system.value([iv.mpf(x) for x in y], _interval), system.jacobian(box, _interval)
    for i in range(n):
        row = [iv.mpf(inverse[i, k]) for k in range(n)]
        moved = -sum(row[k] * value[k] for k in range(n))
        for j in range(n):
            entry = iv.mpf(int(i == j)) - sum(row[k] * slope[k][j] for k in range(n))
            moved = moved + entry * iv.mpf([-radius, radius])
        if not abs(moved) < radius:
            raise _family(y)
    m = box[:3 * system.sites]
    b = [polynomial_at(p, m, _interval) for p in system.fields]
    places = [(k + i, k + j) for k in range(0, len(m), 3) for i, j in ((1, 2), (2, 0), (0, 1))]
    cross = [m[i] * b[j] - m[j] * b[i] for i, j in places]
    return float(max(abs(x).b for x in cross)) * (1 + 1e-15)


def _real(p: int, q: int) -> Any:
    return mpmath.mpf(p) / q


def _interval(p: int, q: int) -> Any:
    return mpmath.iv.mpf(p) / q


def index(system: MultiplierSystem, y: Array) -> int:
    """Return the number of directions on the spheres in which the energy falls, in doubles.

    The Hessian is scaled by a positive factor a site, s_i γ_g ħ, which leaves the signs of its eigenvalues.
    """
    n = 3 * system.sites
    full = -_array(system, y)[:n, :n]
    m = y[:n].reshape(-1, 3)
    tangent = np.zeros((n, 2 * system.sites))
    for k, vector in enumerate(m):
        tangent[3 * k:3 * k + 3, 2 * k:2 * k + 2] = np.linalg.svd(vector[None, :])[2][1:].T
    values = np.linalg.eigvals(tangent.T @ full @ tangent).real
    return int((values < 0).sum())
