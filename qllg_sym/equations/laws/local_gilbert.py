"""Gilbert friction of each spin by itself: every site's field takes a part along minus its own d⟨S⟩/dt."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.equations.law import Law, Letters


@dataclass(frozen=True)
class LocalGilbert(Law):
    r"""$\dot\rho = \frac{i}{\hbar}[\rho, H + F]$: Gilbert friction of each spin s_i by itself.

    There $F = \frac{\alpha}{\hbar}\sum_i \frac{1}{s_i}\mathbf S_i\cdot\mathrm{Tr}(\dot\rho\,\mathbf S_i)$, which holds
    ρ̇ in 3N numbers alone, d⟨S_i⟩/dt. It keeps the spectrum of ρ, and for constant H
    dE/dt = −(α/ħ) Σ_i |d⟨S_i⟩/dt|²/s_i. One coherent spin in a field is LLG with damping α at every s; uncoupled spins
    move as if alone, in any state. It rests wherever all d⟨S_i⟩/dt vanish, at the ground state or not.

    Args:
        alpha: dimensionless Gilbert damping of every site, real; positive values lower the energy.

    Raises:
        ModelError: not a finite real number or expression in real symbols.

    Source: Gilbert's friction, PRL 133, 266704 (2024), eq. 1, in the local fields of a density matrix.

    >>> LocalGilbert(0.5).alpha
    1/2
    """

    alpha: Coefficient
    kind: ClassVar[str] = "local-gilbert"
    source: ClassVar[str] = "Gilbert's friction, PRL 133, 266704 (2024), eq. 1, on each site of ρ"

    def residual(self, w: Letters) -> Element:
        """ρ̇ − i[ρ, H/ħ + αΛ], Λ the spin part of ρ̇."""
        return w.drho - commutator(w.rho, w.H + w.number(self.alpha) * w.local_drho).times_i()
