"""What a distributed engine is handed: H/ħ of spins ½ as Pauli strings with numbers, a product state, and a rate."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Handed:
    """H/ħ, where ψ starts, and how it moves: dψ/dt = rate · (H/ħ) ψ, normalised.

    Attributes:
        sites: N.
        strings: (letters by site, coefficient): ((0, "X"), (1, "X")), 0.5; no letters for a multiple of 1.
        spins: "up" or "down" of every site; empty for none.
        rate: −ic of the law; None where it was not asked for.
    """

    sites: int
    strings: Sequence[tuple[tuple[tuple[int, str], ...], float]]
    spins: Sequence[str] = ()
    rate: complex | None = None
