r"""Lowest levels by the law itself beside Lanczos' method: how many products H·v each takes, residuals to 1e-8.

Open Heisenberg chains H = Σ S_i·S_{i+1}, alone and in fields along all axes; Ising chains
H = −Σ σ^z_i σ^z_{i+1} − Σ (g σ^x_i + h σ^z_i), with a gap (g = 2) and with two levels that nearly agree; and glasses
H = Σ_{i<j} ± σ^z_i σ^z_j of all pairs in fields.
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from time import process_time

import numpy as np

from qllg_sym import Exchange, LowestLevels, Model, Pauli, Space, Zeeman, chain, lowest

from .results import Row, Section

LEVELS = 1, 3
SAME = 1e-7             # energies that differ by less, relative to the largest, are the same
SIZES, SMALL = range(10, 15, 2), range(4, 6)
GLASSES, FEW = 10, 1


def heisenberg(n: int) -> Model:
    """Return the chain of n spins."""
    return Model(Space.half(n), chain(n, Exchange, 0.25))


def fields(n: int) -> Model:
    """Return it in fields that leave no symmetry."""
    return Model(Space.half(n), [*chain(n, Exchange, 0.25),
                                 *(Zeeman((0.3, 0.1 * (i % 3), 0.5 * (i % 2)), [i]) for i in range(n))])


def ising(n: int, g: float, h: float) -> Model:
    """Return an open Ising chain in a field."""
    return Model(Space.half(n), [*(Pauli(-1, at(n, "Z", i, i + 1)) for i in range(n - 1)), *both_fields(n, -g, -h)])


def glass(n: int, seed: int) -> Model:
    """Return a glass of all pairs."""
    signs = np.random.default_rng(seed).choice([-1, 1], n * (n - 1) // 2).tolist()
    bonds = zip(signs, combinations(range(n), 2), strict=True)
    return Model(Space.half(n), [*(Pauli(sign, at(n, "Z", *pair)) for sign, pair in bonds),
                                 *both_fields(n, -0.5, -0.05)])


def both_fields(n: int, g: float, h: float) -> list[Pauli]:
    """Return g σx + h σz of every site."""
    return [Pauli(c, at(n, axis, i)) for axis, c in (("X", g), ("Z", h)) if c for i in range(n)]


def at(n: int, letter: str, *sites: int) -> str:
    """Return the string of n letters with this one at some sites.

    >>> at(4, "Z", 1, 2)
    'IZZI'
    """
    return "".join(letter if i in sites else "I" for i in range(n))


def lowest_levels(quick: bool) -> list[Section]:
    """Count products for one and for three levels."""
    return [_section(levels, quick) for levels in LEVELS]


def _families(quick: bool) -> Iterator[tuple[str, list[Model]]]:
    """Yield the models of each row."""
    sizes = SMALL if quick else SIZES
    told = f"{sizes[0]} to {sizes[-1]} spins"
    makers: dict[str, Callable[[int], Model]] = {
        "open chains": heisenberg, "open chains in fields": fields, "Ising chains with a gap": lambda n: ising(n, 2, 0),
        "Ising chains, two levels nearly equal": lambda n: ising(n, 0.7, 0.01)}
    for name, make in makers.items():
        yield f"{name}, {told}", [make(n) for n in sizes]
    yield f"glasses of {sizes[0]} spins", [glass(sizes[0], seed) for seed in range(FEW if quick else GLASSES)]


def _section(levels: int, quick: bool) -> Section:
    """Return a row for each family; its unit is the time of Lanczos' method."""
    rows = []
    for name, models in _families(quick):
        law, lanczos = ([_counted(model, levels, method) for model in models] for method in ("q-llg", "lanczos"))
        ratios = [mine.products / its.products for (mine, _), (its, _) in zip(law, lanczos, strict=True)]
        error = max(float(abs(mine.energies - its.energies).max() / abs(its.energies).max())
                    for (mine, _), (its, _) in zip(law, lanczos, strict=True))
        note = f"{np.median(ratios):.2g} ({min(ratios):.2g} to {max(ratios):.2g}) × the products of Lanczos' method"
        rows.append(Row(f"qllg_sym, {name}", sum(s for _, s in law), error, None, None, note, error < SAME,
                        sum(s for _, s in lanczos)))
    return Section(f"Lowest levels by q-LLG beside Lanczos' method, k = {levels}, residuals to 1e-8", tuple(rows))


def _counted(model: Model, levels: int, method: str) -> tuple[LowestLevels, float]:
    """Return what was found and the processor time."""
    started = process_time()
    return lowest(model, k=levels, method=method), process_time() - started
