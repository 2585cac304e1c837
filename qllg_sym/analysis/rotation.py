"""Rotations of all spins about an axis, by any angle."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce

import sympy as sp

from qllg_sym.algebra.element import commutator
from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import atoms_in, make_ring, to_expr, to_ring
from qllg_sym.algebra.sites import SiteAlgebra, String
from qllg_sym.analysis.symmetry import AXES, Symmetry
from qllg_sym.model.expansion import standard_string
from qllg_sym.model.space import Space

theta = sp.Symbol("theta", real=True)       # the angle in `Rotation.matrix`


@dataclass(frozen=True, repr=False)
class Rotation(ByFields):
    r"""ρ → exp(−iθ n·S/|n|) ρ exp(iθ n·S/|n|), S the total spin over ħ, for every angle θ.

    Attributes:
        space: the spins.
        axis: n, three expressions in parameters; not all zero.

    Source: Messiah, Quantum Mechanics II (1962), ch. XIII, §15.

    >>> Rotation(Space("1/2"), (sp.S(0), sp.S(0), sp.S(1))).derivative((1,))
    {(2,): 1}
    """

    space: Space
    axis: tuple[sp.Expr, sp.Expr, sp.Expr]

    @property
    def kind(self) -> str:
        """"rotation"."""
        return "rotation"

    @property
    def reverses_time(self) -> bool:
        """It does not."""
        return False

    @property
    def what(self) -> str:
        """What it does, in words."""
        units = [tuple(sp.Integer(i == k) for i in range(3)) for k in range(3)]
        name = AXES[units.index(self.axis)] if self.axis in units else str(self.axis)
        return f"rotation by any angle about {name}"

    def derivative(self, string: String) -> dict[String, sp.Expr]:
        """Return −i[n·S, A] = dA/dθ at θ = 0 of a basis string A, times |n|: {string: coefficient}."""
        ring = make_ring(sorted(set().union(*map(atoms_in, self.axis)), key=sp.default_sort_key))
        algebra = SiteAlgebra(self.space.numeric_spins, ring)
        total = [algebra.spin(site)[k] * to_ring(ring, n) for site, index in enumerate(string) if index
                 for k, n in enumerate(self.axis) if n != 0]
        result: dict[String, sp.Expr] = {}
        for part in total:
            for (k, found), c in commutator(part, algebra.string(string)).terms.items():
                if k:                                           # a commutator of Hermitian operators is i times one
                    result[found] = result.get(found, sp.S.Zero) + to_expr(c)
        return {found: c for found, c in result.items() if sp.expand(c) != 0}

    @cached_property
    def generator(self) -> sp.ImmutableMatrix:
        """n·S over ħ, (d, d)."""
        algebra = SiteAlgebra(self.space.numeric_spins, make_ring([]))
        total = sp.zeros(self.space.dimension, self.space.dimension)
        for site in range(self.space.sites):
            for n, spin in zip(self.axis, algebra.spin(site), strict=True):
                (_, string), c = next(iter(spin.terms.items()))
                total = total + n * to_expr(c) * sp.Matrix(standard_string(self.space.numeric_spins, string))
        return sp.ImmutableMatrix(total)

    @cached_property
    def matrix(self) -> sp.ImmutableMatrix:
        """The unitary exp(−iθ n·S/|n|), (d, d), in the real symbol `theta`."""
        return sp.ImmutableMatrix(sp.kronecker_product(*(self._turned(s) for s in self.space.numeric_spins)))

    def _turned(self, s: Fraction) -> sp.Matrix:
        """The same of one site, by Lagrange's interpolation in its eigenvalues."""
        spin = Rotation(Space(s), self.axis).generator / sp.sqrt(sum(n**2 for n in self.axis))
        levels = [sp.Rational(str(s)) - k for k in range(int(2 * s + 1))]
        total = sp.zeros(len(levels), len(levels))
        for m in levels:
            factors = [(spin - n * sp.eye(len(levels))) / (m - n) for n in levels if n != m]
            total = total + sp.exp(-sp.I * theta * m) * sp.Matrix(reduce(sp.Matrix.__mul__, map(sp.Matrix, factors)))
        return total

    def latex(self) -> str:
        r"""Return its symbol, R_n(θ)."""
        name = self.what.rpartition(" ")[2] if self.what[-1] in AXES else \
            f"({', '.join(sp.latex(n) for n in self.axis)})"
        return rf"R_{{{name}}}(\theta)"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<Symmetry: {self.what}>"


AnySymmetry = Symmetry | Rotation
