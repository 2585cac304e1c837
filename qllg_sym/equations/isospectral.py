"""Whether a residual says ρ̇ = [ρ, Y]: the proof, on words, that a law keeps the spectrum of ρ, weight or no weight.

A sum of words Σ c ρ^a X ρ^b with the same X and the same a + b is a commutator with ρ if and only if the c add up to
zero. If all words but c ρ̇ are such sums, ρ̇ = [ρ, Y]; as ρ̇ is Hermitian, that is i[ρ, K] with K = i(Y† − Y)/2, which is
Hermitian, so that ρ(t) = U ρ(0) U† with a unitary U.
"""

from collections import defaultdict
from typing import Any

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.words import Letters

ALONE = 0, ("drho",), 0             # i^0 ρ̇


def is_isospectral(residual: Element) -> bool:
    """Return whether every word but a multiple of ρ̇ belongs to a commutator with ρ.

    >>> from qllg_sym.algebra.words import words
    >>> rho, drho, H = words("rho", "drho", "H")
    >>> [is_isospectral(drho - (rho * H * rho - other).times_i()) for other in (H * rho * rho, H * rho, rho * drho)]
    [True, False, False]
    """
    sums: dict[tuple[int, Letters, int], Any] = defaultdict(int)
    for (k, word), c in residual.terms.items():
        core, powers = _core(word)
        sums[k, core, powers] += c
    return bool(sums.pop(ALONE, 0)) and not any(sums.values())


def _core(word: Letters) -> tuple[Letters, int]:
    """A word without ρ at its ends, and how many were there."""
    others = [place for place, name in enumerate(word) if name != "rho"]
    core = word[others[0]:others[-1] + 1] if others else ()
    return core, len(word) - len(core)
