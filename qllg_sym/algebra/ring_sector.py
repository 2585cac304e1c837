"""Kets of one total S_z and one wave number on a ring of spins ½: how many there are."""

from dataclasses import dataclass
from fractions import Fraction
from math import comb, gcd


@dataclass(frozen=True)
class RingSector:
    r"""The kets of N spins ½, so many down, that a step around the ring multiplies by $e^{-2\pi i k/N}$.

    The step T carries site j to j + 1, so that $\sum_j e^{2\pi i kj/N}|{\downarrow}_j\rangle$ is of wave number k.

    Attributes:
        sites: N.
        down: how many point down; m = N/2 − down is the total S_z/ħ.
        momentum: k, from 0 to N − 1; the wave number is 2πk/N.
        reflection: what j ↦ N − 1 − j multiplies by, 1 or −1; None where it is left open. Only k = 0 and N/2 have one.
    """

    sites: int
    down: int
    momentum: int
    reflection: int | None = None

    @property
    def dimension(self) -> int:
        """How many there are, by traces of the group: Σ_q c_q(k) C(N/q, down/q)/N, with Ramanujan's sums c_q.

        >>> [RingSector(4, 2, k).dimension for k in range(4)], RingSector(28, 14, 0).dimension
        ([2, 1, 2, 1], 1432860)
        >>> RingSector(8, 4, 0, 1).dimension, RingSector(8, 4, 0, -1).dimension
        (8, 2)
        """
        n, common = self.sites, gcd(self.sites, self.down)
        count = sum(_ramanujan(q, self.momentum) * comb(n // q, self.down // q)
                    for q in _divisors(common)) // n
        return count if self.reflection is None else (count + self.reflection * self._mirrored()) // 2

    @property
    def magnetisation(self) -> Fraction:
        """The total S_z/ħ."""
        return Fraction(self.sites, 2) - self.down

    @property
    def order(self) -> int:
        """How many rotations, and reflections where they count, there are."""
        return self.sites * (1 if self.reflection is None else 2)

    def _mirrored(self) -> int:
        """Return the trace of the reflection among the kets of this wave number.

        A reflection of an even ring leaves two sites where they are, or none; that of an odd ring one.
        """
        half, odd = divmod(self.sites, 2)
        if odd:
            return comb(half, self.down // 2)
        none, two = (0, 2 * comb(half - 1, self.down // 2)) if self.down % 2 else (comb(half, self.down // 2),) * 2
        return (none + (two if self.momentum == 0 else -two)) // 2


def _ramanujan(q: int, k: int) -> int:
    """Return Ramanujan's sum of e^{2πikr/q} over the r below q that have no factor in common with q."""
    return sum(d * _moebius(q // d) for d in _divisors(gcd(q, k)))


def _divisors(n: int) -> list[int]:
    """Return the divisors of n, ascending."""
    return [d for d in range(1, n + 1) if n % d == 0]


def _moebius(n: int) -> int:
    """Return Möbius' μ: ±1 by the number of prime factors, 0 where one is there twice."""
    sign, p = 1, 2
    while n > 1:
        if n % p == 0:
            n //= p
            if n % p == 0:
                return 0
            sign = -sign
        p += 1
    return sign
