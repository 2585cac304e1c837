r"""Frames under fluctuating fields on each spin: $dX = \sigma\sum_i \mathbf S_i\cdot d\mathbf W_i/\hbar\sqrt{s_i}$."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.friction import coupled, field_strength, noise_inside
from qllg_sym.ensemble.group import conjugate_transposes
from qllg_sym.ensemble.motions.frames import Frames
from qllg_sym.flow.problem import Problem
from qllg_sym.observables.sites import spin_matrices

Array = NDArray[Any]


class LocalFrames(Frames):
    """Frames V whose noise depends on where they are; σ² = 2ħκk_BT with κ the friction of close levels.

    Args:
        problem: one row of q-LLG or q-LL.
        temperature: t ↦ k_BT.

    Attributes:
        inside: whether noise stands wherever H does; else in the precession term alone.
    """

    steppers = ("midpoint",)

    def __init__(self, problem: Problem, temperature: Callable[[float], float]) -> None:
        super().__init__(problem, temperature)
        self.inside = noise_inside(problem.equation)

    @property
    def count(self) -> int:
        """Normal variates of one set of noise: three a site."""
        return 3 * len(self.problem.dims)

    @cached_property
    def fields(self) -> Array:
        """S_i/(ħ√s_i) of every site and direction, (3N, d, d)."""
        dims, found = self.problem.dims, []
        for site, size in enumerate(dims):
            before, after = int(np.prod(dims[:site])), int(np.prod(dims[site + 1:]))
            # `spin_matrices` gives S/(ħs)
            found += [np.kron(np.kron(np.eye(before), np.sqrt((size - 1) / 2) * spin), np.eye(after))
                      for spin in spin_matrices(size)]
        return np.array(found)

    def fluctuation(self, states: Array, t: float, normals: Array) -> Array:
        """Return −(i/ħ) W ∘ V† dX V for q-LLG, without W for q-LL."""
        total = np.zeros(states.shape, dtype=complex)
        for field, each in zip(self.fields, normals.T, strict=True):
            total += each[:, None, None] * field
        weight = self.weight(t) if self.inside else coupled(self.gaps)
        in_frame = conjugate_transposes(states) @ (total @ states)
        return np.asarray((-1j * np.sqrt(self.strength(t)) * weight) * in_frame)

    def strength(self, t: float) -> float:
        """Return σ²/ħ² = 2κk_BT/ħ, 1/time."""
        return field_strength(self.problem, self.temperature(t), t)

    def rate(self, times: Array) -> float:
        """Return the spread of H/ħ times the largest |W|, with the rate at which the fields turn spins."""
        total = sum((size + 1) / 2 for size in self.problem.dims)       # the sum of all (S_i/ħ)²/s_i
        inside = (abs(self.weight(t)).max()**2 if self.inside else 1.0 for t in times.tolist())
        noise = max(total * self.strength(t) * each for t, each in zip(times.tolist(), inside, strict=True))
        return float(self.turning(times) + noise)
