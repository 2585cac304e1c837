"""Wieser's quantum Landau–Lifshitz equation, Phys. Rev. Lett. 110, 147201 (2013)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.equations.law import Derivable, Letters


@dataclass(frozen=True)
class QuantumLL(Derivable):
    r"""$\dot\rho = \frac{i}{\hbar}[\rho, H] - \frac{\kappa}{\hbar}[\rho, [\rho, H]]$.

    Args:
        kappa: dimensionless damping, real; positive values lower the energy.

    Raises:
        ModelError: not a finite real number or expression in real symbols.

    Source: R. Wieser, Phys. Rev. Lett. 110, 147201 (2013), as written in PRL 133, 266704 (2024) below eq. 8.

    >>> QuantumLL(0.5).kappa
    1/2
    """

    kappa: Any
    kind: ClassVar[str] = "q-ll"
    classical: ClassVar[bool] = False
    source: ClassVar[str] = "Phys. Rev. Lett. 110, 147201 (2013)"

    def __post_init__(self) -> None:
        object.__setattr__(self, "kappa", real_coefficient(self.kappa, "kappa"))

    def coefficients(self) -> Iterable[sp.Expr]:
        """The damping."""
        return (self.kappa,)

    def residual(self, w: Letters) -> Element:
        """ρ̇ − i[ρ, H/ħ] + κ[ρ, [ρ, H/ħ]]."""
        torque = commutator(w.rho, w.H)
        return w.drho - torque.times_i() + w.number(self.kappa) * commutator(w.rho, torque)
