"""Taylor coefficients of a solution from the implicit residual, order by order, in any type of numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sympy.polys.rings import PolyElement

from qllg_sym.equations.components import Components
from qllg_sym.memo import kept

Terms = list[tuple[Any, int]]       # Σ number · product, products by their places
Numbers = list[Any]
Solve = Callable[[Numbers], Numbers]


@dataclass(frozen=True)
class Recursion:
    r"""mass(y, t) ẏ = forcing(y, t), written in products of states and coefficients.

    With $y = \sum_k y_k t^k$ and the coefficients $M_k$, $f_k$ of mass and forcing along it, which $y_0, …, y_k$ give,
    $(k + 1)\, M_0\, y_{k+1} = f_k - \sum_{m=1}^{k} M_m (k - m + 1)\, y_{k-m+1}$.

    Attributes:
        count: of the states.
        products: (place of a shorter product, generator) of each, the first one being 1; generators are the states and
            then the coefficients.
        mass: {(row, column): terms}.
        forcing: terms of each row.
    """

    count: int
    products: tuple[tuple[int, int], ...]
    mass: dict[tuple[int, int], Terms]
    forcing: tuple[Terms, ...]

    def run(self, first: Numbers, coefficients: Callable[[int], Numbers], n: int, number: Callable[[Any], Any],
            solver: Callable[[dict[tuple[int, int], Any]], Solve]) -> list[Numbers]:
        """Return y_0, …, y_n.

        Args:
            first: y_0.
            coefficients: the k-th Taylor coefficients of the coefficients.
            n: how many orders.
            number: what a rational is among the numbers.
            solver: from the entries of M_0, what solves with it.
        """
        states, others = [first], list[Numbers]()
        series: list[Numbers] = [[number(1)]] + [[] for _ in self.products[1:]]
        masses: list[dict[tuple[int, int], Any]] = []
        solve: Solve | None = None
        for k in range(n):
            others.append(coefficients(k))
            self._extend(series, states, others, number, k)
            masses.append({key: _sum(terms, series, k, number) for key, terms in self.mass.items()})
            right = [_sum(terms, series, k, number) for terms in self.forcing]
            for m in range(1, k + 1):
                for (i, j), entry in masses[m].items():
                    right[i] = right[i] - entry * states[k - m + 1][j] * number(k - m + 1)
            solve = solve or solver(masses[0])
            states.append([x / number(k + 1) for x in solve(right)])
        return states

    def _extend(self, series: list[Numbers], states: list[Numbers], others: list[Numbers],
                number: Callable[[Any], Any], k: int) -> None:
        """The k-th coefficient of every product: a product of series."""
        if k:
            series[0].append(number(0))
        for place, (left, g) in enumerate(self.products[1:], start=1):
            right = [states[m][g] if g < self.count else others[m][g - self.count] for m in range(k + 1)]
            if left == 0:
                series[place].append(right[k])
                continue
            total = series[left][0] * right[k]
            for m in range(1, k + 1):
                total = total + series[left][m] * right[k - m]
            series[place].append(total)


def _sum(terms: Terms, series: Sequence[Numbers], k: int, number: Callable[[Any], Any]) -> Any:
    total = number(0)
    for c, place in terms:
        total = total + number(c) * series[place][k]
    return total


@kept
def recursion(components: Components) -> Recursion:
    """Return the residual of components as products.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> recursion(QuantumLLG(1).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli()).products
    ((0, 0), (0, 1), (0, 2), (0, 0))
    """
    n, (mass, forcing) = len(components.states), components.split
    places: dict[tuple[int, ...], int] = {(): 0}
    products: list[tuple[int, int]] = [(0, 0)]

    def terms(polynomial: PolyElement) -> Terms:
        return [(c, place([k if k < n else k - n for k, e in enumerate(exponents) for _ in range(e)]))
                for exponents, c in polynomial.terms()]

    def place(word: list[int]) -> int:
        for end in range(1, len(word) + 1):
            if (key := tuple(word[:end])) not in places:
                places[key] = len(products)
                products.append((places[key[:-1]], key[-1]))
        return places[tuple(word)]

    entries = {key: terms(p) for key, p in mass.items()}
    rows = tuple(map(terms, forcing))
    return Recursion(n, tuple(products), entries, rows)
