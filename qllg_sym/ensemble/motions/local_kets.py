r"""Few kets under fluctuating fields on each spin: those of `local_frames` without a matrix, at a cost O(Ndr)."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.friction import coupled, field_strength, noise_inside
from qllg_sym.ensemble.motions.kets import Nearby, NoisyKets, Tangent
from qllg_sym.flow.problem import Problem
from qllg_sym.observables.sites import spin_matrices

Array = NDArray[Any]


class LocalKets(NoisyKets):
    """Kets U whose noise depends on where they are; σ² = 2ħκk_BT with κ the friction of close levels.

    Args:
        problem: one row of q-LLG or q-LL.
        temperature: t ↦ k_BT.
    """

    steppers = ("midpoint",)

    def __init__(self, problem: Problem, temperature: Callable[[float], float]) -> None:
        super().__init__(problem, temperature)
        self._inside = noise_inside(problem.equation)

    @property
    def count(self) -> int:
        """Normal variates of one set of noise: three a site."""
        return 3 * len(self.problem.dims)

    @cached_property
    def _spins(self) -> list[Array]:
        """S_i/(ħ√s_i) of every site, (3, 2s + 1, 2s + 1)."""
        # `spin_matrices` gives S/(ħs)
        return [np.sqrt((size - 1) / 2) * np.array(spin_matrices(size)) for size in self.problem.dims]

    def fluctuation(self, states: Array | Nearby, t: float, normals: Array) -> Tangent:
        """Return −(i/ħ) W ∘ V† dX V for q-LLG, without W for q-LL."""
        size = np.sqrt(field_strength(self.problem, self.temperature(t), t))
        weight = self.weight(t) if self._inside else (coupled(self.gaps), np.ones(len(self.weights)))
        return self.weighted(states, lambda kets: size * self._turned(kets, normals), weight)

    def _turned(self, kets: Array, normals: Array) -> Array:
        """Return Σ_i S_i·w_i/(ħ√s_i) of kets (m, d, r), each trajectory with its own numbers w, (m, 3N)."""
        found, before = np.zeros_like(kets), 1
        for site, spin in enumerate(self._spins):
            field = np.einsum("ma,ajk->mjk", normals[:, 3 * site:3 * site + 3], spin)
            parts = kets.reshape(len(kets), before, len(spin[0]), -1)
            found += (field[:, None] @ parts).reshape(kets.shape)
            before *= len(spin[0])
        return found

    def rate(self, times: Array) -> float:
        """Return `turning` with the rate at which the fields turn spins."""
        total = sum((size + 1) / 2 for size in self.problem.dims)       # the sum of all (S_i/ħ)²/s_i
        noise = 0.0
        for t in times.tolist():
            largest = max(float(abs(each).max()) for each in self.weight(t)) if self._inside else 1.0
            noise = max(noise, total * field_strength(self.problem, self.temperature(t), t) * largest**2)
        return self.turning(times) + noise
