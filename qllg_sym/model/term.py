"""What every Hamiltonian term has, and the checks that terms share."""

import numbers
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

import sympy as sp

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.context import Context, Vector
from qllg_sym.model.space import Space


@runtime_checkable
class Term(Protocol):
    """One additive part of a Hamiltonian, in a file of its own under `model/terms/`.

    `kind` names it in model files; `latex` is its formula; `classical` (optional) is its energy in PRL's classical
    Hamiltonian, |m| = 1, and `describe_classical` its line there.
    """

    kind: ClassVar[str]
    latex: ClassVar[str]

    def check(self, space: Space) -> None:
        """Raise ModelError if this term does not fit the space."""
        ...

    def coefficients(self) -> Iterable[sp.Expr]:
        """All coefficient expressions: their symbols are parameters of the model."""
        ...

    def hamiltonian(self, x: Context) -> Any:
        """The term in the letters of a context."""
        ...

    def describe(self) -> str:
        """One line: formula with values, sign convention, counting."""
        ...


def vector(value: Any, argument: str) -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    """Return three exact real coefficients.

    >>> vector((0, 0.5, 1), "B")
    (0, 1/2, 1)
    """
    several = isinstance(value, (Iterable, sp.MatrixBase)) and not isinstance(value, (str, bytes))
    items = list(value) if several else [value]
    if len(items) != 3:
        raise ModelError(f"`{argument}` must have three components, but has {len(items)}; "
                         f"write {argument}=({argument}x, {argument}y, {argument}z).")
    x, y, z = (real_coefficient(item, argument) for item in items)
    return x, y, z


def matrix3(value: Any, argument: str) -> tuple[tuple[sp.Expr, ...], ...]:
    """Return a 3×3 matrix of exact real coefficients; a scalar a stands for a·1.

    >>> matrix3(2, "M")[0]
    (2, 0, 0)
    """
    if isinstance(value, (numbers.Number, sp.Expr)) and not isinstance(value, (bool, sp.MatrixBase, sp.MatrixExpr)):
        diagonal = real_coefficient(value, argument)
        return tuple(tuple(diagonal if i == j else sp.S.Zero for j in range(3)) for i in range(3))
    rows = value.tolist() if hasattr(value, "tolist") else value
    rows = [row.tolist() if hasattr(row, "tolist") else row for row in rows] if isinstance(rows, Sequence) else rows
    if not isinstance(rows, Sequence) or isinstance(rows, str) or \
            [len(r) if isinstance(r, Sequence) else 0 for r in rows] != [3, 3, 3]:
        shown = " ".join(repr(value).split())
        raise InputTypeError(f"`{argument}` must be a 3×3 real matrix, but is {shown}; give three rows of three.")
    return tuple(tuple(real_coefficient(item, argument) for item in row) for row in rows)


def pair(space: Space, i: Any, j: Any) -> None:
    """Check two different sites.

    >>> pair(Space("1/2", "1/2"), 0, 1)
    """
    if space.check_site(i, "i") == space.check_site(j, "j"):
        raise ModelError(f"`i` and `j` must be different sites, but both are {i}; name the two ends of the bond.")


def bilinear(x: Context, a: Vector, m: Sequence[Sequence[sp.Expr]], b: Vector, factor: sp.Expr) -> Any:
    """Return factor · Σ a_k M_kl b_l in the letters of a context."""
    return x.sum((factor * m[k][n], a[k] * b[n]) for k in range(3) for n in range(3) if m[k][n] != 0)
