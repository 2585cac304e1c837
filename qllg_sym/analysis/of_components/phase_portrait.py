"""Phase portraits of one spin: the flow of its direction, with the fixed points marked by their stability."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.analysis.of_components.fixed_points import fixed_points
from qllg_sym.analysis.of_components.linearise import linearise
from qllg_sym.analysis.stationary.isospectral import keeps_spectrum
from qllg_sym.analysis.stationary.signs import definite_sign
from qllg_sym.analysis.stationary.values import exact_parameters
from qllg_sym.equations.components import Components
from qllg_sym.errors import DerivationError, InputError
from qllg_sym.plot.portrait import sphere_portrait

if TYPE_CHECKING:
    from qllg_sym.plot.style import Axes, Figure

FAMILY = "fixed points form a family: not marked"


def phase_portrait(components: Components, values: Mapping[Any, Any] | None = None, length: Any = None,
                   ax: "Axes | None" = None) -> "tuple[Figure, NDArray[np.object_]]":
    r"""Draw the flow of one spin on the sphere of directions $\mathbf n$, in Hammer's equal-area map.

    Trajectories lie over their speed $|\dot{\mathbf n}|$; fixed points are marked as stable (●), unstable (○), saddle
    (◆) or neutral (■) from the rates of `linearise`.

    Args:
        components: pauli() of one spin ½ or eta() of one spin, under a law that keeps the spectrum, or moments() of one
            site; constant in time.
        values: numbers for all parameters.
        length: |r| for pauli() (1, pure, by default), |η| for eta() (1/(ħs), the greatest, by default); moments have 1.
        ax: axes to draw into.

    Returns:
        The figure and its axes, (1,).

    Raises:
        InputError: other components, a parameter without a number, or a length that is none.

    Source: PRL 133, 266704 (2024), eqs. 1 and 4, for one vector.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> spin = QuantumLLG(0.2).derive(Model(Space("1/2"), [Zeeman((0, 0.6, 0.8))])).pauli()
    >>> figure, axes = spin.phase_portrait()
    >>> [text.get_text() for text in axes[0].get_legend().get_texts()]
    ['stable', 'unstable']
    """
    given = exact_parameters(components, values)
    if lacking := sorted({str(s) for value in given.values() for s in value.free_symbols}):
        raise InputError(f"`values` must be numbers for a picture, but hold {', '.join(lacking)}; give numbers.")
    size, numbers = _length(components, length, given), {p.name: value for p, value in given.items()}
    rhs = components.compile("numpy").bind({name: float(value) for name, value in numbers.items()})
    scale = float(size)
    try:
        marked = [(np.array([float(sp.N(e, 20)) for e in point]), kind)
                  for point, kind in _marked(components, numbers, size)]
        remark = ""
    except DerivationError:
        marked, remark = [], FAMILY
    hbar = components.equation.model.hbar
    unit = r"$\hbar = 1$" if hbar == 1 else "1/unit of time"
    label = rf"speed $|\dot{{\mathbf{{n}}}}|$ ({unit})"
    return sphere_portrait(lambda n: rhs.batch(scale * n) / scale, marked, label, ax, remark)


def _length(components: Components, length: Any, numbers: Mapping[sp.Symbol, sp.Expr]) -> sp.Expr:
    """The length of the vector, exact."""
    model, kind = components.equation.model, components.kind
    if len(components.states) != 3 or kind not in ("pauli", "eta", "moments") or not (
            components.equation.law.classical or keeps_spectrum(components)):
        raise InputError("`components` must be pauli() of one spin ½, eta() or moments() of one site, and keep a "
                         f"length, but are {components!r}; derive these.")
    spin = model.space.spins[0]
    s = spin if isinstance(spin, sp.Symbol) else sp.Rational(spin.numerator, spin.denominator)
    most = 1 / (model.hbar * s) if kind == "eta" else sp.S.One
    most = most.xreplace(dict(numbers))
    found = most if length is None else real_coefficient(length, "length")
    if most.free_symbols or found.free_symbols:
        raise InputError(f"`values` must have every parameter, but the length is {found}; give numbers.")
    if found == 0 or definite_sign(found) < 0 or (kind == "moments" and found != 1) or (
            found != most and definite_sign(found - most) > 0):
        remark = ", and 1 for moments" * (kind == "moments")
        raise InputError(f"`length` must be above 0 and at most {most}{remark}, but is {length}; leave it out.")
    return found


def _marked(components: Components, numbers: Mapping[str, sp.Expr], size: sp.Expr) -> list[tuple[Any, str]]:
    """Fixed points on the sphere and their kinds."""
    spectrum = [(1 + size) / 2, (1 - size) / 2] if components.kind == "pauli" else None
    found = []
    for point in fixed_points(components, numbers, spectrum):
        if point.dimension:
            raise DerivationError("`components` must have isolated fixed points to be marked.")
        symbols = {s: size for e in point for s in e.free_symbols}          # |η|
        at = [e.xreplace(symbols) for e in point]
        growth = [g.xreplace(symbols) for g in linearise(components, point).growth]
        found.append((at, _kind(growth)))
    return found


def _kind(growth: list[sp.Expr]) -> str:
    """Stable, unstable, saddle or neutral: one of the three rates, zero, is of the length."""
    signs = [0 if g == 0 else definite_sign(g) for g in growth]
    signs.remove(0)
    if 0 in signs:
        return "neutral"
    return {-2: "stable", 2: "unstable", 0: "saddle"}[sum(signs)]
