"""What every law of motion has: a residual, written once in words, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import Coefficient, atoms_in, make_ring, real_coefficient
from qllg_sym.algebra.words import WordAlgebra
from qllg_sym.equations.equation import Equation
from qllg_sym.errors import InputTypeError
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space


@dataclass(frozen=True)
class Letters:
    """The letters of a residual.

    Quantum laws: ρ, ρ̇, `H` (which is H/ħ) and `operator(name)`, one of the law's own operators.
    Classical laws, for each site: m, ṁ and `B` (which is γ_g B_k), as vectors a·S, so that a × b = −i[a, b].
    """

    algebra: WordAlgebra
    sites: int
    hbar: sp.Expr
    recorded: set[sp.Expr] | None = field(default=None, compare=False)

    @property
    def rho(self) -> Element:
        """ρ."""
        return self.algebra.letter("rho")

    @property
    def drho(self) -> Element:
        """dρ/dt."""
        return self.algebra.letter("drho")

    @property
    def H(self) -> Element:
        """H/ħ."""
        return self.algebra.letter("H")

    @property
    def m(self) -> Element:
        """Moment."""
        return self.algebra.letter("m")

    @property
    def dm(self) -> Element:
        """dm/dt."""
        return self.algebra.letter("dm")

    @property
    def B(self) -> Element:
        """γ_g times the effective field."""
        return self.algebra.letter("B")

    def operator(self, name: str) -> Element:
        """One of `Law.operators`."""
        return self.algebra.letter(name)

    def number(self, expression: Any) -> Element:
        """A coefficient: any expression in the law's coefficients and ħ, such as 1/(1 + κ²)."""
        exact = sp.S(1) * expression
        if self.recorded is None:
            return self.algebra.scalar(exact)
        self.recorded.update(atoms_in(exact))
        return Element(self.algebra, {})


def cross(a: Element, b: Element) -> Element:
    """Return a × b for vectors written as a·S: [a·S, b·S] = i (a × b)·S at ħ = 1."""
    return -commutator(a, b).times_i()


@dataclass(frozen=True)
class Law:
    r"""One law of motion, in a file of its own under `equations/laws/`: a frozen dataclass with a residual.

    Fields of the type `Coefficient` are made exact and real, and their symbols are parameters. All else follows from
    the residual: components, code, the frame weight where there is one, integrators. `kind` names the law in model
    files, `source` says where it is printed, and the docstring prints it as $\dot\rho = …$ in ρ, H and the fields.
    """

    kind: ClassVar[str]
    source: ClassVar[str]
    classical: ClassVar[bool] = False
    has_rates: ClassVar[bool] = False       # whether its coefficients are rates, 1/time; else they damp, as numbers

    def __post_init__(self) -> None:
        for name in _coefficients(self):
            object.__setattr__(self, name, real_coefficient(getattr(self, name), name))

    def coefficients(self) -> tuple[sp.Expr, ...]:
        """Expressions whose symbols are parameters of the law."""
        return tuple(getattr(self, name) for name in _coefficients(self))

    def operators(self, space: Space) -> Mapping[str, Element]:
        """Return the operators that `Letters.operator` names, such as S_z of every site: none for most laws."""
        return {}

    def residual(self, w: Letters) -> Element:
        """The implicit residual, which vanishes on every solution; a law's file writes it in the letters `w`."""
        raise NotImplementedError(f"{type(self).__name__} has no residual")

    def derive(self, model: Model) -> Equation:
        """Return the equation of motion of a model under this law.

        Args:
            model: the Hamiltonian and its space.

        Raises:
            InputTypeError: `model` is not a Model.

        >>> from qllg_sym import Model, QuantumLLG, Space
        >>> QuantumLLG(0.5).derive(Model(Space("1/2"))).kind
        'q-llg'
        """
        if not isinstance(model, Model):
            raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; "
                                 "write Model(Space(\"1/2\"), [Zeeman((0, 0, 1))]).")
        return _derived(self, model)


def _coefficients(law: Law) -> tuple[str, ...]:
    """The names of a law's coefficients."""
    return tuple(item.name for item in fields(law) if item.type == Coefficient)


@lru_cache(maxsize=64)
def _derived(law: Law, model: Model) -> Equation:
    """The equation of a law and a model; laws and models are immutable, and solving asks for it again and again."""
    atoms: set[sp.Expr] = set()
    law.residual(Letters(WordAlgebra(make_ring([])), model.space.sites, model.hbar, atoms))     # finds the generators
    ring = make_ring(sorted(atoms, key=sp.default_sort_key))
    return Equation(law.residual(Letters(WordAlgebra(ring), model.space.sites, model.hbar)), model, law)
