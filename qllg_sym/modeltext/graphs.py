"""Terms on graphs in model files: one table for all sites, or all bonds of a chain, a lattice or a list of edges."""

from collections.abc import Callable
from dataclasses import fields
from math import prod
from types import ModuleType
from typing import Any

from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model import graphs
from qllg_sym.model.regular import REGULAR, regular
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.term import Term, depths, sites_of
from qllg_sym.model.terms.operator import Operator
from qllg_sym.modeltext.operators import read_operator, read_spins
from qllg_sym.modeltext.tables import Table
from qllg_sym.modeltext.terms_and_laws import build, kinds, of_kind

READERS = {Operator.kind: read_operator, SpinTerm.kind: read_spins}     # terms whose keys are no arguments of theirs
SITES = "sites"
GRAPHS = {"chain": graphs.chain, "ring": graphs.ring}
NUMBERS = {2: "two", 3: "three"}


def build_terms(table: Table, folder: ModuleType, sites: int) -> list[Term]:
    """Return the terms that a [[term]] table describes: several where it has `graph` or `edges`.

    Args:
        table: a table with the key `kind`.
        folder: the package that holds the terms.
        sites: number of sites of the space; chains and rings take all of them.

    Raises:
        ModelError: an unknown, missing or wrong key, or what the graph or the term itself refuses.

    >>> from qllg_sym.model import terms
    >>> [bond.j for bond in build_terms(Table("[[term]]", {"kind": "exchange", "J": 1, "graph": "chain"}), terms, 3)]
    [1, 2]
    """
    if "kind" in table and isinstance(kind := table.raw("kind"), str) and kind in READERS:
        return [READERS[kind](table)]
    if "graph" not in table and "edges" not in table:
        return [build(table, folder, Term)]
    known = kinds(folder, Term)
    if "graph" in table and table.raw("graph") == SITES:
        cls = of_kind(table, {kind: cls for kind, cls in known.items() if len(sites_of(cls)) == 1 and depths(cls)})
    else:
        widths = {kind: graphs.joins(cls) for kind, cls in known.items()}     # `edges` may join more sites than two
        cls = of_kind(table, {kind: cls for kind, cls in known.items()
                              if widths[kind] == 2 or (widths[kind] > 2 and "edges" in table)})
    name = fields(cls)[0].name
    edges, value = _edges(table, name, sites), table.coefficient(name)
    try:
        return edges(cls, value)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"{table.place}: {error}") from None


def _edges(table: Table, name: str, sites: int) -> Callable[[type[Term], Any], list[Term]]:
    """Return the function of a term's class and value that makes its terms."""
    if "edges" in table:
        table.only(("kind", name, "edges"))
        pairs = table.items("edges")
        return lambda cls, value: graphs.from_edges(pairs, cls, value, sites=sites)
    graph = table.text("graph")
    if graph in REGULAR:
        return _regular(table, name, graph, sites)
    simple = {**GRAPHS, SITES: graphs.from_sites}
    if graph not in simple:
        raise table.wrong("graph", f"one of {', '.join([*GRAPHS, *REGULAR, SITES])}", graph)
    table.only(("kind", name, "graph"))
    return lambda cls, value: simple[graph](sites, cls, value)


def _regular(table: Table, name: str, graph: str, sites: int) -> Callable[[type[Term], Any], list[Term]]:
    """Return the same for a regular lattice."""
    table.only(("kind", name, "graph", "size", "periodic", "directions"))
    size, names = table.integers("size"), REGULAR[graph].sizes
    if len(size) != len(names) or prod(size) != sites:
        raise table.wrong("size", f"{NUMBERS[len(names)]} numbers [{', '.join(names)}] with the product {sites}, that "
                                  "of the sites", size)
    periodic = "periodic" in table and _flags(table, "periodic")
    along = _of_directions(table, name, graph) if "directions" in table and table.flag("directions") else None
    return lambda cls, value: regular(graph, size, cls, along or value, periodic)


def _of_directions(table: Table, name: str, graph: str) -> Callable[[Any], Any]:
    """Return the function of a bond's vector that a list of one value for each direction is."""
    directions, values = REGULAR[graph].directions, table.coefficient(name)
    if not isinstance(values, list) or len(values) != len(directions):
        raise table.wrong(name, f"a list of {len(directions)} where `directions` is true, one for each of "
                                f"{', '.join(str(tuple(d)) for d in directions)}", table.raw(name))
    known = dict(zip(map(tuple, directions), values, strict=True))
    return lambda d: known[tuple(d)]


def _flags(table: Table, key: str) -> bool | list[bool]:
    """Return true or false, or a pair of them."""
    if not isinstance(table.raw(key), list):
        return table.flag(key)
    return [Table(table.place, {key: each}).flag(key) for each in table.items(key)]
