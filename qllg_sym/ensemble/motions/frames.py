r"""Frames under invariant noise: $dV = -\frac{i}{\hbar}V(W\circ V^\dagger HV\,dt+dN)$."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.friction import close_friction, coupled, friction, noise_amplitudes
from qllg_sym.ensemble.group import conjugate_transposes, exponential, orthonormal
from qllg_sym.flow.problem import Problem
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
COMPILED = 16           # dimension up to which steps of frames are compiled; see `native`


class Frames:
    """Frames V, (m, d, d), of trajectories that share levels p and numbers.

    Noise is drawn in the frame: its law is the same in every basis. Pairs of equal levels neither turn nor need any.

    Args:
        problem: one row of a law that keeps the spectrum.
        temperature: t ↦ k_BT.
    """

    name = "frames"
    steppers: tuple[str, ...] = ("strang", "euler")

    def __init__(self, problem: Problem, temperature: Callable[[float], float]) -> None:
        levels, frames = problem.start.full()
        self.problem, self.temperature, self.levels, self.start = problem, temperature, levels[0], frames[0]
        self.gaps = self.levels[:, None] - self.levels
        self._weight = problem.weight(self.gaps)
        self.pairs = np.nonzero(np.triu(coupled(self.gaps)))
        self._moving, self._last = not problem.constant_weight, (np.nan, np.empty(0))

    @property
    def count(self) -> int:
        """Normal variates of one set of noise: two for each pair of different levels."""
        return 2 * len(self.pairs[0])

    def weight(self, t: float) -> Array:
        """Return W of every pair of different levels, (d, d)."""
        return self._weight(t) * coupled(self.gaps) if self._moving else self._fixed

    @cached_property
    def _fixed(self) -> Array:
        return self._weight(0.0) * coupled(self.gaps)

    def damping(self, t: float) -> float:
        """Return the least friction of any pair of levels, or of levels that lie close."""
        pairs = friction(self.gaps, self.weight(t))[self.pairs]
        return float(min([close_friction(self.problem, t), *pairs]))

    def drift(self, states: Array, t: float) -> Array:
        """Return −(i/ħ) W ∘ V†HV."""
        h = self.problem.matrices(t)[0]
        return np.asarray((-1j * self.weight(t)) * (conjugate_transposes(states) @ (h @ states)))

    def fluctuation(self, states: Array, t: float, normals: Array) -> Array:
        """Return −(i/ħ) σ ∘ Ξ, with ⟨|Ξ_jk|²⟩ = 1."""
        size = self.sizes(t)
        half = normals.shape[-1] // 2
        upper = (normals[:, half:] - 1j * normals[:, :half]) * size
        found = np.zeros((len(normals), *self.gaps.shape), dtype=complex)
        found[:, self.pairs[0], self.pairs[1]] = upper
        found[:, self.pairs[1], self.pairs[0]] = -upper.conj()
        return found

    def sizes(self, t: float) -> Array:
        """Return σ_jk/(√2 ħ) of the pairs of different levels, again only where the temperature or W is another."""
        kT, (known, found) = self.temperature(t), self._last        # read once: threads share a motion
        if self._moving or kT != known:
            found = noise_amplitudes(self.gaps, self.weight(t), kT, self.problem.hbar)[self.pairs] / np.sqrt(2)
            self._last = kT, found
        return found

    @staticmethod
    def bracket(first: Array, second: Array) -> Array:
        """Return [A, B] of anti-Hermitian matrices."""
        product = first @ second
        return np.asarray(product - conjugate_transposes(product))

    def together(self, one: Array, other: Array, formula: Callable[..., Array]) -> Array:
        """Return a formula of two generators and their commutators."""
        return formula(one, other, self.bracket)

    @staticmethod
    def near(states: Array, generators: Array) -> Array:
        """Return V(1 + Ω)."""
        return np.asarray(states + states @ generators)

    @staticmethod
    def moved(states: Array, generators: Array) -> Array:
        """Return V exp Ω."""
        return np.asarray(states @ exponential(generators))

    polished = staticmethod(orthonormal)

    def turning(self, times: Array) -> float:
        """Return the largest spread of H/ħ times |W| at some times."""
        found = 0.0
        for t in times.tolist():
            levels = np.linalg.eigvalsh(self.problem.matrices(t)[0])
            found = max(found, float((levels[-1] - levels[0]) * abs(self.weight(t)).max()))
        return found

    def rate(self, times: Array) -> float:
        """Return `turning` with the rate at which noise mixes the levels."""
        mixing = (noise_amplitudes(self.gaps, self.weight(t), self.temperature(t), self.problem.hbar)**2
                  for t in times.tolist())
        return self.turning(times) + max(float(rates.sum(axis=1).max()) for rates in mixing)

    def held(self, states: Array) -> Ensemble:
        """Return the states of all trajectories at one time."""
        return Ensemble(self.problem.dims, kets=states, weights=self.levels)

    def energy(self, states: Array, t: float) -> Array:
        """Return Tr ρH, (m,)."""
        populations = ((self.problem.matrices(t)[0] @ states) * states.conj()).sum(axis=1).real
        return np.asarray(self.problem.hbar * (populations * self.levels).sum(axis=-1))
