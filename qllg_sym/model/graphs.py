"""Terms on graphs: the same term on every bond of a chain or a ring, on every edge of a list, or on every site."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from inspect import Parameter, signature
from numbers import Integral
from typing import Any

import sympy as sp

from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.geometry.grid import Direction, bond_vectors, cells, line, positioned, repeating
from qllg_sym.model.copies import copies_of
from qllg_sym.model.lattice import Lattice
from qllg_sym.model.term import Term, depths, sites_of

Edge = tuple[int, ...]
ALONG = (1, 0, 0)       # the bonds of a chain


def chain(n: int, term: type, value: Any) -> Lattice:
    r"""Return a bond term for every edge (0, 1), (1, 2), … of an open chain, $H = \sum_i h_{i,i+1}$.

    Args:
        n: number of sites, at least 2.
        term: `Exchange`, `DMI`, `Bilinear`, `Biquadratic`, or any other class of terms on two sites i, j.
        value: the first argument of the term: one for all edges (a scalar, a DMI vector, a matrix), or a list of n − 1
            such, in the order of the edges, or a function (i, j) → value or (bond vector) → value; in the units of the
            term. An Ising coupling J σzσz of spins ½ is a `Bilinear` with the matrix diag(0, 0, 4J).

    Returns:
        The terms, in the order of the edges, a list with `.positions` and `.vectors`; join lists with `+`.

    Raises:
        ModelError: too few sites, a list of another length, or what the term itself refuses.
        InputTypeError: no number of sites, or not a class of terms on two sites.

    >>> from qllg_sym import Exchange
    >>> [(bond.J, bond.i, bond.j) for bond in chain(3, Exchange, [1, 0.5])]
    [(1, 0, 1), (1/2, 1, 2)]
    """
    size = number_of_sites(n, "n", 2)
    edges, geometry = line(size, False)
    return Lattice(on_bonds(edges, term, value, [Direction.of(ALONG)]), geometry)


def ring(n: int, term: type, value: Any) -> Lattice:
    """Return a bond term for every edge (0, 1), (1, 2), …, (n − 1, 0) of a ring of at least three sites.

    DMI vectors follow this direction all around; positions are those of a line that repeats. Arguments and errors are
    those of `chain`.

    >>> from qllg_sym import DMI
    >>> [(bond.i, bond.j) for bond in ring(3, DMI, (0, 0, 1))]
    [(0, 1), (1, 2), (2, 0)]
    """
    size = number_of_sites(n, "n", 3)
    edges, geometry = line(size, True)
    return Lattice(on_bonds(edges, term, value, [Direction.of(ALONG)]), geometry)


def from_edges(edges: Iterable[Any], term: type, value: Any, sites: int | None = None,
               positions: Any = None, vectors: Any = ()) -> list[Term]:
    """Return a term for every edge of a graph.

    Args:
        edges: pairs (i, j) of different sites, none of them twice, in either order; or as many sites as the term acts
            on, such as the triangles (i, j, k) of a term on three.
        term: as for `chain`, on any number of sites.
        value: as for `chain`; a function takes as many sites. With `positions`, one of one argument gets the vector
            from the first site of a pair to the second, the shortest where the lattice repeats.
        sites: number of sites of the graph, which the edges must not leave; the model's space when None.
        positions: (n, 3), where the sites are: the list then knows its `.positions`.
        vectors: vectors by which these repeat, (m, 3).

    Raises:
        ModelError: edges that repeat, join a site to itself or leave the graph, a list of another length, or what the
            term itself refuses.
        InputTypeError: something that is no edge, or not a class of terms on several sites.

    >>> from qllg_sym import DMI, Bilinear
    >>> [bond.M[0][0] for bond in from_edges([(0, 2), (2, 1)], Bilinear, lambda i, j: i + j)]
    [2, 3]
    >>> from_edges([(0, 1)], DMI, lambda d: d, positions=[(0, 0, 0), (0, 0.5, 0)])[0].D
    (0, 1/2, 0)
    """
    width = joins(term)
    count = None if positions is None else len(positions) if hasattr(positions, "__len__") else 1
    found = _edges(edges, count if sites is None else sites, width or 2)
    if not width:
        raise InputTypeError(f"`term` must be a class of terms on several sites, but is {term!r}; write q.Exchange.")
    if positions is None:
        return _copies(found, width, term, _values(value, term, found))
    geometry = positioned(positions, count if sites is None else sites)     # type: ignore[arg-type]
    geometry = repeating(geometry, vectors)
    if width == 2 and takes_vector(value):
        value = [value(d) for d in bond_vectors(geometry, found)]
    return Lattice(_copies(found, width, term, _values(value, term, found)), geometry)


def from_sites(sites: Any, term: type, value: Any) -> list[Term]:
    """Return a term for every site, such as an anisotropy.

    Args:
        sites: how many, or which.
        term: `Anisotropy`, `ZeroField`, `Stevens`, or any other class of terms on one site i.
        value: its first argument: one for all sites, a list of as many as there are sites, or a function i → value.

    Raises:
        ModelError: a list of another length, sites that repeat, or what the term itself refuses.
        InputTypeError: sites that are no integers, or not a class of terms on one site.

    >>> from qllg_sym import ZeroField
    >>> [(term.D, term.i) for term in from_sites(3, ZeroField, [1, 2, 3])]
    [(1, 0), (2, 1), (3, 2)]
    """
    if not isinstance(term, type) or not issubclass(term, Term) or len(sites_of(term)) != 1:
        raise InputTypeError(f"`term` must be a class of terms on one site, but is {term!r}; write q.ZeroField.")
    if isinstance(sites, Integral):
        found: Any = cells((number_of_sites(sites, "sites", 1),))
    else:
        found = [(site,) for site in _sites(sites)]
    return _copies(found, 1, term, _values(value, term, found, "a site"))


def joins(term: Any) -> int:
    """Return how many sites a class of terms joins, those that its first argument is followed by; 0 for others.

    >>> from qllg_sym import Exchange, Zeeman; joins(Exchange), joins(Zeeman)
    (2, 0)
    """
    if not isinstance(term, type) or not issubclass(term, Term):
        return 0
    places, names = sites_of(term), [field.name for field in fields(term) if field.init]
    return len(places) if len(places) > 1 and names[1:] == places and depths(term) else 0


def on_bonds(edges: Any, term: type, value: Any, vectors: Sequence[Direction], directions: Any = None) -> list[Term]:
    """Return a term for every bond of a lattice whose edges are known to be right.

    Args:
        edges: (n, 2).
        term: a class of terms on two sites.
        value: as for `chain`.
        vectors: of the bonds of each direction, exact.
        directions: the direction of each bond, (n,); all of the first when None.
    """
    if joins(term) != 2:
        raise InputTypeError(f"`term` must be a class of terms on two sites, but is {term!r}; write q.Exchange.")
    if takes_vector(value):
        which = [0] * len(edges) if directions is None else directions
        return copies_of([term(value(d), 0, 1) for d in vectors], edges, which)
    return _copies(edges, 2, term, _values(value, term, edges))


def takes_vector(value: Any) -> bool:
    """Return whether a value is a function of one argument, the vector of a bond.

    >>> takes_vector(lambda d: 2 * d), takes_vector(lambda i, j: i), takes_vector(3)
    (True, False, False)
    """
    if not callable(value) or isinstance(value, sp.Basic):
        return False
    try:
        found = signature(value).parameters.values()
    except (TypeError, ValueError):         # some compiled functions do not tell
        return False
    plain = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    return len(needed := [p for p in found if p.default is Parameter.empty]) == 1 and needed[0].kind in plain


@dataclass(frozen=True)
class _Same:
    """One value for all edges."""

    value: Any


def _copies(edges: Any, width: int, term: Callable[..., Term], values: "_Same | list[Any]") -> list[Term]:
    """Return a term for every row of sites, terms of equal values made once."""
    if not len(edges):
        return []
    if isinstance(values, _Same):
        return copies_of([term(values.value, *range(width))], edges, [0] * len(edges))
    known: dict[Any, int] = {}
    terms, which = list[Term](), list[int]()
    for value in values:
        key = _key(value)
        if key is None or key not in known:
            known[key] = len(terms)
            terms.append(term(value, *range(width)))
        which.append(known[key])
    return copies_of(terms, edges, which)


def _key(value: Any) -> Any:
    """What tells values apart, None for those that cannot be told."""
    value = _frozen(value.tolist() if hasattr(value, "dtype") else value)
    try:
        hash(value)
    except TypeError:
        return None
    return type(value), value


def _frozen(value: Any) -> Any:
    """Lists as tuples, numbers with their types: 1 and 1.0 and True print differently."""
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    return type(value), value


def _values(value: Any, term: type[Term], edges: Any, place: str = "an edge") -> "_Same | list[Any]":
    """Return a value an edge, or what else terms are placed on; or the one of all."""
    if callable(value) and not isinstance(value, sp.Basic):
        return [value(*map(int, edge)) for edge in edges]
    value = _listed(value)
    depth, single = _depth(value), depths(term)
    if depth - 1 not in single or depth in single:
        return _Same(value)                 # one for all; what does not fit the term is refused there
    if len(value) != len(edges):
        raise ModelError(f"`{fields(term)[0].name}` must be one value for all {place.split()[1]}s or a list of "
                         f"{len(edges)}, one {place}, but is a list of {len(value)}; give {len(edges)}.")
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


def _sites(sites: Any) -> list[int]:
    """Return different site numbers."""
    if not isinstance(sites, Iterable) or isinstance(sites, str):
        raise InputTypeError(f"`sites` must be how many sites or which, but is {sites!r}; write 3, or [0, 2].")
    found: dict[int, None] = {}
    for given in sites:
        if (site := _edge(given, 1)) is None:
            raise InputTypeError(f"`sites` must be site numbers, but one is {given!r}; write [0, 2].")
        if site[0] < 0:
            raise ModelError(f"`sites` must be numbered from 0, but one is {site[0]}; leave it out.")
        if site[0] in found:
            raise ModelError(f"`sites` must not repeat, but {site[0]} comes twice; name each site once.")
        found[site[0]] = None
    return list(found)


def _edges(edges: Any, sites: int | None, width: int) -> list[Edge]:
    """Return the edges as `width` different sites each, no set of them twice."""
    kind = f"{_WIDTHS.get(width, f'rows of {width}')} of sites"
    example = f"write [{tuple(range(width))}, {tuple(range(1, width + 1))}]"
    if not isinstance(edges, Iterable) or isinstance(edges, str):
        raise InputTypeError(f"`edges` must be {kind}, but is {edges!r}; {example}.")
    count = None if sites is None else number_of_sites(sites, "sites", 1)
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


def number_of_sites(value: Any, name: str, least: int) -> int:
    """Return a number of sites.

    >>> number_of_sites(3, "n", 2)
    3
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise InputTypeError(f"`{name}` must be a number of sites, but is {value!r}; give an integer from {least} on.")
    if value < least:
        raise ModelError(f"`{name}` must be at least {least}, but is {value}; give more sites.")
    return int(value)
