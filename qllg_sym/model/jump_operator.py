"""Operators that need not be Hermitian, such as S₋: what a dissipator jumps with."""

from dataclasses import dataclass
from typing import Any

import sympy as sp

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.model.constants import Constants
from qllg_sym.model.model import Model
from qllg_sym.model.other_forms import is_matrix
from qllg_sym.model.space import Space
from qllg_sym.model.spin_expression import SpinExpression
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.sums import Additive
from qllg_sym.model.term import Term
from qllg_sym.model.terms.operator import Operator, entries_of

I2 = sp.Rational(1, 2)
Parts = tuple[Model, ...]


@dataclass(frozen=True)
class JumpOperator(ByFields):
    """L = A + iB with A = (L + L†)/2 and B = (L − L†)/2i as sums of Hamiltonian terms.

    Attributes:
        real: the terms of A.
        imaginary: the terms of B; none where L is Hermitian.

    >>> JumpOperator.of([[0, 1], [0, 0]]).real[0].rows
    ((0, 1/2), (1/2, 0))
    """

    real: tuple[Term, ...]
    imaginary: tuple[Term, ...] = ()

    @classmethod
    def of(cls, value: Any) -> "JumpOperator":
        """Return what stands for an operator: a term, an expression in spins, a sum of these, or a matrix.

        Raises:
            InputTypeError: something else.
            ModelError: a matrix that is not square, or entries that are no numbers or expressions in real symbols.
        """
        if isinstance(value, JumpOperator):
            return value
        if isinstance(value, Additive) and not isinstance(value, type):
            pairs = [_halves(part) for part in value.parts]
            return cls(tuple(a for a, _ in pairs), tuple(b for _, b in pairs if b is not None))
        if is_matrix(value) or isinstance(value, (list, tuple)):
            return _of_matrix(value)
        raise InputTypeError("`operator` must be a Hamiltonian term, an expression in spins or a matrix, but is of "
                             f"type {type(value).__name__}; write Operator(L), Pauli(1, \"Z\") or space.spin(0).minus.")

    def coefficients(self) -> list[sp.Expr]:
        """Expressions whose symbols are parameters."""
        return [c for term in (*self.real, *self.imaginary) for c in term.coefficients()]

    def element(self, model: Model) -> tuple[Element, bool]:
        """Return L in the algebra of a model, with its ħ and γ_g, and whether it is Hermitian as an operator."""
        constants = Constants.of(model)
        real, imaginary = (constants.model(model.space, terms).hamiltonian for terms in (self.real, self.imaginary))
        atoms = {atom for x in (real, imaginary) for c in x.terms.values() for atom in atoms_in(to_expr(c))}
        algebra = model.space.algebra(make_ring(sorted(atoms, key=sp.default_sort_key)))
        a, b = ({key: to_ring(algebra.ring, to_expr(c)) for key, c in x.terms.items()} for x in (real, imaginary))
        return Element(algebra, a) + Element(algebra, b).times_i(), imaginary.is_zero


def hermitian_parts(op: Any, space: Space, constants: Constants) -> Parts:
    """Return an operator O = A + iB as the models of A and B, both Hermitian; A alone where B is zero.

    Args:
        op: a model, or what `Model` takes as terms; of an expression in spins, or a sum with one, B may be other than
            zero. Such parts are returned as they are.
        space: of the spins.
        constants: ħ, γ_g and units for terms; a model has its own.

    Raises:
        InputError: a model of other spins.
        ModelError: a term that does not fit the spins, or is not Hermitian.

    >>> S = Space("1/2").spin(0)
    >>> [part.terms[0].expression for part in hermitian_parts(S.plus, Space("1/2"), Constants())]
    [S_0x, S_0y]
    """
    if isinstance(op, tuple) and all(isinstance(part, Model) for part in op):
        return op
    if isinstance(op, Model):
        if op.space != space:
            raise InputError(f"`op` must act on {space}, but is a model of {op.space}; take a model of these.")
        return (op,)
    if isinstance(op, Additive) and any(isinstance(part, SpinExpression) for part in op.parts):
        halves = JumpOperator.of(op)
        real, imaginary = (constants.model(space, terms) for terms in (halves.real, halves.imaginary))
        return (real,) if imaginary.hamiltonian.is_zero else (real, imaginary)
    return (constants.model(space, op),)


def parameter_names(parts: Parts) -> tuple[str, ...]:
    """Return the names of the parameters of an operator's parts.

    >>> x, s = sp.Symbol("x", real=True), Space("1/2")
    >>> parameter_names(hermitian_parts(x * s.spin(0).plus, s, Constants()))
    ('x',)
    """
    return tuple(sorted({symbol.name for part in parts for symbol in part.parameters}))


def adjoint(real_and_imaginary: Element) -> Element:
    """Return L† of a sum over Hermitian strings.

    >>> from fractions import Fraction
    >>> from qllg_sym.algebra.sites import SiteAlgebra
    >>> x = SiteAlgebra([Fraction(1, 2)], make_ring([])).string((1,))
    >>> adjoint(x.times_i()) == -x.times_i()
    True
    """
    return Element(real_and_imaginary.algebra,
                   {(k, b): -c if k else c for (k, b), c in real_and_imaginary.terms.items()})


def _halves(part: Any) -> tuple[Term, Term | None]:
    """One summand as A and B."""
    if not isinstance(part, SpinExpression):
        return part, None
    mirror = part.adjoint()
    skew = (part - mirror) * (-sp.I * I2)
    return SpinTerm((part + mirror) * I2), SpinTerm(skew) if skew.products else None


def _of_matrix(matrix: Any) -> JumpOperator:
    """A matrix as A and B."""
    rows = entries_of(matrix)
    d = range(len(rows))
    mirror = [[sp.conjugate(rows[j][i]) for j in d] for i in d]
    real = [[sp.expand((rows[i][j] + mirror[i][j]) / 2) for j in d] for i in d]
    imaginary = [[sp.expand((rows[i][j] - mirror[i][j]) / (2 * sp.I)) for j in d] for i in d]
    skew = any(entry != 0 for row in imaginary for entry in row)
    return JumpOperator((Operator(real),), (Operator(imaginary),) if skew else ())
