"""Gibbs' state exp(−H/k_BT)/Z, beside the ensemble on an orbit."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.ensemble.canonical.arithmetic import Multiprecision, working
from qllg_sym.ensemble.canonical.levels import EnergyLevels
from qllg_sym.ensemble.canonical.rounding import density_matrix, rounded


@dataclass(frozen=True, repr=False)
class Gibbs(ByFields):
    """Gibbs' state of H at a temperature.

    Args:
        levels: of H.
        kT: k_BT in the unit of H.
        digits: of what is read.
    """

    levels: EnergyLevels
    kT: Any
    digits: int

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<Gibbs: {sum(self.levels.counts)} states, kT = {float(self.kT):g}, energy {float(self.energy):g}>"

    @cached_property
    def weights(self) -> list[Any]:
        """Population of a state of each level, in the working precision."""
        with working(self.digits) as numbers:
            factors = self._factors(numbers)
            total = sum(n * w for n, w in zip(self.levels.counts, factors, strict=True))
            return [w / total for w in factors]

    def _factors(self, numbers: Multiprecision) -> list[Any]:
        least = numbers(self.levels.values[0])
        return [numbers.exp((least - numbers(e)) / numbers(self.kT)) for e in self.levels.values]

    @property
    def log_partition(self) -> Any:
        """Free energy over −k_BT: ln Tr exp(−H/k_BT)."""
        with working(self.digits) as numbers:
            total = sum(n * w for n, w in zip(self.levels.counts, self._factors(numbers), strict=True))
            found = numbers.log(total) - numbers(self.levels.values[0]) / numbers(self.kT)
        return rounded(found, self.digits)

    @property
    def mean_energy(self) -> Any:
        """Tr ρH in the working precision."""
        return self._moment(1)

    @property
    def energy(self) -> Any:
        """Tr ρH."""
        return rounded(self._moment(1), self.digits)

    @property
    def variance(self) -> Any:
        """Tr ρH² − (Tr ρH)²: of a measurement of H, which in an orbit's ensemble is another thing."""
        return rounded(self._moment(2), self.digits)

    @property
    def heat_capacity(self) -> Any:
        """dE/d(k_BT) = variance/(k_BT)²."""
        with working(self.digits) as numbers:
            found = self._moment(2) / numbers(self.kT)**2
        return rounded(found, self.digits)

    def _moment(self, power: int) -> Any:
        """Mean energy, or its variance."""
        with working(self.digits) as numbers:
            pairs = [(n * w, numbers(e)) for n, w, e in
                     zip(self.levels.counts, self.weights, self.levels.values, strict=True)]
            mean = sum(w * e for w, e in pairs)
            return mean if power == 1 else sum(w * (e - mean)**2 for w, e in pairs)

    @property
    def state(self) -> NDArray[Any]:
        """Gibbs' density matrix, (d, d)."""
        return density_matrix(self.levels.vectors, np.array(self.levels.repeated(self.weights)), self.digits)
