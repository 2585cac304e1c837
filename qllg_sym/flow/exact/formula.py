r"""The exact solution of a law that keeps the spectrum, for constant H and two levels, over any number type.

ρ(t) = a + b P(t), range P(t) = exp(−i c H t/ħ) range P(0), c = W(b)* from the law's residual: for q-LLG
−ic = −1/(κb − i), for q-LL −ic = −(i + κb). A number type says what exact numbers and that exponential are in it:
`digits`, `balls` and `symbols` take one time; `doubles` keep to orthonormal kets, of many rows at many times.
"""

from typing import Any, Protocol

import numpy as np
import sympy as sp
from numpy.typing import NDArray

Array = NDArray[Any]


class Numbers(Protocol):
    """A number type, as objects in arrays: with +, −, ·, / and conjugate()."""

    def number(self, exact: Any) -> Any:
        """Return an exact number as one of this type."""

    def moved(self, frequency: sp.ImmutableMatrix, exponent: Any, kets: sp.ImmutableMatrix) -> Array:
        """Return columns (d, r) that span exp(exponent · H/ħ) range(kets), for exact H/ħ (d, d) and kets (d, r)."""


def rate(weight: Any) -> Any:
    """Return −ic of the frame weights W(b), in doubles.

    >>> complex(rate(1 / (1 - 0.5j)) * (0.5 - 1j))
    (-1+0j)
    """
    return -1j * np.conj(weight)


def density(numbers: Numbers, a: sp.Expr, b: sp.Expr, exponent: Any, frequency: sp.ImmutableMatrix,
            kets: sp.ImmutableMatrix) -> Array:
    """Return ρ(t) = a + b P(t), (d, d), in a number type.

    Args:
        numbers: the type.
        a: exact, as all that follow.
        b: a + b is the other level.
        exponent: −i c t.
        frequency: H/ħ, (d, d).
        kets: columns (d, r) that span range P(0); none of them where ρ has one level.
    """
    total = np.full(frequency.shape, numbers.number(sp.S.Zero), dtype=object)
    np.fill_diagonal(total, numbers.number(a))
    if not kets.cols:
        return total
    return np.asarray(total + projector_onto(numbers.moved(frequency, exponent, kets)) * numbers.number(b))


def projector_onto(kets: Array) -> Array:
    """Return P on the range of independent columns (d, r): Σ u u†/u†u, u what Gram and Schmidt leave of each.

    >>> from fractions import Fraction
    >>> projector_onto(np.array([[Fraction(1)], [Fraction(2)]], dtype=object))[0].tolist()
    [Fraction(1, 5), Fraction(2, 5)]
    """
    total: Any = 0
    while kets.shape[1]:
        ket, kets = kets[:, 0], kets[:, 1:]
        dual = ket.conj() / (ket.conj() @ ket)
        total = total + np.outer(ket, dual)
        kets = kets - np.outer(ket, dual @ kets)
    return np.asarray(total)
