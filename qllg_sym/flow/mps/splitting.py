r"""Exponentials of sums of operators on windows as products of those of single windows, of order 4 in the step.

A step h is a product of sweeps, χ(α_12 h) χ*(α_11 h) … χ(α_2 h) χ*(α_1 h): χ is the product over all windows from left
to right and χ* its adjoint, from right to left; distant sites, where there are any, are the end of χ and the beginning
of χ*. Compositions of this kind have the order of the splitting e^{a1 A} e^{b1 B} e^{a2 A} … with a_1 = α_1,
b_1 = α_1 + α_2, a_2 = α_2 + α_3, … Windows of two sites alone are split in this second way into even and odd ones,
which takes half as many. The coefficients, some of them negative, multiply the complex step.

Source: S. Blanes and P. C. Moan, J. Comput. Appl. Math. 142, 313 (2002), the method S6 of order 4; R. I. McLachlan,
SIAM J. Sci. Comput. 16, 151 (1995) for the compositions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

_A = (0.0792036964311957, 0.353172906049774, -0.0420650803577195)
_B = (0.209515106613362, -0.143851773179818)


def _splitting() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return a_1 … a_7 and b_1 … b_6."""
    a, b = [*_A, 1 - 2 * sum(_A)], [*_B, 0.5 - sum(_B)]
    return (*a, *a[2::-1]), (*b, *b[::-1])


A, B = _splitting()


@dataclass(frozen=True)
class Layer:
    """Gates of some windows for a part of a step.

    Attributes:
        parity: 0 for even windows, 1 for odd ones, None for all.
        share: of the step h.
        moment: where in the step H is taken, from 0 to 1.
    """

    parity: int | None
    share: float
    moment: float


def layers(width: int, distant: bool = False) -> tuple[Layer, ...]:
    """Return the layers of one step for windows of so many sites, and distant sites or none.

    >>> len(layers(2)), len(layers(3)), round(sum(layer.share for layer in layers(3)), 12)
    (13, 12, 1.0)
    """
    return tuple(_even_and_odd() if width == 2 and not distant else _all())


def _even_and_odd() -> Iterator[Layer]:
    """Time goes on with the other layers, as one more part of the splitting would."""
    after_a, after_b = (0.0, *accumulate(A)), (0.0, *accumulate(B))
    for j in range(13):
        k = j // 2
        yield Layer(0, A[k], after_b[k]) if j % 2 == 0 else Layer(1, B[k], after_a[k + 1])


def _all() -> Iterator[Layer]:
    """Time goes on after each sweep χ, and before each χ*."""
    alpha = [A[0]]
    for x in np.ravel(list(zip(B, A[1:], strict=True)))[:-1]:
        alpha.append(float(x) - alpha[-1])
    moment = 0.0
    for j in range(0, 12, 2):
        moment += alpha[j]
        yield Layer(None, alpha[j], moment)
        yield Layer(None, alpha[j + 1], moment)
        moment += alpha[j + 1]
