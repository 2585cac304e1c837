r"""Derivatives of ρ(t) by parameters: the frame form, linearised along its own motion.

ρ = V p V† with constant p, V̇ = −iV K and K = W ∘ G, G = V†HV/ħ. A parameter θ changes V by V Ω with

$$\dot\Omega = i[K, \Omega] - i\bigl(W\circ([G, \Omega] + V^\dagger\tfrac{\partial H}{\partial\theta}V/\hbar)
+ \tfrac{\partial W}{\partial\theta}\circ G\bigr),\qquad \frac{\partial\rho}{\partial\theta} = V[\Omega, p]V^\dagger,$$

anti-Hermitian, 0 at the start. Levels that agree do not turn into each other, as nothing is seen of it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.tangent import parameter_derivative
from qllg_sym.equations.lowering import weight_kernel
from qllg_sym.errors import InputError, IntegrationError, meant
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.steppers import integrate
from qllg_sym.flow.steps.field import Field

Array = NDArray[Any]
LARGEST = 128       # dimension: V and one Ω a parameter are d × d matrices
EQUAL = 1e-14       # populations nearer than this are equal


def sensitivities(problem: Problem, names: Sequence[str]) -> Array:
    """Return ∂ρ/∂θ of one row at all its times, (parameters, n, d, d).

    Args:
        problem: one row.
        names: of parameters of the model or the law that are numbers.

    Raises:
        InputError: a name that is none, a classical law or one without a frame weight, jumps in time, or a state or
            space that this does not take.
        IntegrationError: it cannot be integrated to the end.
    """
    _refuse(problem, names)
    if len(problem.times) == 1:
        d = problem.equation.model.space.dimension
        return np.zeros((len(names), 1, d, d), dtype=complex)
    motion = _Motion(problem, names)
    field = Field(motion.start.size, 0, lambda data: motion.slope)
    paths = integrate(field, np.empty((1, 0)), motion.start[None], problem.times, problem.rtol, problem.atol,
                      limits=problem.limits)
    if int(paths.counts[0]) < len(problem.times):
        raise IntegrationError("The sensitivities must be integrated to the end, but stopped after "
                               f"{int(paths.counts[0])} of {len(problem.times)} times; look at H and the damping "
                               "there.")
    return motion.derivatives(paths.samples[0])


class _Motion:
    """V and Ω of every parameter as one real vector."""

    def __init__(self, problem: Problem, names: Sequence[str]) -> None:
        levels, frames = problem.start.full()
        self._problem, self._levels = problem, levels[0]
        gaps = self._levels[:, None] - self._levels
        self._apart = abs(gaps) > EQUAL
        self._weight = problem.weight(gaps)
        d = len(gaps)
        self._shape = (1 + len(names), d, d)
        first = np.zeros(self._shape, dtype=complex)
        first[0] = frames[0]
        self.start = first.view(float).ravel()
        fields = [_amplitudes(problem, name) for name in names]
        weights = [_weights(problem, gaps, name) for name in names]
        self._fields = _once(lambda t: np.array([field(t) for field in fields]), problem.hamiltonian.constant)
        self._weights = _once(lambda t: self._apart * np.array([weight(t) for weight in weights]),
                              problem.constant_weight)

    def slope(self, t: float, y: Array) -> Array:
        """Return the slopes of V and of every Ω."""
        both = np.ascontiguousarray(y).view(complex).reshape(self._shape)
        v, omega = both[0], both[1:]
        adjoint, w = v.conj().T, self._apart * self._weight(t)
        g = adjoint @ self._problem.matrices(t)[0] @ v
        k = w * g
        found = np.empty_like(both)
        found[0] = -1j * v @ k
        inner = g @ omega - omega @ g + adjoint @ self._fields(t) @ v
        found[1:] = 1j * (k @ omega - omega @ k - w * inner - self._weights(t) * g)
        return found.view(float).ravel()

    def derivatives(self, samples: Array) -> Array:
        """Return V[Ω, p]V† of samples (n, size), (parameters, n, d, d)."""
        both = np.ascontiguousarray(samples).view(complex).reshape(len(samples), *self._shape)
        v, omega = both[:, 0], both[:, 1:].swapaxes(0, 1)
        inner = omega * self._levels - self._levels[:, None] * omega
        return np.asarray(v @ inner @ v.conj().swapaxes(-1, -2))


def _once(function: Callable[[float], Array], constant: bool) -> Callable[[float], Array]:
    """Return a function of time, computed once where it is constant."""
    if not constant:
        return function
    found = function(0.0)
    return lambda t: found


def _amplitudes(problem: Problem, name: str) -> Callable[[float], Array]:
    """Return t ↦ ∂(H/ħ)/∂θ, (d, d)."""
    h = problem.hamiltonian
    if name not in h.names:
        return lambda t: np.zeros(h.parts.shape[1:])
    program = build.load(parameter_derivative(h.program, name), "numpy")
    parts = h.parts[:len(program.kernel.outputs)]           # a matrix of numbers is the last one, and has no parameter
    return lambda t: np.tensordot(program(t, np.empty(0), problem.parameters(h.names, t)[:, 0]), parts, axes=1)


def _weights(problem: Problem, gaps: Array, name: str) -> Callable[[float], Any]:
    """Return t ↦ ∂W/∂θ of every gap, (d, d); 0 where W does not have it."""
    kernel: Kernel = weight_kernel(problem.equation)
    if name not in kernel.parameters:
        return lambda t: np.zeros(gaps.shape)
    program = build.load(parameter_derivative(kernel, name), "numpy")
    flat = gaps.reshape(1, -1)

    def at(t: float) -> Array:
        """Return it at a time."""
        p = problem.parameters(kernel.parameters, t)[:, 0]
        re, im = program.batch(t, flat, np.repeat(p[:, None], flat.shape[1], axis=1))
        return np.asarray(re + 1j * im).reshape(gaps.shape)

    return at


def _refuse(problem: Problem, names: Sequence[str]) -> None:
    """Refuse what has no sensitivity here."""
    known = [name for name, value in problem.values.items() if not callable(value)]
    for name in names:
        if name not in known:
            raise InputError(f"`parameter` must be a parameter of the model or the law, but {name!r} is none"
                             f"{meant(name, known)}; the parameters are {', '.join(known) or 'none'}.")
        if name in problem.of_state:
            raise InputError("`parameter` must not be one on which the start depends, but the state has "
                             f"{name!r}; give the state as a density matrix to keep it fixed.")
    if (reason := unavailable(problem, names)) is not None:
        raise InputError(f"`parameter` asks for an exact sensitivity, but {reason}; take differences of two runs.")


def unavailable(problem: Problem, names: Sequence[str]) -> str | None:
    """Return why there are no exact sensitivities, or None.

    Args:
        problem: one row.
        names: of parameters.
    """
    if (reason := "the law is classical" if problem.classical else problem.weightless) is not None:
        return reason
    if problem.branches is not None:
        return "the model jumps or has kinks in time"
    if (d := problem.equation.model.space.dimension) > LARGEST:
        return f"the dimension {d:,} exceeds {LARGEST}"
    return "the state depends on a parameter" if problem.of_state & {*names} else None
