"""A term on many places of a lattice as one table: the lattice is found again in the rows of its sites."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.geometry.grid import Steps, line, steps_along
from qllg_sym.memo import kept
from qllg_sym.model import terms
from qllg_sym.model.copies import LISTED, Copies
from qllg_sym.model.regular import REGULAR
from qllg_sym.modeltext.coefficients import coefficient_as_text
from qllg_sym.modeltext.graphs import SITES, build_terms
from qllg_sym.modeltext.tables import Table

Content = dict[str, Any]
Array = NDArray[Any]
MOST_LISTED = 60_000        # sites that edges may have which are written one by one


@kept
def copies_table(copies: Copies, names: tuple[str, ...], sites: int) -> Content:
    """Return the table of copies of a term, which reads back as them.

    Args:
        copies: of terms that have their first argument alone, beside sites.
        names: of the symbols and signals.
        sites: how many the space has.

    Raises:
        ModelError: text has no words for them.

    >>> from qllg_sym import Exchange
    >>> from qllg_sym.geometry.places import Places
    >>> copies_table(Copies((Exchange(2, 0, 1),), Places.of([[0, 1], [1, 2]], [0, 0])), (), 3)
    {'kind': 'exchange', 'J': 2, 'graph': 'chain'}
    """
    cls, which = type(copies.terms[0]), copies.places.which
    name = fields(cls)[0].name
    if any(type(term) is not cls for term in copies.terms) or not hasattr(copies.terms[0], name):
        raise ModelError(f"`terms` must be of one kind on a lattice to be written as text, but are {copies.words}; "
                         "keep the program that made them.")
    values = [coefficient_as_text(getattr(term, name), names) for term in copies.terms]
    for graph, step in graphs_of(copies.places.sites, sites):
        along = step is not None and len(values) > 1 and np.array_equal(step, which)
        value = values if along else values[0] if len(values) == 1 else [values[k] for k in which.tolist()]
        content = {"kind": cls.kind, name: value, **graph, **({"directions": True} if along else {})}
        if _reads_back(content, names, sites, copies):
            return content
    raise ModelError(f"`terms` must be on all sites, on a chain, a ring, a square, triangular or cubic lattice, or on "
                     f"few edges, to be written as text, but are {copies.words}; keep the program that made them.")


def _reads_back(content: Content, names: Sequence[str], sites: int, copies: Copies) -> bool:
    """Whether a table is read as these copies, whether one term or a term each."""
    try:
        found = build_terms(Table("[[term]]", content, names), terms, sites)
    except (InputError, InputTypeError):
        return False
    return found == [copies] or (len(copies) <= LISTED and found == list(copies))


def graphs_of(rows: Array, n: int) -> Iterator[tuple[Content, Array | None]]:
    """Yield the graphs on n sites that have these edges, by their keys, each with the direction of every bond.

    >>> next(graphs_of(line(4, True)[0], 4))
    ({'graph': 'ring'}, None)
    """
    width = rows.shape[1]
    if width == 1 and np.array_equal(rows[:, 0], np.arange(n)):
        yield {"graph": SITES}, None
    if width == 2:
        yield from (({"graph": name}, None) for name, ring in (("chain", False), ("ring", True))
                    if np.array_equal(rows, line(n, ring)[0]))
        yield from _regular(rows, n)
    if width > 1 and rows.size <= MOST_LISTED:
        yield {"edges": rows.tolist()}, None


def _regular(rows: Array, n: int) -> Iterator[tuple[Content, Array | None]]:
    """The regular lattices among them."""
    for name, lattice in REGULAR.items():
        for shape in _shapes(rows, n, len(lattice.sizes)):
            closed = _closed(rows, shape)
            if bonds(shape, closed, lattice.steps) != len(rows):
                continue
            edges, step = steps_along(lattice.geometry(shape, closed), lattice.steps)
            if np.array_equal(edges, rows):
                periodic = {} if not any(closed) else {"periodic": closed[0] if len({*closed}) == 1 else closed}
                yield {"graph": name, "size": list(shape), **periodic}, step


def bonds(shape: Sequence[int], closed: Sequence[bool], steps: Steps) -> int:
    """Return how many bonds a regular lattice has.

    >>> bonds((3, 4), (True, False), ((1, 0), (0, 1)))
    21
    """
    return sum(prod(n if ring else n - abs(k) for n, ring, k in zip(shape, closed, step, strict=True))
               for step in steps)


def _shapes(rows: Array, n: int, dimension: int) -> Iterator[tuple[int, ...]]:
    """The extents that a lattice of n sites may have, whose first site has bonds over the strides of its directions."""
    strides = sorted({1, n, *rows[rows[:, 0] == 0, 1].tolist()} - {0})
    chains: list[tuple[int, ...]] = [(1,)]
    for _ in range(dimension - 1):
        chains = [(*chain, stride) for chain in chains for stride in strides if stride % chain[-1] == 0]
    for chain in chains:
        if n % chain[-1] == 0:
            yield tuple(b // a for a, b in zip(chain, (*chain[1:], n), strict=True))


def _closed(rows: Array, shape: Sequence[int]) -> list[bool]:
    """Whether the last site along each direction has a bond to the first."""
    strides = np.cumprod([1, *shape[:-1]]).tolist()
    return [size > 1 and bool(((rows[:, 0] == (size - 1) * stride) & (rows[:, 1] == 0)).any())
            for size, stride in zip(shape, strides, strict=True)]
