"""Single-ion anisotropy."""

from dataclasses import dataclass
from fractions import Fraction
from numbers import Number
from typing import ClassVar

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.errors import ModelError
from qllg_sym.model.context import Context, Letter
from qllg_sym.model.space import Space
from qllg_sym.model.term import Site, Symmetric3, Term, bilinear


@dataclass(frozen=True)
class Anisotropy(Term):
    r"""$H = \frac{1}{\hbar^2}\, \mathbf S_i \cdot A \cdot \mathbf S_i$.

    A is real and symmetric; easy axis n: A = −K n nᵀ, K > 0.

    Args:
        A: 3×3 real symmetric matrix of energies.
        i: the site; its spin must exceed ½, where the term is a constant.

    Raises:
        ModelError: A not symmetric, spin ½, or a site that does not exist.

    >>> Anisotropy([[0, 0, 0], [0, 0, 0], [0, 0, -1]], 0).A[2]
    (0, 0, -1)
    """

    A: Symmetric3
    i: Site
    kind: ClassVar[str] = "anisotropy"
    latex: ClassVar[str] = r"\frac{1}{\hbar^2}\, \mathbf S_i \cdot A \cdot \mathbf S_i"

    def __post_init__(self) -> None:
        if isinstance(self.A, (Number, sp.Expr)) and not isinstance(self.A, (bool, sp.MatrixExpr)):
            raise ModelError("`A` must be a 3×3 matrix, but is a number, which makes S·A·S the constant A s(s + 1); "
                             "write A = [[0, 0, 0], [0, 0, 0], [0, 0, D]] for D S_z².")
        super().__post_init__()

    def check(self, space: Space) -> None:
        """Raise unless the site exists and has a spin above ½."""
        super().check(space)
        if space.spins[self.i] == Fraction(1, 2):
            raise ModelError(f"`Anisotropy` must act on a spin of at least 1, but site {self.i} has spin 1/2, where "
                             "S·A·S/ħ² is the constant Tr A/4; drop the term, or use Bilinear between two sites.")

    def hamiltonian(self, x: Context) -> Letter:
        """(S/ħ)·A·(S/ħ)."""
        spin = x.spin(self.i)
        return bilinear(x, spin, self.A, spin)

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return (f"Anisotropy  +(1/ħ²) S_{self.i}·A·S_{self.i}, A = {written(self.A)} [energy]; "
                "A = −K nnᵀ with K > 0 is an easy axis n")
