"""Any Hermitian matrix as a Hamiltonian term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Complex, Real
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import real_and_imaginary, real_coefficient
from qllg_sym.algebra.sites import String, strings
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.context import Context
from qllg_sym.model.expansion import expand_matrix
from qllg_sym.model.space import Space


@dataclass(frozen=True, repr=False)
class Operator(ByFields):
    """H = a Hermitian matrix in the standard basis |m₀ m₁ …⟩, site 0 leftmost, m = s first.

    Args:
        matrix: (d, d) nested sequence, NumPy array, SymPy matrix, or QuTiP Qobj, energies; floats become the rationals
            that they print as, so a matrix must be Hermitian to the last digit.

    Raises:
        ModelError: not square, not Hermitian, or of another size than the space.
        InputTypeError: not a matrix.

    >>> Operator([[1, 0], [0, -1]]).rows
    ((1, 0), (0, -1))
    """

    matrix: Any = field(repr=False, compare=False)
    rows: tuple[tuple[sp.Expr, ...], ...] = field(init=False)
    kind: ClassVar[str] = "operator"
    latex: ClassVar[str] = r"\hat H"

    def __post_init__(self) -> None:
        rows = _exact_rows(self.matrix)
        for i in range(len(rows)):
            for j in range(i + 1):
                if sp.expand(rows[i][j] - sp.conjugate(rows[j][i])) != 0:
                    raise ModelError(f"`matrix` must be Hermitian, but entry ({i}, {j}) is {rows[i][j]} and entry "
                                     f"({j}, {i}) is {rows[j][i]}; give (M + M†)/2 if that is rounding.")
        object.__setattr__(self, "rows", rows)

    def check(self, space: Space) -> None:
        """Raise unless the matrix is d × d."""
        if len(self.rows) != space.dimension:
            raise ModelError(f"`matrix` must be {space.dimension} × {space.dimension} for {space}, "
                             f"but is {len(self.rows)} × {len(self.rows)}; give it in the product basis of all sites.")

    def coefficients(self) -> Iterable[sp.Expr]:
        """Real and imaginary parts of the entries."""
        return [part for row in self.rows for entry in row for part in real_and_imaginary(entry)]

    def expansion(self, space_spins: tuple[Any, ...]) -> Mapping[String, sp.Expr]:
        """Return the coefficients of the matrix in the site bases of the given spins."""
        return expand_matrix(self.rows, space_spins)

    def hamiltonian(self, x: Context) -> Any:
        """Σ Tr(A M)/n · A over basis strings A."""
        found = self.expansion(x.spins)
        return x.sum((found[s], x.string(s)) for s in [(0,) * x.sites, *strings(x.spins)] if s in found)

    def describe(self) -> str:
        """One line for `Model.describe`."""
        return f"Operator    Hermitian matrix, {len(self.rows)} × {len(self.rows)} [energy]"


def _exact_rows(matrix: Any) -> tuple[tuple[sp.Expr, ...], ...]:
    """The entries as exact expressions re + i·im."""
    data = matrix.full() if hasattr(matrix, "full") else matrix
    data = data.tolist() if hasattr(data, "tolist") else data
    if not isinstance(data, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in data):
        raise InputTypeError(f"`matrix` must be a square matrix, but is of type {type(matrix).__name__}; "
                             "give nested lists, a NumPy array, a SymPy matrix or a Qobj.")
    if not data or any(len(row) != len(data) for row in data):
        raise ModelError("`matrix` must be square, but its rows differ in length; give a d × d matrix.")
    return tuple(tuple(_entry(item) for item in row) for row in data)


def _entry(value: Any) -> sp.Expr:
    if isinstance(value, sp.Expr):
        re, im = real_and_imaginary(value)
    elif isinstance(value, Complex) and not isinstance(value, Real):
        re, im = value.real, value.imag
    else:
        re, im = value, 0
    return real_coefficient(re, "matrix") + sp.I * real_coefficient(im, "matrix")
