"""The classical Landau–Lifshitz equation, PRL 133, 266704 (2024), eq. 2."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.equations.law import Law, Letters, cross
from qllg_sym.errors import InputTypeError
from qllg_sym.model.classical import check_field


@dataclass(frozen=True)
class ClassicalLL(Law):
    r"""$\dot{\mathbf m} = \tilde\gamma\,\mathbf m\times\mathbf B - \lambda\,\mathbf m\times(\mathbf m\times\mathbf B)$.

    Args:
        alpha: dimensionless Gilbert damping, real.
        field: "paper" or "mean", as in `ClassicalLLG`.
        rescaled: $\tilde\gamma = \gamma_g/(1 + \alpha^2)$, $\lambda = \alpha\gamma_g/(1 + \alpha^2)$ as in PRL; if
            False, γ_g and αγ_g, the partner of q-LL.

    Raises:
        ModelError: alpha not real, or an unknown field.

    Source: PRL 133, 266704 (2024), eq. 2.

    >>> ClassicalLL(0.5, rescaled=False).rescaled
    False
    """

    alpha: Coefficient
    field: str = "paper"
    rescaled: bool = True
    kind: ClassVar[str] = "ll"
    classical: ClassVar[bool] = True
    source: ClassVar[str] = "PRL 133, 266704 (2024), eq. 2"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_field(self.field)
        if not isinstance(self.rescaled, bool):
            raise InputTypeError(f"`rescaled` must be True or False, but is {self.rescaled!r}; give a bool.")

    @property
    def formulas(self) -> tuple[str, ...]:
        """The equation, and what its two coefficients are."""
        law, *rescaled = super().formulas
        return law, *(rescaled if self.rescaled else (r"\tilde\gamma = \gamma_g", r"\lambda = \alpha\gamma_g"))

    def residual(self, w: Letters) -> Element:
        """(1 + α²) ṁ − m × γB + α m × (m × γB); without the factor if not rescaled."""
        torque = cross(w.m, w.B)
        factor = w.number(1 + self.alpha**2 if self.rescaled else 1)
        return factor * w.dm - torque + w.number(self.alpha) * cross(w.m, torque)
