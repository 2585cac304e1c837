r"""All levels of an operator below a limit, with a bound on the chance that one is missing.

Block Lanczos finds levels; it can miss some, such as copies of a level beyond the size of its block. What is left is
therefore asked again, by Lanczos' method from an independent random start φ in the complement of the m kets found. By
Cauchy's interlacing level m + 1 lies no lower than the lowest one of that compression, and after k steps the lowest
Ritz value θ is above that by more than ε · (width of the spectrum) with probability at most
$1.648\sqrt{n}\, e^{-\sqrt{\varepsilon}(2k - 1)}$, n = d for real φ, 2d for complex φ.

Source: J. Kuczyński and H. Woźniakowski, SIAM J. Matrix Anal. Appl. 13, 1094 (1992), theorem 4.2 (exact arithmetic; in
doubles Lanczos' method acts as the exact one on a matrix whose levels are split by rounding: A. Greenbaum, Linear
Algebra Appl. 113, 7 (1989)).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigvalsh_tridiagonal

from qllg_sym.flow.states.block_lanczos import SPENT, BlockLanczos, random_kets

Array = NDArray[Any]
EXACT = 1e-14           # of the spread: the residual of a level that is known
MARGIN = 1e-3           # of the spread: levels so little above the limit are found, too, and the bound is quick
EXTRA = 16              # how many of these
CHANCE = 1e-12          # of a level that is missing
MOST_PRODUCTS = 20_000  # H·ket, before it is given up
LOOK = 8                # steps between two looks at the Ritz values
WIDEST = 16             # of a block


@dataclass(frozen=True)
class HermitianMap:
    """A Hermitian operator known by its action.

    Attributes:
        image: kets (d, b) → operator · kets.
        dimension: d, at least 100: a smaller one is diagonalised.
        spread: the width of an interval that holds the spectrum.
        dtype: complex, or float where it is real.
    """

    image: Callable[[Array], Array]
    dimension: int
    spread: float
    dtype: Any = complex


@dataclass(frozen=True)
class Levels:
    """Levels below a limit, ascending, or why they are not known.

    Attributes:
        energies: (k,).
        kets: (d, k), orthonormal.
        trouble: None; "many" where more of them lie below it than were asked for; "close" where the bound would take
            too many products.
        count: how many lie below it; at least, or by an estimate, where they are many.
    """

    energies: Array
    kets: Array
    trouble: str | None = None
    count: int = 0


def lowest_level(h: HermitianMap, accuracy: float) -> float:
    """Return the lowest level as block Lanczos sees it, from above.

    Args:
        h: the operator.
        accuracy: of the spread: the norm of the residual.

    >>> levels = np.arange(50.0)[:, None]
    >>> round(lowest_level(HermitianMap(lambda kets: levels * kets, 50, 49.0), 1e-7), 9) + 0.0
    0.0
    """
    basis = BlockLanczos(h.image, h.dimension, 2, 24, h.spread, np.random.default_rng(0), h.dtype)
    for k in range(1, MOST_PRODUCTS // 2):
        if basis.is_full:
            basis.restart(1)
        basis.step()
        if k % LOOK == 0 and basis.ritz()[1][0] <= accuracy * h.spread:
            break
    return float(basis.ritz()[0][0])


def levels_below(h: HermitianMap, limit: float, most: int) -> Levels:
    """Return every level below `limit`, up to `most` of them, or to an eighth of all.

    >>> levels = np.repeat(np.arange(30.0), 5)[:, None]
    >>> (levels_below(HermitianMap(lambda kets: levels * kets, 150, 29.0), 1.5, 20).energies.round(9) + 0.0).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    rng, nothing = np.random.default_rng(0), np.empty((h.dimension, 0), dtype=h.dtype)
    none, products = nothing_below(h, nothing, limit, rng, MOST_PRODUCTS)
    if none:
        return Levels(np.empty(0), nothing)
    most = min(most, h.dimension // 8)      # so that the basis stays well within the space
    basis, least = BlockLanczos(h.image, h.dimension, 2, 24, h.spread, rng, h.dtype), 1
    while products < MOST_PRODUCTS:
        for _ in range(LOOK):
            if basis.is_full:
                basis.restart(min(basis.size - basis.block, _wanted(basis.ritz()[0], limit, h.spread)))
            basis.step()
            products, least = products + basis.block, least - 1
        values, residuals, _ = basis.ritz()
        if (count := max(int(np.sum(values < limit)), int(basis.below(limit) / 4))) > most:
            return Levels(np.empty(0), nothing, "many", count)
        wanted = _wanted(values, limit, h.spread)
        if least > 0 or not 0 < wanted < len(values) or residuals[:wanted].max() > EXACT * h.spread:
            continue
        kets = np.linalg.qr(basis.kets(wanted))[0]
        none, steps = nothing_below(h, kets, limit, rng, MOST_PRODUCTS - products)
        products += steps
        if none is None:
            break
        if none:
            inside = values[:wanted] < limit
            return Levels(values[:wanted][inside], kets[:, inside], None, int(inside.sum()))
        least = steps           # as many as it took to see that there is another level
        basis.refresh(wanted, min(2 * basis.block, WIDEST, max(2, h.dimension // 64)))
    return Levels(np.empty(0), nothing, "close", most)


def _wanted(values: Array, limit: float, spread: float) -> int:
    """Return how many Ritz values to bring to convergence: those below the limit, and some just above."""
    return min(int(np.sum(values < limit + MARGIN * spread)), int(np.sum(values < limit)) + EXTRA)


def nothing_below(h: HermitianMap, found: Array, limit: float, rng: np.random.Generator,
                  most: int) -> tuple[bool | None, int]:
    """Return whether no level but those found lies below `limit`, and the steps that took.

    True but for a chance of 1e-12; False where one does; None where it cannot be said in `most` steps, which is seen
    early: the lowest Ritz value is still above the limit, but so near that as many steps would not do.

    >>> levels = np.arange(100.0)[:, None]; found = np.eye(100, 1)
    >>> h = HermitianMap(lambda kets: levels * kets, 100, 99.0, float)
    >>> [nothing_below(h, found, limit, np.random.default_rng(0), 999)[0] for limit in (0.5, 1.5)]
    [True, False]
    """
    enough = log(1.648 * sqrt(2 * h.dimension) / CHANCE)
    ket, before = _outside(random_kets(rng, (h.dimension, 1), h.dtype), found), np.zeros((h.dimension, 1))
    ket /= np.linalg.norm(ket)
    inner: list[float] = []
    links: list[float] = []
    for k in range(1, most + 1):
        ahead = h.image(ket) - (links[-1] if links else 0.0) * before
        inner.append(float(np.vdot(ket, ahead).real))
        ahead = _outside(_outside(ahead - inner[-1] * ket, found), found)       # last, or its errors would grow
        size = float(np.linalg.norm(ahead))
        ended = size <= SPENT * h.spread        # the start's whole Krylov space: it has a part of every level
        if k % LOOK == 0 or ended:
            lowest = float(eigvalsh_tridiagonal(inner, links, select="i", select_range=(0, 0))[0])
            if lowest < limit:
                return False, k
            pace = sqrt((lowest - limit) / h.spread)
            if ended or pace * (2 * k - 1) >= enough:
                return True, k
            if pace * (2 * most - 1) < enough:      # and the lowest only falls
                return None, k
        links.append(size)
        before, ket = ket, ahead / size
    return None, most


def _outside(ket: Array, found: Array) -> Array:
    """Return the part of a ket (d, 1) outside the kets found (d, m)."""
    return ket if not found.shape[1] else np.asarray(ket - found @ (ket.conj().T @ found).conj().T)
