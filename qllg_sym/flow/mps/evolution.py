r"""A matrix product state moved in time: $i\hbar\dot\psi = c\,H\psi$ with the complex rate c of the law.

For q-LLG c = (1 − iκb)/(1 + κ²b²), for q-LL 1 − iκb; ρ = a + b |ψ⟩⟨ψ|. Source: PRL 133, 266704 (2024), eq. 3, for two
levels. `gates` says what acts in a step, `tensors` how.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.mps.energy_law import EnergyLaw, mean_energy
from qllg_sym.flow.mps.expectations import windowed
from qllg_sym.flow.mps.gates import Gates
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.options import Accuracy
from qllg_sym.flow.mps.posed import ChainProblem
from qllg_sym.flow.mps.routes import RoutedTensors
from qllg_sym.flow.mps.windows import MovingWindows
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.observables.sites import spin_matrices

Array = NDArray[Any]
Watch = Callable[[float], None]


@dataclass
class ChainReadings:
    """What is read at each time that was reached: ⟨S_i⟩/(s_i ħ) (N, 3), energy over ħ, entropies of cuts (N − 1,)."""

    profile: list[Array] = field(default_factory=list)
    energy: list[float] = field(default_factory=list)
    entropy: list[Array] = field(default_factory=list)

    def add(self, posed: ChainProblem, psi: MatrixProductState, moving: MovingWindows, t: float) -> None:
        """Read ψ at a time."""
        sites = [np.einsum("ab,kba->k", rho, spin_matrices(len(rho))).real for rho in windowed(psi, 1)]
        own = mean_energy(psi, moving, t)
        self.profile.append(posed.weight * np.array(sites))
        self.energy.append(posed.weight * own + moving.offset(t))
        self.entropy.append(np.array([-float(np.sum(p * np.log(p, out=np.zeros_like(p), where=p > 0)))
                                      for p in psi.probabilities]))


Take = Callable[[int, MatrixProductState, ChainReadings], None]       # of the number of a time, ψ, and what was read


class ChainEvolution:
    """One run with one accuracy.

    Args:
        posed: the problem.
        accuracy: bond dimension, cut and step.
        halved: whether each step is taken as two halves: the same places in time, a smaller error.

    Attributes:
        readings: at the times reached.
        steps: how many were taken.
        bond: the largest bond dimension at each time.
        conserved: whether total S_z was kept as a charge.
        discarded: the sum of the weights that truncations discarded at each bond, (N − 1,).
        lost: the sum of their roots there, at each time reached, [(N − 1,), …].
        residual: how far the energy is from what its law says, over ħ; None where it was not asked for.
    """

    def __init__(self, posed: ChainProblem, accuracy: Accuracy, halved: bool) -> None:
        self._posed, self._accuracy, self._halved = posed, accuracy, halved
        self.readings, self.steps, self.bond = ChainReadings(), 0, list[int]()
        self.conserved, (self.discarded, self._amplitudes) = False, np.zeros((2, len(posed.state) - 1))
        self.lost = list[Array]()
        self.residual: float | None = None
        self._psi = posed.state

    def run(self, watch: Watch, take: Take | None = None) -> None:
        """Go through all pieces; with `take` also hand on each state, and follow the law of the energy."""
        times, count = self._posed.problem.times, 0
        for part, begin, end in self._posed.pieces:
            moving = MovingWindows(part)
            if count == 0:
                self._add(0, moving, float(times[0]), take)
                count = 1
            law = EnergyLaw(self._posed, part, moving) if take is not None else None
            for t in self._across(part, moving, begin, end, law):
                watch(t)
                while count < len(times) and times[count] <= t:
                    self._add(count, moving, float(times[count]), take)
                    count += 1
            if law is not None:
                self.residual = (self.residual or 0.0) + law.residual

    def _add(self, k: int, moving: MovingWindows, t: float, take: Take | None) -> None:
        """Read the state at a time."""
        self.readings.add(self._posed, self._psi, moving, t)
        self.bond.append(max(self._psi.bonds))
        self.lost.append(self._amplitudes)
        if take is not None:
            take(k, self._psi, self.readings)

    def _across(self, part: Problem, moving: MovingWindows, begin: float, end: float,
                law: "EnergyLaw | None") -> Iterator[float]:
        """Step over one piece; the state is up to date at each time that is yielded."""
        gates = Gates(self._posed.pace(part), part, moving, self._psi)
        self.conserved = gates.charges != ()
        tensors = RoutedTensors(self._psi, gates.charges, self._accuracy.bond, self._accuracy.cut)
        before = np.array([self.discarded, self._amplitudes])
        if law is not None:
            law.add(begin, self._psi)
        times = self._posed.problem.times
        wanted = [float(t) for t in times if begin < t < end]
        for t, to in _grid(begin, end, wanted, 2 * self._accuracy.step, part.limits):
            for a, b in [(t, (t + to) / 2), ((t + to) / 2, to)] if self._halved else [(t, to)]:
                gates.step(tensors, a, b - a)
                self.steps += 1
                self.discarded, self._amplitudes = before + (tensors.discarded, tensors.amplitudes)
                if law is not None or b in times:
                    self._psi = tensors.state()
                if law is not None:
                    law.add(b, self._psi)
                yield b
        self._psi = tensors.state() if begin < end else self._psi


def _grid(begin: float, end: float, wanted: list[float], step: float,
          limits: Limits | None) -> Iterator[tuple[float, float]]:
    """Yield steps no longer than `step` that meet all times wanted and keep to the limits."""
    t = begin
    for goal in [*wanted, end]:
        while t < goal:
            longest = step if limits is None else min(limits.reach(t, step) - t, step)
            to = goal if goal - t <= longest * (1 + 1e-9) else t + (goal - t) / np.ceil((goal - t) / longest)
            to = min(to, t + longest) if to < goal else goal
            if to <= t:
                raise ArithmeticError(f"it needs steps below the rounding of t = {t:g}")
            yield t, float(to)
            t = float(to)
