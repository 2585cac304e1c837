r"""The integral for p = (c + b, c, …, c): moments of |ψ_j|² under exp(b⟨ψ|A|ψ⟩), by divided differences of exp.

With $y_j = ba_j$ and the formula of Hermite and Genocchi $\int e^{\langle\psi|Y|\psi\rangle}d\psi = (d-1)!\,
\exp[y_1, \dots, y_d]$; a derivative by y_j repeats this argument.
"""

from abc import abstractmethod
from typing import Any

from qllg_sym.ensemble.canonical.arithmetic import Arithmetic
from qllg_sym.ensemble.canonical.orbit_integral import Groups, OrbitIntegral


class OneApart(OrbitIntegral):
    """The integral for p = (c + b, c, …, c).

    Args:
        a: levels of A with their multiplicities.
        single: the level c + b, which occurs once.
        common: the level c.
        numbers: how numbers are evaluated.
    """

    def __init__(self, a: Groups, single: Any, common: Any, numbers: Arithmetic) -> None:
        super().__init__(a)
        self._numbers, self._common, self._b = numbers, common, single - common
        self._scaled = [self._b * x for x in self.levels]

    @property
    @abstractmethod
    def _first(self) -> list[Any]:
        """⟨|ψ_j|²⟩ of a state j of each group."""

    @abstractmethod
    def _second(self, g: int, h: int) -> Any:
        """Return ⟨|ψ_j|²|ψ_k|²⟩ of different states, half of ⟨|ψ_j|⁴⟩ for the same."""

    @property
    def _trace(self) -> Any:
        """The part of the exponent that is the same for all: c Tr A."""
        return self._common * sum(n * x for n, x in zip(self.counts, self.levels, strict=True))

    def population(self, g: int) -> Any:
        """Return F_j."""
        return self._common + self._b * self._first[g]

    def own(self, g: int) -> Any:
        """Return F_jj."""
        return self._b**2 * (2 * self._second(g, g) - self._first[g]**2)

    def other(self, g: int, h: int) -> Any:
        """Return F_jk."""
        return self._b**2 * (self._second(g, h) - self._first[g] * self._first[h])

    def coherence(self, g: int, h: int) -> Any:
        """Return ⟨|ρ_jk|²⟩."""
        return self._b**2 * self._second(g, h)
