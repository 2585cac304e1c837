"""What every law of motion has: a residual, written once in words, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Protocol

import sympy as sp

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.scalars import atoms_in, make_ring
from qllg_sym.algebra.words import WordAlgebra
from qllg_sym.equations.equation import Equation
from qllg_sym.errors import InputTypeError
from qllg_sym.model.model import Model


@dataclass(frozen=True)
class Letters:
    """The letters of a residual.

    Quantum laws: ρ, ρ̇, `H` (which is H/ħ) and `spin_z(i)` (S_z/ħ of site i).
    Classical laws, for each site: m, ṁ and `B` (which is γ_g B_k), as vectors a·S, so that a × b = −i[a, b].
    """

    algebra: WordAlgebra
    sites: int
    hbar: sp.Expr

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

    def spin_z(self, site: int) -> Element:
        """S_z/ħ of a site."""
        return self.algebra.letter(f"Sz{site}")

    def number(self, expression: Any) -> Element:
        """A coefficient."""
        return self.algebra.scalar(sp.S(1) * expression)


def cross(a: Element, b: Element) -> Element:
    """Return a × b for vectors written as a·S: [a·S, b·S] = i (a × b)·S at ħ = 1."""
    return -commutator(a, b).times_i()


class Law(Protocol):
    """One law of motion, in a file of its own under `equations/laws/`."""

    kind: ClassVar[str]
    classical: ClassVar[bool]
    source: ClassVar[str]

    def coefficients(self) -> Iterable[sp.Expr]:
        """Expressions whose symbols are parameters of the law."""
        ...

    def residual(self, w: Letters) -> Element:
        """The implicit residual, which vanishes on every solution."""
        ...


class Derivable:
    """Gives a law its one verb."""

    def derive(self: Any, model: Model) -> Equation:
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


@lru_cache(maxsize=64)
def _derived(law: Any, model: Model) -> Equation:
    """The equation of a law and a model; laws and models are immutable, and solving asks for it again and again."""
    expressions = [*law.coefficients(), model.hbar, model.hbar**2]
    expressions += [a * b for a in expressions for b in expressions]
    ring = make_ring(sorted(set().union(*map(atoms_in, expressions)), key=sp.default_sort_key))
    letters = Letters(WordAlgebra(ring), model.space.sites, model.hbar)
    return Equation(law.residual(letters), model, law)
