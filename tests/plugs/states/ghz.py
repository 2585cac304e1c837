"""A newcomer's kind of state: two opposite products in superposition."""

import cmath
from dataclasses import dataclass

import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import exact_float
from qllg_sym.errors import StateError
from qllg_sym.flow.states.initial import pure_state
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.kinds._checks import finite_number, need_space
from qllg_sym.flow.states.state import ExactLevels, ExactSetting, Setting, State
from qllg_sym.model.space import Space

EXAMPLE = (0.6,)


@dataclass(frozen=True, repr=False)
class Ghz(State):
    """(|↑↑…⟩ + exp(iφ)|↓↓…⟩)/√2."""

    space: Space
    phase: float

    def numbers(self, setting: Setting) -> InitialStates:
        """Return the ket."""
        setting.must_fit(setting.space == self.space, repr(self.space), "this GHZ state")
        ket = np.zeros(self.space.dimension, dtype=complex)
        ket[0], ket[-1] = 0.5**0.5, 0.5**0.5 * cmath.exp(1j * self.phase)
        return pure_state(ket)

    def exactly(self, setting: ExactSetting) -> ExactLevels:
        """Return the projector on the exact ket."""
        d = self.space.dimension
        column = [sp.S.One, *[sp.S.Zero] * (d - 2), sp.exp(sp.I * exact_float(self.phase, "phase"))]
        return sp.S.Zero, sp.S.One, sp.ImmutableMatrix(d, 1, column)


def ghz(space: Space, phase: float = 0.0) -> Ghz:
    """Return the Greenberger–Horne–Zeilinger state of several spins with a relative phase.

    Definition:
        ket = np.zeros(len(one), dtype=complex)
        ket[0], ket[-1] = 1, np.exp(1j * phase)
        np.outer(ket, ket.conj()) / 2

    Args:
        space: at least two sites.
        phase: φ.

    Raises:
        StateError: one site, or a phase that is not finite.

    >>> ghz(Space("1/2", "1/2"), 0.5).phase
    0.5
    """
    need_space(space)
    if space.sites < 2:
        raise StateError(f"`space` must have two sites at least, but is {space}; write Space.half(3).")
    return Ghz(space, finite_number(phase, "phase"))
