"""Vectors and tensors of polynomials with names: what candidates of a vector form are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product as all_of
from typing import Any

from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.equations.names import Name
from qllg_sym.equations.notation import Factor

Index = tuple[int, ...]
EPSILON = {(0, 1, 2): 1, (1, 2, 0): 1, (2, 0, 1): 1, (0, 2, 1): -1, (2, 1, 0): -1, (1, 0, 2): -1}


@dataclass(frozen=True)
class Tensor:
    """Entries by index (0, 1, 2 for x, y, z), zeros left out."""

    name: Name
    entries: Mapping[Index, PolyElement]

    @classmethod
    def of(cls, name: Name, values: Iterable[PolyElement]) -> "Tensor":
        """Return a vector from three values, or a matrix from nine in rows."""
        listed = list(values)
        keys = all_of(range(3), repeat=1 if len(listed) == 3 else 2)
        return cls(name, {key: value for key, value in zip(keys, listed, strict=True) if value})

    def __getitem__(self, key: Index) -> Any:
        return self.entries.get(key, 0)


@dataclass(frozen=True)
class Candidate:
    """A printed product and its components.

    Attributes:
        factors: what is printed.
        tensors: what it is made of.
        values: its components, in the order of the equation's.
    """

    factors: tuple[Factor, ...]
    tensors: tuple[Tensor, ...]
    values: tuple[PolyElement, ...]

    @cached_property
    def is_zero(self) -> bool:
        """Whether every component vanishes."""
        return not any(self.values)


def itself(ring: PolyRing, a: Tensor) -> Candidate:
    """Return a vector as a candidate."""
    return Candidate(((a.name, 1),), (a,), tuple(ring.zero + a[k,] for k in range(3)))


def cross(ring: PolyRing, a: Tensor, b: Tensor) -> Candidate:
    """Return a × b."""
    values = contract(ring, "i", ("ikl", EPSILON), ("k", a), ("l", b))
    return Candidate(((a.name, 1), "×", (b.name, 1)), (a, b), values)


def double_cross(ring: PolyRing, a: Tensor, b: Tensor) -> Candidate:
    """Return a × (a × b)."""
    inner = Tensor.of(b.name, cross(ring, a, b).values)
    values = contract(ring, "i", ("ikl", EPSILON), ("k", a), ("l", inner))
    return Candidate(((a.name, 1), "×", "(", (a.name, 1), "×", (b.name, 1), ")"), (a, b), values)


def contraction(ring: PolyRing, free: str, *parts: tuple[str, Tensor]) -> Candidate:
    """Return a product of tensors with index letters, summed over all that are not in `free`.

    Args:
        ring: where the components live.
        free: letters of the equation, such as "ij".
        parts: (letters, tensor) in the order of printing.
    """
    factors = tuple((tensor.name.at(letters), 1) for letters, tensor in parts)
    return Candidate(factors, tuple(tensor for _, tensor in parts), contract(ring, free, *parts))


def contract(ring: PolyRing, free: str, *parts: tuple[str, Any]) -> tuple[PolyElement, ...]:
    """Return the components of a contraction, the first free letter slowest.

    >>> from sympy import QQ; from sympy.polys.rings import PolyRing
    >>> contract(PolyRing("x", QQ), "i", ("ikl", EPSILON), ("k", {(0,): 1}), ("l", {(1,): 5}))       # x × 5y
    (0, 0, 5)
    """
    total: dict[Index, PolyElement] = {}
    entries = [list((part.entries if isinstance(part, Tensor) else part).items()) for _, part in parts]
    for chosen in all_of(*entries):
        letters: dict[str, int] = {}
        value = ring.one
        for (names, _), (key, factor) in zip(parts, chosen, strict=True):
            if any(letters.setdefault(letter, k) != k for letter, k in zip(names, key, strict=True)):
                break
            value = value * factor
        else:
            key = tuple(letters[letter] for letter in free)
            total[key] = total.get(key, ring.zero) + value
    return tuple(total.get(key, ring.zero) for key in all_of(range(3), repeat=len(free)))
