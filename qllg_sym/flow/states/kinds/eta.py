"""The state of PRL 133, 266704 (2024), eq. 4, of one spin."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import exact_float
from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.flow.states.initial import from_density
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.kinds._checks import finite_number, need_space
from qllg_sym.flow.states.state import ExactLevels, ExactSetting, Hbar, Setting, State
from qllg_sym.model.space import Space

EXAMPLE = ([0.3, -0.4, 0.2],)


@dataclass(frozen=True, repr=False)
class Eta(State):
    """(1 + η·S)/(2s + 1) of one spin, PRL 4."""

    spin: Any
    eta: tuple[float, float, float]
    hbar: float

    @property
    def is_of_hbar(self) -> bool:
        """It is, because η·S has no unit."""
        return True

    def numbers(self, setting: Setting) -> InitialStates:
        """Return (1 + η·S)/(2s + 1) diagonalised."""
        space, hbar = setting.space, setting.hbar
        setting.must_fit(space.sector is None and space.spins == (self.spin,), f"one spin {self.spin}", "this η state")
        if abs(self.hbar - hbar) > 1e-15 * hbar:
            raise StateError(f"`hbar` of the η state must be the model's, {hbar:g}, but is {self.hbar:g}; "
                             f"write states.eta(space, eta, hbar={hbar!r}).")
        s = float(space.spins[0])
        m = s - np.arange(space.dimension)
        plus = np.diag(np.sqrt(s * (s + 1) - m[1:] * (m[1:] + 1)), 1)
        spin = ((plus + plus.T) / 2, (plus - plus.T) / 2j, np.diag(m))
        total = sum(x * matrix for x, matrix in zip(self.eta, spin, strict=True)) * self.hbar
        return from_density(np.asarray((np.eye(space.dimension) + total) / space.dimension), space)

    def exactly(self, setting: ExactSetting) -> ExactLevels | None:
        """Return the levels of a spin ½; a larger spin has two or fewer for η = 0 alone."""
        x, y, z = (exact_float(v, "eta") * exact_float(self.hbar, "hbar") / 2 for v in self.eta)
        if setting.space.dimension == 2:
            return setting.split(sp.Matrix([[1 + z, x - sp.I * y], [x + sp.I * y, 1 - z]]) / 2)
        return None if any(self.eta) else setting.mixed()


def eta(space: Space, eta: Sequence[float], hbar: Hbar = 1) -> Eta:
    """Return ρ = (1 + η·S)/(2s + 1) of one spin s, PRL 133, 266704 (2024), eq. 4; |η| ≤ 1/(ħs).

    Definition:
        (one + sum(x * hbar * Sk for x, Sk in zip(eta, S(0)))) / len(one)

    Args:
        space: one site.
        eta: three numbers, 1/ħ.
        hbar: ħ of the model that it will be used with.

    Raises:
        StateError: several sites, or |η| > 1/(ħs), where ρ has a negative eigenvalue.

    >>> eta(Space("1/2"), (0, 0, 2)).eta
    (0.0, 0.0, 2.0)
    """
    need_space(space)
    if space.sites != 1 or space.symbolic:
        raise StateError(f"`space` must be one site of a numeric spin, but is {space}; write Space(\"1\").")
    if not isinstance(eta, Iterable):
        raise InputTypeError(f"`eta` must be three numbers, but is {eta!r}; write (0, 0, 1).")
    values = [finite_number(x, "eta") for x in eta]
    if len(values) != 3:
        raise StateError(f"`eta` must have three components, but has {len(values)}; write (0, 0, 1).")
    if not finite_number(hbar, "hbar") > 0:
        raise StateError(f"`hbar` must be positive, but is {hbar}; give the model's.")
    bound = 1 / (float(space.spins[0]) * float(hbar))
    if math.hypot(*values) > bound * (1 + 1e-10):
        raise StateError(f"`eta` must have |η| ≤ 1/(ħs) = {bound:g}, but has |η| = {math.hypot(*values):g}; "
                         "a longer one makes a probability negative.")
    return Eta(space.spins[0], (values[0], values[1], values[2]), float(hbar))
