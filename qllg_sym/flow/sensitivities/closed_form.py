r"""The exact solution of two levels, differentiated: range P(t) = e^{At} range P(0), A = −ic H/ħ, constant H.

In the eigenbasis of H the derivative of e^{At} is (∂A/∂θ)_jk times the divided difference of exponentials. It goes from
time to time with orthonormal columns Q and their horizontal change Z = (1 − P) ∂Q/∂θ, ∂P/∂θ = ZQ† + QZ†.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.exact.formula import rate
from qllg_sym.flow.hamiltonians.derivative import derivative
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.sensitivities.frame import weight_derivative

Array = NDArray[Any]
WIDEST = 4.0        # of the logarithms of factors in one step: columns stay independent


@dataclass(frozen=True)
class Generator:
    """A in the eigenbasis of H, and its derivatives.

    Attributes:
        exponents: of each level, shifted so that the largest real part is 0, (d,).
        changes: ∂A/∂θ, (parameters, d, d).
    """

    exponents: Array
    changes: Array

    def step(self, dt: float) -> tuple[Array, Array]:
        """Return e^{A dt}, (d,), and its derivatives, (parameters, d, d)."""
        x = self.exponents * dt
        gaps = x[:, None] - x
        upper = gaps.real >= 0                  # the larger factor times (1 − e^{−δ})/δ, so that nothing overflows
        delta = np.where(upper, gaps, -gaps)
        parts = np.divide(-np.expm1(-delta), delta, out=np.ones_like(delta), where=delta != 0)
        return np.exp(x), self.changes * (dt * parts * np.exp(np.where(upper, x[:, None], x)))


def of_exact_solution(problem: Problem, names: Sequence[str]) -> Array:
    """Return ∂ρ/∂θ at all times, (parameters, n, d, d), of a start that does not depend on the parameters."""
    _, b, kets = (part[0] for part in problem.start.projectors())
    energies, vectors = (part[0] for part in problem.diagonal)
    generator = _generator(problem, names, float(b), energies, vectors)
    q, steps = vectors.conj().T @ kets, lru_cache(maxsize=4)(generator.step)
    z = np.zeros((len(names), *q.shape), dtype=complex)
    found = np.zeros((len(problem.times), len(names), *vectors.shape), dtype=complex)
    for k, dt in enumerate(np.diff(problem.times).tolist(), start=1):
        parts = max(1, int(np.ceil(-generator.exponents.real.min() * dt / WIDEST)))
        for _ in range(parts):
            q, z = _moved(q, z, *steps(dt / parts))
        change = z @ q.conj().T
        found[k] = vectors @ (b * (change + change.conj().swapaxes(1, 2))) @ vectors.conj().T
    return found.swapaxes(0, 1)


def _generator(problem: Problem, names: Sequence[str], b: float, energies: Array, vectors: Array) -> Generator:
    """Return A = −ic H/ħ by its eigenvalues, and ∂A/∂θ."""
    pace, h = complex(rate(problem.weight(np.array([[b]]))(0.0))[0, 0]), problem.hamiltonian
    fields, p = [derivative(h, name) for name in names], problem.parameters(h.names)[:, 0]
    changes = np.zeros((len(names), *vectors.shape), dtype=complex)
    for change, name, field in zip(changes, names, fields, strict=True):
        if field is not None:
            change += pace * (vectors.conj().T @ field(0.0, p) @ vectors)
        slope = weight_derivative(problem, np.array([[b]]), name)(0.0)
        change += np.diag(complex(rate(slope)[0, 0]) * (energies - energies.mean()))
    exponents = pace * energies
    return Generator(exponents - exponents[np.argmax(exponents.real)], changes)


def _moved(q: Array, z: Array, factors: Array, changes: Array) -> tuple[Array, Array]:
    """Return Q and Z a step later."""
    y = factors[:, None] * q
    slopes = changes @ q + factors[:, None] * z
    q, triangle = np.linalg.qr(y)
    slopes = slopes - q @ (q.conj().T @ slopes)
    return q, np.asarray(np.linalg.solve(triangle.T, slopes.swapaxes(-1, -2)).swapaxes(-1, -2))
