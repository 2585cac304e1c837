r"""Few kets U of large spaces under invariant noise: the columns of a frame that are no background, at a cost O(dr).

A generator of frames takes U to UA + C with A anti-Hermitian, (r, r), and U†C = 0. It leaves the space that U and C
span as it is, so that its exponential there is one of small matrices: of

$$\hat\Omega\,[U, C] = [U, C]\begin{pmatrix} A & -C^\dagger C\\ 1 & 0\end{pmatrix}.$$

The noise outside of U is $C = -i\sigma(1-UU^\dagger)G/\hbar$ with independent complex Gaussian numbers G, (d, r). Every
step is that of the whole frame, with the same numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.friction import close_friction, coupled, friction, noise_amplitudes
from qllg_sym.ensemble.group import conjugate_transposes, exponential, orthonormal
from qllg_sym.ensemble.motions.frames import COMPILED
from qllg_sym.flow.problem import Problem
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
KETS_IN_SPACE = 4       # times r is d at least: else matrices of frames cost no more
KETS_IN_COMPILED = 12   # the same where steps of frames are compiled


@dataclass(frozen=True)
class Tangent:
    """A generator at kets U: U ↦ U · block + outside.

    Attributes:
        block: (m, r, r), anti-Hermitian.
        outside: (m, d, r), orthogonal to U.
    """

    block: Array
    outside: Array
    __array_ufunc__ = None          # so that NumPy's numbers leave products to this class

    def __rmul__(self, factor: float) -> "Tangent":
        """Return a multiple."""
        return Tangent(factor * self.block, factor * self.outside)

    def __add__(self, other: "Tangent") -> "Tangent":
        """Return the sum."""
        return Tangent(self.block + other.block, self.outside + other.outside)


@dataclass(frozen=True)
class InSpan:
    """A generator in the space that kets and some columns span.

    Attributes:
        matrix: what it does to [U, columns], (m, n, n).
        columns: (m, d, n − r).
    """

    matrix: Array
    columns: Array


@dataclass(frozen=True)
class Nearby:
    """NoisyKets that a generator has moved to first order; the rest of their frame is moved by it, too.

    Attributes:
        kets: U, before.
        tangent: the generator.
    """

    kets: Array
    tangent: Tangent

    @property
    def moved(self) -> Array:
        """U + UA + C."""
        return np.asarray(self.kets + self.kets @ self.tangent.block + self.tangent.outside)

    @property
    def rest(self) -> Array:
        """U + C, whose products with U† are what the rest of the frame, moved, has no part in."""
        return np.asarray(self.kets + self.tangent.outside)


class NoisyKets:
    """NoisyKets U, (m, d, r), of trajectories that share weights over a common level, and numbers.

    Args:
        problem: one row of a law that keeps the spectrum.
        temperature: t ↦ k_BT.
    """

    name = "kets"
    steppers: tuple[str, ...] = ("strang", "euler")

    def __init__(self, problem: Problem, temperature: Callable[[float], float]) -> None:
        state = problem.start.thin()
        self.problem, self.temperature, self.start = problem, temperature, state.kets[0]
        self.weights, self.background = state.weights[0], float(state.background[0])
        self.gaps = self.weights[:, None] - self.weights
        self._inner, self._outer = problem.weight(self.gaps), problem.weight(-self.weights)
        self.pairs = np.nonzero(np.triu(coupled(self.gaps)))

    @property
    def count(self) -> int:
        """Normal variates of one set of noise: two for each pair of different kets and for each entry."""
        return 2 * (len(self.pairs[0]) + self.start.size)

    def damping(self, t: float) -> float:
        """Return the least friction of any pair of levels, or of levels that lie close."""
        inner = friction(self.gaps, self._inner(t))[self.pairs]
        outer = friction(-self.weights, self._outer(t))
        return float(min([close_friction(self.problem, t), *inner, *outer]))

    def drift(self, states: Array | Nearby, t: float) -> Tangent:
        """Return −(i/ħ) W ∘ V†HV of the frames of kets, or of kets nearby."""
        return self.weighted(states, lambda kets: self._applied(kets, t), self.weight(t))

    @staticmethod
    def weighted(states: Array | Nearby, operator: Callable[[Array], Array], weight: tuple[Array, Array]) -> Tangent:
        """Return −i W ∘ V†XV of the frames of kets, or of kets nearby.

        Args:
            states: where.
            operator: kets ↦ X · kets, Hermitian, in a fresh array.
            weight: W between kets, (r, r), and of each ket with the rest, (r,).
        """
        base, kets, rest = (states.kets, states.moved, states.rest) if isinstance(states, Nearby) else (states,) * 3
        image = operator(kets)
        within = conjugate_transposes(kets) @ image
        image -= rest @ (conjugate_transposes(base) @ image)
        return Tangent(-1j * weight[0] * within, -1j * weight[1] * image)

    def fluctuation(self, states: Array, t: float, normals: Array) -> Tangent:
        """Return −(i/ħ) σ ∘ Ξ, with ⟨|Ξ_jk|²⟩ = 1, within the kets and outside."""
        m, d, r = states.shape
        pairs, (inner, outer) = len(self.pairs[0]), self.sizes(t)
        upper = (normals[:, pairs:2 * pairs] - 1j * normals[:, :pairs]) * inner
        block = np.zeros((m, r, r), dtype=complex)
        block[:, self.pairs[0], self.pairs[1]] = upper
        block[:, self.pairs[1], self.pairs[0]] = -upper.conj()
        real, imaginary = normals[:, 2 * pairs:].reshape(m, 2, d, r).swapaxes(0, 1)
        gaussian = real + 1j * imaginary
        gaussian = gaussian * (-1j * outer)
        return Tangent(block, gaussian - states @ (conjugate_transposes(states) @ gaussian))

    def weight(self, t: float) -> tuple[Array, Array]:
        """Return W of every pair of different kets, (r, r), and of each ket with the rest, (r,)."""
        return self._inner(t) * coupled(self.gaps), self._outer(t)

    def sizes(self, t: float) -> tuple[Array, Array]:
        """Return σ/(√2 ħ) of the pairs of different kets, and of each ket with the rest, (r,)."""
        kT, hbar = self.temperature(t), self.problem.hbar
        return (noise_amplitudes(self.gaps, self._inner(t), kT, hbar)[self.pairs] / np.sqrt(2),
                noise_amplitudes(-self.weights, self._outer(t), kT, hbar) / np.sqrt(2))

    @staticmethod
    def bracket(first: Array, second: Array) -> Array:
        """Return [A, B] of what generators do in one span."""
        return np.asarray(first @ second - second @ first)

    def together(self, one: Tangent, other: Tangent, formula: Callable[..., Any]) -> InSpan:
        """Return a formula of two generators and their commutators, in the space that kets and both span."""
        columns = np.concatenate([one.outside, other.outside], axis=2)
        m, _, r = one.outside.shape
        both = []
        for place, tangent in ((1, one), (2, other)):
            matrix = np.zeros((m, 3 * r, 3 * r), dtype=complex)
            matrix[:, :r, :r] = tangent.block
            matrix[:, :r, r:] = -(conjugate_transposes(tangent.outside) @ columns)
            matrix[:, place * r:(place + 1) * r, :r] = np.eye(r)
            both.append(matrix)
        return InSpan(formula(*both, self.bracket), columns)

    @staticmethod
    def near(states: Array, generators: Tangent) -> Nearby:
        """Return the kets moved by a generator to first order, with it."""
        return Nearby(states, generators)

    @staticmethod
    def moved(states: Array, generators: Tangent | InSpan) -> Array:
        """Return the kets moved by the exponential of a generator."""
        r = states.shape[2]
        if isinstance(generators, Tangent):
            block, columns = generators.block, generators.outside
            matrix = np.zeros((len(states), 2 * r, 2 * r), dtype=complex)
            matrix[:, :r, :r], matrix[:, r:, :r] = block, np.eye(r)
            matrix[:, :r, r:] = -(conjugate_transposes(columns) @ columns)
        else:
            matrix, columns = generators.matrix, generators.columns
        step = exponential(matrix)[:, :, :r]
        return np.asarray(states @ step[:, :r] + columns @ step[:, r:])

    polished = staticmethod(orthonormal)

    def turning(self, times: Array) -> float:
        """Return the largest spread of H/ħ that its bounds allow times |W|."""
        found = 0.0
        for t in times.tolist():
            low, high = self.problem.action.bounds(t)
            found = max(found, (high - low) * max(float(abs(each).max()) for each in self.weight(t)))
        return found

    def rate(self, times: Array) -> float:
        """Return `turning` with the rate at which noise mixes kets."""
        (d, r), mixing = self.start.shape, 0.0
        for t in times.tolist():
            (inner, outer), given = self.weight(t), (self.temperature(t), self.problem.hbar)
            within = (noise_amplitudes(self.gaps, inner, *given)**2).sum(axis=1)
            outside = (d - r) * noise_amplitudes(-self.weights, outer, *given)**2
            mixing = max(mixing, float((within + outside).max()))
        return self.turning(times) + mixing

    def held(self, states: Array) -> Ensemble:
        """Return the states of all trajectories at one time."""
        return Ensemble(self.problem.dims, kets=states, weights=self.weights, background=self.background)

    def energy(self, states: Array, t: float) -> Array:
        """Return Tr ρH, (m,)."""
        each = (self._applied(states, t) * states.conj()).sum(axis=1).real @ self.weights
        return np.asarray(self.problem.hbar * (each + self.background * self.problem.action.trace(t)))

    def _applied(self, kets: Array, t: float) -> Array:
        """Return H/ħ of all kets, (m, d, r), in a fresh array."""
        m, d, r = kets.shape
        side_by_side = np.ascontiguousarray(kets.transpose(1, 0, 2)).reshape(d, m * r)
        image = self.problem.action.apply(side_by_side, t).reshape(d, m, r)
        return np.ascontiguousarray(image.transpose(1, 0, 2))


def cheaper_by_kets(problem: Problem) -> bool:
    """Return whether invariant noise moves so few kets that matrices of frames are not worth their cost."""
    d = problem.equation.model.space.dimension
    return 0 < (KETS_IN_COMPILED if d <= COMPILED else KETS_IN_SPACE) * problem.start.rank <= d
