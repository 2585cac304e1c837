r"""What an integral over the orbit tells: mean populations of the levels of H, and their fluctuations.

$I(a; p) = \int e^{\mathrm{Tr}\,A\,UPU^\dagger}\,dU$ over unitary matrices, total measure one, is the generating
function of $\rho = UPU^\dagger$ in the eigenbasis of A: with $F = \ln I$ and $F_j = \partial F/\partial a_j$,

    ⟨ρ_jj⟩ = F_j,   Cov(ρ_jj, ρ_kk) = F_jk,   ⟨|ρ_jk|²⟩ = (F_j − F_k)/(a_j − a_k), or F_jj − F_jk where a_j = a_k,

and all other first and second moments vanish, because phases of the eigenvectors of A are free.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

Groups = Sequence[tuple[Any, int]]      # distinct levels, each with how often it occurs


class OrbitIntegral(ABC):
    """ln I and its derivatives at levels a_g, each n_g times.

    Args:
        a: levels of A with their multiplicities.
    """

    def __init__(self, a: Groups) -> None:
        self.levels, self.counts = [x for x, _ in a], [n for _, n in a]

    @property
    @abstractmethod
    def log(self) -> Any:
        """Return F = ln I."""

    @abstractmethod
    def population(self, g: int) -> Any:
        """Return F_j for a state j of group g."""

    @abstractmethod
    def own(self, g: int) -> Any:
        """Return F_jj for a state j of group g."""

    @abstractmethod
    def other(self, g: int, h: int) -> Any:
        """Return F_jk for different states j, k of groups g and h, which may be the same."""

    def coherence(self, g: int, h: int) -> Any:
        """Return ⟨|ρ_jk|²⟩ for different states j, k of groups g and h."""
        if g == h:
            return self.own(g) - self.other(g, g)
        return (self.population(g) - self.population(h)) / (self.levels[g] - self.levels[h])

    @cached_property
    def populations(self) -> list[Any]:
        """Mean population of a state of each group."""
        return [self.population(g) for g in range(len(self.counts))]

    @property
    def variance(self) -> Any:
        """Variance of Tr ρA."""
        return self.spread(self.levels)

    def mean(self, values: Sequence[Any]) -> Any:
        """Return ⟨Tr ρX⟩ for X = Σ x_g Π_g."""
        return sum(n * x * m for n, x, m in zip(self.counts, values, self.populations, strict=True))

    def spread(self, values: Sequence[Any]) -> Any:
        """Return the variance of Tr ρX for X = Σ x_g Π_g."""
        total = sum(n * x * x * self.own(g) for g, (n, x) in enumerate(zip(self.counts, values, strict=True)))
        for g, (n, x) in enumerate(zip(self.counts, values, strict=True)):
            total += n * (n - 1) * x * x * self.other(g, g) if n > 1 else 0
            total += 2 * sum(n * x * self.counts[h] * values[h] * self.other(g, h) for h in range(g))
        return total
