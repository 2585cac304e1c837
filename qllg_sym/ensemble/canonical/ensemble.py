r"""q.canonical: the canonical ensemble on an isospectral orbit, as users read it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields, short
from qllg_sym.ensemble.canonical.arithmetic import Multiprecision, working
from qllg_sym.ensemble.canonical.enclosure import enclosed
from qllg_sym.ensemble.canonical.fluctuations import in_eigenbasis, mean_over_orbit, operator_of, variance_over_orbit
from qllg_sym.ensemble.canonical.gibbs import Gibbs
from qllg_sym.ensemble.canonical.levels import EnergyLevels, levels_of_matrix
from qllg_sym.ensemble.canonical.orbit_integral import Groups, OrbitIntegral
from qllg_sym.ensemble.canonical.precision import apart, integral_of, settled
from qllg_sym.ensemble.canonical.rounding import DOUBLE, density_matrix, rounded
from qllg_sym.ensemble.canonical.temperature import matched
from qllg_sym.errors import InputError
from qllg_sym.flow.exact.states import frequency
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.numbers import number_of
from qllg_sym.model.model import Model

GUARD = 20      # digits of the levels beyond those of the result


@dataclass(frozen=True, repr=False)
class Canonical(ByFields):
    r"""The canonical ensemble $e^{-\mathrm{Tr}\rho H/k_BT}/Z$ on the orbit $\{U\rho U^\dagger\}$ of a spectrum.

    Numbers are doubles up to 15 digits, else those of mpmath; energies are in the unit of H, k_B = 1 in the heat
    capacity.

    Attributes:
        model: its Hamiltonian.
        spectrum: populations, d of them, exact.
        kT: k_BT, exact.
        numbers: exact values of the parameters.
        digits: of what is read.
    """

    model: Model
    spectrum: tuple[sp.Rational, ...]
    kT: sp.Rational
    numbers: tuple[tuple[sp.Symbol, sp.Expr], ...]
    digits: int

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return (f"<Canonical on {self.model.space}: spectrum {short(tuple(map(float, self.spectrum)))}, "
                f"kT = {float(self.kT):g}, energy {float(self.energy):.6g}>")

    def hamiltonian(self) -> sp.ImmutableMatrix:
        """Return H as an exact matrix, (d, d)."""
        numbers = dict(self.numbers)
        return sp.ImmutableMatrix(frequency(self.model, numbers) * self.model.hbar.xreplace({**numbers}))

    @cached_property
    def levels(self) -> EnergyLevels:
        """The levels of H: in doubles, or in mpmath where more than 15 digits are asked for."""
        if self.digits > DOUBLE:
            return levels_of_matrix(self.hamiltonian(), self.digits + GUARD)
        values = {symbol.name: float(x) for symbol, x in self.numbers}
        return levels_of_matrix(matrix_of(self.model, values) * number_of(self.model.hbar, values))

    @cached_property
    def _settled(self) -> tuple[OrbitIntegral, int]:
        return self._at(self.kT)

    def _at(self, kT: Any) -> tuple[OrbitIntegral, int]:
        """The integral at a temperature, and its working precision."""
        def groups(numbers: Multiprecision) -> Groups:
            pairs = zip(self.levels.values, self.levels.counts, strict=True)
            return [(-numbers(e) / numbers(kT), n) for e, n in pairs]

        return settled(lambda numbers: integral_of(groups(numbers), self.spectrum, numbers, self.digits + 5),
                       self.digits, 0 if apart(self.spectrum) else self._reach(kT))

    def _reach(self, kT: Any) -> float:
        spread = float(self.levels.values[-1] - self.levels.values[0])
        return spread / float(kT) * float(max(self.spectrum) - min(self.spectrum))

    def _energy_at(self, kT: Any) -> Any:
        integral, precision = self._at(kT)
        with Multiprecision(precision) as numbers:
            return integral.mean([numbers(e) for e in self.levels.values])

    @property
    def log_partition(self) -> Any:
        """Free energy over −k_BT: ln Z, Z = ∫ exp(−Tr UρU†H/k_BT) dU with ∫ dU = 1."""
        return rounded(self._settled[0].log, self.digits)

    @property
    def energy(self) -> Any:
        """⟨Tr ρH⟩ = −∂ ln Z/∂β."""
        return rounded(self._energy_at(self.kT), self.digits)

    @property
    def variance(self) -> Any:
        """Variance of Tr ρH over the orbit, ∂² ln Z/∂β²."""
        integral, precision = self._settled
        with Multiprecision(precision) as numbers:
            found = integral.variance * numbers(self.kT)**2
        return rounded(found, self.digits)

    @property
    def heat_capacity(self) -> Any:
        """d⟨Tr ρH⟩/d(k_BT) = variance/(k_BT)²."""
        integral, precision = self._settled
        with Multiprecision(precision):
            found = integral.variance
        return rounded(found, self.digits)

    @property
    def populations(self) -> NDArray[Any]:
        """Mean populations of the eigenstates of H, (d,), by ascending energy."""
        return np.array([rounded(x, self.digits) for x in self.levels.repeated(self._settled[0].populations)])

    @property
    def state(self) -> Any:
        """The mean density matrix, (d, d), a function of H that is not Gibbs' state."""
        weights = np.array(self.levels.repeated(self._settled[0].populations))
        return density_matrix(self.levels.vectors, weights, self.digits)

    def expectation(self, op: Any) -> Any:
        """Return ⟨Tr ρA⟩ of a Hermitian operator: a matrix (d, d), terms, an expression in spins, a model."""
        return self._reading(op, mean_over_orbit)

    def variance_of(self, op: Any) -> Any:
        """Return the variance of Tr ρA over the orbit, of a Hermitian operator."""
        return self._reading(op, variance_over_orbit)

    def _reading(self, op: Any, read: Callable[..., Any]) -> Any:
        integral, precision = self._settled
        with Multiprecision(precision):
            held = operator_of(op, self.model, dict(self.numbers), self.digits)
            found = read(in_eigenbasis(held, self.levels), self.levels, integral)
        return rounded(found, self.digits)

    def enclose(self, what: str = "log_partition", digits: int = 50) -> Any:
        """Return a reading in a rigorous ball (flint.arb) with so many digits.

        Args:
            what: log_partition, energy, variance or heat_capacity.
            digits: the radius is below 10^−digits times the value, or times its scale (1, the spread of H, or its
                square) where that is more.

        Raises:
            InputError: python-flint is not installed (`pip install qllg_sym[verified]`), or no such reading.
        """
        return enclosed(what, self.hamiltonian(), self.spectrum, self.kT, digits)

    @property
    def gibbs(self) -> Gibbs:
        """Gibbs' state at the same temperature: .log_partition, .energy, .variance, .heat_capacity, .state."""
        return Gibbs(self.levels, self.kT, self.digits)

    @cached_property
    def matched_kT(self) -> Any:
        """The temperature at which this orbit's mean energy is that of Gibbs' state at `kT`.

        Raises:
            InputError: Gibbs' energy lies below every energy of the orbit.
        """
        target, least = self.gibbs.mean_energy, self._least_energy
        if target <= least:
            raise InputError(f"`kT` must leave Gibbs' energy {float(target):g} within the orbit for matched_kT, but no "
                             f"state of it lies below {float(least):g}; take a higher kT or a purer spectrum.")
        with working(self.digits) as numbers:
            found = matched(self._energy_at, target, numbers(self.kT), self.digits)
        return rounded(found, self.digits)

    @property
    def _least_energy(self) -> Any:
        """The energy of the orbit's passive state: the larger a population, the lower its level."""
        with working(self.digits) as numbers:
            energies = self.levels.repeated([numbers(e) for e in self.levels.values])
            return sum(numbers(p) * e for p, e in zip(sorted(self.spectrum, reverse=True), energies, strict=True))
