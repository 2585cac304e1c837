r"""Fixed points of one vector in a field that does not depend on it: along the field and against it."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import sympy as sp

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.analysis.stationary.isospectral import checked_spectrum
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.stationary.roots_form import in_square_roots
from qllg_sym.analysis.stationary.signs import is_zero_exactly
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError

Vector = tuple[sp.Expr, ...]
Numbers = Mapping[sp.Symbol, sp.Expr]


def fixed_points_of_eta(components: Components, numbers: Numbers, spectrum: Sequence[Any] | None) -> list[FixedPoint]:
    """Return η along the field and against it, |η| a symbol or that of a spectrum; see `fixed_points`."""
    model = components.equation.model
    algebra = model.frequency.algebra
    axes = [next(iter(part.terms.items())) for part in model.space.algebra(algebra.ring).spin(0)]
    torque = [(to_expr(model.frequency.terms.get(key, algebra.ring.zero)) / to_expr(unit)).xreplace(numbers)
              for key, unit in axes]                                        # H/ħ = Σ c_k S_k/ħ
    s, hbar = _spin(components), model.hbar.xreplace(numbers)
    length = _length(components, s, hbar, spectrum)
    scale = hbar**2 * s * (s + 1) / 3                                       # Tr S_k²/(2s + 1)
    return _two_poles(components, numbers, tuple(-c for c in torque), length, scale)


def _spin(components: Components) -> sp.Expr:
    s = components.equation.model.space.spins[0]
    return s if isinstance(s, sp.Symbol) else sp.Rational(s.numerator, s.denominator)


def _length(components: Components, s: sp.Expr, hbar: sp.Expr, spectrum: Sequence[Any] | None) -> sp.Expr:
    """|η|; the eigenvalues of (1 + η·S)/(2s + 1) are evenly spaced, ħ|η|/(2s + 1) apart."""
    if spectrum is None:
        taken = {p.name for p in components.parameters}
        return sp.Symbol(next(name for name in ("eta", "eta_0", "eta_00") if name not in taken), positive=True)
    if s.free_symbols:
        raise InputError(f"`spectrum` must belong to a spin that is a number, but the spin is {s}; leave it out, and "
                         "|η| is a symbol.")
    populations = checked_spectrum(spectrum, int(2 * s) + 1)
    steps = [a - b for a, b in pairwise(populations)]
    if any(not is_zero_exactly(step - steps[0]) for step in steps) or steps[0].is_nonpositive:
        raise InputError(f"`spectrum` must fall in equal steps, those of PRL 4, but is {tuple(populations)}; "
                         "use coefficients().")
    return steps[0] * (2 * s + 1) / hbar


def _two_poles(components: Components, numbers: Numbers, field: Vector, length: sp.Expr, scale: sp.Expr
               ) -> list[FixedPoint]:
    """Along the field, then against it; without a field the sphere of all directions."""
    square = sp.expand(sp.Add(*(x**2 for x in field)))
    sines = {sin**2: 1 - sp.cos(sin.args[0])**2 for sin in square.atoms(sp.sin)}        # of a field given by angles
    size = sp.sqrt(sp.factor(sp.expand(square.xreplace(sines))))
    if size == 0:
        return [FixedPoint((sp.S.Zero, sp.S.Zero, length), components, sp.S.Zero, passive=True, dimension=2,
                           values=numbers)]
    return [FixedPoint([in_square_roots(sign * length * x / size) for x in field], components,
                       -sign * scale * length * size, passive=sign == 1, values=numbers) for sign in (1, -1)]


def fixed_points_of_moment(components: Components, numbers: Numbers, field: Vector, scale: sp.Expr) -> list[FixedPoint]:
    """Return a unit moment along a constant field and against it; its energy is −scale · field·m."""
    return _two_poles(components, numbers, field, sp.S.One, scale)
