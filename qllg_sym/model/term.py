"""What every Hamiltonian term has, and the checks that terms share."""

import numbers
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

import sympy as sp

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.context import Context, Vector
from qllg_sym.model.space import Space

ROUNDING = sp.Rational(1, 10**10)       # of the largest entry: what a matrix of floats may miss being symmetric by


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
    rows = _rows(value)
    if not isinstance(rows, Sequence) or isinstance(rows, str) or \
            [len(r) if isinstance(r, Sequence) else 0 for r in rows] != [3, 3, 3]:
        shown = " ".join(repr(value).split())
        raise InputTypeError(f"`{argument}` must be a 3×3 real matrix, but is {shown}; give three rows of three.")
    return tuple(tuple(real_coefficient(item, argument) for item in row) for row in rows)


def _rows(value: Any) -> Any:
    """Return nested lists of an array's own numbers: `tolist` would give floats of 32 bits digits that they lack."""
    if hasattr(value, "dtype") and getattr(value, "ndim", 0) > 0 and not hasattr(value, "mask"):
        return [_rows(item) for item in value]
    rows = value.tolist() if hasattr(value, "tolist") and not hasattr(value, "dtype") else value
    return [_rows(row) if hasattr(row, "tolist") else row for row in rows] if isinstance(rows, Sequence) else rows


def symmetric(value: Any, argument: str) -> tuple[tuple[sp.Expr, ...], ...]:
    """Return a symmetric 3×3 matrix; of one of floats that is symmetric within 1e-10 its exact symmetric part.

    >>> a = symmetric([[0, 0.3, 0], [0.1 + 0.2, 0, 0], [0, 0, 1]], "A"); a[0][1] == a[1][0], round(float(a[0][1]), 15)
    (True, 0.3)
    """
    a = [list(row) for row in matrix3(value, argument)]
    rounded = any(isinstance(item, numbers.Real) and not isinstance(item, numbers.Rational)
                  for row in _rows(value) for item in row)
    size = max((abs(item) for row in a for item in row if item.is_Rational), default=0)
    for k, n in ((0, 1), (0, 2), (1, 2)):
        difference = sp.expand(a[k][n] - a[n][k])
        if difference == 0:
            continue
        if not (rounded and difference.is_Rational and abs(difference) <= ROUNDING * size):
            first, second = (f"{float(x):.6g}" if rounded and x.is_Rational else x for x in (a[k][n], a[n][k]))
            raise ModelError(f"`{argument}` must be symmetric, but {argument}[{k}][{n}] = {first} and "
                             f"{argument}[{n}][{k}] = {second}; give ({argument} + {argument}ᵀ)/2.")
        a[k][n] = a[n][k] = (a[k][n] + a[n][k]) / 2
    return tuple(map(tuple, a))


def pair(space: Space, i: Any, j: Any) -> None:
    """Check two different sites.

    >>> pair(Space("1/2", "1/2"), 0, 1)
    """
    if space.check_site(i, "i") == space.check_site(j, "j"):
        raise ModelError(f"`i` and `j` must be different sites, but both are {i}; name the two ends of the bond.")


def bilinear(x: Context, a: Vector, m: Sequence[Sequence[sp.Expr]], b: Vector, factor: sp.Expr) -> Any:
    """Return factor · Σ a_k M_kl b_l in the letters of a context."""
    return x.sum((factor * m[k][n], a[k] * b[n]) for k in range(3) for n in range(3) if m[k][n] != 0)
