"""Lists of terms that know where their sites are."""

from collections.abc import Iterable
from typing import Any

from qllg_sym.geometry.grid import Array, Geometry
from qllg_sym.model.term import Term


class Lattice(list[Term]):
    """A list of terms with the positions of the sites that they are on; sums with lists keep them.

    Beyond 4096 bonds one item, a `Copies`, stands for all of them, so that a million bonds are arrays.

    Attributes:
        geometry: positions, and how they repeat.

    >>> from qllg_sym import Exchange, Zeeman, square
    >>> lattice = square(3, 2, Exchange, 1, periodic=(True, False)) + [Zeeman((0, 0, 1))]
    >>> lattice.positions[4].tolist(), lattice.vectors.tolist(), len(lattice)
    ([1.0, 1.0, 0.0], [[3.0, 0.0, 0.0]], 10)
    """

    def __init__(self, terms: Iterable[Term], geometry: Geometry) -> None:
        super().__init__(terms)
        self.geometry = geometry

    @property
    def positions(self) -> Array:
        """Where each site is, (n, 3), in lattice constants."""
        return self.geometry.positions

    @property
    def vectors(self) -> Array:
        """The vectors by which the lattice repeats, (m, 3); none where it is open."""
        return self.geometry.vectors

    def __add__(self, other: Any) -> "Lattice":         # type: ignore[override]
        return Lattice([*self, *other], self.geometry) if isinstance(other, list) else NotImplemented

    def __radd__(self, other: Any) -> "Lattice":
        return Lattice([*other, *self], self.geometry) if isinstance(other, list) else NotImplemented

    def __reduce__(self) -> tuple[Any, ...]:
        return Lattice, (list(self), self.geometry)
