"""Permutations of sites that take one operator to another: found site by site, each choice checked at once."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from qllg_sym.algebra.sites import String
from qllg_sym.errors import DerivationError

MOST_TRIALS = 200_000       # choices of an image: seconds
Weights = Mapping[String, Any]


class Search:
    """Permutations π with after[π(A)] = before[A] for every string A, π(A) holding A's member of site i at π(i).

    Args:
        kinds: what must be equal of a site and its image, such as its spin.
        before, after: what each string is multiplied by; strings left out are not there.
    """

    def __init__(self, kinds: list[Hashable], before: Weights, after: Weights) -> None:
        self._before, self._after, self._trials = before, after, 0
        self._within, self._images = _by_support(before), _by_support(after)
        left, right = (_fingerprints(kinds, weights) for weights in (before, after))
        self._alike = [[j for j, other in enumerate(right) if other == own] for own in left]
        self.order = _connected(len(kinds), self._within)

    def first(self, fixed: Mapping[int, int] | None = None) -> tuple[int, ...] | None:
        """Return one that takes the fixed sites where they are told to go; None where there is none.

        Raises:
            DerivationError: the search would take too long.

        >>> Search([0, 0], {(3, 0): 1}, {(0, 3): 1}).first()
        (1, 0)
        """
        if len(self._before) != len(self._after):
            return None
        found = next(self._continued({}, dict(fixed or {})), None)
        return None if found is None else tuple(found[i] for i in range(len(found)))

    def _continued(self, image: dict[int, int], fixed: dict[int, int]) -> Iterator[dict[int, int]]:
        """All of them that continue the images so far."""
        if len(image) == len(self.order):
            yield dict(image)
            return
        site = self.order[len(image)]
        for j in [fixed[site]] if site in fixed else self._alike[site]:
            self._trials += 1
            if self._trials > MOST_TRIALS:
                raise DerivationError(f"`model` must have permutations of sites that are found within {MOST_TRIALS:,} "
                                      "choices, but its graph asks for more; give the symmetry itself.")
            if j in image.values() or j not in self._alike[site]:
                continue
            image[site] = j
            if self._fits(image, site):
                yield from self._continued(image, fixed)
            del image[site]

    def _fits(self, image: dict[int, int], last: int) -> bool:
        """Whether strings on the sites so far, that hold the last, go to equal ones, and as many are there."""
        sites = [(s, w) for support, s, w in self._within[last] if support <= image.keys()]
        there = {*image.values()}
        if len(sites) != sum(support <= there for support, _, _ in self._images[image[last]]):
            return False
        for string, weight in sites:
            moved = [0] * len(string)
            for site, index in enumerate(string):
                if index:
                    moved[image[site]] = index
            if self._after.get(tuple(moved)) != weight:
                return False
        return True


def permutations_of(kinds: list[Hashable], weights: Weights) -> list[tuple[int, ...]]:
    """Return generators of the group of permutations that keep an operator.

    With the sites fixed one after another, from the last to the first, one for each new image of the next.

    >>> permutations_of([0] * 3, {(3, 3, 0): 1, (0, 3, 3): 1, (3, 0, 3): 1})
    [(0, 2, 1), (1, 0, 2)]
    """
    search, generators = Search(kinds, weights, weights), list[tuple[int, ...]]()
    for level in range(len(kinds) - 1, -1, -1):
        site, fixed = search.order[level], {s: s for s in search.order[:level]}
        for j in sorted(search.order[level + 1:]):
            stabiliser = [g for g in generators if all(g[s] == s for s in fixed)]
            if j in _orbit(site, stabiliser):
                continue
            if (found := search.first({**fixed, site: j})) is not None:
                generators.append(found)
    return generators


def _orbit(site: int, generators: list[tuple[int, ...]]) -> set[int]:
    """Where the generated group takes a site."""
    found, new = {site}, {site}
    while new:
        new = {g[s] for g in generators for s in new} - found
        found |= new
    return found


def _by_support(weights: Weights) -> dict[int, list[tuple[frozenset[int], String, Any]]]:
    """The strings at each site, with the sites that they hold."""
    found: dict[int, list[tuple[frozenset[int], String, Any]]] = defaultdict(list)
    for string, weight in weights.items():
        support = frozenset(site for site, index in enumerate(string) if index)
        for site in support:
            found[site].append((support, string, weight))
    return found


def _fingerprints(kinds: list[Hashable], weights: Weights) -> list[Any]:
    """What permutations leave alone of a site: its kind, and its member, size and weight of each of its strings."""
    key: Callable[[Any], str] = repr
    found = _by_support(weights)
    return [(kind, sorted(((string[i], len(support), weight) for support, string, weight in found[i]), key=key))
            for i, kind in enumerate(kinds)]


def _connected(sites: int, found: Mapping[int, list[tuple[frozenset[int], String, Any]]]) -> list[int]:
    """Sites in an order in which each is coupled to one before it, where that can be."""
    order: list[int] = []
    for start in range(sites):
        queue = [start] * (start not in order)
        while queue:
            site = queue.pop(0)
            if site not in order:
                order.append(site)
                queue += sorted({k for support, _, _ in found.get(site, []) for k in support} - {*order})
    return order
