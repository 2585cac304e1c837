"""The quantum Landau–Lifshitz–Gilbert equation, PRL 133, 266704 (2024), eq. 3."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.equations.law import Law, Letters


@dataclass(frozen=True)
class QuantumLLG(Law):
    r"""$\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]$: damping that keeps the whole spectrum of ρ.

    Args:
        kappa: dimensionless damping, real; positive values lower the energy.

    Raises:
        ModelError: not a finite real number or expression in real symbols.

    Source: PRL 133, 266704 (2024), eq. 3.

    >>> QuantumLLG(0.5).kappa
    1/2
    """

    kappa: Coefficient
    kind: ClassVar[str] = "q-llg"
    source: ClassVar[str] = "PRL 133, 266704 (2024), eq. 3"

    def residual(self, w: Letters) -> Element:
        """ρ̇ − i[ρ, H/ħ] − iκ[ρ, ρ̇]."""
        return w.drho - commutator(w.rho, w.H).times_i() - (w.number(self.kappa) * commutator(w.rho, w.drho)).times_i()
