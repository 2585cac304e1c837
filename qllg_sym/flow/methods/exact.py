r"""The exact solution for ρ = a + bP with a projector P, and constant H: range P(t) = exp(−i c H t/ħ) range P(0).

c = W(b)* comes from the law's residual; for q-LLG −ic = −1/(κb − i), for q-LL −ic = −(i + κb). In the eigenbasis of H
many times are evaluated at once, from charts whose exponents stay bounded (`flow.exact.charts`). A ket that is an
eigenvector of H to the last bit stays where it is.

`stats["digits"]` estimates how many digits the states have: near an unstable state rounding grows with the motion.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.exact.charts import bases
from qllg_sym.flow.exact.eigenbasis import EPSILON, eigenbasis, noise, rests
from qllg_sym.flow.problem import Problem, Solution, Watch
from qllg_sym.flow.results.digits import digits
from qllg_sym.flow.results.samples import state_of
from qllg_sym.flow.states.initial import LARGEST_MATRIX
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
NAME = "exact"
TICKS = 100         # how often progress is told on a long grid of times


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if (d := problem.equation.model.space.dimension) > LARGEST_MATRIX:
        return f"d = {d} exceeds {LARGEST_MATRIX}"
    return problem.unsolved


def run(problem: Problem, watch: Watch) -> Solution:
    """Evaluate the closed form at every time."""
    assert problem.initial is not None
    found = problem.initial.two_valued()
    assert found is not None
    a, b, kets = found
    weights, hamiltonian = np.full(kets.shape[1], b), problem.hamiltonian.at(0.0)
    if not np.isfinite(hamiltonian).all():
        ensemble = Ensemble(problem.dims, kets=kets[None], weights=weights, background=a)
        return Solution(problem.times[:1], ensemble, None, {"steps": 0, "evaluations": 0},
                        "the Hamiltonian is not finite" if len(problem.times) > 1 else None)
    kept, interrupted, loss = [np.empty((0, *kets.shape), dtype=complex)], False, 0.0
    try:
        for moved, lost in _moved(problem, hamiltonian, b, kets):
            loss = max(loss, lost)
            block = Ensemble(problem.dims, kets=moved, weights=weights, background=a)
            count, interrupted = _shown(problem, block, sum(map(len, kept)), watch)
            kept.append(moved[:count])
            if interrupted or count < len(moved):
                break
    except KeyboardInterrupt:           # inside the arithmetic: the blocks before it are whole
        interrupted = True
    if interrupted and not any(map(len, kept)):
        kept = [kets[None]]
    ensemble = Ensemble(problem.dims, kets=np.concatenate(kept), weights=weights, background=a)
    stats = {"steps": 0, "evaluations": 0, "digits": digits(loss)}
    return Solution(problem.times[:len(ensemble)], ensemble, None, stats, "interrupted" if interrupted else None,
                    interrupted)


def _moved(problem: Problem, hamiltonian: Array, b: float, kets: Array) -> Iterator[tuple[Array, float]]:
    """Yield (kets (m, d, r), an estimate of their largest relative error) at all times, a block a time."""
    assert problem.initial is not None
    if rests(hamiltonian, kets):
        yield np.repeat(kets[None], len(problem.times), axis=0), EPSILON
        return
    energies, vectors, block = eigenbasis(hamiltonian)
    rate = -1j * np.conj(problem.weight(np.array([b]))(0.0)[0]) * (energies - energies.mean())
    start, elapsed, first = vectors.conj().T @ kets, problem.times - problem.times[0], 0
    relative, speed = noise(start, block, problem.initial.rounding), EPSILON * float(abs(rate).max())
    for amplitudes in bases(rate, start, elapsed):
        first += len(amplitudes)
        lost = float(((abs(amplitudes)**2).sum(axis=2) @ relative).max(initial=0.0))**0.5
        yield vectors @ amplitudes, lost + speed * float(elapsed[first - 1])


def _shown(problem: Problem, block: Ensemble, first: int, watch: Watch) -> tuple[int, bool]:
    """Return how many times of a block there are up to `stop` or Ctrl-C, and whether it was the latter."""
    stride = 1 if problem.stop is not None else max(1, len(problem.times) // TICKS)
    for k in (*range(0, len(block) - 1, stride), len(block) - 1):
        t = float(problem.times[first + k])
        try:
            watch(t)
            if problem.stop is not None and problem.stop(t, state_of(block[k:k + 1])):
                return k + 1, False
        except KeyboardInterrupt:
            return k + 1, True
    return len(block), False
