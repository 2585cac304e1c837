"""Words in matrices that add up to zero, solved for the one unknown matrix X = dρ/dt that they are linear in.

In the eigenbasis of the matrix ρ that may stand around X, a word ρ^a X ρ^b multiplies X_jk by p_j^a p_k^b, so that X is
found entry by entry.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Solver:
    """Solves Σ words = 0 for X = drho.

    Args:
        rho: ρ, (d, d), Hermitian.
        terms: (number, letters) of every word.
    """

    def __init__(self, rho: Array, terms: Sequence[tuple[complex, tuple[str, ...]]]) -> None:
        self._moving = [(c, w) for c, w in terms if "drho" in w]
        self._fixed = [(c, w) for c, w in terms if "drho" not in w]
        self._terms = terms
        self._plain = all(w == ("drho",) for _, w in self._moving)
        if not self._plain:
            p, self._vectors = _diagonalised(rho)
            powers = [(c, w.index("drho"), len(w) - w.index("drho") - 1) for c, w in self._moving]
            self._divisor = sum(c * np.outer(p**before, p**after) for c, before, after in powers)

    def solve(self, letters: Mapping[str, Array]) -> Array:
        """Return X with the letters given."""
        return self._invert(-_sum(self._fixed, letters))

    def respond(self, letters: Mapping[str, Array], direction: Array) -> Array:
        """Return DX along dρ = direction, at the X in letters."""
        total = np.zeros_like(direction, dtype=complex)
        for c, word in self._terms:
            for place, name in enumerate(word):
                if name == "rho":
                    factors = [direction if k == place else letters[n] for k, n in enumerate(word)]
                    total += c * reduce(np.matmul, factors)
        return self._invert(-total)

    def _invert(self, right: Array) -> Array:
        """Return the X whose words that hold it add up to `right`."""
        if self._plain:
            return right / sum(c for c, _ in self._moving)
        v = self._vectors
        return np.asarray(v @ ((v.conj().T @ right @ v) / self._divisor) @ v.conj().T)


def _diagonalised(rho: Array) -> tuple[Array, Array]:
    """Return eigenvalues and eigenvectors, NaN where ρ is not finite: LAPACK fails there."""
    if not np.all(np.isfinite(rho)):
        return np.full(len(rho), np.nan), np.full_like(rho, np.nan)
    return np.linalg.eigh(rho)


def _sum(terms: Sequence[tuple[complex, tuple[str, ...]]], letters: Mapping[str, Array]) -> Array:
    """Return the value of words that are products of known letters."""
    zero = np.zeros_like(letters["rho"], dtype=complex)
    return sum((c * reduce(np.matmul, [letters[name] for name in word]) for c, word in terms), zero)
