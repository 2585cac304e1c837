"""The classical Landau–Lifshitz–Gilbert equation, PRL 133, 266704 (2024), eq. 1."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.equations.law import Law, Letters, cross
from qllg_sym.model.classical import check_field


@dataclass(frozen=True)
class ClassicalLLG(Law):
    r"""$\dot{\mathbf m} = \gamma_g \mathbf m\times\mathbf B - \alpha\,\mathbf m\times\dot{\mathbf m}$ a site, |m| = 1.

    Args:
        alpha: dimensionless Gilbert damping, real.
        field: "paper" for B_k = −∂/∂m_k of PRL's classical Hamiltonian with |m| = 1 and B, J, D as given; "mean" for
            B_k = −(1/(ħγ_g s_k)) ∂/∂m_k of H with S_k → ħ s_k m_k.

    Raises:
        ModelError: alpha not real, or an unknown field.

    Source: PRL 133, 266704 (2024), eq. 1.

    >>> ClassicalLLG(0.5).field
    'paper'
    """

    alpha: Coefficient
    field: str = "paper"
    kind: ClassVar[str] = "llg"
    classical: ClassVar[bool] = True
    source: ClassVar[str] = "PRL 133, 266704 (2024), eq. 1"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_field(self.field)

    def residual(self, w: Letters) -> Element:
        """ṁ − m × γB + α m × ṁ."""
        return w.dm - cross(w.m, w.B) + w.number(self.alpha) * cross(w.m, w.dm)
