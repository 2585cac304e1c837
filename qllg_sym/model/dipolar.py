"""The dipole–dipole coupling of all pairs of sites: as bonds where they are few, as one term of a regular lattice."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import Coefficient, real_coefficient
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.geometry.dipole_pairs import Pairs, pairs_of
from qllg_sym.geometry.grid import Geometry, positioned, repeating
from qllg_sym.model.context import Context, Letter, total
from qllg_sym.model.copies import copies_of
from qllg_sym.model.lattice import Lattice
from qllg_sym.model.space import Space
from qllg_sym.model.spin_expression import SpinExpression
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.term import Term
from qllg_sym.model.terms.bilinear import Bilinear

FEW = 90        # sites up to which every pair is a term


def dipolar(strength: Any, sites: Any, vectors: Any = ()) -> Lattice:
    r"""Return the dipole–dipole coupling $\frac{A}{\hbar^2}\sum_{i<j} \mathbf S_i\cdot D_{ij}\cdot\mathbf S_j$.

    $D = \sum (1 - 3\hat{\mathbf r}\hat{\mathbf r})/r^3$ over all images of site j. Up to 90 sites it is a `Bilinear` a
    pair, and what a site's own images do to it; a larger regular lattice is one term, whose field is a convolution by
    FFT (padded where the lattice is open). Sums over images converge by themselves where it repeats in one or two
    directions; in three they are Ewald's with a conducting surface (tin foil): a sphere in vacuum has 4π/(3V) more on
    the diagonal of D, V the volume that repeats. Numbers in D are doubles.

    Args:
        strength: A, an energy: μ₀ g² μ_B²/(4π a³) for positions in units of a.
        sites: a lattice, such as `square` gives it, or positions (n, 3).
        vectors: by which positions repeat, (m, 3).

    Raises:
        ModelError: two sites at one place, or more than 90 that are no regular lattice.
        InputTypeError: no lattice and no positions.

    >>> pair = dipolar(2, [(0, 0, 0), (0, 0, 2)])
    >>> [pair[0].M[k][k] for k in range(3)]
    [1/4, 1/4, -1/2]
    """
    if isinstance(sites, Lattice):
        geometry = sites.geometry
    elif hasattr(sites, "__len__") and not isinstance(sites, str):
        geometry = repeating(positioned(sites, len(sites)), vectors)
    else:
        raise InputTypeError(f"`sites` must be a lattice or positions, but is of type {type(sites).__name__}; write "
                             "q.dipolar(1, q.square(4, 4, q.Exchange, -1)).")
    whole = Dipoles(strength, geometry)
    if len(geometry.positions) <= FEW:
        return Lattice(whole.bonds(), geometry)
    if not geometry.is_regular:
        raise ModelError(f"`sites` must be a regular lattice or at most {FEW} positions, but are "
                         f"{len(geometry.positions)} positions; make them with q.square, q.triangular or q.cubic.")
    return Lattice([whole], geometry)


@dataclass(frozen=True)
class Dipoles(Term):
    """The coupling of all pairs of a lattice, as one term; see `dipolar`.

    Args:
        strength: A, an energy.
        geometry: where the sites are.
    """

    strength: Coefficient
    geometry: Geometry
    kind: ClassVar[str] = "dipolar"
    latex: ClassVar[str] = r"\frac{A}{\hbar^2}\sum_{i<j} \mathbf S_i \cdot D_{ij} \cdot \mathbf S_j"

    @property
    def words(self) -> str:
        """What a reader calls it: the function that makes it."""
        return self.kind

    def bonds(self, touching: Iterable[int] | None = None) -> list[Term]:
        """Return the terms of all pairs, or of those with one of some sites.

        Raises:
            ModelError: two sites at one place.
        """
        found = pairs_of(self.geometry, None if touching is None else list(touching))
        bonds = copies_of([Bilinear(self._matrix(d), 0, 1) for d in found.tensors], found.sites, found.which) \
            if len(found.sites) else []
        return [*bonds, *self._images(found)]

    def first(self) -> Term:
        """Return the term of the first two sites, which says what all of them are like."""
        d = pairs_of(self.geometry, [0], most=1).tensors[0]
        return Bilinear(self._matrix(d), 0, 1)

    def _images(self, found: Pairs) -> list[Term]:
        """What the images of a site do to it: half of S·D·S with all but itself."""
        if not len(self.geometry.vectors):
            return []
        m = self._matrix(found.own)
        return [SpinTerm(SpinExpression(tuple((m[k][n] / 2, ((i, k), (i, n))) for k in range(3) for n in range(3))))
                for i in found.chosen]

    def _matrix(self, d: Any) -> tuple[tuple[sp.Expr, ...], ...]:
        """Strength times a matrix of doubles, each the rational that it prints as."""
        return tuple(tuple(self.strength * real_coefficient(x, "sites") for x in row) for row in d.tolist())

    def check(self, space: Space) -> None:
        """Raise ModelError where the lattice has other sites than the space."""
        if (n := len(self.geometry.positions)) != space.sites:
            raise ModelError(f"`sites` must be those of the space, which has {space.sites}, but are {n}; make both of "
                             "one size.")

    def hamiltonian(self, x: Context) -> Letter:
        """The sum over all pairs."""
        return total(x.zero, [bond.hamiltonian(x) for bond in self.bonds()])

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return (f"Dipolar     +(A/ħ²) Σ S_i·D_ij·S_j over all pairs of {len(self.geometry.positions)} sites, "
                f"A = {written(self.strength)} [energy]")
