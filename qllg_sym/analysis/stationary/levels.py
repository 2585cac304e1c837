"""The levels of H, exactly, in the basis of `algebra.spin`, in which spin operators are rational.

It differs from |m⟩ by a diagonal real matrix, so that traces are the same and diagonals of projectors are real.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product as all_of
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from qllg_sym.algebra import spin
from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import String
from qllg_sym.analysis.stationary.eigenspaces import Level, Sparse, eigenspaces
from qllg_sym.analysis.stationary.extension import field_of, in_domain, real_roots
from qllg_sym.errors import InputError
from qllg_sym.model.model import Model

LARGEST = 16                # dimension up to which levels are found exactly


def levels_of(model: Model, numbers: Mapping[sp.Symbol, sp.Expr]) -> tuple[Level, ...]:
    """Return the levels of H, for generic values of the parameters that have no number.

    Args:
        model: constant in time.
        numbers: exact values of parameters.

    Returns:
        In the order of their energies where all are numbers, else of the factors of the characteristic polynomial.

    Raises:
        InputError: a larger dimension than 16.
        DerivationError: coefficients that are not rational in the parameters, or levels that no formula gives.

    >>> from qllg_sym import Space, Zeeman
    >>> B, C = sp.symbols("B C", real=True)
    >>> [level.energy for level in levels_of(Model(Space("1/2"), [Zeeman((B, 0, C))]), {})]
    [-sqrt(B**2 + C**2)/2, sqrt(B**2 + C**2)/2]
    """
    d = model.space.dimension
    if d > LARGEST:
        raise InputError(f"`components` must be of dimension {LARGEST} at most for exact levels, but have {d}; "
                         "use q.solve to long times, or fewer spins.")
    found = eigenspaces(*_matrix(model, numbers), real_roots)
    return tuple(sorted(found, key=lambda level: sp.N(level.energy, 40)) if not _free(found) else found)


def _free(levels: Sequence[Level]) -> bool:
    return any(level.energy.free_symbols for level in levels)


def _matrix(model: Model, numbers: Mapping[sp.Symbol, sp.Expr]) -> tuple[Any, Any]:
    """The field of H's entries, and H as real and imaginary part."""
    d, terms = model.space.dimension, model.hamiltonian.terms
    written = {string: to_expr(c).xreplace(dict(numbers)) for (_, string), c in terms.items()}
    domain = field_of(list(written.values()))
    parts: list[list[list[Any]]] = [[[domain.zero] * d for _ in range(d)] for _ in range(2)]
    for string, coefficient in written.items():
        c = domain.from_sympy(coefficient)
        for (a, b), pair in rational_entries(model.space.numeric_spins, string).items():
            for part, x in zip(parts, pair, strict=True):
                part[a][b] += c * in_domain(domain, x)
    re, im = (DomainMatrix(part, (d, d), domain) for part in parts)
    return domain, (re, im)


def rational_entries(spins: Sequence[Fraction], string: String) -> Sparse:
    """Return a basis string as sparse entries (real, imaginary), in the basis in which they are rational.

    >>> rational_entries([Fraction(1, 2)], (2,))
    {(0, 1): (Fraction(0, 1), Fraction(-1, 1)), (1, 0): (Fraction(0, 1), Fraction(1, 1))}
    """
    entries: dict[tuple[int, int], tuple[Fraction, Fraction]] = {(0, 0): (Fraction(1), Fraction(0))}
    for s, index in zip(spins, string, strict=True):
        re, im = spin.member(s, index)
        d = int(2 * s) + 1
        site = {key: (re.get(key, Fraction(0)), im.get(key, Fraction(0))) for key in sorted({*re, *im})}
        entries = {(i * d + k, j * d + n): (x[0] * y[0] - x[1] * y[1], x[0] * y[1] + x[1] * y[0])
                   for ((i, j), x), ((k, n), y) in all_of(entries.items(), site.items())}
    return entries
