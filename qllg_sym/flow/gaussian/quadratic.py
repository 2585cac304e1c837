r"""A spin chain as a quadratic form in Majorana operators, by exact algebra: the Jordan–Wigner transformation.

$a_{2j} = \prod_{l<j} \sigma^z_l\, \sigma^x_j$ and $a_{2j+1} = \prod_{l<j} \sigma^z_l\, \sigma^y_j$ have
$\{a_m, a_n\} = 2\delta_{mn}$. A string of Pauli matrices is quadratic in them if it is $\sigma^z$ of one site, or
begins and ends with $\sigma^x$ or $\sigma^y$ and has $\sigma^z$ on every site in between:

$\sigma^z_j = -i a_{2j} a_{2j+1}$, $\sigma^x_i \cdots \sigma^x_j = -i a_{2i+1} a_{2j}$,
$\sigma^y_i \cdots \sigma^y_j = i a_{2i} a_{2j+1}$, $\sigma^x_i \cdots \sigma^y_j = -i a_{2i+1} a_{2j+1}$,
$\sigma^y_i \cdots \sigma^x_j = i a_{2i} a_{2j}$.

Then $H/\hbar = \text{const} + \frac14 \sum_{mn} h_{mn} a_m a_n$ with the Hermitian $h = iA$, A real and antisymmetric.

Source: P. Jordan and E. Wigner, Z. Phys. 47, 631 (1928); E. Lieb, T. Schultz and D. Mattis, Ann. Phys. 16, 407 (1961).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.errors import ModelError
from qllg_sym.flow.hamiltonians.dense import numeric_part
from qllg_sym.memo import kept
from qllg_sym.model.model import Model

Array = NDArray[Any]
X, Y, Z = 1, 2, 3


@dataclass(frozen=True, eq=False)
class Quadratic:
    """Entries of A above its diagonal, and what is constant: amplitude number `groups` times `factors` each.

    Attributes:
        sites: N.
        rows: (k,), of 2N.
        columns: (k,), each above its row.
        groups: (k,), numbers of the amplitudes of `numeric_kernel`.
        factors: (k,).
        constant: (group, factor) of the identity.
        conserving: whether H commutes with the total S_z, exactly: then N modes do, in place of 2N.
    """

    sites: int
    rows: Array
    columns: Array
    groups: Array
    factors: Array
    constant: tuple[tuple[int, float], ...]
    conserving: bool


@kept
def quadratic(model: Model) -> Quadratic:
    """Return a model as a quadratic form.

    Raises:
        ModelError: a spin that is not ½, or a term that is not quadratic, with the reason.

    >>> from qllg_sym import Bilinear, Space
    >>> xx = Bilinear([[1, 0, 0], [0, 1, 0], [0, 0, 0]], 0, 1)
    >>> found = quadratic(Model(Space.half(2), [xx])); found.conserving, sorted(zip(found.rows, found.columns))
    (True, [(np.int64(0), np.int64(3)), (np.int64(1), np.int64(2))])
    """
    _check_spins(model)
    entries: list[tuple[int, int, int, Any]] = []
    constant: list[tuple[int, float]] = []
    for group, members in enumerate(numeric_kernel(model)[1]):
        for string, number in members:
            place = _place(string)
            if place is None:
                constant.append((group, float(number)))
            else:
                row, column, sign = place
                entries.append((row, column, group, 2 * sign * number))
    rows, columns, groups = (np.array([entry[k] for entry in entries], dtype=np.int64) for k in range(3))
    return Quadratic(model.space.sites, rows, columns, groups, np.array([float(entry[3]) for entry in entries]),
                     tuple(constant), _conserves(entries))


def _check_spins(model: Model) -> None:
    """Refuse spins other than ½, and matrices of numbers."""
    if not model.space.is_half:
        site, spin = next((i, s) for i, s in enumerate(model.space.spins) if str(s) != "1/2")
        raise ModelError(f"`model` must have spins ½ to be free fermions, but site {site} has spin {spin}; take "
                         "another method.")
    if numeric_part(model) is not None:
        raise ModelError("`model` must be written in terms to be free fermions, but has a matrix of numbers; write it "
                         "as terms, such as Pauli(J, \"XX\").")


def _place(string: tuple[int, ...]) -> tuple[int, int, int] | None:
    """Return the row, the column and the sign s of c · string = s c · i · a_row a_column; None for the identity."""
    ends = [site for site, letter in enumerate(string) if letter]
    if not ends:
        return None
    i, j = ends[0], ends[-1]
    left, right = string[i], string[j]
    if i == j and left == Z:
        return 2 * i, 2 * i + 1, -1
    if i == j or left == Z or right == Z or any(letter != Z for letter in string[i + 1:j]):
        raise ModelError(_refusal(string, ends))
    return 2 * i + (left == X), 2 * j + (right == Y), -1 if left == X else 1


def _refusal(string: tuple[int, ...], ends: list[int]) -> str:
    """Say which string is not quadratic, and why."""
    letters = "".join("xyz"[string[k] - 1] for k in ends)
    shown = f"σ{letters} on the site{'s' * (len(ends) > 1)} {', '.join(map(str, ends))}"
    if len(ends) == 1:
        why = "a field across z changes the number of fermions by one"
    elif "z" not in letters and len(ends) == 2:
        why = "its sites are not neighbours (a ring closes with such a term, too): the sites in between make it a " \
              "product of many fermions"
    elif len(ends) == 2 and letters == "zz":
        why = "fermions interact by it"
    elif letters.count("x") + letters.count("y") in (1, 3):
        why = "it changes the number of fermions by an odd number"
    else:
        why = "it is not quadratic in fermions"
    return (f"`model` must be an open chain of couplings xx, yy, xy, yx of neighbours and fields along z to be free "
            f"fermions, but has {shown}: {why}; take another method.")


def _conserves(entries: list[tuple[int, int, int, Any]]) -> bool:
    """Return whether A commutes with the rotation of every pair (2j, 2j + 1): blocks [[a, b], [−b, a]], exactly."""
    found = {(row, column, group): number for row, column, group, number in entries}

    def partner(row: int, column: int) -> tuple[int, int, int]:
        """The entry that must be the same, and its sign."""
        sign = 1 if row % 2 == column % 2 else -1
        other = (row ^ 1, column ^ 1)
        return (*other, sign) if other[0] < other[1] else (other[1], other[0], -sign)

    for (row, column, group), number in found.items():
        r, c, sign = partner(row, column)
        if found.get((r, c, group), 0) != sign * number:
            return False
    return True
