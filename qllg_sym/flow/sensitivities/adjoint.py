r"""The adjoint equation: derivatives of one number by many parameters at the cost of a few runs.

For L = Σ_n Tr(Λ_n ρ(t_n)) a matrix μ goes back in time from one reading to the next, in the frame of V, with Ω as in
`frame`,

$$\dot\mu = i[K, \mu] - i[G, \overline W\circ\mu],\qquad \mu(t_n^-) = \mu(t_n^+) + [V^\dagger\Lambda_n V, p],$$

and ∂L/∂θ = ∫ Re Tr μ†b_θ dt, where b_θ is what drives Ω. V goes back along, from where the run was at the later time.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, IntegrationError
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.sensitivities.frame import LARGEST, FrameStart, FrameTangents
from qllg_sym.flow.steppers import integrate
from qllg_sym.flow.steps.field import Field
from qllg_sym.flow.steps.limits import Limits

Array = NDArray[Any]


def without_adjoint(problem: Problem) -> str | None:
    """Return why there is no adjoint equation here, or None."""
    if problem.classical:
        return "the law is classical"
    if (reason := problem.weightless) is not None:
        return reason
    if (d := problem.equation.model.space.dimension) > LARGEST:
        return f"the dimension {d:,} exceeds {LARGEST}"
    return None if problem.branches is None else "the model jumps or has kinks in time"


def gradient(problem: Problem, names: Sequence[str], cotangents: Array, start: Array) -> Array:
    """Return ∂L/∂θ of L = Σ_n Re Tr(Λ_n ρ(t_n)), (parameters,).

    Args:
        problem: one row.
        names: of the parameters.
        cotangents: Λ, (n, d, d), Hermitian.
        start: ∂ρ/∂θ at the first time, (parameters, d, d).

    Raises:
        InputError: a law or a model without an adjoint equation here.
        IntegrationError: it cannot be integrated to the end.
    """
    if (reason := without_adjoint(problem)) is not None:
        raise InputError(f"`cotangents` ask for an adjoint equation, but {reason}; sum `sensitivity` instead.")
    first = FrameStart.of(problem, start)
    frames, moving = _frames(problem, first), FrameTangents(problem, names, first)
    total, mu = np.zeros(len(names)), np.zeros(first.frame.shape, dtype=complex)
    for n in reversed(range(len(problem.times))):
        inner = frames[n].conj().T @ cotangents[n] @ frames[n]
        mu = mu + inner * first.levels - first.levels[:, None] * inner
        total += np.einsum("jk,pkj->p", inner, first.own).real
        if n:
            mu, added = _back(problem, moving, frames[n], mu, problem.times[n - 1:n + 1], len(names))
            total += added
    return total + np.einsum("jk,pjk->p", mu.conj(), first.turned).real


def _frames(problem: Problem, first: FrameStart) -> Array:
    """Return V at all times, (n, d, d)."""
    if len(problem.times) == 1:
        return first.frame[None]
    alone, shape = FrameTangents(problem, (), first), first.frame.shape

    def slope(t: float, y: Array) -> Array:
        """Return V̇."""
        return alone.velocity(t, np.ascontiguousarray(y).view(complex).reshape(shape)).view(float).ravel()

    samples = _integrated(problem, slope, first.frame.astype(complex).view(float).ravel(), problem.times, True)
    return np.ascontiguousarray(samples).view(complex).reshape(-1, *shape)


def _back(problem: Problem, moving: FrameTangents, frame: Array, mu: Array, times: Array,
          count: int) -> tuple[Array, Array]:
    """Return μ at the earlier of two times, and what lies between of ∂L/∂θ; s = later − t runs forwards."""
    later, d = float(times[1]), len(frame)
    size = 4 * d * d

    def slope(s: float, y: Array) -> Array:
        """Return the slopes of V, μ and the integrals against time."""
        v, nu = np.ascontiguousarray(y[:size]).view(complex).reshape(2, d, d)
        forwards, back, driven = moving.adjoint(later - s, v, nu)
        return np.concatenate([-forwards.view(float).ravel(), -back.view(float).ravel(), driven])

    first = np.concatenate([np.stack([frame, mu]).view(float).ravel(), np.zeros(count)])
    last = _integrated(problem, slope, first, np.array([0.0, later - float(times[0])]), False)[-1]
    return np.ascontiguousarray(last[:size]).view(complex).reshape(2, d, d)[1], last[size:]


def _integrated(problem: Problem, slope: Any, first: Array, times: Array, limited: bool) -> Array:
    """Return samples, (n, size)."""
    field = Field(len(first), 0, lambda data: slope)
    paths = integrate(field, np.empty((1, 0)), first[None], times, problem.rtol, problem.atol,
                      limits=problem.limits if limited else problem.limits and _shortest(problem))
    if int(paths.counts[0]) < len(times):
        raise IntegrationError("The adjoint equation must be integrated to the end, but stopped; look at H and the "
                               "damping there.")
    return paths.samples[0]


def _shortest(problem: Problem) -> Limits:
    """Return limits that hold in either direction of time: the shortest step of all."""
    limits = problem.limits
    assert limits is not None
    caps = limits.caps[limits.caps > 0]
    return Limits(longest=min(limits.longest, float(caps.min(initial=np.inf))))
