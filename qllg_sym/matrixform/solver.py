"""Words in matrices that add up to zero, solved for the one unknown matrix X = dρ/dt that they are linear in.

In the eigenbasis of the matrix ρ that may stand around X, a word ρ^a X ρ^b multiplies X_jk by p_j^a p_k^b, so that X is
found entry by entry. Words with the spin part Λ = Σ c A Tr(A X) add as many unknown numbers Tr(A X) as there are A:
what X answers to each A is found in the same way, and the numbers solve a system of that size.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LOCAL = "local_drho"            # the letter of the spin part of dρ/dt


class Solver:
    """Solves Σ words = 0 for X = drho.

    Args:
        rho: ρ, (d, d), Hermitian.
        terms: (number, letters) of every word.
        spins: A of the spin part of X, Hermitian, (m, d, d), and c, (m,).
    """

    def __init__(self, rho: Array, terms: Sequence[tuple[complex, tuple[str, ...]]],
                 spins: tuple[Array, Array]) -> None:
        self._moving = [(c, w) for c, w in terms if "drho" in w]
        self._local = [(c, w) for c, w in terms if LOCAL in w]
        self._fixed = [(c, w) for c, w in terms if not {"drho", LOCAL} & {*w}]
        self._terms, self._rho, self._spins = terms, rho, spins
        self._plain = all(w == ("drho",) for _, w in self._moving)
        if not self._plain:
            p, self._vectors = _diagonalised(rho)
            powers = [(c, w.index("drho"), len(w) - w.index("drho") - 1) for c, w in self._moving]
            self._divisor = sum(c * np.outer(p**before, p**after) for c, before, after in powers)

    def solve(self, letters: Mapping[str, Array]) -> Array:
        """Return X with the letters given."""
        return self._invert(-_sum(self._fixed, letters))

    def spin_part(self, velocity: Array) -> Array:
        """Return Λ of an X, (d, d)."""
        operators, shares = self._spins
        return np.asarray(np.tensordot(shares * self._traces(velocity), operators, 1))

    def shifted(self, letters: Mapping[str, Array], changes: Sequence[tuple[complex, tuple[str, ...]]],
                moved: Mapping[str, Array]) -> Array:
        """Return DX, at the X in letters, where numbers of words change, and letters other than ρ."""
        total = _sum(changes, letters)
        for c, word in self._terms:
            for place, name in enumerate(word):
                if name in moved:
                    total = total + c * reduce(np.matmul, [moved[name] if k == place else letters[n]
                                                           for k, n in enumerate(word)])
        return self._invert(-total)

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
        """Return the X whose words that hold it or its spin part add up to `right`."""
        found = self._divided(right)
        if not self._local:
            return found
        answers, own = self._answers
        numbers = np.linalg.solve(own, self._traces(found))
        return np.asarray(found - np.tensordot(numbers, answers, 1))

    @cached_property
    def _answers(self) -> tuple[Array, Array]:
        """What X answers to Tr(A X) = 1 in Λ, for every A, (m, d, d), and the system of these numbers, (m, m)."""
        operators, shares = self._spins
        sources = _sum(self._local, {"rho": self._rho, LOCAL: shares[:, None, None] * operators})
        answers = self._divided(sources)
        return answers, np.eye(len(shares)) + np.stack([self._traces(x) for x in answers], axis=1)

    def _traces(self, matrix: Array) -> Array:
        """Return Tr(A M) for every A, (m,)."""
        return np.asarray(np.tensordot(self._spins[0], matrix.T, 2))

    def _divided(self, right: Array) -> Array:
        """Return the X whose words that hold it alone add up to `right`, (…, d, d)."""
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
