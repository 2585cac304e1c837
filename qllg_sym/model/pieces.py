"""A Hamiltonian as copies of terms on few sites each: what is asked of large systems term by term."""

from collections.abc import Iterator
from dataclasses import fields, replace

import sympy as sp

from qllg_sym.errors import ModelError
from qllg_sym.geometry.places import Places
from qllg_sym.model.copies import Copies, spin_codes
from qllg_sym.model.dipolar import Dipoles
from qllg_sym.model.space import Space
from qllg_sym.model.spin_expression import SpinExpression
from qllg_sym.model.spin_products import Word
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.term import Site, Term
from qllg_sym.model.terms.operator import Operator
from qllg_sym.model.terms.pauli import Pauli
from qllg_sym.model.terms.zeeman import Zeeman

Piece = tuple[Term, tuple[int, ...]]        # a term on the sites 0, 1, …, and where these are


def copies_in(terms: tuple[Term, ...], space: Space) -> list[Copies]:
    """Return terms as copies on rows of sites, equal ones together; `Dipoles`, which join all sites, are left out.

    Raises:
        ModelError: a term acts on all sites at once.

    >>> from qllg_sym import Exchange
    >>> copies_in((Zeeman((0, 0, 1)), Exchange(1, 2, 0), Exchange(1, 1, 2)), Space("1", "1", "1"))
    [Copies((Zeeman(B=(0, 0, 1), sites=(0,), g=None),), 3 places), Copies((Exchange(J=1, i=0, j=1),), 2 places)]
    """
    found = [term for term in terms if isinstance(term, Copies)]
    known: dict[int, dict[Term, int]] = {}
    rows: dict[int, tuple[list[tuple[int, ...]], list[int]]] = {}
    for term in terms:
        if isinstance(term, (Copies, Dipoles)):
            continue
        for local, sites in _pieces(term, space):
            numbers = known.setdefault(len(sites), {})
            places = rows.setdefault(len(sites), ([], []))
            places[0].append(sites)
            places[1].append(numbers.setdefault(local, len(numbers)))
    return [*found, *(Copies(tuple(known[k]), Places.of(*rows[k])) for k in known if k)]


def _pieces(term: Term, space: Space) -> Iterator[Piece]:
    """A term on sites of its own."""
    if isinstance(term, Zeeman):
        local: Term = replace(term, sites=(0,))
        yield from ((local, (i,)) for i in (range(space.sites) if term.sites is None else term.sites))
    elif isinstance(term, SpinTerm):
        yield from _by_sites(term.expression)
    elif isinstance(term, Pauli):
        sites = tuple(i for i, letter in enumerate(term.letters) if letter != "I")
        word = tuple((k, "XYZ".index(term.letters[i])) for k, i in enumerate(sites))
        yield SpinTerm(SpinExpression(((term.c * 2**len(word), word),))), sites or (0,)
    elif isinstance(term, Operator) and term.sites is not None:
        yield Operator(term.rows, tuple(range(len(term.sites)))), tuple(term.sites)
    else:
        yield _bond(term, space)


def _by_sites(expression: SpinExpression) -> Iterator[Piece]:
    """The products of a Hermitian sum, those on the same sites together and with their adjoints.

    >>> S = [Space.half(9).spin(i) for i in range(9)]
    >>> [(piece.expression, sites) for piece, sites in _by_sites(S[8].x * S[2].x - 3 * S[5].z + S[2].y * S[8].y)]
    [(S_0x S_1x + S_0y S_1y, (2, 8)), (−3 S_0z, (5,))]
    """
    groups: dict[tuple[int, ...], list[tuple[sp.Expr, Word]]] = {}
    for c, word in expression.products:
        groups.setdefault(tuple(sorted({site for site, _ in word})) or (0,), []).append((c, word))
    for sites, products in groups.items():
        part = SpinExpression(tuple(products)).on({site: k for k, site in enumerate(sites)})
        # S_x S_y on one site may be Hermitian by products on other sites alone, as S_x² of a spin ½ is a number
        single = all(len({site for site, _ in word}) == len(word) for _, word in products)
        yield SpinTerm(part if single else (part + part.adjoint()) / 2), sites


def _bond(term: Term, space: Space) -> Piece:
    """A term whose sites are fields."""
    names = [item.name for item in fields(term) if item.type == Site]
    if not names:
        raise ModelError(f"`terms` must act on few sites each in a space of {space.sites}, but {term.words} "
                         "acts on all of them at once; write it as terms on its sites.")
    copy = object.__new__(type(term))
    for item in fields(term):
        value = names.index(item.name) if item.name in names else getattr(term, item.name)
        object.__setattr__(copy, item.name, value)
    return copy, tuple(getattr(term, name) for name in names)


def each_once(terms: tuple[Term, ...], space: Space) -> list[Piece]:
    """Return each different term once, on the sites of its first copy of these spins.

    >>> from qllg_sym import Exchange
    >>> [sites for _, sites in each_once((Exchange(1, 1, 0), Exchange(1, 2, 1)), Space("1", "1", "1"))]
    [(1, 0)]
    """
    codes = spin_codes(space)
    found = [(copies.terms[kind], tuple(sites)) for copies in copies_in(terms, space)
             for sites, kind in map(copies.places.row, copies.places.kinds(codes)[0].tolist())]
    return [*found, *((term.first(), (0, 1)) for term in terms if isinstance(term, Dipoles))]
