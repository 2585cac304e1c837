"""Whether a Hamiltonian keeps a sector of total S_z, decided exactly."""

from collections.abc import Callable, Sequence
from typing import Any

from qllg_sym.algebra.element import Element
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
        ModelError: a matrix on the whole space, or terms that do not commute with the total S_z.

    >>> from qllg_sym import Exchange, Model
    >>> whole = Space.half(2)
    >>> check_sector(whole, [Exchange(1, 0, 1)], lambda terms: Model(whole, terms).hamiltonian)
    """
    if any(getattr(term, "numbers", None) is not None for term in terms):
        raise ModelError(f"`terms` must name the sites of each matrix for {space}, but one is a matrix on the whole "
                         "space; write Operator(matrix, sites).")
    if not (left := spin_commutator(hamiltonian(terms))):
        return
    one = next(term for term in terms if left & spin_commutator(hamiltonian([term])))
    why = f"`{' '.join(one.describe().split())}`"
    raise ModelError(f"`terms` must keep the total S_z for {space}, but {why} does not; take "
                     f"Space.half({space.sites}), or leave out what turns spins about another axis than z.")


def spin_commutator(hamiltonian: Element) -> set[tuple[int, tuple[int, ...]]]:
    """Return the strings of [Σ S_z, H], of an operator on spins ½: none where it keeps the total S_z.

    [Σ S_z, ·] acts on each string by itself: it turns one σx into iσy, or one σy into −iσx.

    >>> from qllg_sym import Model, Zeeman
    >>> [len(spin_commutator(Model(Space.half(1), [Zeeman(b)]).hamiltonian)) for b in ((0, 0, 1), (1, 0, 0))]
    [0, 1]
    """
    found: dict[tuple[int, tuple[int, ...]], Any] = {}
    for (k, string), c in hamiltonian.terms.items():
        for site, letter in enumerate(string):
            if letter in (1, 2):
                key = k, (*string[:site], 3 - letter, *string[site + 1:])
                found[key] = found.get(key, 0) + (c if letter == 1 else -c)
    return {key for key, c in found.items() if c}
