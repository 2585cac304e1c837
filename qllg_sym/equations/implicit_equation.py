"""What is stored of an equation of motion: the implicit residual in words, with the model and the law."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

import sympy as sp

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.fields import ByFields, Dataclass
from qllg_sym.algebra.scalars import symbols_in
from qllg_sym.algebra.symbols import gap
from qllg_sym.equations import explicit, isospectral
from qllg_sym.errors import DerivationError
from qllg_sym.model.model import Model


class LawOfMotion(Dataclass, Protocol):
    """What an equation asks of the law that it was derived from; `law.Law` is one."""

    kind: ClassVar[str]
    source: ClassVar[str]
    has_rates: ClassVar[bool]

    @property
    def classical(self) -> object:
        """Whether sites are moments: all of them or, where they are named, these."""
        ...

    def coefficients(self) -> tuple[sp.Expr, ...]:
        """Expressions whose symbols are parameters of the law."""
        ...

    def operators(self, model: Model) -> Mapping[str, Element]:
        """What the law's own letters stand for."""
        ...

    def dampings(self) -> dict[str, sp.Expr]:
        """Coefficients that damp where they are positive, by name."""
        ...

    @property
    def members(self) -> "tuple[LawOfMotion, ...]":
        """The laws that this one is a sum of."""
        ...

    @property
    def formulas(self) -> tuple[str, ...]:
        """The equation in LaTeX, and what it defines."""
        ...

    def derive(self, model: Model) -> "ImplicitEquation":
        """The equation of motion of a model."""
        ...


@dataclass(frozen=True, repr=False)
class ImplicitEquation(ByFields):
    """A residual that vanishes along every solution, as data.

    Attributes:
        residual: R as an element of the free algebra in ρ, ρ̇, H/ħ, … (m, ṁ, γB for classical laws).
        model: the Hamiltonian and its space.
        law: the law that it was derived from.
    """

    residual: Element
    model: Model
    law: LawOfMotion

    @property
    def kind(self) -> str:
        """The law's name in model files."""
        return str(self.law.kind)

    @property
    def field(self) -> str:
        """Which effective field a classical law takes, "paper" or "mean", the default; empty for a quantum law."""
        return str(getattr(self.law, "field", "mean" if self.law.classical else ""))

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Symbols of the model and of the law, by name."""
        return symbols_in([*self.model.parameters, *self.law.coefficients()])

    @cached_property
    def operators(self) -> Mapping[str, Element]:
        """The operators that letters other than ρ and ρ̇ stand for: H/ħ, and the law's own."""
        return {"H": self.model.frequency, **self.law.operators(self.model)}

    @cached_property
    def written(self) -> "ImplicitEquation":
        """The same equation for numbers, its coefficients the user's own expressions; see `Model.written`.

        Itself where that would change nothing.
        """
        model = self.model.written
        law: LawOfMotion = model.atoms.replaced(self.law, rational=True)
        if law is self.law and model.is_plain and not law.classical:
            return self
        return WrittenEquation(law.derive(model).residual, model, law, self)

    def weight(self) -> tuple[sp.Expr, sp.Expr]:
        """Return (Re W, Im W) of the frame weight: the generator K has K_jk = W(p_j − p_k) H_jk, ρ̇ = (i/ħ)[ρ, K].

        It is derived from the residual; both are rational in the symbol `qllg_sym.gap` = p_j − p_k.

        Raises:
            DerivationError: the law does not keep the spectrum of ρ.

        >>> from qllg_sym import Model, QuantumLLG, Space
        >>> QuantumLLG(2).derive(Model(Space("1/2"))).weight()[1]
        2*gap/(4*gap**2 + 1)
        """
        self._need_quantum("weight")
        return self._weight

    @cached_property
    def _weight(self) -> tuple[sp.Expr, sp.Expr]:
        return explicit.weight(self.residual, gap)

    @cached_property
    def is_isospectral(self) -> bool:
        """Whether it is ρ̇ = i[ρ, Hermitian], read off the residual, which keeps the spectrum of ρ with or without W.

        >>> from qllg_sym import Dephasing, LocalGilbert, Model, Space
        >>> [law(1).derive(Model(Space("1/2"))).is_isospectral for law in (LocalGilbert, Dephasing)]
        [True, False]
        """
        return not self.law.classical and isospectral.is_isospectral(self.residual)

    def _need_quantum(self, view: str) -> None:
        if self.law.classical:
            raise DerivationError(f"`{view}()` must have a quantum law, but the law is {self.kind}; use `moments()`.")


@dataclass(frozen=True, eq=False, repr=False)
class WrittenEquation(ImplicitEquation):
    """An equation whose coefficients are atoms.

    Attributes:
        source: the equation.
    """

    source: ImplicitEquation

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters of the source."""
        return self.source.parameters

    @property
    def written(self) -> "WrittenEquation":
        """Itself."""
        return self
