"""The model: a space and Hamiltonian terms, exact, Hermitian, every symbol real."""

from collections.abc import Callable
from dataclasses import InitVar, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.polys.rings import PolyRing

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.element import Element
from qllg_sym.algebra.fields import ByFields, short
from qllg_sym.algebra.scalars import atoms_in, make_ring, real_coefficient, symbols_in, to_ring
from qllg_sym.algebra.symbols import t
from qllg_sym.display import in_html
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.geometry.grid import positioned
from qllg_sym.model.coefficients_in_time import reader
from qllg_sym.model.conserved_spin import check_sector
from qllg_sym.model.context import Context, total
from qllg_sym.model.lattice import Lattice
from qllg_sym.model.other_forms import Hamiltonian, terms_of
from qllg_sym.model.pieces import each_once
from qllg_sym.model.space import Space
from qllg_sym.model.term import Term
from qllg_sym.model.terms.zeeman import Zeeman
from qllg_sym.model.written import Atoms
from qllg_sym.operations import ModelOperations

if TYPE_CHECKING:
    from qllg_sym.units import Units  # whose constants take SciPy, which algebra does without


TOGETHER = 64       # sites up to which all terms are added up to see what of them cancels


@dataclass(frozen=True, repr=False)
class Model(ByFields, ModelOperations):
    r"""A Hamiltonian $H = \sum$ terms on a space of spins.

    Args:
        space: the spins.
        terms: Hamiltonian terms (`Zeeman`, `Exchange`, …), each bond once: a term, a sum such as
            J*Exchange(1, 0, 1) + Zeeman((0, 0, B)), a spin expression (`Space.spin`), {"XX": J}, a matrix, a Qiskit or
            OpenFermion sum (`qllg_sym.model.other_forms`), or lists of them, nested as you like.
        hbar: reduced Planck constant in the user's units, positive; 1 by default.
        gamma: gyromagnetic ratio γ_g: −γ_g B·S is an energy; 1 by default.
        units: `Units("meV", "ps")`, say: energies in meV, times in ps, fields in tesla, and g factors as they are
            measured, 2 where a Zeeman term gives none: ħ and γ_g = μ_B/ħ follow.
        tlist: the times of coefficients that are arrays of samples, as in QuTiP's [H0, [H1, samples]].
        positions: where the sites are, (n, 3); by default those of a lattice among the terms, None where there is none.

    Algebra multiplies coefficients out, exactly; numbers come from each coefficient as it is written (`written`).

    Raises:
        ModelError: a term that does not fit the space, a coefficient that is not real, or, in a sector of total S_z,
            terms that do not keep it.
        InputTypeError: something that is not a Space or a term.

    >>> from qllg_sym.model.terms.exchange import Exchange
    >>> J = sp.Symbol("J", real=True); Model(Space("1/2", "1/2"), [Exchange(J, 0, 1)]).parameters
    (J,)
    """

    space: Space
    terms: tuple[Term, ...] = ()
    hbar: sp.Expr = sp.S.One
    gamma: sp.Expr = sp.S.One
    units: "Units | None" = None
    tlist: InitVar[Any] = None
    positions: Any = field(default=None, compare=False, repr=False)

    if TYPE_CHECKING:       # what may be given: `__post_init__` makes it what the fields are
        def __init__(self, space: Space, terms: Hamiltonian = (), hbar: Any = 1, gamma: Any = 1,
                     units: "Units | None" = None, tlist: Any = None, positions: Any = None) -> None: ...

    def __post_init__(self, tlist: Any) -> None:  # type: ignore[override]  # an InitVar beside a written __init__
        if not isinstance(self.space, Space):
            raise InputTypeError(f"`space` must be a Space, but is of type {type(self.space).__name__}; "
                                 "write Space(\"1/2\", \"1/2\").")
        if self.units is not None and not hasattr(self.units, "moment"):
            raise InputTypeError(f"`units` must be Units, but is {short(self.units)}; write Units(\"meV\", \"ps\").")
        object.__setattr__(self, "positions", self._positions())
        terms = terms_of(self.terms, self.space, reader(tlist))
        object.__setattr__(self, "terms", tuple(map(self._in_units, terms)))
        for name in ("hbar", "gamma"):
            object.__setattr__(self, name, self._constant(name))
        if not (self.hbar.is_positive or (self.hbar.is_Symbol and self.hbar.is_positive is None)):
            raise ModelError(f"`hbar` must be positive, but is {self.hbar}; give a positive number or Symbol.")
        for term in self.terms:
            term.check(self.space)
        if self.space.sector is not None:
            check_sector(self.space, self.terms, lambda terms: Model(self.space.whole, tuple(terms), self.hbar,
                                                                     self.gamma).hamiltonian)
        if self.without_numbers is not None:            # which was checked; a matrix of numbers has been judged
            return
        if self.space.sites > TOGETHER:
            self._check_each()
        elif any(k for k, _ in self.frequency.terms):       # keys (1, A) stand for iA: anti-Hermitian
            raise ModelError("`terms` must add up to a Hermitian operator, but do not; check each term's coefficients.")

    def _check_each(self) -> None:
        """Refuse a term that is not Hermitian on its own few sites: all of many added up would take too long."""
        spins = self.space.numeric_spins
        for term, sites in each_once(self.terms, self.space):
            Model(Space(*(spins[i] for i in sites)), (term,), self.hbar, self.gamma)

    def _positions(self) -> Any:
        """Those that are given, or of a lattice of as many sites among the terms."""
        if self.positions is not None:
            return positioned(self.positions, self.space.sites).positions
        given: Any = self.terms
        parts = given if isinstance(given, list) else []
        found = [part.positions for part in (given, *parts) if isinstance(part, Lattice)]
        return next((each for each in found if len(each) == self.space.sites), None)

    def _in_units(self, term: Term) -> Term:
        """A Zeeman term without a g factor has the one that the units mean."""
        if self.units is None or not isinstance(term, Zeeman) or term.g is not None:
            return term
        return replace(term, g=self.units.factor)

    def _constant(self, name: str) -> sp.Expr:
        """ħ or γ_g, exact: as given, or of the units."""
        given = real_coefficient(getattr(self, name), name)
        if self.units is None:
            return given
        known = real_coefficient({"hbar": self.units.hbar, "gamma": self.units.moment}[name], "units")
        if given not in (1, known):
            raise ModelError(f"`{name}` must be left out where `units` are given, but is {written(given)}; these "
                             f"units have {written(known)}.")
        return known

    @cached_property
    def without_numbers(self) -> "Model | None":
        """The model without its matrices of numbers, which no algebra need expand; None where it has none."""
        rest = tuple(term for term in self.terms if getattr(term, "numbers", None) is None)
        return None if len(rest) == len(self.terms) else Model(self.space, rest, self.hbar, self.gamma)

    @cached_property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Free symbols of the Hamiltonian, by name; time is not one of them."""
        return symbols_in([self.hbar, self.gamma, *(c for term in self.terms for c in term.coefficients())])

    @cached_property
    def time_dependent(self) -> bool:
        """Whether the Hamiltonian depends on `qllg_sym.t`."""
        if not any(t in c.free_symbols for term in self.terms for c in term.coefficients()):
            return False
        if self.space.sites > TOGETHER:
            return True
        clocks = {i for i, g in enumerate(self.frequency.algebra.ring.symbols) if t in g.free_symbols}
        return any(exponents[i] for c in self.frequency.terms.values() for exponents in c for i in clocks)

    def in_letters(self, context: Context, which: str = "hamiltonian") -> Any:
        """Return the sum of all terms written in the letters of a context."""
        return total(context.zero, [getattr(term, which)(context) for term in self.terms])

    @cached_property
    def frequency(self) -> Element:
        """H/ħ as an element of the operator algebra, over the ring of its own coefficients."""
        return self.quantum("hamiltonian", 1 / self.hbar)

    @cached_property
    def hamiltonian(self) -> Element:
        """H as an element of the operator algebra."""
        return self.quantum("hamiltonian", sp.S.One)

    @cached_property
    def written(self) -> "WrittenModel":
        """The same model for numbers: each coefficient an atom with the user's expression as its value."""
        atoms = Atoms()
        terms = tuple(atoms.replaced(term) for term in self.terms)
        return WrittenModel(self.space, terms, atoms.of(self.hbar), atoms.of(self.gamma), source=self, atoms=atoms)

    def quantum(self, which: str, factor: sp.Expr) -> Element:
        """Return factor · (sum of the terms) with operators for spins."""
        atoms: set[sp.Expr] = set()

        def build(ring: PolyRing, number: Callable[[sp.Expr], Any]) -> Element:
            algebra = self.space.algebra(ring)
            return self.in_letters(Context(
                spin=algebra.spin, number=number, string=getattr(algebra, "string", _no_strings), one=algebra.one,
                zero=Element(algebra, {}), sites=self.space.sites, hbar=self.hbar, gamma=self.gamma,
                spins=() if self.space.symbolic else self.space.numeric_spins), which)

        def record(expression: sp.Expr) -> Any:                     # the first pass only finds the generators
            atoms.update(atoms_in(expression * factor))
            return 0

        build(make_ring([]), record)
        ring = make_ring(sorted(atoms, key=sp.default_sort_key))
        return build(ring, lambda e: to_ring(ring, e * factor))

    def _repr_html_(self) -> str:
        """The Hamiltonian for a notebook."""
        return in_html(self.describe())

    def _shown(self, name: str) -> str:
        """ħ or γ_g as text; those of units, which have twenty digits, rounded."""
        value = getattr(self, name)
        return written(value) if self.units is None else f"{float(value):.6g}"

    def describe(self, field: str | None = None) -> str:
        """Return the Hamiltonian with signs, counting and units, one line a term.

        Args:
            field: for a classical law its `field`: "paper" gives PRL's classical H of unit moments.

        >>> print(Model(Space("1/2")).describe())
        H = 0 on Space('1/2'), d = 2
        units: ħ = 1, γ_g = 1; dH/dt = 0; parameters: none
        """
        size = "any s" if self.space.symbolic else f"d = {self.space.dimension}"
        head = f"H = {'sum of the terms below,' if self.terms else 0} on {self.space}, {size}"
        names = ", ".join(str(s) for s in self.parameters) or "none"
        change = "H depends on t" if self.time_dependent else "dH/dt = 0"
        kind = "" if self.units is None else self.units.named
        tail = f"units: {kind}ħ = {self._shown('hbar')}, γ_g = {self._shown('gamma')}; {change}; parameters: {names}"
        lines = [f"  {_described(term, field)}" for term in self.terms]
        return "\n".join([head + _CLASSICAL.get(field, ""), *lines, tail])


_CLASSICAL: dict[str | None, str] = {"paper": "; classical, |m_i| = 1, B_i = −∂H/∂m_i",
              "mean": "; classical, S_i → ħ s_i m_i with |m_i| = 1, B_i = −(1/(ħ γ_g s_i)) ∂H/∂m_i"}


def _described(term: Term, field: str | None) -> str:
    """One term, as in PRL's classical Hamiltonian for "paper"."""
    classical = getattr(term, "describe_classical", None)
    return str(classical() if field == "paper" and classical is not None else term.describe())


@dataclass(frozen=True, eq=False, repr=False)
class WrittenModel(Model):
    """A model whose coefficients are atoms; see `Model.written`.

    Attributes:
        source: the model.
        atoms: what its atoms stand for.
    """

    source: Model = field(kw_only=True)
    atoms: Atoms = field(kw_only=True)

    __eq__ = object.__eq__          # two of them number their atoms each in its own way
    __hash__ = object.__hash__

    def __post_init__(self, tlist: Any) -> None:  # type: ignore[override]  # an InitVar beside a written __init__
        """Check nothing: the source was checked."""

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters of the source."""
        return tuple(self.source.parameters)

    @property
    def time_dependent(self) -> bool:
        """Whether the source depends on time."""
        return bool(self.source.time_dependent)

    @property
    def written(self) -> "WrittenModel":
        """Itself."""
        return self

    @cached_property
    def is_plain(self) -> bool:
        """Whether no coefficient of the source, and none of its H/ħ, is more than one product."""
        return not self.atoms.values and all(len(c) == 1 for c in self.source.frequency.terms.values())

    @cached_property
    def frequency(self) -> Element:
        """H/ħ in atoms; what is exactly zero is left out."""
        exact = self.source.frequency.terms
        if self.is_plain:
            return self.source.frequency
        found = self.quantum("hamiltonian", 1 / self.hbar)
        terms = self.atoms.whole({key: c for key, c in found.terms.items() if key in exact})
        ring = next(iter(terms.values())).ring if terms else found.algebra.ring
        return Element(self.space.algebra(ring), terms)


def _no_strings(indices: tuple[int, ...]) -> Any:
    """A spin without a number has no basis of its own."""
    raise ModelError(f"`terms` must be written in S for a symbolic spin, but one names the basis string {indices}; "
                     "give the spin a number.")
