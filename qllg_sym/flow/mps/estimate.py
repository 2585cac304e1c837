"""Three runs of one problem, and what their differences say of errors: two steps and two truncations.

Here C has the same steps as the answer M but larger truncations, S has truncations as C and steps twice as long.
|M − C| bounds the error of truncations where C loses much more than M. At a bond where it does not, as levels have a
gap or what gates bring in is dropped before it can grow, both lack the same: so the amplitudes that M discarded, Σ√ε
over gates, are added times their share in those of C, whole where both lost alike. 3 |C − S| / 15 bounds the error of
steps of order 4; where the amplitudes of C and S explain it no shorter step is tried, for more gates discard more. All
are taken at every time, for every reading, and never fall with time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.mps.evolution import ChainEvolution, ChainReadings, Take
from qllg_sym.flow.mps.options import ROUNDS, Accuracy
from qllg_sym.flow.mps.posed import ChainProblem

Array = NDArray[Any]
Watch = Callable[[float], None]
RATIO, SAFETY = 15.0, 3.0       # 2⁴ − 1
ROUNDING = 1e-15                # of one gate
SEEN = 0.05                     # of what amplitudes may do to readings, they mostly do
FINER, FINEST_CUT = 100.0, 1e-28
READINGS = ("bloch", "energy", "entropy")


@dataclass(frozen=True)
class Errors:
    """Estimated errors at each time: of ⟨S_i⟩/(s_i ħ) and of entropies the largest of all sites, of the energy over ħ.

    Attributes:
        step: {reading: (n,)} of the steps.
        truncation: {reading: (n,)} of the truncations.
    """

    step: dict[str, Array]
    truncation: dict[str, Array]

    @property
    def total(self) -> dict[str, Array]:
        """Their sums."""
        return {name: self.step[name] + self.truncation[name] for name in READINGS}


@dataclass
class Estimated:
    """The answer and how far it may be off.

    Attributes:
        answer: the run M.
        errors: of it.
        accuracy: what it was moved with.
        runs: how many runs were made.
    """

    answer: ChainEvolution
    errors: Errors
    accuracy: Accuracy
    runs: int


class Estimator:
    """Runs a problem until its estimated error is below the tolerance, or nothing is left that may be chosen."""

    def __init__(self, posed: ChainProblem, show: Watch) -> None:
        self._posed, self._show, self._runs = posed, show, 0
        self.latest: ChainEvolution | None = None

    def found(self, take: Callable[[], Take]) -> Estimated:
        """Return the answer; `take` makes a listener for the states of one run."""
        fine, middle, step = self._stepped(self._posed.accuracy)
        for k in range(ROUNDS):
            answer = self._run(fine, True, take())
            errors = Errors(step, self._truncations(answer, middle))
            again = self.miss(errors.truncation) > 0.5 * fine.tolerance
            if not again or not _may_cut_less(fine, answer, fine.bond) or k == ROUNDS - 1:
                break
            fine, middle = replace(fine, cut=fine.cut / FINER), answer
        return Estimated(answer, errors, fine, self._runs)

    def _stepped(self, fine: Accuracy) -> tuple[Accuracy, ChainEvolution, dict[str, Array]]:
        """Return the accuracy with a step that will do, the run C, and the errors of the step."""
        for k in range(ROUNDS):
            coarse = self._run(fine.coarser(), False)
            middle = self._run(fine.coarser(), True)
            step = differences(middle.readings, coarse.readings, SAFETY / RATIO, middle.steps, self._energy)
            miss, lost = self.miss(step), np.array(middle.lost) + np.array(coarse.lost)
            if miss <= 0.5 * fine.tolerance or k == ROUNDS - 1:
                break
            if miss <= SEEN * SAFETY / RATIO * self.miss(self._bounds(lost)):   # truncations differ, whatever the step
                if not _may_cut_less(fine, middle, fine.coarser().bond):
                    break
                fine = replace(fine, cut=fine.cut / FINER)
            elif fine.frees("step"):
                shorter = float(np.clip((0.2 * fine.tolerance / miss) ** 0.25, 0.2, 0.8))
                fine = replace(fine, step=fine.step * shorter)
            else:
                break
        return fine, middle, step

    def _run(self, accuracy: Accuracy, halved: bool, take: Take | None = None) -> ChainEvolution:
        """Make one run."""
        times = self._posed.problem.times
        first, last = float(times[0]), float(times[-1])
        self._runs += 1
        done = 1 - 0.5 ** (self._runs - 1)
        self.latest = run = ChainEvolution(self._posed, accuracy, halved)
        run.run(lambda t: self._show(done + (1 - done) * 0.5 * (t - first) / ((last - first) or 1.0)), take)
        return run

    def _truncations(self, answer: ChainEvolution, middle: ChainEvolution) -> dict[str, Array]:
        """Return |M − C|, and the amplitudes that M discarded as far as C discarded the same."""
        found = differences(answer.readings, middle.readings, 1.0, answer.steps, self._energy)
        own, other = np.array(answer.lost), np.array(middle.lost)
        alike = np.minimum(np.divide(own, other, out=np.ones_like(own), where=other > 0), 1)
        return {name: found[name] + bound for name, bound in self._bounds(alike * own).items()}

    def _bounds(self, amplitudes: Array) -> dict[str, Array]:
        """Return how far amplitudes (n, N − 1) that a state lacks at its bonds can move the readings, (n,) each."""
        largest, total = amplitudes.max(axis=1, initial=0.0), amplitudes.sum(axis=1)
        return {"bloch": 2 * largest, "energy": self._posed.spread * total, "entropy": 4 * largest}

    def miss(self, errors: dict[str, Array]) -> float:
        """Return the largest error of a local reading, in the measure of `tolerance`."""
        return float(max(errors["bloch"].max(), errors["energy"].max() / (self._energy or 1.0)))

    @property
    def _energy(self) -> float:
        """The sum of the spreads of all windows."""
        return max(len(self._posed.state) - 1, 1) * self._posed.spread


def differences(one: ChainReadings, other: ChainReadings, factor: float, gates: int,
                energy: float) -> dict[str, Array]:
    """Return the largest differences of readings up to each time, (n,), times a factor, and rounding on top.

    Args:
        one: the readings of a run.
        other: those of another.
        factor: of their differences.
        gates: how many rounded.
        energy: what its rounding is in units of where it is smaller, as 1 for the other readings.
    """
    found = {}
    for name, mine, their, unit in (("bloch", one.profile, other.profile, 1.0),
                                    ("energy", one.energy, other.energy, energy),
                                    ("entropy", one.entropy, other.entropy, 1.0)):
        fine, coarse = np.array(mine), np.array(their)
        size = abs(fine - coarse).reshape(len(fine), -1).max(axis=1)
        scale = max(unit, float(abs(fine).max()))
        found[name] = np.maximum.accumulate(factor * size) + ROUNDING * scale * 13 * max(gates, 1)
    return found


def _may_cut_less(fine: Accuracy, run: ChainEvolution, bond: int) -> bool:
    """Return whether smaller cuts may be chosen, and would change a run with this largest bond dimension."""
    return fine.frees("cut") and fine.cut > FINEST_CUT and max(run.bond) < bond
