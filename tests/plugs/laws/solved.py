"""A newcomer's classical law with rational coefficients: Landau and Lifshitz, solved for the velocity."""

from dataclasses import dataclass
from typing import ClassVar

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.equations.law import Law, Letters, cross


@dataclass(frozen=True)
class Solved(Law):
    r"""$\dot{\mathbf m} = \lambda(\mathbf m\times\mathbf B - \alpha\,\mathbf m\times(\mathbf m\times\mathbf B))$.

    There $\lambda = \frac{\gamma_g}{1 + \alpha^2}$.

    >>> Solved(0.5).alpha
    1/2
    """

    alpha: Coefficient
    kind: ClassVar[str] = "solved"
    classical: ClassVar[bool] = True
    source: ClassVar[str] = "PRL 133, 266704 (2024), eq. 2"

    def residual(self, w: Letters) -> Element:
        """ṁ − (m × γB − α m × (m × γB))/(1 + α²)."""
        torque = cross(w.m, w.B)
        return w.dm - w.number(1 / (1 + self.alpha**2)) * (torque - w.number(self.alpha) * cross(w.m, torque))
