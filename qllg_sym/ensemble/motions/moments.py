r"""Classical unit moments under Brown's noise: $d\mathbf m = (\boldsymbol\omega\,dt + d\mathbf N)\times\mathbf m$."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen import build
from qllg_sym.ensemble.group import cross, rotated
from qllg_sym.equations.implicit_equation import LawOfMotion
from qllg_sym.equations.lowering import energy_kernel, kernel
from qllg_sym.flow.problem import Problem
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.terms.zeeman import Zeeman

Array = NDArray[Any]
DIRECTIONS = 64     # in which fields are looked at


class Moments:
    r"""Unit moments, (m, N, 3): fields whose noise γ_g b keeps exp(−E/k_BT) turn them on the sphere.

    Inside LLG it is $\langle\mathbf b\mathbf b\rangle = 2\alpha k_BT/(\gamma_g\hbar\gamma_gs_i)$ a direction. What it
    does to a moment is a turn of strength 2k_BTλ/(ħs_i) in all directions across, λ being the rate at which a moment
    across a unit field turns to it: α/(1 + α²) for LLG.

    Args:
        problem: one row of a classical law.
        temperature: t ↦ k_BT.

    Attributes:
        velocity: dm/dt, generated.
        moving_values: whether some parameter is a function of time.
    """

    name = "moments"
    steppers = ("strang", "euler")

    def __init__(self, problem: Problem, temperature: Callable[[float], float]) -> None:
        equation = problem.equation
        self.problem, self.temperature, self.start = problem, temperature, np.array(problem.start.moments[0])
        self.velocity = build.load(kernel(equation.moments(), "any"))
        self._energy = build.load(energy_kernel(equation.model, equation.field), "numpy")
        self._across = build.load(kernel(unit_field(equation.law).moments(), "any"), "numpy")
        # PRL's classical energy is that whose gradient is the field; the mean one is ħs times that.
        spins = equation.model.space.numeric_spins
        sizes = [1.0 if equation.field == "paper" else problem.hbar * float(s) for s in spins]
        self._spins = np.array(sizes)[:, None]
        self.moving_values = any(callable(value) for value in problem.values.values())

    @property
    def count(self) -> int:
        """Normal variates of one set of noise: three a site."""
        return 3 * len(self.start)

    @cached_property
    def constant_damping(self) -> bool:
        """Whether damping does not depend on time."""
        return not self.moving_values and not any(x.has(clock) for x in self.problem.equation.law.coefficients())

    def damping(self, t: float) -> float:
        """Return the rate at which a moment along x turns to a unit field along z."""
        p = self.problem.parameters(self._across.kernel.parameters, t)[:, 0]
        return float(self._across(t, np.array([1.0, 0, 0]), p)[2])

    def drift(self, states: Array, t: float) -> Array:
        """Return ω = m × ṁ."""
        return cross(states, self._of(self.velocity, states, t).reshape(states.shape))

    def fluctuation(self, states: Array, t: float, normals: Array) -> Array:
        """Return turns in all directions, (m, N, 3)."""
        return np.asarray(normals.reshape(states.shape) * self.sizes(t))

    def sizes(self, t: float) -> Array:
        """Return the size of the noise of every site, (N, 1), 1/√time."""
        if not self.temperature(t):
            return np.zeros(self._spins.shape)
        return np.asarray(np.sqrt(2 * self.temperature(t) * self.damping(t) / self._spins))

    @staticmethod
    def bracket(first: Array, second: Array) -> Array:
        """Return the commutator of turns, A × B."""
        return cross(first, second)

    def together(self, one: Array, other: Array, formula: Callable[..., Array]) -> Array:
        """Return a formula of two generators and their commutators."""
        return formula(one, other, self.bracket)

    @staticmethod
    def near(states: Array, generators: Array) -> Array:
        """Return m + Ω × m."""
        return np.asarray(states + cross(generators, states))

    @staticmethod
    def moved(states: Array, generators: Array) -> Array:
        """Return m turned about Ω."""
        return rotated(states, generators)

    @staticmethod
    def polished(states: Array) -> Array:
        """Return moments of length 1."""
        return np.asarray(states / np.sqrt((states**2).sum(axis=-1, keepdims=True)))

    def rate(self, times: Array) -> float:
        """Return the fastest turn of moments that point anywhere, with the rate at which noise turns them."""
        anywhere = np.random.default_rng(0).standard_normal((DIRECTIONS, *self.start.shape))
        looked = np.concatenate([self.start[None], self.polished(anywhere)])
        return max(float(np.sqrt((self.drift(looked, t)**2).sum(axis=-1)).max()
                         + (4 * self.temperature(t) * self.damping(t) / self._spins).max()) for t in times.tolist())

    def held(self, states: Array) -> Array:
        """Return the moments, of which a reader may do what it likes."""
        return states.copy()

    def energy(self, states: Array, t: float) -> Array:
        """Return the classical energy, (m,)."""
        return self._of(self._energy, states, t)[:, 0]

    def _of(self, function: build.Function, states: Array, t: float) -> Array:
        """Return a function of the moments of every trajectory, (m, …)."""
        p = self.problem.parameters(function.kernel.parameters, t)[:, 0]
        return function.rows(t, states.reshape(len(states), -1), p)


def unit_field(law: LawOfMotion) -> Any:
    """Return a classical law's equation of one moment in a unit field along z."""
    return law.derive(Model(Space("1/2"), [Zeeman((0, 0, 1))]))
