"""Chosen operators as strings on few sites: names of states, Pauli letters, basis strings, terms."""

import re
from collections.abc import Iterable
from typing import Any

import sympy as sp

from qllg_sym.algebra.fields import short
from qllg_sym.analysis import cluster_strings
from qllg_sym.analysis.cluster_strings import SiteString
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.sums import Additive

EXAMPLE = "write [\"XI\", \"ZZ\"], [\"m0_x\"], or terms"


def chosen_strings(space: Space, order: int, operators: Any) -> tuple[SiteString, ...]:
    """Return what was chosen as strings, each once: those of fewer sites first, then by sites and members.

    Args:
        space: of the operators.
        order: most sites of one.
        operators: a list of letters I X Y Z, names of states, basis strings, or what a model takes: terms, expressions
            in spins, of which all strings count.

    Raises:
        InputTypeError: something else.
        InputError: none, the identity, a string that the space does not have, or one on too many sites.

    >>> chosen_strings(Space("1/2", "1/2"), 2, ["ZX", "m0_x"])
    (((0, 1),), ((0, 3), (1, 1)))
    """
    listed = isinstance(operators, Iterable) and not isinstance(operators, (str, Additive))
    found = dict.fromkeys(string for each in (operators if listed else [operators])
                          for string in _strings(space, each))
    if not found:
        raise InputError(f"`operators` must hold an operator, but is empty; {EXAMPLE}.")
    for string in found:
        if len(string) > order:
            raise InputError(f"`operators` must act on at most `order` = {order} sites each, but one acts on "
                             f"{len(string)}; raise the order, or leave it out.")
    spins = space.numeric_spins
    ranks = {s: {a: k for k, a in enumerate(cluster_strings.site_members(s))} for s in {*spins}}
    return tuple(sorted(found, key=lambda string: (len(string), [i for i, _ in string],
                                                   [ranks[spins[i]][a] for i, a in string])))


def _strings(space: Space, operator: Any) -> list[SiteString]:
    """The strings of one operator."""
    spins = space.numeric_spins
    if not isinstance(operator, (str, tuple, sp.Symbol)):
        return [string for string in map(_sparse, _terms(space, operator)) if string]
    if isinstance(operator, tuple) and len(operator) == len(spins) and all(
            isinstance(a, int) and 0 <= a < int(2 * s + 1) ** 2 for a, s in zip(operator, spins, strict=True)):
        strings = [operator]
    elif space.is_half and isinstance(operator, str) and len(operator) == len(spins) and {*operator} <= {*"IXYZ"}:
        strings = [tuple("IXYZ".index(letter) for letter in operator)]
    else:
        return [_named(space, str(operator))]
    if not any(strings[0]):
        raise InputError(f"`operators` must not hold the identity, but hold {operator!r}; leave it out.")
    return [_sparse(strings[0])]


def _terms(space: Space, operator: Any) -> list[tuple[int, ...]]:
    """The basis strings of a term, of an expression in spins, or of a matrix."""
    try:
        return [indices for _, indices in Model(space, [operator]).hamiltonian.terms]
    except InputTypeError:
        raise InputTypeError(f"`operators` must be a list of operators, but one is of type {type(operator).__name__}; "
                             f"{EXAMPLE}.") from None


def _sparse(indices: tuple[int, ...]) -> SiteString:
    return tuple((i, a) for i, a in enumerate(indices) if a)


def _named(space: Space, name: str) -> SiteString:
    """The string of a state's name: m0_x, m0x_1y or c0x_1y."""
    tokens = name[1:].split("_") if name[:1] in ("m", "c") else []
    tokens = [part for token in tokens for part in (re.findall(r"^\d+|[xyz]$", token) if token[:1].isdigit() and
                                                    token[-1:] in ("x", "y", "z") else [token])]
    found = {}
    for site, label in zip(tokens[::2], tokens[1::2], strict=False):
        i = int(site) if site.isdigit() and int(site) < space.sites else None
        members = {} if i is None else {cluster_strings.member_label(space.numeric_spins[i], a): a
                                        for a in cluster_strings.site_members(space.numeric_spins[i])}
        if i is not None and label in members and i not in found:
            found[i] = members[label]
    if not tokens or 2 * len(found) != len(tokens):
        raise InputError(f"`operators` must be of {space}, but one is {short(name)}; {EXAMPLE}.")
    return tuple(sorted(found.items()))
