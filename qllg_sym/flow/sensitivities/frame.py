r"""Derivatives of ρ(t) by parameters: the frame form, linearised along its own motion.

ρ = V p V† with constant p, V̇ = −iV K and K = W ∘ G, G = V†HV/ħ. A parameter θ changes ρ by V([Ω, p] + D)V† with a
constant D that commutes with p (what changes the spectrum, 0 unless the start depends on θ), and

$$\dot\Omega = i[K, \Omega] - i\bigl(W\circ([G, \Omega] + V^\dagger\tfrac{\partial H}{\partial\theta}V/\hbar)
+ \tfrac{\partial W}{\partial\theta}\circ G + W'\circ[D, G]\bigr),$$

anti-Hermitian. Levels that agree do not turn into each other, as nothing is seen of it. A jump of H(t) at τ(θ) adds
i(K(τ+) − K(τ−)) ∂τ/∂θ to Ω.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.tangent import parameter_derivative, tangent
from qllg_sym.equations.lowering import weight_kernel
from qllg_sym.flow.hamiltonians.derivative import derivative
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.sensitivities.switching import followed
from qllg_sym.flow.steps.field import Field

Array = NDArray[Any]
LARGEST = 128       # dimension: V and one Ω a parameter are d × d matrices
EQUAL = 1e-14       # populations nearer than this are equal


@dataclass(frozen=True)
class FrameStart:
    """ρ at the first time and its derivatives, by levels.

    Attributes:
        levels: p, (d,).
        frame: V, (d, d).
        apart: whether two levels differ, (d, d).
        turned: Ω, (parameters, d, d).
        own: D, (parameters, d, d).
    """

    levels: Array
    frame: Array
    apart: Array
    turned: Array
    own: Array

    @classmethod
    def of(cls, problem: Problem, start: Array) -> "FrameStart":
        """Return them from ∂ρ/∂θ, (parameters, d, d)."""
        levels, frames = problem.start.full()
        p, v = levels[0], frames[0]
        gaps = p[:, None] - p
        apart = abs(gaps) > EQUAL
        inner = v.conj().T @ start @ v
        turned = np.divide(inner, -gaps, out=np.zeros_like(inner), where=np.broadcast_to(apart, inner.shape))
        return cls(p, v, apart, turned, np.where(apart, 0, inner))

    @property
    def gaps(self) -> Array:
        """p_j − p_k, (d, d)."""
        return np.asarray(self.levels[:, None] - self.levels)

    def derivatives(self, v: Array, turned: Array) -> Array:
        """Return V([Ω, p] + D)V†, (parameters, n, d, d), for V (n, d, d) and Ω (parameters, n, d, d)."""
        inner = turned * self.levels - self.levels[:, None] * turned + self.own[:, None]
        return np.asarray(v @ inner @ v.conj().swapaxes(-1, -2))


def of_frame(problem: Problem, names: Sequence[str], start: Array) -> Array:
    """Return ∂ρ/∂θ at all times, (parameters, n, d, d)."""
    first = FrameStart.of(problem, start)
    shape = (1 + len(names), *first.frame.shape)
    packed = np.concatenate([first.frame[None], first.turned]).astype(complex).view(float).ravel()

    def motion(part: Problem) -> tuple[Field, Array]:
        """Return the motion of V and of every Ω."""
        moving = FrameTangents(part, names, first)

        def slope(t: float, y: Array) -> Array:
            """Return the slopes of V and of every Ω."""
            both = np.ascontiguousarray(y).view(complex).reshape(shape)
            return moving.slopes(t, both[0], both[1:]).view(float).ravel()

        return Field(len(packed), 0, lambda data: slope), np.empty((1, 0))

    def jump(y: Array, slopes: Array, shift: Array) -> Array:
        """Turn every Ω by what a jump at another time does: V̇ = −iVK before and behind it."""
        both = y.view(complex).reshape(shape).copy()
        before, behind = (np.ascontiguousarray(s).view(complex).reshape(shape)[0] for s in slopes)
        both[1:] += shift[:, None, None] * (both[0].conj().T @ (before - behind))
        return both.view(float).ravel()

    samples = followed(problem, packed, motion, names, jump)
    both = np.ascontiguousarray(samples).view(complex).reshape(len(samples), *shape)
    return first.derivatives(both[:, 0], both[:, 1:].swapaxes(0, 1))


class FrameTangents:
    """V and Ω of every parameter on a smooth piece of time.

    Args:
        problem: one row, smooth in time.
        names: of the parameters.
        start: levels and D.
    """

    def __init__(self, problem: Problem, names: Sequence[str], start: FrameStart) -> None:
        self._problem, self._apart, gaps = problem, start.apart, start.gaps
        self._weight = problem.weight(gaps)
        h, still = problem.hamiltonian, problem.hamiltonian.constant
        fields = [derivative(h, name) for name in names]
        nothing = np.zeros(h.parts.shape[1:], dtype=complex)
        self.fields = _once(lambda t: np.array([nothing if one is None else one(t, problem.parameters(h.names, t)[:, 0])
                                                for one in fields]), still)
        weights = [weight_derivative(problem, gaps, name) for name in names]
        self.weights = _once(lambda t: start.apart * np.array([weight(t) for weight in weights]),
                             problem.constant_weight)
        self._own = start.own if start.own.any() else None
        self._bend = _once(weight_derivative(problem, gaps, None), problem.constant_weight)

    def at(self, t: float, v: Array) -> tuple[Array, Array]:
        """Return V†HV/ħ and W, 0 between equal levels."""
        return v.conj().T @ self._problem.matrices(t)[0] @ v, self._apart * self._weight(t)

    def slopes(self, t: float, v: Array, omega: Array) -> Array:
        """Return the slopes of V and of every Ω, (1 + parameters, d, d)."""
        g, w = self.at(t, v)
        k, found = w * g, np.empty((1 + len(omega), *v.shape), dtype=complex)
        found[0] = -1j * v @ k
        inner = g @ omega - omega @ g + v.conj().T @ self.fields(t) @ v
        found[1:] = 1j * (k @ omega - omega @ k - w * inner) + self.spectral(t, g)
        return found

    def velocity(self, t: float, v: Array) -> Array:
        """Return V̇."""
        g, w = self.at(t, v)
        return np.asarray(-1j * v @ (w * g))

    def adjoint(self, t: float, v: Array, mu: Array) -> tuple[Array, Array, Array]:
        """Return V̇, μ̇ = −A†μ of the adjoint of Ω̇ = AΩ + b, and Re Tr μ†b of every parameter, (parameters,)."""
        g, w = self.at(t, v)
        k, bent = w * g, w.conj() * mu
        back = 1j * (k @ mu - mu @ k - g @ bent + bent @ g)
        inner = v @ (-1j * w * mu.conj()).T @ v.conj().T
        driven = np.einsum("jk,pkj->p", inner, self.fields(t)) + np.einsum("jk,pjk->p", mu.conj(), self.spectral(t, g))
        return -1j * v @ k, back, driven.real

    def spectral(self, t: float, g: Array) -> Array:
        """Return what ∂W/∂θ and a moving spectrum add, −i(∂W/∂θ ∘ G + W′ ∘ [D, G]), (parameters, d, d)."""
        found = self.weights(t) * g
        if self._own is not None:
            found = found + self._apart * self._bend(t) * (self._own @ g - g @ self._own)
        return np.asarray(-1j * found)


def _once(function: Callable[[float], Array], constant: bool) -> Callable[[float], Array]:
    """Return a function of time, computed once where it is constant."""
    if not constant:
        return function
    known: list[Array] = []

    def still(t: float) -> Array:
        """Return what it is at all times."""
        if not known:
            known.append(function(0.0))
        return known[0]

    return still


def weight_derivative(problem: Problem, gaps: Array, name: str | None) -> Callable[[float], Any]:
    """Return t ↦ ∂W/∂θ of every gap, (d, d), 0 where W does not have it; by the gap itself where there is no name."""
    kernel: Kernel = weight_kernel(problem.equation)
    if name is not None and name not in kernel.parameters:
        return lambda t: np.zeros(gaps.shape)
    program = build.load(tangent(kernel) if name is None else parameter_derivative(kernel, name), "numpy")
    flat = gaps.reshape(1, -1)
    states = flat if name is not None else np.concatenate([flat, np.ones_like(flat)])

    def at(t: float) -> Array:
        """Return it at a time."""
        p = problem.parameters(kernel.parameters, t)[:, 0]
        re, im = program.batch(t, states, np.repeat(p[:, None], flat.shape[1], axis=1))
        return np.asarray(re + 1j * im).reshape(gaps.shape)

    return at
