"""A trajectory together with the problem that it solves, so that it can be asked about other times and methods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.law import Law
from qllg_sym.figures.figure import Check
from qllg_sym.flow import states
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.solve import solve
from qllg_sym.flow.states.state import State
from qllg_sym.model.model import Model

Array = NDArray[np.float64]
LATE = 200.0  # ħ/energy: every rate of the paper's dimers has died out by then
# Sixth-order central differences: weights of y(t + k h) − y(t − k h), k = 1, 2, 3.
_DIFFERENCES = (3 / 4, -3 / 20, 1 / 60)


@dataclass(frozen=True)
class Evolution:
    """One problem of a figure and its trajectory.

    Attributes:
        model, law, state, times, values: as `solve` takes them.

    >>> from qllg_sym import QuantumLLG, Space, Zeeman
    >>> spin, times = Model(Space("1/2"), [Zeeman((0, 0, 1))]), np.linspace(0, 1, 11)
    >>> evolution = Evolution(spin, QuantumLLG(1), states.product("+x"), times)
    >>> evolution.limit.bloch(0)[-1].round(9).tolist()
    [0.0, 0.0, 1.0]
    """

    model: Model
    law: Law
    state: State | NDArray[Any]
    times: Array
    values: Mapping[str, float] | None = None

    @cached_property
    def trajectory(self) -> Trajectory:
        """The states at the times of the figure."""
        return self.solved(self.times)

    def solved(self, times: Sequence[float] | Array, method: str = "auto") -> Trajectory:
        """Return the same problem solved at other times, from the same start."""
        return solve(self.model, self.law, self.state, times, self.values, method=method)

    def at(self, t: float) -> Trajectory:
        """Return the trajectory whose last time is t ≥ times[0]."""
        first = float(self.times[0])
        return self.solved([first, t] if t > first else [first])

    @cached_property
    def limit(self) -> Trajectory:
        """The trajectory whose last time is so late that nothing moves any more."""
        return self.at(LATE)

    @cached_property
    def ground(self) -> Trajectory:
        """The ground state of the model, as a trajectory of one time."""
        return solve(self.model, self.law, states.ground(self.model), [0.0], self.values)

    @property
    def energy_matrix(self) -> NDArray[np.complex128]:
        """H/ħ, (d, d)."""
        return matrix_of(self.model, self.values or {})


def own_checks(evolutions: Sequence[Evolution], kappa: float) -> tuple[Check, ...]:
    """Return the checks of our own numbers for q-LLG evolutions at constant H: they say nothing about the paper.

    Spectrum, energy, methods against each other, and the residual of PRL 3 with ρ̇ from differences of the curves.
    """
    pairs = [(evolution.trajectory, evolution.solved(evolution.times, method="frame")) for evolution in evolutions]
    return (
        Check("drift of the spectrum", max(one.invariants["spectrum"] for one, _ in pairs), 1e-10),
        Check("largest rise of the energy", max(float(np.diff(one.energy).max()) for one, _ in pairs), 1e-10),
        Check("methods exact and frame apart", max(float(np.abs(a.states - b.states).max()) for a, b in pairs), 1e-8),
        Check("residual of PRL 3 on the curves", max(residual(evolution, kappa) for evolution in evolutions), 1e-7),
    )


def residual(evolution: Evolution, kappa: float) -> float:
    """Return the largest entry of |ρ̇ − i[ρ, H/ħ] − iκ[ρ, ρ̇]| along an evolution on equally spaced times.

    PRL 3 stands here a second time on purpose: it checks what was computed from the law itself.
    """
    rho, step = evolution.trajectory.states, float(evolution.times[1] - evolution.times[0])
    inner = rho[3:-3]
    velocity = sum(weight * (rho[3 + k : len(rho) - 3 + k] - rho[3 - k : len(rho) - 3 - k]) / step
                   for k, weight in enumerate(_DIFFERENCES, 1))
    torque = inner @ evolution.energy_matrix - evolution.energy_matrix @ inner
    damping = inner @ velocity - velocity @ inner
    return float(np.abs(velocity - 1j * torque - 1j * kappa * damping).max())
