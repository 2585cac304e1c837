r"""A matrix product state moved in time: $i\hbar\dot\psi = c\,H\psi$ with the complex rate c of the law.

For q-LLG c = (1 − iκb)/(1 + κ²b²), for q-LL 1 − iκb; ρ = a + b |ψ⟩⟨ψ|. Source: PRL 133, 266704 (2024), eq. 3, for two
levels. Gates are exponentials of windows; `splitting` says which, `tensors` how they act.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import make_interp_spline

from qllg_sym.flow.mps.expectations import expected, variance_of, windowed
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.options import Accuracy
from qllg_sym.flow.mps.posed import ChainProblem
from qllg_sym.flow.mps.routes import RoutedTensors
from qllg_sym.flow.mps.splitting import Layer, layers
from qllg_sym.flow.mps.starts import bond_charges, charged, charges_of, keeps_charge
from qllg_sym.flow.mps.windows import MovingWindows
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.observables.sites import spin_matrices

Array = NDArray[Any]
Pace = Callable[[float], complex]
Watch = Callable[[float], None]
NEAR, DEGREE = 1e-6, 7          # for dH/dt by differences, over the length of a step; of the spline of the power


@dataclass
class ChainReadings:
    """What is read at each time that was reached: ⟨S_i⟩/(s_i ħ) (N, 3), energy over ħ, entropies of cuts (N − 1,)."""

    profile: list[Array] = field(default_factory=list)
    energy: list[float] = field(default_factory=list)
    entropy: list[Array] = field(default_factory=list)

    def add(self, posed: ChainProblem, psi: MatrixProductState, moving: MovingWindows, t: float) -> None:
        """Read ψ at a time."""
        sites = [np.einsum("ab,kba->k", rho, spin_matrices(len(rho))).real for rho in windowed(psi, 1)]
        own = _mean(psi, moving, t)
        self.profile.append(posed.weight * np.array(sites))
        self.energy.append(posed.weight * own + moving.offset(t))
        self.entropy.append(np.array([-float(np.sum(p * np.log(p, out=np.zeros_like(p), where=p > 0)))
                                      for p in psi.probabilities]))


def _mean(psi: MatrixProductState, moving: MovingWindows, t: float) -> float:
    """Return ⟨H⟩/ħ without the multiple of 1."""
    whole = moving.whole(t)
    return expected(psi, moving.at(t), moving.windows.width) if whole is None else whole.mean(psi)


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
            law = _EnergyLaw(self._posed, part, moving) if take is not None else None
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
                law: "_EnergyLaw | None") -> Iterator[float]:
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


class Gates:
    """The gates of steps; those of a constant H are made once."""

    def __init__(self, pace: Pace, part: Problem, moving: MovingWindows, psi: MatrixProductState) -> None:
        self._moving, self._pace, self._width = moving, pace, moving.windows.width
        self._distant, self._dims = moving.windows.distant, moving.windows.dims
        self._layers = layers(self._width, self._distant is not None)
        self._fixed = moving.constant and part.constant_weight
        self._known: dict[Any, Any] = {}
        self._levels: dict[bytes, tuple[Array, Array]] = {}
        self.charges = charges_of(self._dims) if self._keeps(psi) else ()

    def _keeps(self, psi: MatrixProductState) -> bool:
        """Whether H keeps total S_z at all times, and the state has one value of it."""
        windows, constant = self._moving.windows, self._moving.constant
        near = [self._moving.at(0.0)] if constant else windows.separate()
        far = [self._moving.distant(0.0)] if constant or self._distant is None else self._distant.separate()
        apart = [(h, [self._dims[i] for i in sorted(pair)]) for own in far for pair, h in own.items()]
        return all(keeps_charge(own, self._dims, self._width) for own in near) \
            and all(keeps_charge([h], dims, 2) for h, dims in apart) and bond_charges(psi) is not None

    def step(self, tensors: RoutedTensors, t: float, h: float) -> None:
        """Take one step h from t."""
        for k, layer in enumerate(self._layers):
            if k % 2 and self._distant is not None:
                tensors.travel(self._routes(tensors, layer, t, h))
            tensors.sweep(self._of(tensors, layer, t, h), self._width)
            if not k % 2 and self._distant is not None:
                tensors.travel(self._routes(tensors, layer, t, h))

    def _routes(self, tensors: RoutedTensors, layer: Layer, t: float, h: float) -> dict[int, dict[int, Any]]:
        """Return the gates of distant sites in a layer, by who travels and who is met."""
        key = ("distant", layer.share, h) if self._fixed else None
        if key in self._known:
            return self._known[key]
        at = t + layer.moment * h
        exponent, gates = self._pace(at) * layer.share * h, dict[int, dict[int, Any]]()
        for (i, j), operator in self._moving.distant(at).items():
            low, high = sorted((i, j))
            gate = self._exponential(operator, exponent, (self._dims[low], self._dims[high]))
            gates.setdefault(i, {})[j] = tensors.distant_gate(gate, low, high)
        if key is not None:
            self._known[key] = gates
        return gates

    def _of(self, tensors: RoutedTensors, layer: Layer, t: float, h: float) -> dict[int, Any]:
        """Return the gates of a layer by their first site."""
        key = (layer.parity, layer.share, h) if self._fixed else None
        if key in self._known:
            return self._known[key]
        at = t + layer.moment * h
        exponent, operators, made = self._pace(at) * layer.share * h, self._moving.at(at), dict[Any, Any]()
        gates = {}
        for k in self._moving.windows.starts:
            if layer.parity in (None, k % 2):
                dims = self._dims[k:k + self._width]
                name = operators[k].tobytes(), dims
                if name not in made:
                    made[name] = tensors.gate(self._exponential(operators[k], exponent, dims), k, self._width)
                gates[k] = made[name]
        if key is not None:
            self._known[key] = gates
        return gates

    def _exponential(self, operator: Array, exponent: complex, dims: tuple[int, ...]) -> Array:
        """Return exp(exponent · h) up to a factor, its largest entry about 1."""
        name = operator.tobytes()
        if name not in self._levels:
            if not self._fixed:
                self._levels.clear()
            self._levels[name] = np.linalg.eigh(operator)
        energies, vectors = self._levels[name]
        powers = exponent * energies
        gate = (vectors * np.exp(powers - powers.real.max())) @ vectors.conj().T
        if self.charges:
            gate[charged(dims)] = 0
        return np.asarray(gate)


class _EnergyLaw:
    """dE/dt = −2b Im(c) … ⟨ΔH²⟩ + Tr ρ ∂H/∂t, which for constant H is −ħκ Tr ρ̇² (q-LLG), held against E itself."""

    def __init__(self, posed: ChainProblem, part: Problem, moving: MovingWindows) -> None:
        self._posed, self._moving, self._pace = posed, moving, posed.pace(part)
        self._times: list[float] = []
        self._energies: list[float] = []
        self._powers: list[float] = []

    def add(self, t: float, psi: MatrixProductState) -> None:
        """Take E and what the law says of dE/dt, both over ħ; not twice where a step is as short as rounding."""
        if self._times and t - self._times[-1] <= 4 * np.spacing(abs(t)):
            return
        b, whole = self._posed.weight, self._moving.whole(t)
        variance = variance_of(psi, self._moving.at(t), self._moving.windows.width) if whole is None \
            else whole.variance(psi)
        power = 2 * b * self._pace(t).real * variance
        if not self._moving.constant:
            power += self._driven(t, psi)
        self._times.append(t)
        self._energies.append(b * _mean(psi, self._moving, t) + self._moving.offset(t))
        self._powers.append(power)

    def _driven(self, t: float, psi: MatrixProductState) -> float:
        """Tr ρ ∂H/∂t by differences inside the step before."""
        h = NEAR * ((t - self._times[-1]) if self._times else 1.0)
        change = (self._moving.amplitudes(t + h) - self._moving.amplitudes(t - h)) / (2 * h)
        windows = self._moving.windows
        return self._posed.weight * windows.mean(psi, change) + windows.offset(change)

    @property
    def residual(self) -> float:
        """The largest distance of E from the integral of the power, over this piece."""
        degree = min(DEGREE, len(self._times) - 1)
        if degree < 1:
            return 0.0
        integral = make_interp_spline(self._times, self._powers, degree).antiderivative()
        energies = np.array(self._energies)
        law = integral(self._times) - integral(self._times[0])
        return float(abs(energies - energies[0] - law).max())
