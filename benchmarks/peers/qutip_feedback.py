"""QuTiP's MESolver with state feedback: H is replaced by the generator K(ρ), made anew at every evaluation."""

from importlib import import_module
from typing import Any

import numpy as np

from ..problems import Array, DimerProblem
from ..timing import Outcome, least, timed

NAME, PACKAGE, PROBLEMS = "QuTiP MESolver, state feedback", "qutip", ("A", "B")
PATIENCE = False
TOLERANCES = tuple(10.0**-k for k in range(4, 14))


def run(problem: DimerProblem, tolerance: float) -> Outcome:
    """Integrate ρ̇ = −i[K(ρ), ρ]."""
    qutip = import_module("qutip")
    h, kappa, dims = problem.h, float(problem.kappa), [[2, 2], [2, 2]]

    def generator(t: float, rho: Any) -> Any:
        """Return K(ρ)."""
        return qutip.Qobj(_generator(rho.full(), h, kappa), dims=dims)

    start = qutip.Qobj(problem.rho, dims=dims)
    options = {"method": "dop853", "rtol": tolerance, "atol": tolerance, "nsteps": 10**6, "progress_bar": ""}

    def prepare() -> Any:
        """Return the solver."""
        evolution = qutip.QobjEvo(generator, args={"rho": qutip.MESolver.StateFeedback(default=start)})
        return qutip.MESolver(evolution, options=options)

    solver, setup = timed(prepare)
    found, seconds = least(lambda: solver.run(start, problem.times))
    return Outcome(np.array([state.full() for state in found.states]), seconds, setup)


def _generator(rho: Array, h: Array, kappa: float) -> Array:
    """Return K = (1 − iκ ad_ρ)⁻¹ H in ρ's eigenbasis, a second time on purpose: a peer shares nothing."""
    p, v = np.linalg.eigh(rho)
    return np.asarray(v @ ((v.conj().T @ h @ v) / (1 - 1j * kappa * (p[:, None] - p))) @ v.conj().T)
