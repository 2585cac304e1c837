r"""The exact solution for ρ = a + bP with a projector P, and constant H: range P(t) = exp(−i c H t/ħ) range P(0).

c = W(b)* comes from the law's residual; for q-LLG −ic = −1/(κb − i), for q-LL −ic = −(i + κb). One ket is evaluated
with its largest exponent taken out; several are re-orthonormalised in steps, since columns would grow parallel.
"""

import numpy as np

from qllg_sym.flow.drive import Array
from qllg_sym.flow.problem import Problem, Solution, Watch
from qllg_sym.observables.ensemble import Ensemble

NAME = "exact"
SPREAD = 12.0       # columns may lose e^12 of their angle in one QR step, far from what doubles resolve


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.initial is None:
        return "the law is classical"
    if not problem.keeps_spectrum:
        return f"{problem.equation.kind} does not keep the spectrum"
    if problem.equation.model.time_dependent:
        return "the Hamiltonian depends on time"
    if not problem.constant_weight:
        return "the damping depends on time"
    return None if problem.initial.two_valued() else "the spectrum of the state has more than two values"


def run(problem: Problem, watch: Watch) -> Solution:
    """Evaluate the closed form at every time."""
    assert problem.initial is not None
    found = problem.initial.two_valued()
    assert found is not None
    a, b, kets = found
    energies, vectors = np.linalg.eigh(problem.hamiltonian.at(0.0))
    rate = -1j * np.conj(problem.weight(np.array([b]))(0.0)[0]) * (energies - energies.mean())
    start = vectors.conj().T @ kets
    elapsed = problem.times - problem.times[0]
    amplitudes = _one(rate, start[:, 0], elapsed) if kets.shape[1] == 1 else _several(rate, start, elapsed)
    ensemble = Ensemble(problem.dims, kets=vectors @ amplitudes, weights=np.full(kets.shape[1], b), background=a)
    count, interrupted = _shown(problem, ensemble, watch)
    return Solution(problem.times[:count], ensemble[:count], None, {"steps": 0, "evaluations": 0},
                    "interrupted" if interrupted else None, interrupted)


def _shown(problem: Problem, ensemble: Ensemble, watch: Watch) -> tuple[int, bool]:
    """Return how many times there are up to `stop` or Ctrl-C, and whether it was the latter."""
    for k, t in enumerate(problem.times):
        try:
            watch(float(t))
        except KeyboardInterrupt:
            return k + 1, True
        if problem.stop is not None and problem.stop(float(t), ensemble[k:k + 1].density()[0]):
            return k + 1, False
    return len(problem.times), False


def _one(rate: Array, start: Array, elapsed: Array) -> Array:
    """Normalised exp(rate t) start for all times at once, (n, d, 1); exponents relative to the largest amplitude."""
    size = np.abs(start)
    logs = np.full(len(start), -np.inf)
    np.log(size, out=logs, where=size > 0)
    exponents = rate.real * elapsed[:, None] + logs
    exponents -= exponents.max(axis=1, keepdims=True)
    phases = np.exp(1j * (rate.imag * elapsed[:, None] + np.angle(start)))
    amplitudes = np.exp(exponents) * phases
    return np.asarray((amplitudes / np.linalg.norm(amplitudes, axis=1, keepdims=True))[:, :, None])


def _several(rate: Array, start: Array, elapsed: Array) -> Array:
    """Orthonormal bases of exp(rate t) range(start), (n, d, r), by QR in steps."""
    spread = np.ptp(rate.real) or 1.0
    current, now, result = start, 0.0, []
    for t in elapsed:
        count = max(1, int(np.ceil((t - now) * spread / SPREAD)))
        factor = np.exp((rate - rate.real.max()) * (t - now) / count)
        for _ in range(count if t > now else 0):
            current = np.linalg.qr(factor[:, None] * current)[0]
        now = t
        result.append(current)
    return np.array(result).reshape(len(elapsed), len(rate), start.shape[1])
