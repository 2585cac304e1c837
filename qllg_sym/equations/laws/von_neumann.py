"""The Liouville–von Neumann equation: no damping."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.equations.law import Law, Letters


@dataclass(frozen=True)
class VonNeumann(Law):
    r"""$\dot\rho = \frac{i}{\hbar}[\rho, H]$, the limit κ → 0 of PRL 133, 266704 (2024), eq. 3.

    >>> VonNeumann().kind
    'von-neumann'
    """

    kind: ClassVar[str] = "von-neumann"
    source: ClassVar[str] = "PRL 133, 266704 (2024), eq. 3 at κ = 0"

    def residual(self, w: Letters) -> Element:
        """ρ̇ − i[ρ, H/ħ]."""
        return w.drho - commutator(w.rho, w.H).times_i()
