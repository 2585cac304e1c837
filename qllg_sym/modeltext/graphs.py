"""Terms on graphs in model files: one table for all bonds of a chain, a ring, a lattice, or a list of edges."""

from collections.abc import Callable
from dataclasses import fields
from types import ModuleType
from typing import Any

from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model import graphs, regular
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.term import Term
from qllg_sym.model.terms.operator import Operator
from qllg_sym.modeltext.operators import read_operator, read_spins
from qllg_sym.modeltext.tables import Table
from qllg_sym.modeltext.terms_and_laws import build, kinds, of_kind

READERS = {Operator.kind: read_operator, SpinTerm.kind: read_spins}     # terms whose keys are no arguments of theirs
GRAPHS = {"chain": graphs.chain, "ring": graphs.ring}


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
    if graph not in (*GRAPHS, "square"):
        raise table.wrong("graph", f"one of {', '.join(GRAPHS)}, square", graph)
    if graph != "square":
        table.only(("kind", name, "graph"))
        return lambda cls, value: GRAPHS[graph](sites, cls, value)
    table.only(("kind", name, "graph", "size", "periodic"))
    size = table.integers("size")
    if len(size) != 2 or size[0] * size[1] != sites:
        raise table.wrong("size", f"two numbers [nx, ny] with the product {sites}, that of the sites", size)
    nx, ny = size
    periodic = "periodic" in table and _flags(table, "periodic")
    return lambda cls, value: regular.square(nx, ny, cls, value, periodic=periodic)


def _flags(table: Table, key: str) -> bool | list[bool]:
    """Return true or false, or a pair of them."""
    if not isinstance(table.raw(key), list):
        return table.flag(key)
    return [Table(table.place, {key: each}).flag(key) for each in table.items(key)]
