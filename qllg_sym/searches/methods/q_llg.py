r"""The law as an optimiser: from k random kets of distinct weights q-LLG ends in $\sum w_j |E_j\rangle\langle E_j|$.

The weights are $w_j \propto k + 1 - j$. A pair of levels relaxes at κΔ(E_b − E_a)/(ħ(1 + κ²Δ²)), Δ the difference of
their weights (theorem `relaxation`): fastest at κΔ = 1, so κ = 1 for one ket, and k(k + 1)/2, one over the smallest
difference, for k of them. Steps are as long as their stability allows; what they miss of the path does not matter.
"""

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.errors import InputError
from qllg_sym.flow.methods.low_rank import flow
from qllg_sym.flow.pose import pose
from qllg_sym.flow.states.block_lanczos import random_kets
from qllg_sym.flow.states.low_rank import LowRank
from qllg_sym.flow.steps.runge_kutta import Failure, Kets, RungeKutta
from qllg_sym.flow.steps.tableau import dopri5
from qllg_sym.flow.subspace.kets import orthonormalise
from qllg_sym.observables.storage import require_memory
from qllg_sym.searches.asked import LevelSearch
from qllg_sym.searches.result import LowestLevels

Array = NDArray[Any]
NAME, OPTIONS = "q-llg", ("kappa",)
LOOSE = 0.1         # of the largest residual over the width of the spectrum: the error of a step that is allowed
LOOK = 10           # steps between two looks at the residuals
FOREVER = 1e6      # widths of the spectrum: a time that is not reached


def search(asked: LevelSearch) -> LowestLevels:
    """Return the levels as the end state of q-LLG."""
    d, k = asked.dimension, asked.k
    require_memory("kets", (14, d, k), "ask for fewer levels")
    weights = np.arange(k, 0, -1) / (k * (k + 1) / 2)
    kappa = _damping(asked)
    kets = np.linalg.qr(random_kets(np.random.default_rng(asked.seed), (d, k), complex))[0]
    problem = pose(asked.model, QuantumLLG(kappa), LowRank(weights, kets), [0.0, FOREVER / asked.width], asked.values)
    tolerance = [LOOSE]

    def sizes(change: Array, old: Array, new: Array) -> Array:
        """Return the sizes of changes, in units of a tolerance that falls with the residuals."""
        return Kets(tolerance[0])(change, old, new)

    stepper = RungeKutta(flow(problem, weights), 0.0, FOREVER / asked.width, kets, dopri5(), sizes,
                         orthonormalise)
    worst = float(asked.residuals(kets)[1].max())
    while worst > asked.tol * asked.width and asked.products + (LOOK * 7 + 2) * k <= asked.most:
        seen = stepper.evaluations
        try:
            for _ in range(LOOK):
                stepper.advance()
        except Failure:                     # at rest, or without a damping that would bring it there
            break
        asked.products += (stepper.evaluations - seen) * k
        worst = float(asked.residuals(stepper.y)[1].max())
        tolerance[0] = LOOSE * min(1.0, worst / asked.width)
    return asked.levels(stepper.y.copy(), NAME, {"kappa": kappa, "steps": stepper.steps, "time": stepper.t,
                                                 "evaluations": stepper.evaluations})


def _damping(asked: LevelSearch) -> float:
    """Return κ: as asked for, or the best one for the smallest difference of weights."""
    given: Any = asked.own.get("kappa", asked.k * (asked.k + 1) / 2)
    if isinstance(given, bool) or not isinstance(given, Real) or not 0 < float(given) < np.inf:
        raise InputError(f"`options[\"kappa\"]` must be a positive number, but is {given!r}; leave it out for the best "
                         "one.")
    return float(given)
