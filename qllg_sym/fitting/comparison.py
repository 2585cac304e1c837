"""A model beside data: residuals of all data sets, and their Jacobian."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from qllg_sym.errors import InputError
from qllg_sym.fitting.experiment import Experiment

Array = NDArray[Any]
EXACT, DIFFERENCES = "exact sensitivities", "central differences"
NOTHING = 1e-12     # a column of the Jacobian below this part of the largest is one that nothing depends on


@dataclass(frozen=True)
class Comparison:
    """Data sets that share their free parameters.

    Attributes:
        names: of the free parameters.
        sets: the data sets.
        low, high: bounds of the free parameters.
    """

    names: tuple[str, ...]
    sets: tuple[Experiment, ...]
    low: Array
    high: Array

    @property
    def size(self) -> int:
        """How many numbers the data are."""
        return sum(one.size for one in self.sets)

    @property
    def weighted(self) -> bool:
        """Whether standard deviations were given for all."""
        return all(one.weighted for one in self.sets)

    @property
    def logarithms(self) -> float:
        """Σ ln(σ √(2π)) of all numbers."""
        return sum(one.logarithms for one in self.sets)

    def named(self, x: Array) -> dict[str, float]:
        """Return the numbers by name."""
        return dict(zip(self.names, x.tolist(), strict=True))

    def kind(self, x: Array) -> str:
        """Return what the Jacobian is made of."""
        return EXACT if all(one.exact(self.named(x)) for one in self.sets) else DIFFERENCES

    def residuals(self, x: Array) -> Array:
        """Return (model − data)/sigma, all in one."""
        return np.concatenate([one.residuals(self.named(x)) for one in self.sets])

    def jacobian(self, x: Array) -> Array:
        """Return its derivatives, (numbers, parameters)."""
        return np.concatenate([one.jacobian(self.named(x)) for one in self.sets])

    def gradient(self, x: Array) -> Array:
        """Return the derivatives of ½χ², (parameters,)."""
        return np.asarray(np.sum([one.gradient(self.named(x)) for one in self.sets], axis=0))

    def minimised(self, x: Array) -> Any:
        """Return what `scipy.optimize.least_squares` finds from a start."""
        return least_squares(self.residuals, x, jac=self.jacobian, bounds=(self.low, self.high), x_scale="jac",
                             method="trf", xtol=1e-12, ftol=1e-14, gtol=None)       # gtol would have a unit

    def holding(self, name: str, value: float) -> "Comparison":
        """Return the same with one parameter less."""
        kept = np.array([one != name for one in self.names])
        return replace(self, names=tuple(one for one in self.names if one != name), low=self.low[kept],
                       high=self.high[kept], sets=tuple(one.holding(name, value) for one in self.sets))

    def refuse_mixed(self) -> None:
        """Refuse data with standard deviations beside data without: nothing says how these weigh."""
        given = [one.weighted for one in self.sets]
        if any(given) and not all(given):
            raise InputError("`sigma` must be given for all data or for none, but data "
                             f"[{given.index(False)}] have none beside [{given.index(True)}]; add it.")

    def refuse_few(self) -> None:
        """Refuse fewer data than parameters."""
        if self.size < len(self.names):
            raise InputError(f"`data` must be as many numbers as are free at least, {len(self.names)}, but are "
                             f"{self.size}; fix some parameters.")

    def refuse_useless(self, x: Array) -> None:
        """Refuse free parameters that nothing depends on."""
        columns = np.linalg.norm(self.jacobian(x), axis=0)
        sizes = columns * abs(x)                # of relative changes: no unit; from 0 there is none
        for name, column, size, value in zip(self.names, columns, sizes, x, strict=True):
            if size <= NOTHING * sizes.max(initial=0.0) and (value or not column):
                raise InputError("`free` must name parameters on which the data depend, but nothing depends on "
                                 f"{name!r} at its start; fix it in `values`, or start elsewhere.")

