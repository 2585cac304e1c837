"""Lindblad dephasing of every spin along z, for contrast: purity is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import sympy as sp

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.scalars import Coefficient, make_ring
from qllg_sym.equations.law import Dissipative, Letters
from qllg_sym.errors import ModelError
from qllg_sym.model.model import Model


@dataclass(frozen=True)
class Dephasing(Dissipative):
    r"""$\dot\rho = -\frac{i}{\hbar}[H, \rho] + \mathrm{rate}\sum_i (S_i^z \rho S_i^z - \frac12\{(S_i^z)^2, \rho\})$.

    Args:
        rate: non-negative, 1/(time · ħ²), as S carries ħ; rate · ħ² is a rate in 1/time, at half of which the
            coherence of a spin ½ decays. In a model in meV and ps it is in 1/(ps (meV ps)²).

    Raises:
        ModelError: not a finite real number or expression in real symbols, or negative.

    Source: Breuer and Petruccione, The Theory of Open Quantum Systems (2007), Lindblad form.

    >>> Dephasing(0.1).rate
    1/10
    """

    rate: Coefficient
    kind: ClassVar[str] = "dephasing"
    source: ClassVar[str] = "Breuer and Petruccione (2007), Lindblad form"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.rate.is_negative:
            raise ModelError(f"`rate` must not be negative, but is {self.rate}; give a rate such as 0.1.")

    def joined(self, other: Dissipative) -> "Dephasing":
        """The sum of the rates."""
        return Dephasing(self.rate + other.coefficients()[0])

    def operators(self, model: Model) -> Mapping[str, Element]:
        """S_z/ħ of every site."""
        algebra = model.space.algebra(make_ring([]))
        return {f"Sz{site}": algebra.spin(site)[2] for site in range(model.space.sites)}

    def dissipator(self, w: Letters) -> Element:
        """Rate Σ (S_z ρ S_z − ½{S_z², ρ})."""
        total = w.number(0)
        for site in range(w.sites):
            z = w.operator(f"Sz{site}")
            loss = (z * z * w.rho + w.rho * z * z) * sp.QQ(1, 2)
            total = total + w.number(self.rate * w.hbar**2) * (z * w.rho * z - loss)
        return total
