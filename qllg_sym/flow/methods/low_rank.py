r"""The low-rank form: ρ = background + Σ w_j |j⟩⟨j| moves r kets U alone, the weights are constant.

$\dot U = -i\,[U (W \circ U^\dagger H U) + (1 - UU^\dagger) H U\,\mathrm{diag}(w)]/\hbar$, W_jk = W(w_j − w_k) and
w_j = W(−w_j) from the law's residual. Phases, and bases of equal weights, do not change ρ: those parts of W are left
out, and a stationary state does not move. H is counted from the top of U†HU, since an error of U†U would grow where
U†HU > 0; after each step U is put back to the nearest orthonormal kets, so that the spectrum is constant to rounding.
"""

import numpy as np

from qllg_sym.flow.problem import Problem, Solution, Watch
from qllg_sym.flow.results.guard import allowed, drifted
from qllg_sym.flow.results.samples import Samples
from qllg_sym.flow.steppers.columns import Array, blocks, gram, orthonormalise
from qllg_sym.flow.steppers.pairs import Pair, dop853, dopri5
from qllg_sym.flow.steppers.tall import Failure, Flow, NotFinite, Stepper, registers
from qllg_sym.observables.storage import available_memory

NAME = "low-rank"
TEMPORARY = 3       # kets that the action, a sample and the energy take for a moment


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.initial is None:
        return "the law is classical"
    return None if problem.keeps_spectrum else f"{problem.equation.kind} does not keep the spectrum"


def run(problem: Problem, watch: Watch) -> Solution:
    """Integrate the kets whose weight is not the background."""
    assert problem.initial is not None
    state = problem.initial.thin()
    pair, moves = _pair(state.kets.size), len(problem.times) > 1
    samples = Samples(problem, state.weights, state.background, TEMPORARY + registers(pair) * moves)
    samples.add(state.kets)
    if not moves:
        return samples.solution({"steps": 0, "evaluations": 0, "rank": len(state.weights)}, None, False,
                                float(problem.times[0]))
    stepper = Stepper(flow(problem, state.weights), float(problem.times[0]), float(problem.times[-1]), state.kets, pair,
                      problem.rtol + problem.atol, orthonormalise, problem.limits)
    failure, interrupted = None, False
    try:
        while samples.next_time is not None:
            stepper.advance()
            _sample(stepper, samples, problem)
            watch(stepper.t)
    except Failure as error:
        failure = str(error)
    except KeyboardInterrupt:
        failure, interrupted = "interrupted", True
    stats = {"steps": stepper.steps, "evaluations": stepper.evaluations, "rank": len(state.weights),
             "stepper": pair.name}
    return samples.solution(stats, failure, interrupted, stepper.t)


def flow(problem: Problem, weights: Array) -> Flow:
    """Return (t, U, out) ↦ the slope of U, written into `out`; U need not be quite orthonormal."""
    apply, gaps = problem.action.apply, weights[:, None] - weights
    inner, outer = problem.weight(gaps), problem.weight(-weights)
    moves = gaps != 0

    def slope(t: float, kets: Array, out: Array) -> None:
        """Write dU/dt into `out`."""
        apply(kets, t, out)
        overlap, energy = gram(kets, kets, out)
        if not np.all(np.isfinite(energy)):
            raise NotFinite
        w = outer(t)
        top = np.linalg.eigvalsh(energy)[-1] if len(weights) else 0.0
        energy = energy - top * overlap
        mix = -1j * (np.where(moves, inner(t), 0) * energy - (energy + top * np.eye(len(w))) * w)
        for rows in blocks(kets):
            out[rows] *= -1j * w
            out[rows] += kets[rows] @ mix
    return slope


def _pair(size: int) -> Pair:
    """Return the pair of order 8, or the one of order 5 where its fewer slopes alone fit into the memory."""
    available = available_memory()
    needed = (registers(dop853()) + TEMPORARY) * size * np.dtype(complex).itemsize
    return dop853() if available is None or needed <= available else dopri5()


def _sample(stepper: Stepper, samples: Samples, problem: Problem) -> None:
    """Take all states wanted that the last step reached; those inside it must be orthonormal within the tolerance."""
    t = samples.next_time
    while t is not None and t <= stepper.t:
        kets = stepper.at(t)
        if t < stepper.t:
            moved = abs(orthonormalise(kets)**2 - 1).max(initial=0.0)
            if not moved <= (bound := allowed(problem.rtol, problem.atol, stepper.steps)):
                raise Failure(drifted("kets", moved, bound))
        samples.add(kets)
        t = samples.next_time
