"""What is stored of the equation of clusters and moments: the residuals of both, and the energy in which they meet."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, cast

from qllg_sym.equations.hybrid.energy import MeanEnergy
from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.equations.implicit_equation import ImplicitEquation, LawOfMotion


class HybridLaw(LawOfMotion, Protocol):
    """What the equation asks of its law; `law.Hybrid` is one."""

    clusters: tuple[tuple[int, ...], ...]

    @property
    def classical(self) -> tuple[int, ...]:
        """The sites that are moments."""
        ...


@dataclass(frozen=True, repr=False)
class ImplicitHybrid(ImplicitEquation):
    """A residual that holds q-LLG in ρ, ρ̇, H for each cluster and LLG in m, ṁ, B for each moment, as data.

    Attributes:
        residual: the sum of both.
        model: the Hamiltonian and its space.
        law: the hybrid law.
    """

    @property
    def hybrid(self) -> HybridLaw:
        """The law."""
        return cast(HybridLaw, self.law)

    @property
    def field(self) -> str:
        """None of those that a classical law may choose from: moments see the mean one, beside clusters."""
        return ""

    @cached_property
    def sites(self) -> Partition:
        """The clusters and the moments."""
        return Partition(self.model.space, self.hybrid.clusters, self.hybrid.classical)

    @cached_property
    def energy(self) -> MeanEnergy:
        """E/ħ = Tr[H(m) ⊗ρ_c]/ħ."""
        return MeanEnergy.of(self.model, self.sites)
