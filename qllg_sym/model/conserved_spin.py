"""Whether a Hamiltonian keeps a sector of total S_z, and of a wave number, decided exactly."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.sites import String
from qllg_sym.errors import ModelError
from qllg_sym.model.space import Space
from qllg_sym.model.term import Term


def check_sector(space: Space, terms: Sequence[Term], hamiltonian: Callable[[Sequence[Term]], Element]) -> None:
    """Refuse a Hamiltonian that leads out of a sector.

    Args:
        space: the sector.
        terms: of H.
        hamiltonian: terms ↦ their sum on the whole space.

    Raises:
        ModelError: a matrix on the whole space, or terms that do not commute with the total S_z, or with a step around
            the ring or its reflection.

    >>> from qllg_sym import Exchange, Model
    >>> whole = Space.half(2)
    >>> check_sector(whole, [Exchange(1, 0, 1)], lambda terms: Model(whole, terms).hamiltonian)
    """
    if any(getattr(term, "numbers", None) is not None for term in terms):
        raise ModelError(f"`terms` must name the sites of each matrix for {space}, but one is a matrix on the whole "
                         "space; write Operator(matrix, sites).")
    whole = hamiltonian(terms)
    if left := spin_commutator(whole):
        _refuse(space, "keep the total S_z", f"Space.half({space.sites})", "leave out what turns spins about another "
                "axis than z", _first(terms, lambda term: bool(left & spin_commutator(hamiltonian([term])))))
    if not isinstance(sector := space.sector, RingSector):
        return
    spins = Space.half(space.sites, sector.magnetisation)
    if left := _moved(whole, _stepped):
        _refuse(space, "stay the same in a step around the ring from each site to the next", f"{spins}", "add what it "
                "is carried to", _first(terms, lambda term: bool(left & hamiltonian([term]).terms.keys())))
    if sector.reflection is not None and (left := _moved(whole, _mirrored)):
        _refuse(space, "stay the same when the ring is reflected", f"{spins.within(replace(sector, reflection=None))}",
                "add what it is carried to", _first(terms, lambda term: bool(left & hamiltonian([term]).terms.keys())))


def _first(terms: Sequence[Term], breaks: Callable[[Term], bool]) -> Term:
    """Return the first term that breaks something."""
    return next(filter(breaks, terms))


def _refuse(space: Space, what: str, other: str, remedy: str, term: Term) -> NoReturn:
    """Tell which term does not do what all of them must."""
    raise ModelError(f"`terms` must {what} for {space}, but `{' '.join(term.describe().split())}` does not; take "
                     f"{other}, or {remedy}.")


def _moved(hamiltonian: Element, to: Callable[[String], String]) -> set[tuple[int, String]]:
    """Return the strings of H whose coefficient is another one after the sites are moved."""
    images = {(k, to(string)): c for (k, string), c in hamiltonian.terms.items()}
    return {key for key, c in hamiltonian.terms.items() if images.get(key) != c}


def _stepped(string: String) -> String:
    """Return a string with each site's letter one site further."""
    return (*string[-1:], *string[:-1])


def _mirrored(string: String) -> String:
    """Return a string from the last site to the first."""
    return string[::-1]


def spin_commutator(hamiltonian: Element) -> set[tuple[int, String]]:
    """Return the strings of [Σ S_z, H], of an operator on spins ½: none where it keeps the total S_z.

    [Σ S_z, ·] acts on each string by itself: it turns one σx into iσy, or one σy into −iσx.

    >>> from qllg_sym import Model, Zeeman
    >>> [len(spin_commutator(Model(Space.half(1), [Zeeman(b)]).hamiltonian)) for b in ((0, 0, 1), (1, 0, 0))]
    [0, 1]
    """
    found: dict[tuple[int, String], Any] = {}
    for (k, string), c in hamiltonian.terms.items():
        for site, letter in enumerate(string):
            if letter in (1, 2):
                key = k, (*string[:site], 3 - letter, *string[site + 1:])
                found[key] = found.get(key, 0) + (c if letter == 1 else -c)
    return {key for key, c in found.items() if c}
