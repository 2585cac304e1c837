"""One run beside its data: residuals, and their Jacobian."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError
from qllg_sym.fitting.data_set import DataSet
from qllg_sym.fitting.given import entry_of, numbers_of_data, standard_deviations
from qllg_sym.fitting.observed import HybridObserved, Observed, observed_in_fit
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.sensitivities import adjoint_is_quicker, unavailable
from qllg_sym.flow.solve import solve
from qllg_sym.model.model import Model

Array = NDArray[Any]
STEP = 6e-6         # of a parameter, for central differences: the cube root of rounding


@dataclass
class Experiment:
    """One data set of a fit; the last run is kept, since residuals and Jacobian are asked for at the same numbers.

    Attributes:
        model, law, state, times: as of `solve`.
        fixed: numbers of the parameters that are not free.
        parts: what is observed, data, and their standard deviations.
        weighted: whether these were given for all.
        last: numbers, and the run with them.
    """

    model: Model
    law: Law
    state: Any
    times: Any
    fixed: Mapping[str, Any]
    parts: list[tuple[Observed | HybridObserved, Array, Array]] = field(default_factory=list)
    weighted: bool = True
    last: tuple[Any, Trajectory | HybridTrajectory] | None = None

    @classmethod
    def of(cls, model: Model, law: Law, given: DataSet, start: Mapping[str, float], mark: str) -> "Experiment":
        """Return a data set, checked; `mark` is its place among several."""
        fixed = {str(key): value for key, value in (given.values or {}).items()}
        if both := [name for name in start if name in fixed]:
            raise InputError(f"`values` must not give what is free, but has {both[0]!r}; leave it out there, or in "
                             "`free`.")
        found, several = cls(model, law, given.state, given.times, fixed), isinstance(given.data, Mapping)
        n = len(np.atleast_1d(np.asarray(given.times)))
        for name, numbers in (given.data if several else {"": given.data}).items():
            what = entry_of(given.observe, name, f"observe{mark}") if several else given.observe
            place = f"{mark}[{name!r}]" if name else mark
            one = observed_in_fit(what, model, law, given.state, {**fixed, **start}, f"observe{place}")
            shape = (n,) if one.single else (n, 3)
            width = entry_of(given.sigma, name, f"sigma{mark}") if isinstance(given.sigma, Mapping) else given.sigma
            found.weighted = found.weighted and width is not None
            found.parts.append((one, numbers_of_data(numbers, shape, f"data{place}"),
                                standard_deviations(width, shape, f"sigma{place}")))
        return found

    @property
    def size(self) -> int:
        """How many numbers the data are."""
        return sum(data.size for _, data, _ in self.parts)

    @property
    def logarithms(self) -> float:
        """Σ ln(σ √(2π)) of all numbers."""
        return float(sum((np.log(sigma) + 0.5 * np.log(2 * np.pi)).sum() for _, _, sigma in self.parts))

    def holding(self, name: str, value: float) -> "Experiment":
        """Return the same with one more parameter fixed."""
        return replace(self, fixed={**self.fixed, name: value}, last=None)

    def run(self, free: Mapping[str, float]) -> Trajectory | HybridTrajectory:
        """Return the run at these numbers."""
        key = tuple(free.items())
        if self.last is None or self.last[0] != key:
            self.last = key, solve(self.model, self.law, self.state, self.times, values={**self.fixed, **free})
        return self.last[1]

    def residuals(self, free: Mapping[str, float]) -> Array:
        """Return (model − data)/sigma, all in one."""
        run: Any = self.run(free)
        return np.concatenate([((one.of(run) - data) / sigma).ravel() for one, data, sigma in self.parts])

    def exact(self, free: Mapping[str, float]) -> bool:
        """Return whether the Jacobian is exact, and not made of differences."""
        run: Any = self.run(free)
        return not isinstance(run, HybridTrajectory) and unavailable(run.restart.problem) is None

    def jacobian(self, free: Mapping[str, float]) -> Array:
        """Return the derivatives of the residuals, (numbers, parameters)."""
        if not self.exact(free):
            return self._differences(free)
        run: Any = self.run(free)
        slopes = run.restart.sensitivity(list(free))
        return np.concatenate([(one.along(slopes) / sigma).reshape(len(free), -1) for one, _, sigma in self.parts
                               if isinstance(one, Observed)], axis=1).T

    def gradient(self, free: Mapping[str, float]) -> Array:
        """Return the derivatives of ½ Σ residuals², (parameters,): by the adjoint equation where that takes less."""
        off, run = self.residuals(free), self.run(free)
        restart: Any = getattr(run, "restart", None)
        if isinstance(run, HybridTrajectory) or not adjoint_is_quicker(restart.problem, len(free)):
            return np.asarray(self.jacobian(free).T @ off)
        cotangents, first, n = np.zeros(run.states.shape, dtype=complex), 0, len(run.times)
        for one, data, sigma in self.parts:
            if isinstance(one, Observed):
                share = (off[first:first + data.size].reshape(data.shape) / sigma).reshape(n, -1)
                cotangents += np.tensordot(share, np.asarray(one.matrices), axes=1)
            first += data.size
        found = run.gradient(cotangents)
        return np.array([found[name] for name in free])

    def _differences(self, free: Mapping[str, float]) -> Array:
        """Return central differences of the residuals."""
        columns: Sequence[Array] = []
        for name, value in free.items():
            h = STEP * max(abs(value), 1e-3)
            sides = (self.residuals({**free, name: value + step}) for step in (h, -h))
            columns = [*columns, (next(sides) - next(sides)) / (2 * h)]
        return np.stack(columns, axis=1)
