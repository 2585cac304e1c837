"""The toolkit's own integrations: what `solve` does after posing a problem, so that a row counts the same as a peer's.

Whole calls of `solve` and `solve_many` have rows of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qllg_sym.equations.forms import choose_form
from qllg_sym.flow.native.frame import frame_field
from qllg_sym.flow.native.rotating import rotating
from qllg_sym.flow.steppers.dop853_c import integrate
from qllg_sym.flow.steps.field import Field, Native, kernel_field

from .pauli import components, density
from .problems import Array, DimerProblem
from .timing import Outcome, least, timed

SMALLEST = 3e-14        # of rtol
SHARE = 100             # atol is this much smaller than rtol, as in the defaults of `solve`
KEPT = 8                # dimers of problem D whose states are compared


@dataclass(frozen=True)
class Posed:
    """A problem as the compiled stepper takes it.

    Attributes:
        field: the right-hand side.
        data: (m, k).
        starts: (m, n).
        states: samples (m, points, n) ↦ ρ (m, points, 4, 4).
    """

    field: Field
    data: Array
    starts: Array
    states: Callable[[Array], Array]

    @property
    def native(self) -> Native:
        """The right-hand side in C."""
        assert self.field.native is not None
        return self.field.native


def frame(problem: DimerProblem) -> Posed:
    """Return the frame form V̇ = −iV(W ∘ V†HV); W is here a second time on purpose: peers derive nothing either."""
    p, v = np.linalg.eigh(problem.rho)
    kappa = np.reshape(problem.kappa, (-1, 1, 1))
    weight = 1 / (1 - 1j * kappa * (p[:, None] - p))
    turn = rotating(p, v, np.linalg.eigh(problem.h.reshape(-1, 4, 4)), weight)

    def states(samples: Array) -> Array:
        """Return ρ = V diag(p) V†."""
        frames = turn.laboratory(problem.times, samples)
        return np.asarray((frames * p) @ frames.conj().swapaxes(-1, -2))

    return Posed(frame_field(4), turn.data, turn.start, states)


def pauli(problem: DimerProblem) -> Posed:
    """Return the generated equations of the 15 Pauli components, in the form that suits the spectrum."""
    parts = problem.law.derive(problem.model).pauli()
    form, extra = choose_form(parts, np.linalg.eigvalsh(problem.rho), float(np.max(problem.kappa)))
    compiled = parts.compile(target="c", form=form)
    count = np.size(problem.D)
    values = {**problem.values, **extra}
    data = np.stack([np.broadcast_to(values[name], count) for name in compiled.parameters], axis=1)
    starts = np.broadcast_to(components(problem.rho), (count, 15))
    return Posed(kernel_field(compiled.field, 15, data.shape[1]), data.astype(float), starts, density)


def run(problem: DimerProblem, tolerance: float, motion: Callable[[DimerProblem], Posed], threads: int = 1) -> Outcome:
    """Time the integration of all trajectories of a problem; in batches eight go in lockstep."""
    moving, setup = timed(lambda: motion(problem))
    rtol = max(tolerance, SMALLEST)
    paths, seconds = least(lambda: integrate(moving.field, moving.data, moving.starts, problem.times, rtol,
                                             rtol / SHARE, threads=threads))
    states = moving.states(paths.samples)
    note = "one core, eight in lockstep" if problem.batch else ""
    return Outcome(states[:KEPT] if problem.batch else states[0], seconds, setup, note)
