r"""The law as an optimiser: from k random kets of distinct weights q-LLG ends in $\sum w_j |E_j\rangle\langle E_j|$.

The weights are $w_j \propto k + 1 - j$. A pair of levels relaxes at κΔ(E_b − E_a)/(ħ(1 + κ²Δ²)), Δ the difference of
their weights (theorem `relaxation`), and turns at 1/κΔ times that rate. In time κΔ = 1 is best. In products it is not:
the turning bounds explicit steps, and of the path only the end is wanted. So κΔ is large, 10⁴ for the smallest Δ, where
the law is all but the descent of the energy on the orbit; and steps are stabilised ones (`flow.steps.stabilised`),
s slopes for a length of s². Their number follows how fast the residuals fell in the last step. The kets move by slopes
of the law alone, in polynomials fixed beforehand: no subspace is kept, nothing is diagonalised in one. They are those
of Chebyshev's iteration, which errs as exp(−2m√(gap/width)) after m products as Lanczos' method does, but does not
adapt to the levels, and leads every ket by its own rates.
"""

from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.errors import InputError
from qllg_sym.flow.methods.low_rank import flow
from qllg_sym.flow.pose import pose
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.block_lanczos import random_kets
from qllg_sym.flow.states.low_rank import LowRank
from qllg_sym.flow.steps.runge_kutta import NotFinite
from qllg_sym.flow.steps.stabilised import StabilisedStep, stages_for
from qllg_sym.flow.subspace.kets import gram, orthonormalise, rotate
from qllg_sym.observables.storage import require_memory
from qllg_sym.searches.asked import LevelSearch
from qllg_sym.searches.result import LowestLevels

Array = NDArray[Any]
NAME, OPTIONS = "q-llg", ("kappa",)
STRONG = 1e4        # κ times the smallest difference of weights: turning then shortens no step of fewer slopes
FIRST = 1, 2, 4     # slopes of the first step: the number with the longest way per slope
GAIN = 1.02         # of the length per slope: less is no reason for twice the slopes
SPREAD = 0.8, 2.0   # the least and the most factor of the number of slopes from step to step


def search(asked: LevelSearch) -> LowestLevels:
    """Return the levels as the end state of q-LLG."""
    d, k = asked.dimension, asked.k
    kappa = _damping(asked)
    require_memory("kets", (10, d, k), "ask for fewer levels")
    asked.check_squares()
    weights = np.arange(k, 0, -1) / (k * (k + 1) / 2)
    kets = np.linalg.qr(random_kets(np.random.default_rng(asked.seed), (d, k), complex))[0]
    problem = pose(asked.model, QuantumLLG(kappa), LowRank(weights, kets), [0.0, 1 / asked.width], asked.values)
    descent = Descent(problem, weights, kets, asked.width)
    while descent.residual() > asked.tol * asked.width:
        step = descent.chosen()
        if (descent.evaluations + step.stages + 1) * k > asked.most or not descent.advance(step):
            break
    asked.products = descent.evaluations * k
    return asked.levels(descent.kets, NAME, {"kappa": kappa, "steps": descent.steps, "time": descent.t,
                                             "stages": descent.last.stages, "evaluations": descent.evaluations})


class Descent:
    """Orthonormal kets that the law leads to the lowest levels by stabilised steps.

    Args:
        problem: H and the law.
        weights: of the kets, (k,), the smallest difference the last of them.
        kets: (d, k), orthonormal.
        width: of the spectrum of H/ħ, a bound.

    Attributes:
        kets: where they are.
        t: the time reached.
        steps: how many were taken.
        evaluations: slopes, of k products each.
        last: the step before, at first the one to begin with.
    """

    def __init__(self, problem: Problem, weights: Array, kets: Array, width: float) -> None:
        self.kets, self.t, self.steps, self.evaluations = kets, 0.0, 0, 0
        self._flow, self._first = flow(problem, weights), np.empty_like(kets)
        self._inner = problem.weight(weights[:, None] - weights)(0.0)
        self._outer = problem.weight(-weights)(0.0)
        self._rates = 1j * width * self._outer      # differences of weights are weights, so that there are no others
        self._reach: dict[int, float] = {}
        self._residuals: list[float] = []
        self.last = max(map(StabilisedStep, FIRST), key=lambda step: self._length(step) / step.stages)

    def residual(self) -> float:
        """Return the largest ‖Hv − ⟨v|H|v⟩v‖/ħ: the slopes are W∘(U†HU) inside the span and W(1 − UU†)HU outside."""
        self._slope(self.kets, self._first)
        inside = gram(self.kets, self._first)[0]
        outside = np.linalg.norm(self._first - self.kets @ inside, axis=0) / abs(self._outer)
        inside = inside / self._inner
        np.fill_diagonal(inside, 0)
        self._residuals.append(float(np.hypot(outside, np.linalg.norm(inside, axis=0)).max()))
        return self._residuals[-1]

    def chosen(self) -> StabilisedStep:
        """Return the next step: so many slopes that the modes that fell least in the last one are fast ones now."""
        if len(self._residuals) < 2:
            return self.last
        least, most = (factor * self.last.stages for factor in SPREAD)
        slowest = self.last.slowest(self._residuals[-1] / self._residuals[-2])
        wanted = least if slowest is None else most if slowest <= 0 else min(max(stages_for(slowest), least), most)
        step = StabilisedStep(max(1, round(wanted)))
        longer = self._length(step) / step.stages > GAIN * self._length(self.last) / self.last.stages
        return step if longer or step.stages < self.last.stages else self.last

    def advance(self, step: StabilisedStep) -> bool:
        """Take a step from where the residual was looked at; return whether there is more to do.

        A step in which kets became dependent is not taken: the next one has half the slopes, if it has any.
        """
        h, self.last = self._length(step), step
        try:
            kets = step.after(self._extended, self.kets, self._first, h)
            if not orthonormalise(kets).all():
                raise NotFinite
        except NotFinite:
            self.last = StabilisedStep(max(1, step.stages // 2))
            self._residuals.clear()
            return step.stages > 1
        self.kets, self.t, self.steps = kets, self.t + h, self.steps + 1
        return True

    def _length(self, step: StabilisedStep) -> float:
        """The longest step with so many slopes in which nothing grows."""
        if step.stages not in self._reach:
            self._reach[step.stages] = step.reach(self._rates)
        return self._reach[step.stages]

    def _slope(self, kets: Array, out: Array) -> None:
        """Write the slope of orthonormal kets into `out`."""
        self.evaluations += 1
        self._flow(0.0, kets, out)

    def _extended(self, kets: Array, out: Array) -> None:
        """Write the slope of kets that are not orthonormal into `out`: that of V times S, where they are VS, S > 0."""
        levels, vectors = np.linalg.eigh(gram(kets, kets)[0])
        if not levels[0] > 0:
            raise NotFinite
        self._slope(kets @ ((vectors * levels**-0.5) @ vectors.conj().T), out)
        rotate(out, (vectors * levels**0.5) @ vectors.conj().T)


def _damping(asked: LevelSearch) -> float:
    """Return κ: as asked for, or one that is strong for the smallest difference of weights."""
    given: Any = asked.own.get("kappa", STRONG * asked.k * (asked.k + 1) / 2)
    if isinstance(given, bool) or not isinstance(given, Real) or not 0 < float(given) < np.inf:
        raise InputError(f"`options[\"kappa\"]` must be a positive number, but is {given!r}; leave it out for the best "
                         "one.")
    return float(given)
