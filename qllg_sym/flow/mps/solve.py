"""Matrix product states: posed, moved by three runs that say how far they are off, and shown."""

from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, IntegrationError, warn
from qllg_sym.flow.blas import one_thread
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.mps.estimate import Estimated, Estimator
from qllg_sym.flow.mps.evolution import ChainEvolution, ChainReadings, Take
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.posed import ChainProblem, posed_chain
from qllg_sym.flow.mps.trajectory import MatrixProductTrajectory
from qllg_sym.flow.options import Options
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.endings import interrupted
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.recorder import stacked
from qllg_sym.model.model import Model
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
NAME = "mps"
SMALL = 64          # largest tensors that BLAS takes with one thread quickest


def solve_matrix_product(model: Model, law: Law, state: Any, times: Any, values: Any,
                         options: Options) -> MatrixProductTrajectory:
    """Integrate a law of a pure state on a chain as `solve` does with method="mps".

    Raises:
        QllgError: bad input, before any work.
        IntegrationError: numbers that are not finite.
        SolveInterrupted: on Ctrl-C, with the partial trajectory.

    Warns:
        QllgWarning: the estimated error is above the tolerance.

    >>> from qllg_sym import Exchange, QuantumLLG, Space, chain, states
    >>> model = Model(Space.half(4), chain(4, Exchange, 0.25))
    >>> start = states.product("up", "down", "up", "down")
    >>> run = solve_matrix_product(model, QuantumLLG(0.5), start, [0, 1], None, Options(method="mps"))
    >>> run.energy.round(6).tolist(), run.stats["conserves"]
    ([-0.75, -1.18153], 'S_z')
    """
    posed = posed_chain(model, law, state, times, values, options)
    warn_of_driving(law, posed.problem.values, posed.problem.times)
    started, kept = perf_counter(), _Kept(posed, options.keep)
    with Progress(options.progress) as show, one_thread(SMALL):
        estimator = Estimator(posed, show)
        try:
            found = estimator.found(kept.again)
        except KeyboardInterrupt:
            run = estimator.latest
            if run is None or not run.readings.energy:
                raise
            partial = _shown(posed, law, options, kept, run, {"seconds": perf_counter() - started})
            raise interrupted(partial) from None
        except (ArithmeticError, np.linalg.LinAlgError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise IntegrationError(f"The integration must reach the last of `times`, but stopped: {error}; give "
                                   "smaller numbers, or a smaller options[\"step\"].", reason=str(error)) from error
    stats = _stats(posed, found) | {"seconds": perf_counter() - started}
    trajectory = _shown(posed, law, options, kept, found.answer, stats, found)
    _warn(estimator, found)
    return trajectory


class _Kept:
    """The states and observed values of the run that counts."""

    def __init__(self, posed: ChainProblem, keep: str) -> None:
        self._posed, self._keep = posed, keep
        self.states: list[MatrixProductState] = []
        self.observed: dict[str, list[Any]] = {}

    def again(self) -> Take:
        """Forget what a run before gave, and return a listener."""
        self.states, self.observed = [], {name: [] for name in self._posed.observe}
        return self._take

    def _take(self, k: int, psi: MatrixProductState, readings: ChainReadings) -> None:
        """Keep a state, and look at it."""
        if self._keep == "final":
            self.states = []
        else:
            size = sum(tensor.size for tensor in psi.tensors)
            require_memory("states", (2 * size,), "give keep=\"final\" or fewer times")
        self.states.append(psi)
        for name, read in self._posed.observe.items():
            self.observed[name].append(read(readings, k, psi))


def _shown(posed: ChainProblem, law: Law, options: Options, kept: _Kept, run: ChainEvolution, stats: dict[str, Any],
           found: Estimated | None = None) -> MatrixProductTrajectory:
    """Return what was found as a trajectory; of a run that is not whole, as far as it came."""
    problem, n = posed.problem, len(run.readings.energy)
    model, hbar = problem.equation.model, problem.hbar
    plain = {name: value for name, value in problem.values.items() if not callable(value)}
    errors = {} if found is None else {
        name: hbar * error if name == "energy" else error for name, error in found.errors.total.items()}
    states = kept.states if found is not None else []
    observed = {name: stacked(name, values) for name, values in kept.observed.items()} if found is not None else {}
    return MatrixProductTrajectory(
        times=problem.times[:n], spins=tuple(str(s) for s in model.space.spins), hbar=hbar, values=plain, stats=stats,
        energy=hbar * np.array(run.readings.energy), vectors=np.array(run.readings.profile),
        cuts=np.array(run.readings.entropy), states=tuple(states), background=posed.background, weight=posed.weight,
        errors=errors, provenance=Provenance.of(model, law, options, problem.signals), observed=observed)


def _stats(posed: ChainProblem, found: Estimated) -> dict[str, Any]:
    """Return what is told of the run."""
    run, hbar = found.answer, posed.problem.hbar
    largest = {name: float(error.max()) for name, error in found.errors.total.items()}
    return {"steps": run.steps, "runs": found.runs, "step": found.accuracy.step, "cut": found.accuracy.cut,
            "tolerance": found.accuracy.tolerance, "bond": max(run.bond), "bonds": list(run.bond),
            "conserves": "S_z" if run.conserved else "none", "discarded": float(run.discarded.sum()),
            "error": {**largest, "energy": hbar * largest["energy"]},
            "error_step": float(found.errors.step["bloch"].max()),
            "error_truncation": float(found.errors.truncation["bloch"].max()),
            "energy_law": hbar * float(run.residual or 0.0)}


def _warn(estimator: Estimator, found: Estimated) -> None:
    """Say what was reached where that is less than was asked for."""
    wanted, reached = found.accuracy.tolerance, estimator.miss(found.errors.total)
    if reached <= wanted:
        return
    steps, cuts = (estimator.miss(part) for part in (found.errors.step, found.errors.truncation))
    limits = max(found.answer.bond) >= found.accuracy.bond
    what = "a smaller step" if steps > cuts else "a larger bond" if limits else "a smaller cut"
    warn(f"`options` must keep errors below {wanted:.2g}, but about {reached:.2g} was reached with bond dimension "
         f"{max(found.answer.bond)}, cut {found.accuracy.cut:.1g} and step {found.accuracy.step:.3g}; give {what}, or "
         "a larger tolerance.")
