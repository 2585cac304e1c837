r"""The energy of clusters and moments as families of equal formulas: what large lattices need in place of a polynomial.

Each term is written once for all its copies, by `MeanEnergy` on the few sites that it joins, with symbols in place of
its coefficients. So E/ħ is what `MeanEnergy` of the whole model says, found in a time that grows with the number of
different terms, and with that of copies as arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

import sympy as sp

from qllg_sym.algebra.sites import String
from qllg_sym.algebra.symbols import Reserved
from qllg_sym.equations.hybrid.energy import MeanEnergy
from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.geometry.places import Places
from qllg_sym.model.dipolar import Dipoles
from qllg_sym.model.model import Model
from qllg_sym.model.pieces import copies_in
from qllg_sym.model.space import Space
from qllg_sym.model.term import Term, letters_of

INDEX = 3_000_000       # of the first symbol that stands for a coefficient
Mean = tuple[int, String]                               # Tr(ρ_c A)
Variable = tuple[str, Any]                              # ("mean", Mean), or ("moment", (site of the copy, axis))
Product = tuple[Fraction, tuple[tuple[int, int], ...]]  # a rational times powers of entries


@dataclass(frozen=True, eq=False)
class Family:
    """Copies of one formula: E/ħ = Σ over copies, Σ over `monomials`, coefficient · product of variables.

    Attributes:
        monomials: by its variables, a polynomial in entries as (rational, ((entry, power), …)).
        entries: for each term, the number of each of its entries among the expressions of all families.
        places: the sites of the copies, and which term each is.
        spins: of these sites.
    """

    monomials: Mapping[tuple[Variable, ...], tuple[Product, ...]]
    entries: tuple[tuple[int, ...], ...]
    places: Places
    spins: tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class Families:
    """All of them.

    Attributes:
        expressions: the coefficients of the terms, as the user wrote them, each once.
        members: the families.
        means: the (cluster, string) whose means enter, in order.
        dipoles: couplings of all classical sites with one another, and the number of A/ħ of each.
    """

    expressions: tuple[sp.Expr, ...]
    members: tuple[Family, ...]
    means: tuple[Mean, ...]
    dipoles: tuple[tuple[Dipoles, int], ...] = ()


def families_of(model: Model, sites: Partition) -> Families:
    """Return the energy of a model as families.

    Raises:
        ModelError: a term acts on all sites at once, or H(m) is not Hermitian.

    >>> from qllg_sym import Exchange, chain
    >>> space = Space("1/2", "1/2", "1/2")
    >>> found = families_of(Model(space, chain(3, Exchange, 2)), Partition(space, ((0,),), (1, 2)))
    >>> found.expressions, found.means, [len(family.places) for family in found.members]
    ((2,), ((0, (1,)), (0, (2,)), (0, (3,))), [1, 1])
    """
    return _Search(model, sites).all()


class _Search:
    """The families of one model, as they are met."""

    def __init__(self, model: Model, sites: Partition) -> None:
        self._model, self._sites = model, sites
        self._home = {i: c for c, cluster in enumerate(sites.clusters) for i in cluster}
        self._numbers: dict[sp.Expr, int] = {}
        self._formulas: dict[Any, list[tuple[tuple[Variable, ...], Product]]] = {}

    def all(self) -> Families:
        """Return them."""
        space, kinds = self._model.space, dict[Any, int]()
        codes = [kinds.setdefault((i, s) if i in self._home else s, len(kinds)) for i, s in enumerate(space.spins)]
        dipoles = [term for term in self._model.terms if isinstance(term, Dipoles)]
        bonds = [bond for term in dipoles if self._home for bond in term.bonds(self._home)]
        members = [family for copies in copies_in((*self._model.terms, *bonds), space)
                   for first, rows in copies.places.by_kind(codes)
                   for family in self._families(copies.terms, first, rows)]
        means = {value for family in members for key in family.monomials for kind, value in key if kind == "mean"}
        strengths = [self._numbers.setdefault(term.strength / self._model.hbar, len(self._numbers)) for term in dipoles]
        return Families(tuple(self._numbers), tuple(members), tuple(sorted(means)),
                        tuple(zip(dipoles, strengths, strict=True)))

    def _families(self, terms: Sequence[Term], first: Sequence[int], rows: Places) -> list[Family]:
        """The families of copies on sites of equal spins and roles, by the form of their terms."""
        groups: dict[Term, list[tuple[int, tuple[int, ...]]]] = {}
        for number in rows.present:
            form, entries = _opened(terms[number])
            known = tuple(self._numbers.setdefault(e, len(self._numbers)) for e in entries)
            groups.setdefault(form, []).append((number, known))
        spins = tuple(self._model.space.numeric_spins[i] for i in first)
        return [Family(self._formula(form, first, spins, len(group[0][1])), tuple(known for _, known in group),
                       rows.of_terms([number for number, _ in group]) if len(groups) > 1 or len(group) < len(terms)
                       else rows, spins) for form, group in groups.items()]

    def _formula(self, form: Term, first: Sequence[int], spins: tuple[Fraction, ...], own: int
                 ) -> Mapping[tuple[Variable, ...], tuple[Product, ...]]:
        """E/ħ of one copy, Tr(ρ_c A) of the clusters that its sites are in."""
        homes = [self._home.get(i) for i in first]
        clusters = tuple(dict.fromkeys(c for c in homes if c is not None))
        local = Partition(Space(*spins), tuple(tuple(k for k, h in enumerate(homes) if h == c) for c in clusters),
                          tuple(k for k, h in enumerate(homes) if h is None))
        key = form, spins, local.clusters
        if key not in self._formulas:
            self._formulas[key] = self._derived(form, local)
        found: dict[tuple[Variable, ...], list[Product]] = {}
        for variables, (number, powers) in self._formulas[key]:
            whole = tuple(self._whole(clusters, local, first, v) if v[0] == "mean" else v for v in variables)
            found.setdefault(whole, []).append((number, self._numbered(powers, own)))
        return {variables: tuple(products) for variables, products in found.items()}

    def _whole(self, clusters: Sequence[int], local: Partition, first: Sequence[int], variable: Variable) -> Variable:
        """A mean of some sites of a cluster as one of all its sites."""
        c, string = variable[1]
        cluster = self._sites.clusters[clusters[c]]
        whole = [0] * len(cluster)
        for k, index in zip(local.clusters[c], string, strict=True):
            whole[cluster.index(first[k])] = index
        return "mean", (clusters[c], tuple(whole))

    def _numbered(self, powers: Sequence[tuple[Any, int]], own: int) -> tuple[tuple[int, int], ...]:
        """Powers of entries of the term by their numbers, and of other expressions, such as 1/ħ, counted from −1 on."""
        return tuple((atom if isinstance(atom, int) else -1 - self._numbers.setdefault(atom, len(self._numbers)), n)
                     for atom, n in powers)

    def _derived(self, form: Term, local: Partition) -> list[tuple[tuple[Variable, ...], Any]]:
        """The polynomial of a term on its own sites, monomial by monomial."""
        model = self._model
        energy = MeanEnergy.of(Model(local.space, (form,), model.hbar, model.gamma), local)
        gens, means = energy.value.ring.symbols, len(energy.strings)
        moments = 3 * len(local.classical)
        names: list[Variable] = [("mean", pair) for pair in energy.strings]
        names += [("moment", (site, k)) for site in local.classical for k in range(3)]
        atoms = [_entry_number(g) for g in gens[means + moments:]]
        found = []
        for exponents, c in energy.value.terms():
            variables = tuple(v for v, n in zip(names, exponents[:len(names)], strict=True) for _ in range(n))
            powers = [(atom, n) for atom, n in zip(atoms, exponents[len(names):], strict=True) if n]
            found.append((variables, (Fraction(int(c.numerator), int(c.denominator)), powers)))
        return found


def _opened(term: Term) -> tuple[Term, list[sp.Expr]]:
    """A term with symbols in place of its coefficients, and what these are: equal ones are one, zeros stay."""
    names = {name for name, _ in letters_of(term) if getattr(term, name) is not None}
    found: dict[sp.Expr, sp.Symbol] = {}
    copy = object.__new__(type(term))
    for item in fields(term):
        value = getattr(term, item.name)
        object.__setattr__(copy, item.name, _symbols(value, found) if item.name in names else value)
    return copy, list(found)


def _symbols(value: Any, found: dict[sp.Expr, sp.Symbol]) -> Any:
    """Symbols in place of the coefficients in nested tuples."""
    if isinstance(value, tuple):
        return tuple(_symbols(item, found) for item in value)
    if value == 0:
        return sp.S.Zero
    if value not in found:
        found[value] = _entry(len(found))
    return found[value]


def _entry(number: int) -> sp.Symbol:
    """The symbol of an entry, the same in every term."""
    symbol: sp.Symbol = Reserved(f"e_{number}", dummy_index=INDEX + number, real=True)
    return symbol


def _entry_number(symbol: Any) -> Any:
    """The number of an entry; other expressions as they are."""
    if isinstance(symbol, Reserved) and (number := int(getattr(symbol, "dummy_index", 0)) - INDEX) >= 0:
        return number
    return symbol
