"""Explicit forms in coordinates: the torque τ = i[ρ, H/ħ], and the right-hand sides that are polynomials in ρ and τ."""

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.symbols import gap
from qllg_sym.display import Expressions
from qllg_sym.equations.explicit import rational_weight, torque_word, two_level_words
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.errors import DerivationError
from qllg_sym.memo import kept

Polynomials = tuple[PolyElement, ...]


def two_level(components: ImplicitComponents) -> tuple[sp.Expr, ...]:
    """Return the right-hand sides for a two-valued spectrum; see `Components.two_level`."""
    return Expressions(map(to_expr, two_level_polynomials(components)))


def two_level_polynomials(components: ImplicitComponents) -> Polynomials:
    """Return the same as polynomials in states, velocities (which do not occur) and atoms of coefficients."""
    torques, flow = two_level_stages(components)
    n = len(components.states)
    return tuple(p.compose([(p.ring.gens[n + k], x) for k, x in enumerate(torques)]) for p in flow)


@kept
def two_level_stages(components: ImplicitComponents) -> tuple[Polynomials, Polynomials]:
    """Return the components of τ = i[ρ, H/ħ], and the right-hand sides in states and τ (in the velocities' generators).

    Raises:
        DerivationError: a classical law, or a law that does not keep the spectrum.
    """
    if not components.has_words:
        raise DerivationError(f"`two_level()` must have all of ρ, but these are {components.kind} components; use "
                              "`compile()`, or `coefficients()`.")
    if components.equation.law.classical:
        raise DerivationError("`two_level()` must belong to a quantum law, but these are moments of a classical "
                              "one; use `compile()`.")
    torques, flow = components.evaluated(*two_level_words(components.equation.residual, gap))
    return torques, flow


@kept
def weight_parts(components: ImplicitComponents) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """Return (α, β, c) of the frame weight W(Δ) = (α + iβΔ)/(1 + cΔ²).

    Raises:
        DerivationError: the law does not keep the spectrum, or its weight is not of this kind.
    """
    return rational_weight(components.equation.residual, gap)


@kept
def is_staged(components: ImplicitComponents) -> bool:
    """Return whether ρ̇ is explicit and, for every spectrum, a polynomial in ρ and τ = i[ρ, H/ħ], as for q-LL.

    >>> from qllg_sym import Model, QuantumLL, QuantumLLG, Space
    >>> [is_staged(law(1).derive(Model(Space("1/2"))).pauli()) for law in (QuantumLL, QuantumLLG)]
    [True, False]
    """
    explicit = all(letters == ("drho",) for _, letters in components.equation.residual.terms if "drho" in letters)
    if components.equation.law.classical or not components.has_words or not explicit:
        return False
    try:
        return bool(weight_parts(components)[2] == 0)
    except DerivationError:
        return False


@kept
def torque(components: ImplicitComponents) -> Polynomials:
    """Return the components of τ = i[ρ, H/ħ]."""
    return components.evaluated(torque_word())[0]
