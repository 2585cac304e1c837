r"""The frame form: ρ = V diag(p) V† with constant p, $\dot V = -\frac{i}{\hbar} V (W \circ V^\dagger H V)$.

W_jk = W(p_j − p_k) comes from the law's residual. The spectrum is exact by construction as long as V stays unitary,
which a Newton step towards the unitary group keeps at rounding level without loss of order.
"""

import numpy as np

from qllg_sym.flow.drive import Array, drive
from qllg_sym.flow.problem import Problem, Solution, Watch
from qllg_sym.observables.ensemble import Ensemble

NAME = "frame"


def refuses(problem: Problem) -> str | None:
    """Return why this method cannot be used, or None."""
    if problem.initial is None:
        return "the law is classical"
    return None if problem.keeps_spectrum else f"{problem.equation.kind} does not keep the spectrum"


def run(problem: Problem, watch: Watch) -> Solution:
    """Integrate all d columns of V."""
    assert problem.initial is not None
    levels, frame = problem.initial.full()
    d = len(levels)
    weight = problem.weight(levels[:, None] - levels)
    hamiltonian = problem.hamiltonian

    def flow(t: float, y: Array) -> Array:
        """Return dV/dt."""
        v = y.reshape(d, d)
        return np.asarray((-1j * (v @ (weight(t) * (v.conj().T @ hamiltonian.at(t) @ v)))).ravel())

    def unitary(y: Array) -> Array:
        """Return V one Newton step nearer to the unitary group."""
        v = y.reshape(d, d)
        return np.asarray((v @ (1.5 * np.eye(d) - 0.5 * (v.conj().T @ v))).ravel())

    def density(y: Array) -> Array:
        """Return ρ."""
        v = y.reshape(d, d)
        return np.asarray((v * levels) @ v.conj().T)

    path = drive(flow, frame.ravel().astype(complex), problem.times, problem.rtol, problem.atol, watch, unitary,
                 problem.halt(density))
    kets = path.samples.reshape(-1, d, d)
    ensemble = Ensemble(problem.dims, kets=kets, weights=levels)
    return Solution(problem.times[:len(kets)], ensemble, None, path.stats, path.failure, path.interrupted, path.reached)
