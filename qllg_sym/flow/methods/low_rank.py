r"""The low-rank form: ρ = background + Σ w_j |j⟩⟨j| moves r kets U alone, the weights are constant.

$\dot U = -i\,[U (W \circ U^\dagger H U) + (1 - UU^\dagger) H U\,\mathrm{diag}(w)]/\hbar$, W_jk = W(w_j − w_k) and
w_j = W(−w_j) from the law's residual. Phases, and bases of equal weights, do not change ρ: those parts of W are left
out, and a stationary state does not move. H is counted from the top of U†HU, since an error of U†U would grow where
U†HU > 0; after each step U is put back to the nearest orthonormal kets, so that the spectrum is constant to rounding.

`stats["growth"]` estimates the factor by which errors grew: much near unstable states.
"""

from collections.abc import Sequence

import numpy as np

from qllg_sym.flow.methods._sampling import follow
from qllg_sym.flow.methods._turns import turns
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.samples import Samples
from qllg_sym.flow.steps.runge_kutta import Kets, NotFinite, RungeKutta, Slope, registers
from qllg_sym.flow.steps.tableau import Tableau, dop853, dopri5
from qllg_sym.flow.subspace.kets import Array, blocks, gram, orthonormalise
from qllg_sym.observables.storage import available_memory

NAME = "low-rank"
GROWTH = None       # it tells the growth of errors itself
ROOM = 8 << 30      # bytes that the kets of a step may take
MANY = 64           # kets that are worth asking first whether they stand still; so many are asked at once
TEMPORARY = 3       # kets that the action, a sample and the energy take for a moment


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.classical:
        return "the law is classical"
    return problem.weightless


def cost(problem: Problem) -> float:
    """Return about how many seconds this takes: H·v and products of few kets for every slope, and NumPy's calls."""
    d, r = problem.equation.model.space.dimension, problem.start.rank
    slopes = 350 + 15 * turns(problem)
    return slopes * (1.2e-4 + (1e-8 * r + 1.8e-9 * r**2) * d) + 3e-4 * len(problem.times)


def shape(problem: Problem) -> tuple[int, ...]:
    """Return the shape of one state as it will be held."""
    return problem.start.thin().kets.shape[1:]


def together(problem: Problem) -> bool:
    """Return whether rows run side by side."""
    return False


def run(problem: Problem, watch: Watch) -> Outcome:
    """Integrate the kets whose weight is not the background."""
    state = problem.start.thin()
    (weights,), (kets,) = state.weights, state.kets
    tableau, moves = _tableau(kets.size), len(problem.times) > 1 and not stands_still(problem, kets)
    samples = Samples(problem, weights, float(state.background[0]), TEMPORARY + registers(tableau) * moves)
    samples.add(kets)
    if not moves:
        while samples.next_time is not None:
            samples.add(kets)
        return samples.found({"steps": 0, "evaluations": 0, "rank": len(weights)}, None,
                             float(problem.times[samples.count - 1]))
    energies, seen = np.zeros(len(weights)), [(float(problem.times[0]), np.zeros(len(weights)))]
    stepper = RungeKutta(flow(problem, weights, energies), float(problem.times[0]), float(problem.times[-1]),
                         kets.astype(complex, copy=False), tableau, Kets(problem.rtol + problem.atol),
                         orthonormalise, problem.limits)

    def see() -> None:
        if not stepper.moves:               # at rest there is no error that could grow
            seen.clear()
        seen.append((stepper.t, energies.copy()))

    failure = follow(stepper, samples, problem, watch, see)
    stats = {"steps": stepper.steps, "evaluations": stepper.evaluations, "rank": len(weights),
             "stepper": tableau.name, "growth": growth(problem, weights, seen)}
    return samples.found(stats, failure, stepper.t)


def stands_still(problem: Problem, kets: Array) -> bool:
    """Return whether many kets are eigenkets of a constant H, but for a motion below the tolerance in all the time.

    Such as thousands of a thermal state, of which one slope alone would take minutes. The first that is none ends it.
    """
    if not problem.action.constant or kets.shape[1] <= MANY:
        return False
    least = problem.rtol / float(problem.times[-1] - problem.times[0])
    for first in range(0, kets.shape[1], MANY):
        part = np.ascontiguousarray(kets[:, first:first + MANY])
        image = problem.action.apply(part)
        energies = np.einsum("dr,dr->r", part.conj(), image).real
        if not np.linalg.norm(image - part * energies, axis=0).max() <= least:
            return False
    return True


def growth(problem: Problem, weights: Array, seen: Sequence[tuple[float, Array]]) -> float:
    """Return an estimate of the factor by which an error may have grown: exp ∫ κp(E − E_low)/(1 + κ²p²) dt/ħ.

    E_low is the lowest energy that the kets came to, in units of the size of H(t): a state that never fell has lost
    nothing that could be seen.

    Args:
        problem: H(t) and the law.
        weights: of the kets, (r,).
        seen: (time, energies of the kets (r,)) after every step.
    """
    times, energies = np.array([t for t, _ in seen]), np.array([e for _, e in seen])
    if len(times) < 2 or not len(weights):
        return 1.0
    action = problem.action
    energies[0] = energies[1] if seen[0][0] == problem.times[0] else energies[0]    # that of the start is not known
    sizes = np.full(len(times), action.size(0.0)) if action.constant else np.array([action.size(t) for t in times])
    heights = np.divide(energies, sizes[:, None], out=np.zeros_like(energies), where=sizes[:, None] > 0)
    weight = problem.weight(-weights)               # a level E_k gains on the ket as exp(pull (E_k − E) t)
    pull = np.array([weight(float(t)).imag for t in (times[:1] if problem.constant_weight else times)])
    gained = np.maximum(pull * (heights.min() - heights), pull * (heights.max() - heights)).max(axis=1) * sizes
    return float(np.exp(min(((gained[1:] + gained[:-1]) * np.diff(times)).sum() / 2, 700.0)))


def flow(problem: Problem, weights: Array, energies: Array | None = None) -> Slope:
    """Return (t, U, out) ↦ the slope of U, written into `out`, and ⟨H⟩/ħ of the kets into `energies` (r,).

    U need not be quite orthonormal.
    """
    apply, gaps = problem.action.apply, weights[:, None] - weights
    inner, outer = problem.weight(gaps), problem.weight(-weights)
    moves = gaps != 0

    def slope(t: float, kets: Array, out: Array) -> None:
        """Write dU/dt into `out`."""
        apply(kets, t, out)
        overlap, energy = gram(kets, kets, out)
        if not np.all(np.isfinite(energy)):
            raise NotFinite
        if energies is not None:
            energies[:] = energy.diagonal().real
        w = outer(t)
        top = np.linalg.eigvalsh(energy)[-1] if len(weights) else 0.0
        energy = energy - top * overlap
        mix = -1j * (np.where(moves, inner(t), 0) * energy - (energy + top * np.eye(len(w))) * w)
        for rows in blocks(kets):
            out[rows] *= -1j * w
            out[rows] += kets[rows] @ mix
    return slope


def _tableau(size: int) -> Tableau:
    """Return the one of order 8, or the one of order 5 where its fewer slopes alone fit into ROOM and the memory."""
    available = available_memory()
    needed = (registers(dop853()) + TEMPORARY) * size * np.dtype(complex).itemsize
    return dop853() if needed <= min(ROOM, ROOM if available is None else available) else dopri5()
