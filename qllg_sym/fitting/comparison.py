"""A model beside data: residuals, and their Jacobian."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError
from qllg_sym.fitting.given import entry_of, numbers_of_data, standard_deviations
from qllg_sym.fitting.observed import Observed, observed_in_fit
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.sensitivities import unavailable
from qllg_sym.flow.solve import solve
from qllg_sym.model.model import Model

Array = NDArray[Any]
EXACT, DIFFERENCES = "exact sensitivities", "central differences"
STEP = 6e-6         # of a parameter, for central differences: the cube root of rounding
NOTHING = 1e-12     # a column of the Jacobian below this part of the largest is one that nothing depends on


@dataclass
class Comparison:
    """Residuals and their Jacobian; the last run is kept, since both are asked for at the same numbers.

    Attributes:
        model, law, state, times: as of `solve`.
        names: of the free parameters.
        fixed: numbers of the others.
        parts: what is observed, data, and their standard deviations.
        weighted: whether these were given for all.
        kind: what the Jacobian is made of.
        last: numbers, and the run with them.
    """

    model: Model
    law: Law
    state: Any
    times: Any
    names: list[str]
    fixed: Mapping[str, Any]
    parts: list[tuple[Observed, Array, Array]] = field(default_factory=list)
    weighted: bool = True
    kind: str = EXACT
    last: tuple[bytes, Trajectory] | None = None

    @property
    def size(self) -> int:
        """How many numbers the data are."""
        return sum(data.size for _, data, _ in self.parts)

    def add(self, data: Mapping[str, Any], observe: Any, sigma: Any, start: Mapping[str, float]) -> None:
        """Check data and keep them."""
        n = len(np.atleast_1d(np.asarray(self.times)))
        for name, given in data.items():
            what, mark = entry_of(observe, name, "observe"), f"[{name!r}]" if name else ""
            one = observed_in_fit(what, self.model, self.law, self.state, {**self.fixed, **start}, f"observe{mark}")
            shape = (n,) if one.single else (n, 3)
            width = sigma if sigma is None or not isinstance(sigma, Mapping) else sigma.get(name)
            self.weighted = self.weighted and width is not None
            self.parts.append((one, numbers_of_data(given, shape, f"data{mark}"),
                               standard_deviations(width, shape, f"sigma{mark}")))
        if self.size < len(self.names):
            raise InputError(f"`data` must be as many numbers as are free at least, {len(self.names)}, but are "
                             f"{self.size}; fix some parameters.")

    def run(self, x: Array) -> Trajectory:
        """Return the run at these numbers."""
        key = x.tobytes()
        if self.last is None or self.last[0] != key:
            values = {**self.fixed, **dict(zip(self.names, x.tolist(), strict=True))}
            self.last = key, solve(self.model, self.law, self.state, self.times, values=values)
        return self.last[1]

    def residuals(self, x: Array) -> Array:
        """Return (model − data)/sigma, all in one."""
        run = self.run(x)
        return np.concatenate([((one.of(run) - data) / sigma).ravel() for one, data, sigma in self.parts])

    def jacobian(self, x: Array) -> Array:
        """Return its derivatives, (numbers, parameters)."""
        run: Any = self.run(x)
        if unavailable(run.restart.problem) is not None:
            self.kind = DIFFERENCES
            steps = STEP * np.maximum(abs(x), 1e-3)
            return np.stack([(self.residuals(x + h) - self.residuals(x - h)) / (2 * abs(h).sum())
                             for h in np.diag(steps)], axis=1)
        slopes = run.restart.sensitivity(self.names)
        return np.concatenate([(one.along(slopes) / sigma).reshape(len(self.names), -1) for one, _, sigma in
                               self.parts], axis=1).T

    def refuse_useless(self, x: Array) -> None:
        """Refuse free parameters that nothing depends on."""
        sizes = np.linalg.norm(self.jacobian(x), axis=0) * np.maximum(abs(x), 1e-12)
        for name, size in zip(self.names, sizes.tolist(), strict=True):
            if size <= NOTHING * sizes.max(initial=0.0):
                raise InputError("`free` must name parameters on which the data depend, but nothing depends on "
                                 f"{name!r} at its start; fix it in `values`, or start elsewhere.")
