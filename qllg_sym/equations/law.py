"""What every law of motion has: a residual, written once in words, and nothing else."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.element import Element, commutator
from qllg_sym.algebra.fields import Nested
from qllg_sym.algebra.scalars import Coefficient, make_ring, real_coefficient
from qllg_sym.algebra.words import WordAlgebra
from qllg_sym.display import in_html
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.letters import Letters as Letters
from qllg_sym.equations.letters import cross as cross
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.model import Model

FORMULA = re.compile(r"\$([^$]*=[^$]*)\$")


@dataclass(frozen=True)
class Law(Nested):
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

    def _repr_html_(self) -> str:
        """The equation for a notebook, and the numbers in it."""
        formulas = r" \\ ".join(formula for law in self.members for formula in law.formulas)
        return in_html(f"{self!r}\n{self.source}", rf"\begin{{gathered}}{formulas}\end{{gathered}}")

    @property
    def members(self) -> tuple["Law", ...]:
        """The laws that this one is a sum of, itself where it is none."""
        return (self,)

    @property
    def formulas(self) -> tuple[str, ...]:
        """The equation that the docstring prints first, and what it defines, in LaTeX."""
        return tuple(FORMULA.findall(type(self).__doc__ or ""))

    def check(self, model: Model) -> None:
        """Raise ModelError where the law's own operators do not fit the space."""

    def operators(self, model: Model) -> Mapping[str, Element]:
        """Return the operators that `Letters.operator` names, such as S_z of every site: none for most laws."""
        return {}

    def __add__(self, other: Any) -> "Law":
        """Return the sum of a quantum law and dissipators; see `LawSum`."""
        return sum_of_laws(self, other)

    def dampings(self) -> dict[str, sp.Expr]:
        """Coefficients that damp where they are positive, by name."""
        return {name: getattr(self, name) for name in _coefficients(self)}

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
            todo = ("integrate derived components by compile().bind(…), from of_state(…)" if hasattr(model, "residual")
                    else "write Model(Space(\"1/2\"), [Zeeman((0, 0, 1))])")
            raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; {todo}.")
        return _derived(self, model)


@dataclass(frozen=True)
class Dissipative(Law):
    """A law of the form ρ̇ = −(i/ħ)[H, ρ] + D(ρ), whose file writes D; it can be added to another quantum law."""

    has_rates: ClassVar[bool] = True

    def dissipator(self, w: Letters) -> Element:
        """D(ρ)."""
        raise NotImplementedError(f"{type(self).__name__} has no dissipator")

    def joined(self, other: "Dissipative") -> "Dissipative":
        """Return one law of the same class with the dissipators of both."""
        raise NotImplementedError(f"{type(self).__name__} cannot be added to itself")

    def residual(self, w: Letters) -> Element:
        """ρ̇ + i[H/ħ, ρ] − D(ρ)."""
        return w.drho + commutator(w.H, w.rho).times_i() - self.dissipator(w)


@dataclass(frozen=True, repr=False)
class LawSum(Law):
    r"""A quantum law with dissipators: $\dot\rho = \ldots + D(\rho)$, the Hamiltonian and ρ̇ counted once.

    With q-LLG, $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho] + D(\rho)$: the damping torque takes the
    whole velocity, dissipation included. Only the trace is conserved. Made by `+`: `QuantumLLG(0.5) + Dephasing(0.1)`.

    Attributes:
        first: the law without a dissipator, or one of the dissipative ones.
        others: dissipative laws, each class once.
    """

    first: Law
    others: tuple[Dissipative, ...]
    has_rates: ClassVar[bool] = True

    def __repr__(self) -> str:
        """Return the laws with + between."""
        return " + ".join(map(repr, self.members))

    @property
    def members(self) -> tuple[Law, ...]:
        """The laws of the sum."""
        return (self.first, *self.others)

    @property
    def kind(self) -> str:  # type: ignore[override]
        """The kinds of the laws with + between."""
        return " + ".join(law.kind for law in self.members)

    @property
    def source(self) -> str:  # type: ignore[override]
        """The sources of the laws."""
        return "; ".join(law.source for law in self.members)

    def coefficients(self) -> tuple[sp.Expr, ...]:
        """Those of the laws."""
        return tuple(c for law in self.members for c in law.coefficients())

    def check(self, model: Model) -> None:
        """Raise ModelError where an operator does not fit the space."""
        for law in self.members:
            law.check(model)

    def operators(self, model: Model) -> Mapping[str, Element]:
        """Those of the laws."""
        return {name: x for law in self.members for name, x in law.operators(model).items()}

    def residual(self, w: Letters) -> Element:
        """The residual of the first law, less the dissipators of the others."""
        total = self.first.residual(w)
        for law in self.others:
            total = total - law.dissipator(w)
        return total


def sum_of_laws(left: Law, right: Any) -> Law:
    """Return the sum of two laws, of which one at most has no dissipator.

    Raises:
        InputTypeError: no law.
        ModelError: a classical law, or two without dissipators.

    >>> from qllg_sym import Dephasing, QuantumLLG
    >>> (QuantumLLG(0.5) + Dephasing(0.1)).kind, (Dephasing(0.1) + Dephasing(0.2)).rate
    ('q-llg + dephasing', 3/10)
    """
    if not isinstance(right, Law):
        raise InputTypeError(f"`law` must be a law to be added, but is of type {type(right).__name__}; "
                             "write QuantumLLG(0.5) + Dephasing(0.1).")
    members = [*left.members, *right.members]
    if classical := [law for law in members if law.classical]:
        raise ModelError(f"`law` must be quantum to be added, but {classical[0].kind} is classical; use it alone.")
    plain = [law for law in members if not isinstance(law, Dissipative)]
    if len(plain) > 1:
        raise ModelError(f"`law` must have one law without a dissipator, but has {plain[0].kind} and {plain[1].kind}; "
                         "add Lindblad(…) or Dephasing(…).")
    found: dict[str, Dissipative] = {}
    for law in members:
        if isinstance(law, Dissipative):
            found[law.kind] = found[law.kind].joined(law) if law.kind in found else law
    ordered = [found[kind] for kind in sorted(found)]
    if ordered and plain and plain[0].kind == "von-neumann":        # which every dissipative law holds
        plain = []
    first, others = (plain[0], ordered) if plain else (ordered[0], ordered[1:])
    return LawSum(first, tuple(others)) if others else first


def _coefficients(law: Law) -> tuple[str, ...]:
    """The names of a law's coefficients."""
    return tuple(item.name for item in fields(law) if item.type == Coefficient)


@lru_cache(maxsize=64)
def _derived(law: Law, model: Model) -> Equation:
    """The equation of a law and a model; laws and models are immutable, and solving asks for it again and again."""
    law.check(model)
    atoms: set[sp.Expr] = set()
    law.residual(Letters(WordAlgebra(make_ring([])), model.space.sites, model.hbar, atoms))     # finds the generators
    ring = make_ring(sorted(atoms, key=sp.default_sort_key))
    return Equation(law.residual(Letters(WordAlgebra(ring), model.space.sites, model.hbar)), model, law)
