"""The Lindblad equation: any jump operators with any rates, for contrast and beside the damping of q-LLG."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import sympy as sp

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.fields import Nested
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.equations.law import Dissipative, Letters
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.jump_operator import JumpOperator, adjoint
from qllg_sym.model.model import Model


@dataclass(frozen=True)
class Jump(Nested):
    """One jump operator L and its rate."""

    rate: sp.Expr
    operator: JumpOperator


@dataclass(frozen=True)
class Lindblad(Dissipative):
    r"""$\dot\rho = -\frac{i}{\hbar}[H,\rho] + \sum_k\gamma_k(L_k\rho L_k^\dagger-\frac12\{L_k^\dagger L_k,\rho\})$.

    Args:
        dissipators: pairs (rate, operator). A rate γ is not negative, in
            1/(time · unit of L²): a number, or an expression in real symbols and `qllg_sym.t`. An operator L is a
            Hamiltonian term (its operator, with its factors), an expression in spins such as `space.spin(0).minus`, a
            sum of these, or any square matrix on the whole space (array, SciPy sparse, SymPy, Qobj).

    Raises:
        ModelError: a negative rate, a rate that is not real, or a matrix that is not square; when an equation is
            derived, one that does not fit the space.
        InputTypeError: no list of pairs, or an operator of another type.

    Source: Breuer and Petruccione, The Theory of Open Quantum Systems (2007), eq. 3.63.

    >>> from qllg_sym import Model, Space
    >>> law = Lindblad([(sp.Symbol("g", real=True), Space("1/2").spin(0).minus)])
    >>> law.derive(Model(Space("1/2"))).pauli().residual
    (T_x*g/2 + dT_x, T_y*g/2 + dT_y, T_z*g + dT_z + g)
    """

    dissipators: tuple[Jump, ...]
    kind: ClassVar[str] = "lindblad"
    source: ClassVar[str] = "Breuer and Petruccione (2007), eq. 3.63"

    if TYPE_CHECKING:       # what may be given: `__post_init__` makes it what the field is
        def __init__(self, dissipators: Iterable[Any]) -> None: ...

    def __post_init__(self) -> None:
        given = self.dissipators
        if not isinstance(given, (list, tuple)):
            raise InputTypeError(f"`dissipators` must be a list of pairs (rate, operator), but is of type "
                                 f"{type(given).__name__}; write Lindblad([(0.1, space.spin(0).minus)]).")
        object.__setattr__(self, "dissipators", tuple(map(_jump, given)))

    def coefficients(self) -> tuple[sp.Expr, ...]:
        """Rates, and the coefficients of the operators."""
        return tuple(c for each in self.dissipators for c in (each.rate, *each.operator.coefficients()))

    def dampings(self) -> dict[str, sp.Expr]:
        """The rates."""
        return {f"dissipators[{k}]": each.rate for k, each in enumerate(self.dissipators)}

    def joined(self, other: Dissipative) -> "Lindblad":
        """All dissipators of both."""
        more = other.dissipators if isinstance(other, Lindblad) else ()
        return Lindblad((*self.dissipators, *more))

    def check(self, model: Model) -> None:
        """Raise ModelError where an operator does not fit the space."""
        for each in self.dissipators:
            for term in (*each.operator.real, *each.operator.imaginary):
                term.check(model.space)

    def operators(self, model: Model) -> Mapping[str, Element]:
        """L of every dissipator, and L† where it is another."""
        found: dict[str, Element] = {}
        for k, each in enumerate(self.dissipators):
            operator, hermitian = each.operator.element(model)
            found |= {f"L{k}": operator} if hermitian else {f"L{k}": operator, f"L{k}dag": adjoint(operator)}
        return found

    def dissipator(self, w: Letters) -> Element:
        """Σ rate (L ρ L† − ½{L†L, ρ})."""
        total = w.number(0)
        for k, each in enumerate(self.dissipators):
            jump = w.operator(f"L{k}")
            back = w.operator(f"L{k}dag") if each.operator.imaginary else jump
            loss = (back * jump * w.rho + w.rho * back * jump) * sp.QQ(1, 2)
            total = total + w.number(each.rate) * (jump * w.rho * back - loss)
        return total


def _jump(given: Any) -> Jump:
    """One pair, judged."""
    if isinstance(given, Jump):
        return given
    if not isinstance(given, (list, tuple)) or len(given) != 2:
        raise InputTypeError("`dissipators` must be a list of pairs (rate, operator), but one is of type "
                             f"{type(given).__name__}; write Lindblad([(0.1, space.spin(0).minus)]).")
    rate = real_coefficient(given[0], "rate")
    if rate.is_negative:
        raise ModelError(f"`rate` must not be negative, but is {rate}; give a rate such as 0.1.")
    return Jump(rate, JumpOperator.of(given[1]))
