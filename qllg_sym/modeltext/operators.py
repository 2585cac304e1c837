"""Operators in tables that need more than a class's own arguments: complex matrices, and spin operators as words."""

import re
from functools import reduce
from typing import Any

import sympy as sp

from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model.spin_expression import SpinExpression, SpinVector
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.term import Term
from qllg_sym.model.terms.operator import Operator
from qllg_sym.modeltext.tables import Table

_LETTER = re.compile(r"S([0-9]{1,4})([xyz])")
AXES = "xyz"


def read_operator(table: Table) -> Term:
    """Return the term of kind "operator": `matrix`, its real part, with `imaginary`, and `sites`.

    >>> read_operator(Table("[[term]] 1", {"kind": "operator", "matrix": [[0, 0], [0, 0]],
    ...                                    "imaginary": [[0, -1], [1, 0]]})).rows
    ((0, -I), (I, 0))
    """
    table.only(["kind", "matrix", "imaginary", "sites"])
    matrix = complex_matrix(table)
    try:
        return Operator(matrix, table.integers("sites") if "sites" in table else None)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"{table.place}: {error}") from None


def complex_matrix(table: Table) -> Any:
    """Return the matrix that `matrix` and, where it is there, `imaginary` make.

    Raises:
        ModelError: they differ in size.
    """
    real = table.coefficient("matrix")
    if "imaginary" not in table:
        return real
    imaginary = table.coefficient("imaginary")
    try:
        return [[a + sp.I * b for a, b in zip(x, y, strict=True)] for x, y in zip(real, imaginary, strict=True)]
    except (TypeError, ValueError):
        raise table.wrong("imaginary", "a matrix of the size of `matrix`", table.raw("imaginary")) from None


def read_spins(table: Table) -> Term:
    """Return the term of kind "spins": `products` of a coefficient, or a pair [re, im], and spins such as "S0x S1y".

    >>> read_spins(Table("[[term]] 1", {"kind": "spins", "products": [["J", "S0x S1x"]]}, ["J"])).expression
    J S_0x S_1x
    """
    table.only(["kind", "products"])
    parts = [_product(table, item) for item in table.items("products")]
    return SpinTerm(reduce(lambda a, b: a + b, parts, SpinExpression(())))


def _product(table: Table, item: Any) -> SpinExpression:
    """One coefficient with its spins."""
    if not isinstance(item, list) or len(item) != 2 or not isinstance(item[1], str):
        raise table.wrong("products", "pairs such as [\"J\", \"S0x S1x\"]", item)
    letters = [_LETTER.fullmatch(word) for word in item[1].split()]
    found = Table(table.place, {"products": item[0]}, table.names).coefficient("products")
    pair = found if isinstance(found, list) else [found, 0]
    if None in letters or len(pair) != 2 or any(isinstance(part, list) for part in pair):
        raise table.wrong("products", "pairs such as [\"J\", \"S0x S1x\"]", item)
    c = sp.Add(pair[0], sp.I * pair[1])
    spins = (tuple(SpinVector.of(int(m[1])))[AXES.index(m[2])] for m in letters if m)
    return reduce(lambda a, b: a * b, spins, SpinExpression(((sp.S.One, ()),))) * c
