"""Werner states of two spins ½."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import exact_float, real_coefficient
from qllg_sym.errors import StateError, meant
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.kinds._checks import finite_number
from qllg_sym.flow.states.state import ExactLevels, ExactSetting, Setting, State

EXAMPLE = ("psi-", 0.7)
SIGNS = {"psi+": (0, 1, 1, 0), "psi-": (0, 1, -1, 0), "phi+": (1, 0, 0, 1), "phi-": (1, 0, 0, -1)}


@dataclass(frozen=True, repr=False)
class Werner(State):
    """(1 − p)/4 + p |ψ⟩⟨ψ| with a Bell state ψ; p = 1 is the Bell state itself."""

    name: str
    p: Any

    def numbers(self, setting: Setting) -> InitialStates:
        """Return one ket over its background."""
        setting.must_fit(setting.space.dimensions == (2, 2), "two spins 1/2", f"the {self.name} state")
        if isinstance(self.p, sp.Expr):
            raise StateError(f"`p` must be a number where states are numbers, but is {self.p}; give one, or take "
                             "exact(…).expression_of.")
        ket = np.array(SIGNS[self.name], dtype=complex)[:, None] / sqrt(2)
        if (sector := setting.space.sector) is not None:
            setting.must_fit(self.p == 1 and sector.down == 1 and self.name in ("psi+", "psi-"),
                             repr(setting.space.whole),
                             f"the {self.name} state" + f" of p = {self.p:g}" * (self.p != 1))
            return InitialStates.one(np.ones(1), ket[1:3])
        return InitialStates.one(np.array([self.p]), ket, (1 - self.p) / 4)

    def exactly(self, setting: ExactSetting) -> ExactLevels:
        """Return the two levels."""
        p = self.p if isinstance(self.p, sp.Expr) else exact_float(self.p, "p")
        return (1 - p) / 4, p, sp.ImmutableMatrix(SIGNS[self.name])


def werner(name: str, p: float) -> Werner:
    """Return the Werner state (1 − p)/4 + p |ψ⟩⟨ψ| of two spins ½ with a Bell state ψ, −1/3 ≤ p ≤ 1.

    Definition:
        ket = {"psi": [0, 1, float(name[3] + "1"), 0], "phi": [1, 0, 0, float(name[3] + "1")]}[name[:3]]
        (1 - p) / 4 * one + p * np.outer(ket, ket) / 2

    An expression in real symbols for p is for `exact` and for derivations: `closed`, `series`.

    Source: PRL 133, 266704 (2024), above eq. 10 and Fig. 4.

    Raises:
        StateError: an unknown name, or p out of range.

    >>> werner("psi+", 0.9)
    Werner(name='psi+', p=0.9)
    """
    if name not in SIGNS:
        raise StateError(f"`name` must be one of {', '.join(SIGNS)}, but is {name!r}{meant(name, SIGNS)}; "
                         "write bell(\"psi+\").")
    weight: Any = p
    if isinstance(weight, sp.Expr) and weight.free_symbols:
        return Werner(name, real_coefficient(weight, "p"))
    number = finite_number(p, "p")
    if not -1 / 3 - 1e-10 <= number <= 1 + 1e-10:
        raise StateError(f"`p` must lie between −1/3 and 1, but is {number:g}; a larger weight is not a state.")
    return Werner(name, number)
