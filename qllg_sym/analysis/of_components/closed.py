"""The smallest set of states that equations need, from where they start or for what is to be read."""

from typing import Any

import sympy as sp

from qllg_sym.analysis.exact_start import exact_start
from qllg_sym.analysis.occurrence import Occurrence, check_determined, occurrences
from qllg_sym.equations.components import Components
from qllg_sym.equations.restriction import RestrictedComponents, restrict
from qllg_sym.errors import InputError


def closed(components: Components, start: Any) -> RestrictedComponents:
    r"""Return the equations of the smallest set of states that is closed.

    From a start: a state that is zero there is left out if it stays zero. Let Z be such states and C constant ones;
    $\dot y_Z = \dot y_C = 0$, $y_Z = 0$ solve the equations of Z and C if every term of theirs has a factor among
    $y_Z, \dot y_Z, \dot y_C$, and the equations of the others then determine the others' velocities, since the mass is
    regular. The largest such Z is found, for parameters of any value and for all times. For what is to be read: the
    states in whose equations no others occur.

    Args:
        components: of any kind.
        start: a state as `solve` takes it (what it has in floats counts as the rational that these print as, so that
            1e-17 is not zero), or a tuple of states to be read, symbols or names.

    Returns:
        Components with the states that are left, in their order; `.map` gives all states, those left out as zero; from
        a tuple those that are left alone, since the others move unseen.

    Raises:
        StateError: a start that is no state of the space, or known in doubles alone.
        InputError: a state to be read that there is not.
        DerivationError: the equations of the set do not determine its velocities.

    Source: PRL 133, 266704 (2024), eq. 9, whose 15 equations from a Bell state (Fig. 3 at D = 0) are seven.

    >>> from qllg_sym import Exchange, Model, QuantumLLG, Space, Zeeman, states
    >>> J, B, kappa = sp.symbols("J B kappa", real=True)
    >>> dimer = Model(Space.half(2), [Exchange(J, 0, 1), Zeeman((B, 0, 0))])
    >>> closed(QuantumLLG(kappa).derive(dimer).pauli(), states.bell("psi+")).states
    (T_0x, T_x0, T_xx, T_yy, T_yz, T_zy, T_zz)
    """
    found = occurrences(components)
    wanted = _named(components, start)
    if wanted is None:
        values = exact_start(components, start)
        kept = _moving(found, [values[s] == 0 for s in components.states])
    else:
        kept = _read(found, wanted)
    check_determined(components, kept)
    states = [components.states[k] for k in kept]
    embedding: dict[sp.Symbol, sp.Expr | int] = {s: s for s in states}
    if wanted is None:
        embedding |= {s: 0 for s in components.states if s not in embedding}
    return restrict(components, states, [components.velocities[k] for k in kept], embedding)


def _named(components: Components, start: Any) -> list[int] | None:
    """The places of states to be read; None for what is no tuple of such."""
    if not isinstance(start, tuple | list) or not start or not all(isinstance(x, str | sp.Symbol) for x in start):
        return None
    places = {s.name: k for k, s in enumerate(components.states)}
    for name in map(str, start):
        if name not in places:
            raise InputError(f"`start` must be a state, or states of these components to be read, but holds {name}; "
                             f"choose among {', '.join([*places][:4])}, ….")
    return [places[str(x)] for x in start]


def _read(found: list[Occurrence], wanted: list[int]) -> list[int]:
    """The places of the wanted and of all that occur in their equations, and in those of these."""
    kept, new = set(wanted), set(wanted)
    while new:
        new = {k for i in new for states, velocity in found[i] for k in (*states, *velocity)} - kept
        kept |= new
    return sorted(kept)


def _moving(found: list[Occurrence], zero: list[bool]) -> list[int]:
    """The places of the states that are not zero for ever: the others' equations vanish with them and the constants."""
    at_rest, again = set(range(len(zero))), True
    while again:
        gone = {k for k in at_rest if zero[k]}
        moved = {i for i in at_rest if not all(gone & states or at_rest & velocity for states, velocity in found[i])}
        at_rest, again = at_rest - moved, bool(moved)
    return [k for k in range(len(zero)) if k not in at_rest or not zero[k]]
