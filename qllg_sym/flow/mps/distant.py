"""Terms of H on two sites that are further apart than a window: who of the two travels, and H as one operator."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.hamiltonians.dense import site_matrix, string_entries
from qllg_sym.flow.mps.matrix_product_operator import MatrixProductOperator, OperatorStrings
from qllg_sym.model.model import Model

Array = NDArray[Any]
String = tuple[Sequence[int], int, float]           # the numbers of site operators, of the amplitude, a coefficient
Pair = tuple[int, int]


class DistantTerms:
    """Operators on pairs of distant sites, each times an amplitude f_g(t).

    Args:
        model: the Hamiltonian.
        strings: all of it.
        distant: those of them that are on two distant sites.

    Attributes:
        pairs: the sites, (who travels, who is met).
    """

    def __init__(self, model: Model, strings: Sequence[String], distant: Sequence[String]) -> None:
        spins = model.space.numeric_spins
        found: dict[Pair, dict[int, Array]] = {}
        for string, group, c in distant:
            i, j = acted_sites(string)
            d = model.space.dimensions[i] * model.space.dimensions[j]
            operator = found.setdefault((i, j), {}).setdefault(group, np.zeros((d, d), dtype=complex))
            rows, columns, values = string_entries((spins[i], spins[j]), (string[i], string[j]))
            operator[rows, columns] += c * values
        who = travellers(list(found))
        self._operators = {(who[i, j], i + j - who[i, j]): own for (i, j), own in found.items()}
        self.pairs = tuple(self._operators)
        self._groups = np.array([group for _, group, _ in strings])
        self._coefficients = np.array([c for _, _, c in strings])
        letters = [[site_matrix(spin, k).toarray() for k in range(d * d)]
                   for spin, d in zip(spins, model.space.dimensions, strict=True)]
        self._sum = OperatorStrings([tuple(string) for string, _, _ in strings], model.space.dimensions,
                              lambda i, k: letters[i][k])

    def at(self, amplitudes: Array) -> dict[Pair, Array]:
        """Return the operators of H/ħ on `pairs`, the lower site as the first factor, for amplitudes (g,)."""
        return {pair: np.tensordot(amplitudes[list(groups)], np.array(list(groups.values())), axes=1)
                for pair, groups in self._operators.items()}

    def separate(self) -> list[dict[Pair, Array]]:
        """Return the operators of every amplitude by itself."""
        groups = sorted({g for own in self._operators.values() for g in own})
        return [{pair: own[g] for pair, own in self._operators.items() if g in own} for g in groups]

    def whole(self, amplitudes: Array) -> MatrixProductOperator:
        """Return H/ħ, its near terms too, without its multiple of 1."""
        return self._sum.at(amplitudes[self._groups] * self._coefficients)


def acted_sites(string: Sequence[int]) -> tuple[int, ...]:
    """Return the sites on which a string acts.

    >>> acted_sites((0, 2, 0, 1))
    (1, 3)
    """
    return tuple(i for i, index in enumerate(string) if index)


def travellers(pairs: Sequence[Pair]) -> dict[Pair, int]:
    """Return which site of each pair travels: again and again that which meets most partners for its way.

    >>> travellers([(0, 5), (2, 5), (5, 8)])
    {(0, 5): 5, (2, 5): 5, (5, 8): 5}
    """
    partners: dict[int, set[int]] = {}
    for i, j in pairs:
        partners.setdefault(i, set()).add(j)
        partners.setdefault(j, set()).add(i)
    found: dict[Pair, int] = {}
    while any(partners.values()):
        site = max(sorted(partners), key=lambda i: len(partners[i]) / max(_way(i, partners[i]), 1))
        for j in sorted(partners.pop(site)):
            partners[j].discard(site)
            found[min(site, j), max(site, j)] = site
    return found


def _way(i: int, partners: set[int]) -> int:
    """Return how many sites a site passes in order to meet all partners, on both sides."""
    return max(0, max(partners, default=i) - i) + max(0, i - min(partners, default=i))


def spread_of(operators: Mapping[Pair, Array]) -> float:
    """Return the largest sum over the pairs of one site of the differences of their extreme levels.

    >>> spread_of({(0, 2): np.diag([1.0, -1, -1, 1]), (2, 4): np.diag([1.0, 0, 0, 0])})
    3.0
    """
    sums: dict[int, float] = {}
    for pair, operator in operators.items():
        levels = np.linalg.eigvalsh(operator)
        for i in pair:
            sums[i] = sums.get(i, 0.0) + float(levels[-1] - levels[0])
    return max(sums.values(), default=0.0)
