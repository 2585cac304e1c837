"""Crystal field of one spin in extended Stevens operators."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any, ClassVar

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.context import Context, Letter
from qllg_sym.model.space import Space
from qllg_sym.model.term import Site, Term

RANKS = (2, 4, 6)


@dataclass(frozen=True)
class Stevens(Term):
    r"""$H = \sum_{kq} B_k^q\, O_k^q(\mathbf S_i/\hbar)$, k = 2, 4, 6 and q = −k … k.

    O_2^0 = 3S_z² − s(s + 1), O_2^2 = S_x² − S_y² = (S₊² + S₋²)/2, O_4^4 = (S₊⁴ + S₋⁴)/2, S in units of ħ; those with
    q < 0 are the ones with (… − …)/2i. They are extended Stevens operators, as EasySpin has them.

    Args:
        B: {(k, q): energy}, or rows (k, q, energy).
        i: the site; operators with k > 2s are zero and are refused.

    Raises:
        ModelError: another k or q, two coefficients for one operator, k > 2s, a complex coefficient, or a site that
            does not exist.
        InputTypeError: neither a mapping nor rows.

    Source: Rudowicz and Chung, J. Phys. Condens. Matter 16, 5825 (2004).

    >>> Stevens({(2, 0): 0.1, (4, 4): -0.01}, 0).B
    ((2, 0, 1/10), (4, 4, -1/100))
    """

    B: Any
    i: Site
    kind: ClassVar[str] = "stevens"
    latex: ClassVar[str] = r"\sum_{kq} B_k^q\, O_k^q(\mathbf S_i/\hbar)"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "B", tuple(sorted(_rows(self.B), key=lambda row: row[:2])))

    def coefficients(self) -> Iterable[sp.Expr]:
        """The B_k^q."""
        return [c for _, _, c in self.B]

    def times(self, factor: sp.Expr) -> "Stevens":
        """Every B_k^q times a coefficient."""
        return Stevens(tuple((k, q, factor * c) for k, q, c in self.B), self.i)

    def check(self, space: Space) -> None:
        """Raise unless the site exists and its spin is large enough for every operator."""
        super().check(space)
        s = space.spins[self.i]
        if space.symbolic:
            raise ModelError(f"`Stevens` must act on a spin that is a number, but the spin is {s}; give one.")
        for k, q, _ in self.B:
            if k > 2 * s:
                raise ModelError(f"`B` must have k of at most 2s, but O_{k}^{q} is zero on site {self.i}, of spin {s}; "
                                 "leave it out.")

    def hamiltonian(self, x: Context) -> Letter:
        """Σ B_k^q O_k^q."""
        return x.sum((c, x.string((0,) * self.i + (k * k + k + q,) + (0,) * (x.sites - self.i - 1)))
                     for k, q, c in self.B)

    def describe(self) -> str:
        """One line for `Model.describe`."""
        values = ", ".join(f"B_{k}^{q} = {written(c)}" for k, q, c in self.B)
        return f"Stevens     +Σ B_k^q O_k^q(S_{self.i}/ħ), {values} [energy]"


def _rows(given: Any) -> Iterable[tuple[int, int, sp.Expr]]:
    """The coefficients as rows (k, q, B)."""
    rows = [(*key, c) if isinstance(key, tuple) else (key, c) for key, c in given.items()] \
        if isinstance(given, Mapping) else given
    if not isinstance(rows, (list, tuple)) or not rows or not all(
            isinstance(row, (list, tuple)) and len(row) == 3 and all(_is_integer(n) for n in row[:2]) for row in rows):
        raise InputTypeError(f"`B` must map (k, q) to coefficients, but is {given!r}; write {{(2, 0): 0.1}}.")
    found: dict[tuple[int, int], sp.Expr] = {}
    for k, q, c in ((int(k), int(q), c) for k, q, c in rows):
        if k not in RANKS or abs(q) > k:
            raise ModelError(f"`B` must have k = 2, 4 or 6 and q from −k to k, but has ({k}, {q}); see Stevens.")
        if (k, q) in found:
            raise ModelError(f"`B` must have one coefficient for each operator, but has ({k}, {q}) twice; add them.")
        found[k, q] = real_coefficient(c, "B")
    return [(k, q, c) for (k, q), c in found.items()]


def _is_integer(value: Any) -> bool:
    return (isinstance(value, Integral) and not isinstance(value, bool)) or (
        isinstance(value, sp.Expr) and value.is_Integer is True)
