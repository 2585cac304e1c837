"""Matrices in the standard basis ↔ coefficients in the site bases, exactly and site by site."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import product as all_of
from math import prod
from typing import Any

import sympy as sp

from qllg_sym.algebra import spin
from qllg_sym.algebra.sites import String, string_norm


@cache
def standard_member(s: Fraction, index: int) -> dict[tuple[int, int], sp.Expr]:
    """Return a site-basis member in the orthonormal basis |m⟩, m = s first, as sparse exact entries.

    >>> standard_member(Fraction(1, 2), 2)
    {(0, 1): -I, (1, 0): I}
    """
    re, im = spin.member(s, index)
    scale = spin.standard_scale(s)
    keys = sorted({*re, *im})
    return {(i, j): (_rational(re.get((i, j), Fraction(0))) + sp.I * _rational(im.get((i, j), Fraction(0))))
            * scale[j] / scale[i] for i, j in keys}


def standard_string(spins: Sequence[Fraction], string: String) -> sp.ImmutableMatrix:
    """Return a basis string as a (d, d) matrix in the standard product basis.

    >>> standard_string([Fraction(1, 2)], (3,))
    Matrix([
    [1,  0],
    [0, -1]])
    """
    entries: dict[tuple[int, int], sp.Expr] = {(0, 0): sp.S.One}
    for s, index in zip(spins, string, strict=True):
        d = int(2 * s) + 1
        entries = {(i * d + k, j * d + n): x * y for (i, j), x in entries.items()
                   for (k, n), y in standard_member(s, index).items()}
    size = prod(int(2 * s) + 1 for s in spins)
    return sp.ImmutableMatrix(sp.SparseMatrix(size, size, entries))


def _rational(x: Fraction) -> sp.Rational:
    return sp.Rational(x.numerator, x.denominator)


def expand_matrix(rows: Sequence[Sequence[sp.Expr]], spins: Sequence[Fraction]) -> dict[String, sp.Expr]:
    """Return Tr(A M)/n of a Hermitian matrix for every basis string A with a nonzero coefficient.

    >>> expand_matrix(((1, 0), (0, -1)), [Fraction(1, 2)])
    {(3,): 1}
    """
    dims = [int(2 * s) + 1 for s in spins]
    states = list(all_of(*map(range, dims)))
    entries: dict[tuple[Any, ...], sp.Expr] = {
        ((), states[i], states[j]): e for i, row in enumerate(rows) for j, e in enumerate(row) if e != 0}
    for s in spins:                                     # one site after another: cost d²·Σ d_i², not d⁴
        entries = _transform(entries, s)
    result = {}
    for (string, _, _), value in sorted(entries.items(), key=lambda item: item[0][0]):
        value = _expanded(value / _rational(string_norm(spins, string)))
        if value != 0:
            result[string] = value
    return result


def _expanded(value: sp.Expr) -> sp.Expr:
    """Return a sum of products; functions stay as they are written.

    exp(−(t − a)²) would become exp(−t²) exp(2at) exp(−a²), which overflows.

    >>> x = sp.Symbol("x")
    >>> _expanded((x + 1) * (sp.exp((x - 1)**2) + 1) - 1)
    x*exp((x - 1)**2) + x + exp((x - 1)**2)
    """
    functions = {part: sp.Dummy() for part in value.atoms(sp.Function)}
    expanded = sp.expand(value.xreplace(functions))
    return expanded.xreplace({letter: part for part, letter in functions.items()})


def _transform(entries: dict[tuple[Any, ...], sp.Expr], s: Fraction) -> dict[tuple[Any, ...], sp.Expr]:
    """Contract the first remaining site of both indices with every member of its basis."""
    d = int(2 * s) + 1
    columns: dict[tuple[int, int], list[tuple[int, sp.Expr]]] = {}
    for index in range(d * d):
        for (i, j), x in standard_member(s, index).items():
            columns.setdefault((j, i), []).append((index, x))          # Tr A M = Σ A_ij M_ji
    result: dict[tuple[Any, ...], sp.Expr] = {}
    for (string, row, column), value in entries.items():
        for index, x in columns.get((row[0], column[0]), ()):
            key = ((*string, index), row[1:], column[1:])
            result[key] = result.get(key, sp.S.Zero) + x * value
    return result
