"""Monomials in very many generators, of which each holds few, as single integers that add up in products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

Polynomial = Mapping[int, int]              # {key of a monomial: integer}


@dataclass(frozen=True)
class MonomialKeys:
    """Monomials as integers: from the lowest bits, the exponents of the atoms, then slots with generators from 1.

    Attributes:
        atoms: how many.
        bits: of an exponent.
        width: bits of a slot.
        slots: how many.

    >>> keys = MonomialKeys(atoms=2, bits=3, width=4, slots=2)
    >>> key = keys.of_generator(5, slot=1) + keys.of_atoms((0, 2)) + keys.of_generator(3, slot=0)
    >>> keys.generators(key), keys.exponents(key), keys.generators(0)
    ([3, 5], (0, 2), [])
    """

    atoms: int
    bits: int
    width: int
    slots: int

    @cached_property
    def low(self) -> int:
        """Bits below the slots."""
        return self.atoms * self.bits

    def of_generator(self, index: int, slot: int) -> int:
        """Return the key of a generator in a slot; generators count from 0."""
        return index + 1 << self.low + self.width * slot

    def of_atoms(self, exponents: Sequence[int]) -> int:
        """Return the key of a product of powers of atoms."""
        return sum(power << self.bits * place for place, power in enumerate(exponents))

    def generators(self, key: int) -> list[int]:
        """Return the generators of a monomial, by slots."""
        indices, mask, rest = [], (1 << self.width) - 1, key >> self.low
        while rest:
            if index := rest & mask:
                indices.append(index - 1)
            rest >>= self.width
        return indices

    def exponents(self, key: int) -> tuple[int, ...]:
        """Return the exponents of the atoms."""
        mask = (1 << self.bits) - 1
        return tuple(key >> self.bits * place & mask for place in range(self.atoms))

    def collected(self, polynomial: Polynomial, factor: int) -> dict[int, int]:
        """Return factor · polynomial with the generators of each monomial in descending order, and no zeros.

        >>> keys = MonomialKeys(atoms=0, bits=1, width=4, slots=2)
        >>> one, other = (keys.of_generator(5, k) + keys.of_generator(3, 1 - k) for k in (0, 1))
        >>> keys.collected({one: 1, other: 2}, 2) == {one: 6}
        True
        """
        low, width, total = self.low, self.width, dict[int, int]()
        get, unit, atoms = total.get, (1 << width) - 1, (1 << low) - 1
        for key, number in polynomial.items():
            second = key >> low + width
            if second > unit:                                       # three slots and more
                indices = sorted(self.generators(key), reverse=True)
                key = sum(self.of_generator(g, slot) for slot, g in enumerate(indices)) | key & atoms
            elif second > (first := key >> low & unit):
                key = (first << width | second) << low | key & atoms
            total[key] = get(key, 0) + number
        return {key: number * factor for key, number in total.items() if number}
