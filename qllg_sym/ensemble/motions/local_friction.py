r"""Frames under local Gilbert friction and fields on each spin: noise and friction of every spin by itself.

$dV = -\frac{i}{\hbar}V\,V^\dagger(H\,dt + dX + F)V$, $dX = \sigma\sum_i\mathbf S_i\cdot d\mathbf W_i/\hbar\sqrt{s_i}$,
$F = \alpha\hbar\sum_i\sigma_i\cdot d\langle\sigma_i\rangle/s_i$ with σ_i = S_i/ħ, inside which the noise is, too.
With σ² = 2ħαk_BT the stationary law on the orbit is exp(−Tr ρH/k_BT) where H and the spins' operators generate su(d).
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from qllg_sym.algebra.symbols import t as clock
from qllg_sym.ensemble.friction import coupled
from qllg_sym.ensemble.group import conjugate_transposes, cross
from qllg_sym.ensemble.motions.frames import Array, Frames
from qllg_sym.flow.methods.local import friction_of
from qllg_sym.flow.problem import Problem
from qllg_sym.observables.sites import spin_matrices


class LocalFriction(Frames):
    """Frames V of a law whose friction is that of each spin by itself, under noise on each spin.

    Args:
        problem: one row of local Gilbert friction.
        temperature: t ↦ k_BT.

    Attributes:
        lengths: s_i of the spins, (N,).
        spins: σ of every site and direction, (3N, d, d).
    """

    steppers = ("implicit", "midpoint")

    def __init__(self, problem: Problem, temperature: Callable[[float], float]) -> None:
        levels, frames = problem.start.full()
        self.problem, self.temperature, self.levels, self.start = problem, temperature, levels[0], frames[0]
        self.gaps = self.levels[:, None] - self.levels
        self._apart = coupled(self.gaps)
        self._alpha = friction_of(problem)
        self.lengths = np.array([(n - 1) / 2 for n in problem.dims])
        self.spins = _all_spins(problem.dims)

    @property
    def count(self) -> int:
        """Normal variates of one set of noise: three a site."""
        return 3 * len(self.problem.dims)

    def weight(self, t: float) -> Array:
        """Return which pairs of levels turn, (d, d)."""
        return self._apart

    def damping(self, t: float) -> float:
        """Return α."""
        return self._alpha(t)

    @cached_property
    def constant_damping(self) -> bool:
        """Whether α does not depend on time."""
        moving = any(callable(value) for value in self.problem.values.values())
        return not moving and not any(x.has(clock) for x in self.problem.equation.law.coefficients())

    def drift(self, states: Array, t: float) -> Array:
        """Return −(i/ħ) V†(H + F)V between different levels."""
        return self._damped(states, self.problem.matrices(t)[0], t)

    def fluctuation(self, states: Array, t: float, normals: Array) -> Array:
        """Return −(i/ħ) V†(dX + F)V between different levels, F that of the noise."""
        return self._damped(states, self._summed(normals * self.sizes(t)), t)

    def increment(self, states: Array, times: tuple[float, float], h: float, normals: Array) -> Array:
        """Return what H at the first time and noise at the second do in a step, with their friction."""
        noise = self._summed(np.sqrt(h) * self.sizes(times[1]) * normals)
        return self._damped(states, h * self.problem.matrices(times[0])[0] + noise, times[0])

    @staticmethod
    def near(states: Array, generators: Array) -> Array:
        """Return V(1 + Ω + Ω²/2 + Ω³/6): lengths of spins enter the friction, and Ω grows as the root of the step."""
        found = states
        for order in (3, 2, 1):
            found = states + found @ generators / order
        return np.asarray(found)

    def strength(self, t: float) -> float:
        """Return σ²/ħ² = 2αk_BT/ħ, 1/time."""
        return 2 * self._alpha(t) * self.temperature(t) / self.problem.hbar

    def sizes(self, t: float) -> Array:
        """Return σ/ħ√s_i, of every site and direction, (3N,)."""
        return np.asarray(np.sqrt(self.strength(t) / np.repeat(self.lengths, 3)))

    def _damped(self, states: Array, h: Array, t: float) -> Array:
        """Return −iV†(h + F/ħ)V between different levels; h, (d, d) or (m, d, d), turns V without friction."""
        rho = (states * self.levels) @ conjugate_transposes(states)
        torque, mean = 2 * self._traces(h @ rho).imag, self._traces(rho).real
        share = self._alpha(t) / self.lengths[:, None]
        friction = self._summed((share * _velocities(torque, share * mean)).reshape(len(states), -1))
        return np.asarray(-1j * self._apart * (conjugate_transposes(states) @ ((h + friction) @ states)))

    def _traces(self, matrices: Array) -> Array:
        """Return Tr σA of every site and direction, (m, N, 3), a product a trajectory: none sees others."""
        found = self.spins.reshape(len(self.spins), -1) @ matrices.swapaxes(1, 2).reshape(len(matrices), -1, 1)
        return np.asarray(found.reshape(len(matrices), -1, 3))

    def _summed(self, numbers: Array) -> Array:
        """Return Σ_a x_a σ_a, (m, d, d), of numbers (m, 3N)."""
        found = numbers[:, None, :] @ self.spins.reshape(len(self.spins), -1)
        return np.asarray(found.reshape(len(numbers), *self.gaps.shape))

    def rate(self, times: Array) -> float:
        """Return how fast H and its friction turn states, with the rate at which the fields do."""
        h = [self.problem.matrices(t)[0] for t in times.tolist()]
        widths = [float(np.ptp(np.linalg.eigvalsh(each))) for each in h]
        alphas, strengths = (max(abs(f(t)) for t in times.tolist()) for f in (self._alpha, self.strength))
        widest = h[int(np.argmax(widths))]
        # |d⟨σ_i⟩/dt| is at most that without friction, at most the norm of [H, σ_i]/ħ
        torques = np.linalg.norm(widest @ self.spins - self.spins @ widest, 2, axis=(1, 2)).reshape(-1, 3)
        friction = 2 * alphas * float(np.sqrt((torques**2).sum(axis=1)).sum())
        return float(np.hypot(max(widths), friction) + (self.lengths + 1).sum() * strengths * (1 + alphas**2))


def _all_spins(dims: tuple[int, ...]) -> Array:
    """Return σ of every site and direction, (3N, d, d).

    >>> _all_spins((2, 3)).shape
    (6, 6, 6)
    """
    found = []
    for site, size in enumerate(dims):
        before, after = int(np.prod(dims[:site])), int(np.prod(dims[site + 1:]))
        # `spin_matrices` gives S/(ħs)
        found += [np.kron(np.kron(np.eye(before), (size - 1) / 2 * spin), np.eye(after))
                  for spin in spin_matrices(size)]
    return np.array(found)


def _velocities(torque: Array, a: Array) -> Array:
    """Return the v with v + a × v = τ, all (…, 3).

    >>> _velocities(np.array([1.0, 0, 0]), np.array([0, 0, 1.0])).tolist()
    [0.5, -0.5, 0.0]
    """
    along = (a * torque).sum(axis=-1, keepdims=True)
    return np.asarray((torque - cross(a, torque) + a * along) / (1 + (a**2).sum(axis=-1, keepdims=True)))
