"""Equations for the states that symmetries leave alone, in as few coordinates."""

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import to_ring
from qllg_sym.analysis.invariants import Invariants, invariant_states
from qllg_sym.analysis.occurrence import coefficients_vanish
from qllg_sym.analysis.of_model.symmetries import keeps
from qllg_sym.analysis.rotation import AnySymmetry, Rotation
from qllg_sym.analysis.symmetry import Symmetry
from qllg_sym.equations.components import Components
from qllg_sym.equations.restriction import RestrictedComponents, restrict
from qllg_sym.errors import DerivationError, InputError, InputTypeError

MOST_TURNED = 15            # states up to which an axis may hold parameters: the expressions grow fast


def reduced(components: Components, *symmetries: AnySymmetry | Sequence[AnySymmetry]) -> RestrictedComponents:
    r"""Return the equations of the states that symmetries leave alone, y = E u.

    A symmetry of H maps solutions to solutions, so that a state that it leaves alone stays so. Nothing is trusted: that
    the residual of y = E u is E times the residual of u, as polynomials, is checked in a normal form.

    Args:
        components: with numeric spins; restricted ones as long as they tell all states.
        symmetries: one or several, or a list of them, as `Model.symmetries` gives them.

    Returns:
        Components with the first of the states that are equal but for a sign, under their own names; c_u0, c_u1, …
        where invariant states need other combinations, such as multiples of a symbolic axis (which must not vanish).
        `.map` gives all states as expressions in them.

    Raises:
        InputError: a symmetry that H does not have, or one of another space.
        DerivationError: one that the law does not respect: time reversal, which no flow forwards in time does; or a
            rotation about an axis with parameters, of more than 15 states.

    Source: PRL 133, 266704 (2024), eq. 9, of whose 15 equations the states of Fig. 1 need nine.

    >>> from qllg_sym import Exchange, Model, QuantumLLG, Space, Zeeman, states
    >>> J, B, kappa = sp.symbols("J B kappa", real=True)
    >>> dimer = Model(Space.half(2), [Exchange(J, 0, 1), Zeeman((B, 0, 0))])
    >>> mirror, = dimer.symmetries(states.product("up", "down"))[:1]
    >>> part = reduced(QuantumLLG(kappa).derive(dimer).pauli(), mirror)
    >>> mirror.what, len(part.states), part.map[sp.Symbol("T_z0", real=True)]
    ('rotation by π about x and permutation (0 1)', 9, -T_0z)
    """
    chosen = [g for each in symmetries for g in (each if isinstance(each, Sequence) else (each,))]
    for symmetry in chosen:
        _check(components, symmetry)
    if not chosen:
        raise InputError("`symmetry` must be given, but none is; take one of the model's symmetries().")
    found = invariant_states(components, chosen)
    names = _names(components, found)
    states, velocities = (tuple(sp.Symbol(d + name, real=True) for name in names) for d in ("", "d"))
    embedding = {s: sp.Add(*(found.field.expression(v[k]) * u for u, v in zip(states, found.vectors, strict=True)
                             if k in v)) for k, s in enumerate(components.states)}
    projection = [sp.Add(*(found.field.expression(x) * components.states[k]
                           for k, x in found.projection(v).items())) for v in found.vectors]
    _check_consistent(components, states, velocities, embedding, projection)
    return restrict(components, states, velocities, embedding, projection)


def _names(components: Components, found: Invariants) -> list[str]:
    """Names of the new states."""
    if found.leading is None:
        return [f"c_u{k}" for k in range(len(found.vectors))]
    return [components.states[k].name for k in found.leading]


def _check(components: Components, symmetry: Any) -> None:
    """Refuse what is no symmetry of these equations."""
    model = components.equation.model
    if not isinstance(symmetry, Symmetry | Rotation):
        raise InputTypeError(f"`symmetry` must be one of the model's symmetries(), but is of type "
                             f"{type(symmetry).__name__}; take one of them.")
    if symmetry.space != model.space:
        raise InputError(f"`symmetry` must act on {model.space}, but acts on {symmetry.space}; take one of the model's "
                         "symmetries().")
    if not keeps(model, symmetry):
        raise InputError(f"`symmetry` must leave H unchanged, but {symmetry.what} does not; take one of the model's "
                         "symmetries().")
    if isinstance(symmetry, Rotation) and len(components.states) > MOST_TURNED and \
            any(n.free_symbols for n in symmetry.axis):
        raise DerivationError(f"`symmetry` must have an axis of numbers for more than {MOST_TURNED} states, but is a "
                              f"{symmetry.what}; turn the model so that the axis is z.")
    if symmetry.reverses_time:
        raise DerivationError(f"`symmetry` must keep the direction of time, but {symmetry.what} reverses it: its "
                              f"invariant states do not stay so in {components.equation.kind}; leave it out.")


def _check_consistent(components: Components, states: tuple[sp.Symbol, ...], velocities: tuple[sp.Symbol, ...],
                      embedding: dict[sp.Symbol, sp.Expr], projection: list[sp.Expr]) -> None:
    """Prove that R(E ẏ, E u) = E P R(E ẏ, E u): what the projection leaves out vanishes."""
    part = RestrictedComponents(components.equation, components.kind, states, velocities, source=components,
                                embedding=tuple(embedding.items()), projection=tuple(projection))
    found = [p for p in part.full_residual if p is not None]
    full, ring = dict(zip(components.states, found, strict=True)), found[0].ring
    own = [sum((_coefficient(ring, form, s) * p for s, p in full.items() if form.has(s)), ring.zero)
           for form in map(sp.expand, projection)]
    for state, residual in full.items():
        form = sp.expand(embedding[state])
        rest = residual - sum((_coefficient(ring, form, u) * p for u, p in zip(states, own, strict=True)
                               if form.has(u)), ring.zero)
        if not coefficients_vanish(rest, 2 * len(states)):
            raise DerivationError(f"`symmetry` must be one of the law too, but {components.equation.kind} moves "
                                  f"{state} away from the states that it leaves alone; leave it out.")


def _coefficient(ring: PolyRing, form: sp.Expr, symbol: sp.Symbol) -> PolyElement:
    """The coefficient of a symbol in a linear form."""
    return to_ring(ring, form.coeff(symbol))
