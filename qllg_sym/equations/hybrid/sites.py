"""Which site stands where: clusters with the names of their states, and classical sites with those of their moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import sympy as sp

from qllg_sym.algebra.sites import String, string_label, strings
from qllg_sym.equations import size
from qllg_sym.model.space import Space

Symbols = tuple[sp.Symbol, ...]


@dataclass(frozen=True)
class Partition:
    """The sites of a space in clusters and moments.

    Attributes:
        space: of all sites.
        clusters: the sites of each cluster, the first of them the leftmost factor of its states.
        classical: the other sites, ascending.
    """

    space: Space
    clusters: tuple[tuple[int, ...], ...]
    classical: tuple[int, ...]

    @cached_property
    def quantum(self) -> tuple[int, ...]:
        """The sites of all clusters, ascending."""
        return tuple(sorted(site for cluster in self.clusters for site in cluster))

    @cached_property
    def spins(self) -> tuple[Fraction, ...]:
        """The spin of each of them."""
        return tuple(self.space.numeric_spins[site] for site in self.quantum)

    @cached_property
    def spaces(self) -> tuple[Space, ...]:
        """The space of each cluster."""
        return tuple(Space(*(self.space.spins[site] for site in cluster)) for cluster in self.clusters)

    def within(self, cluster: int, string: String) -> String:
        """Return what a string over the quantum sites is on one cluster."""
        return tuple(string[k] for k in self._places(cluster))

    def state(self, cluster: int, string: String) -> sp.Symbol:
        """Return the symbol of Tr(ρ_c A): T and the whole string over the quantum sites, 0 outside the cluster.

        >>> two = Partition(Space("1/2", "1/2", "1"), ((0,), (1,)), (2,))
        >>> two.state(1, (3,)), Partition(Space("1/2", "1"), ((0,),), (1,)).state(0, (1,))
        (T_0z, T_x)
        """
        whole = [0] * len(self.quantum)
        for place, index in zip(self._places(cluster), string, strict=True):
            whole[place] = index
        half = all(s == Fraction(1, 2) for s in self.spins)
        return sp.Symbol(("T_" if half else "c_") + string_label(self.spins, tuple(whole)), real=True)

    def states(self, cluster: int) -> Symbols:
        """Return the symbols of all strings of a cluster but the identity.

        Raises:
            DerivationError: they are too many to be listed.
        """
        size.check_states(self.spaces[cluster])
        return tuple(self.state(cluster, string) for string in strings(self.spaces[cluster].numeric_spins))

    def _places(self, cluster: int) -> Sequence[int]:
        """Where the sites of a cluster stand among the quantum ones."""
        return [self.quantum.index(site) for site in self.clusters[cluster]]

    def moment(self, site: int, prefix: str = "m") -> Symbols:
        """Return the symbols of the moment of a classical site.

        >>> Partition(Space("1", "1"), (), (0, 1)).moment(1)
        (m1_x, m1_y, m1_z)
        """
        return tuple(sp.Symbol(f"{prefix}{site}_{k}", real=True) for k in "xyz")

    @cached_property
    def moments(self) -> Symbols:
        """The symbols of all moments."""
        return tuple(symbol for site in self.classical for symbol in self.moment(site))


def velocities_of(states: Symbols) -> Symbols:
    """Return the symbols of the time derivatives of states.

    >>> velocities_of((sp.Symbol("T_x", real=True),))
    (dT_x,)
    """
    return tuple(sp.Symbol(f"d{state.name}", real=True) for state in states)
