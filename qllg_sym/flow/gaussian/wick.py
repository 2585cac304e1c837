r"""Strings of Pauli matrices in a Gaussian state, by Wick's theorem.

$\langle a_{m_1} \cdots a_{m_{2k}}\rangle = (-i)^k \mathrm{Pf}\,\Gamma$, with the covariance
$\Gamma_{mn} = \frac{i}{2}\langle[a_m, a_n]\rangle$ of those Majorana operators.

Source: E. Lieb, T. Schultz and D. Mattis, Ann. Phys. 16, 407 (1961); S. Bravyi, Quantum Inf. Comput. 5, 216 (2005).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import hessenberg

Array = NDArray[Any]
X, Y, Z = 1, 2, 3


def majoranas(letters: Mapping[int, int]) -> tuple[list[int], complex] | None:
    """Return the Majorana operators, ascending, and the factor of a string of Pauli matrices; None where its mean is 0.

    Args:
        letters: 1, 2, 3 for x, y, z by site; other sites have the identity.

    >>> majoranas({0: X, 1: X}), majoranas({0: X})
    (([1, 2], -1j), None)
    """
    places = sorted(site for site, letter in letters.items() if letter)
    odd = sum(letters[site] != Z for site in places)
    if odd % 2:                                                 # of odd parity
        return None
    found: list[int] = []
    factor, right = 1 + 0j, odd                                 # how many x and y there are from here on
    for site in range(places[0], places[-1] + 1) if places else ():
        letter = letters.get(site, 0)
        right -= letter in (X, Y)
        if right % 2 == 0:
            own, number = {0: ((), 1), X: ((0,), 1), Y: ((1,), 1), Z: ((0, 1), -1j)}[letter]
        else:                                                   # times σz, the strings of the sites behind
            own, number = {0: ((0, 1), -1j), X: ((1,), -1j), Y: ((0,), 1j), Z: ((), 1)}[letter]
        found += [2 * site + k for k in own]
        factor *= number
    return found, factor


def mean(letters: Mapping[int, int], covariance: Callable[[list[int]], Array]) -> Array:
    """Return the mean of a string at all times, (n,).

    Args:
        letters: as of `majoranas`.
        covariance: function of the numbers of Majorana operators that returns Γ of these, (n, m, m).
    """
    place = majoranas(letters)
    gamma = covariance([] if place is None else place[0])
    if place is None:
        return np.zeros(len(gamma))
    half = len(place[0]) // 2
    return np.array([(place[1] * (-1j)**half * pfaffian(one)).real for one in gamma])


def pfaffian(a: Array) -> float:
    r"""Return Pf A of a real antisymmetric matrix: A = Q T Qᵀ, T tridiagonal, Pf A = det Q · T_01 T_23 ⋯.

    >>> pfaffian(np.array([[0.0, 2], [-2, 0]])), pfaffian(np.zeros((0, 0)))
    (2.0, 1.0)
    """
    if len(a) == 0:
        return 1.0
    if len(a) == 2:
        return float(a[0, 1])
    if len(a) == 4:
        return float(a[0, 1] * a[2, 3] - a[0, 2] * a[1, 3] + a[0, 3] * a[1, 2])
    t, q = hessenberg(a, calc_q=True)
    return float(np.prod(np.diagonal(t, 1)[::2]) * np.sign(np.linalg.det(q)))
