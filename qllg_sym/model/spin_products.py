"""Products of spin operators with their coefficients, on one line."""

from itertools import groupby

import sympy as sp

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import real_and_imaginary

Word = tuple[tuple[int, int], ...]      # factors S_i^k/ħ as (i, k), k = 0, 1, 2 for x, y, z


def product_text(c: sp.Expr, word: Word) -> str:
    """Return c · S_i^k S_j^l …/ħⁿ, its minus sign in front.

    >>> J, K = sp.symbols("J K", real=True)
    >>> product_text(J / 2 - K, ((0, 0), (0, 0))), product_text(-J / 2, ((0, 2),)), product_text(J + sp.I * K, ())
    ('(J/2 - K) S_0x^2', '−(J/2) S_0z', '(J + Ki)')
    """
    powers = ((site, axis, len(list(same))) for (site, axis), same in groupby(word))
    factors = " ".join(f"S_{site}{'xyz'[axis]}{f'^{n}' * (n > 1)}" for site, axis, n in powers)
    sign, size = ("−", -c) if c.could_extract_minus_sign() else ("", c)
    number = _number(*real_and_imaginary(size))
    return sign + " ".join(part for part in ("" if number == "1" and factors else number, factors) if part)


def _number(re: sp.Expr, im: sp.Expr) -> str:
    """A coefficient re + i·im."""
    if im == 0:
        return _bracketed(re)
    sign, size = ("−", -im) if im.could_extract_minus_sign() else ("+", im)
    turned = "i" if size == 1 else f"{_bracketed(size)}i"
    return f"({written(re)} {sign} {turned})" if re != 0 else turned if sign == "+" else f"−{turned}"


def _bracketed(c: sp.Expr) -> str:
    """A real coefficient; in brackets unless it is a product: J/2 S_x would be read as J/(2 S_x)."""
    text = written(c)
    return f"({text})" if c.is_Add or (c.free_symbols and "/" in text) else text
