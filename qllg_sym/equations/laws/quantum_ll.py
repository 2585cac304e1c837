"""Wieser's quantum Landau–Lifshitz equation, Phys. Rev. Lett. 110, 147201 (2013)."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.equations.law import Law, Letters


@dataclass(frozen=True)
class QuantumLL(Law):
    r"""$\dot\rho = \frac{i}{\hbar}[\rho, H] - \frac{\kappa}{\hbar}[\rho, [\rho, H]]$.

    Args:
        kappa: dimensionless damping, real; positive values lower the energy.

    Raises:
        ModelError: not a finite real number or expression in real symbols.

    Source: R. Wieser, Phys. Rev. Lett. 110, 147201 (2013), as written in PRL 133, 266704 (2024) below eq. 8.

    >>> QuantumLL(0.5).kappa
    1/2
    """

    kappa: Coefficient
    kind: ClassVar[str] = "q-ll"
    source: ClassVar[str] = "Phys. Rev. Lett. 110, 147201 (2013)"

    def residual(self, w: Letters) -> Element:
        """ρ̇ − i[ρ, H/ħ] + κ[ρ, [ρ, H/ħ]]."""
        torque = commutator(w.rho, w.H)
        return w.drho - torque.times_i() + w.number(self.kappa) * commutator(w.rho, torque)
