"""A newcomer's law with rational coefficients: q-LLG as it moves pure states, solved for the velocity."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.equations.law import Law, Letters


@dataclass(frozen=True)
class Divided(Law):
    r"""$\dot\rho = \frac{i}{\hbar(1 + \kappa^2)}[\rho, H] - \frac{\kappa}{\hbar(1 + \kappa^2)}[\rho, [\rho, H]]$.

    >>> Divided(0.5).kappa
    1/2
    """

    kappa: Coefficient
    kind: ClassVar[str] = "divided"
    source: ClassVar[str] = "PRL 133, 266704 (2024), eq. 3, for pure states"

    def residual(self, w: Letters) -> Element:
        """ρ̇ − (i[ρ, H/ħ] − κ[ρ, [ρ, H/ħ]])/(1 + κ²)."""
        torque = commutator(w.rho, w.H)
        rate = w.number(1 / (1 + self.kappa**2))
        return w.drho - rate * torque.times_i() + rate * w.number(self.kappa) * commutator(w.rho, torque)
