"""Terms on graphs: the same term on every bond of a chain, a ring, a square lattice, or on every edge of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from numbers import Integral
from typing import Any

import sympy as sp

from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.term import Term, depths, sites_of

Edge = tuple[int, ...]


def chain(n: int, term: type, value: Any) -> list[Term]:
    r"""Return a bond term for every edge (0, 1), (1, 2), … of an open chain, $H = \sum_i h_{i,i+1}$.

    Args:
        n: number of sites, at least 2.
        term: `Exchange`, `DMI`, `Bilinear`, `Biquadratic`, or any other class of terms on two sites i, j.
        value: the first argument of the term: one for all edges (a scalar, a DMI vector, a matrix), or a list of n − 1
            such, in the order of the edges, or a function (i, j) → value; in the units of the term. An Ising coupling
            J σzσz of spins ½ is a `Bilinear` with the matrix diag(0, 0, 4J).

    Returns:
        The terms, in the order of the edges; join lists with `+`.

    Raises:
        ModelError: too few sites, a list of another length, or what the term itself refuses.
        InputTypeError: no number of sites, or not a class of terms on two sites.

    >>> from qllg_sym import Exchange
    >>> [(bond.J, bond.i, bond.j) for bond in chain(3, Exchange, [1, 0.5])]
    [(1, 0, 1), (1/2, 1, 2)]
    """
    size = _size(n, "n", 2)
    return _bonds([(i, i + 1) for i in range(size - 1)], term, value)


def ring(n: int, term: type, value: Any) -> list[Term]:
    """Return a bond term for every edge (0, 1), (1, 2), …, (n − 1, 0) of a ring of at least three sites.

    DMI vectors follow this direction all around. Arguments and errors are those of `chain`.

    >>> from qllg_sym import DMI
    >>> [(bond.i, bond.j) for bond in ring(3, DMI, (0, 0, 1))]
    [(0, 1), (1, 2), (2, 0)]
    """
    size = _size(n, "n", 3)
    return _bonds([(i, (i + 1) % size) for i in range(size)], term, value)


def square(nx: int, ny: int, term: type, value: Any, periodic: Any = False) -> list[Term]:
    """Return a bond term for every edge of a square lattice; the site (x, y) has the number x + nx·y.

    Args:
        nx: sites along x, at least 1.
        ny: sites along y, at least 1.
        term: as for `chain`.
        value: as for `chain`; a list follows the sites, the edge to (x + 1, y) before that to (x, y + 1).
        periodic: whether directions of more than one site close to rings, True or False for both of them, or a pair:
            (True, False) is a cylinder around x. They need at least three sites then.

    Raises:
        ModelError, InputTypeError: as for `chain`.

    >>> from qllg_sym import Exchange
    >>> [(bond.i, bond.j) for bond in square(2, 2, Exchange, 1)]
    [(0, 1), (0, 2), (1, 3), (2, 3)]
    """
    sizes = _size(nx, "nx", 1), _size(ny, "ny", 1)
    closed = (periodic, periodic) if isinstance(periodic, bool) else periodic
    if not isinstance(closed, Sequence) or [type(each) for each in closed] != [bool, bool]:
        raise InputTypeError(f"`periodic` must be True or False, but is {periodic!r}; give one of them, or a pair for "
                             "x and y, such as (True, False) for a cylinder.")
    for name, size, ring in zip(("nx", "ny"), sizes, closed, strict=True):
        if ring and size == 2:
            raise ModelError(f"`{name}` must be 1 or at least 3 on a periodic lattice, but is 2, which would repeat "
                             "its edges; leave out `periodic`.")
    edges = []
    for y in range(sizes[1]):
        for x in range(sizes[0]):
            for axis, at, (right, up) in ((0, x, (x + 1, y)), (1, y, (x, y + 1))):
                if at + 1 < sizes[axis] or (closed[axis] and sizes[axis] > 1):
                    edges.append((x + sizes[0] * y, right % sizes[0] + sizes[0] * (up % sizes[1])))
    return _bonds(edges, term, value)


def from_edges(edges: Iterable[Any], term: type, value: Any, sites: int | None = None) -> list[Term]:
    """Return a term for every edge of a graph.

    Args:
        edges: pairs (i, j) of different sites, none of them twice, in either order; or as many sites as the term acts
            on, such as the triangles (i, j, k) of a term on three.
        term: as for `chain`, on any number of sites.
        value: as for `chain`; a function takes as many sites.
        sites: number of sites of the graph, which the edges must not leave; the model's space when None.

    Raises:
        ModelError: edges that repeat, join a site to itself or leave the graph, a list of another length, or what the
            term itself refuses.
        InputTypeError: something that is no edge, or not a class of terms on several sites.

    >>> from qllg_sym import Bilinear
    >>> [bond.M[0][0] for bond in from_edges([(0, 2), (2, 1)], Bilinear, lambda i, j: i + j)]
    [2, 3]
    """
    width = joins(term)
    found = _edges(edges, sites, width or 2)
    if not width:
        raise InputTypeError(f"`term` must be a class of terms on several sites, but is {term!r}; write q.Exchange.")
    return [term(one, *at) for one, at in zip(_values(value, term, found), found, strict=True)]


def joins(term: Any) -> int:
    """Return how many sites a class of terms joins, those that its first argument is followed by; 0 for others.

    >>> from qllg_sym import Exchange, Zeeman; joins(Exchange), joins(Zeeman)
    (2, 0)
    """
    if not isinstance(term, type) or not issubclass(term, Term):
        return 0
    places, names = sites_of(term), [field.name for field in fields(term) if field.init]
    return len(places) if len(places) > 1 and names[1:] == places and depths(term) else 0


def _bonds(edges: Sequence[Edge], term: type, value: Any) -> list[Term]:
    """Return a term on two sites for every bond."""
    if joins(term) != 2:
        raise InputTypeError(f"`term` must be a class of terms on two sites, but is {term!r}; write q.Exchange.")
    return from_edges(edges, term, value)


def _values(value: Any, term: type[Term], edges: Sequence[Edge]) -> list[Any]:
    """Return a value an edge."""
    if callable(value) and not isinstance(value, sp.Basic):
        return [value(*edge) for edge in edges]
    value = _listed(value)
    depth, single = _depth(value), depths(term)
    if depth - 1 not in single or depth in single:
        return [value] * len(edges)                 # one for all; what does not fit the term is refused there
    if len(value) != len(edges):
        raise ModelError(f"`{fields(term)[0].name}` must be one value for all edges or a list of {len(edges)}, one an "
                         f"edge, but is a list of {len(value)}; give {len(edges)}.")
    return list(value)


def _listed(value: Any) -> Any:
    """Return SymPy matrices as lists, rows and columns as flat ones; everything else as it is."""
    if isinstance(value, sp.MatrixBase):
        return value.flat() if 1 in value.shape else value.tolist()
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _depth(value: Any) -> int:
    """Return how deep lists are nested: 0 for a number, 1 for a vector, 2 for a matrix."""
    if hasattr(value, "ndim"):
        return int(value.ndim)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list | tuple) else 0


def _edges(edges: Any, sites: int | None, width: int) -> list[Edge]:
    """Return the edges as `width` different sites each, no set of them twice."""
    kind = f"{_WIDTHS.get(width, f'rows of {width}')} of sites"
    example = f"write [{tuple(range(width))}, {tuple(range(1, width + 1))}]"
    if not isinstance(edges, Iterable) or isinstance(edges, str):
        raise InputTypeError(f"`edges` must be {kind}, but is {edges!r}; {example}.")
    count = None if sites is None else _size(sites, "sites", 1)
    found: dict[frozenset[int], Edge] = {}
    for given in edges:
        edge = _edge(given, width)
        if edge is None:
            raise InputTypeError(f"`edges` must be {kind}, but one is {given!r}; {example}.")
        if len(set(edge)) < width:
            raise ModelError(f"`edges` must join different sites, but one is {edge}; leave it out.")
        if min(edge) < 0 or (count is not None and max(edge) >= count):
            raise ModelError(f"`edges` must stay on the graph, but one is {edge}; sites are numbered from 0"
                             f"{'' if count is None else f' to {count - 1}'}.")
        if frozenset(edge) in found:
            raise ModelError(f"`edges` must not repeat, but {edge} joins the same sites as an edge before it; "
                             "give each edge once.")
        found[frozenset(edge)] = edge
    return list(found.values())


_WIDTHS = {2: "pairs", 3: "triples"}


def _edge(edge: Any, width: int) -> Edge | None:
    """Return site numbers, None where these are none."""
    sites = tuple(edge) if isinstance(edge, Iterable) and not isinstance(edge, str) else (edge,)
    if len(sites) != width or any(isinstance(k, bool) or not isinstance(k, Integral) for k in sites):
        return None
    return tuple(int(k) for k in sites)


def _size(value: Any, name: str, least: int) -> int:
    """Return a number of sites."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputTypeError(f"`{name}` must be a number of sites, but is {value!r}; give an integer from {least} on.")
    if value < least:
        raise ModelError(f"`{name}` must be at least {least}, but is {value}; give more sites.")
    return int(value)
