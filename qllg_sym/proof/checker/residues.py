"""Whether a matrix of rational or complex numbers is invertible, decided by residues modulo a prime.

If a determinant is not 0 modulo the prime, it is not 0. A root of −1 stands for i.
"""

from .polynomial import Polynomial

PRIME = 998_244_353                         # 1 more than a multiple of 4, so that −1 has a root
ROOT = pow(3, (PRIME - 1) // 4, PRIME)      # of −1


def residue(x: Polynomial, row: int = -1, column: int = -1) -> int:
    """One entry of a matrix of numbers, or a number (row −1); a number beside a matrix is diagonal."""
    total = 0
    for (monomial, word), c in x.items():
        if word == (((row, column), 1),) or (not word and row == column):
            total += c.numerator * pow(c.denominator, -1, PRIME) * (ROOT if monomial else 1)
    return total % PRIME


def regular(rows: list[list[int]]) -> bool:
    """Whether a matrix is square and invertible modulo PRIME, by elimination."""
    if any(len(row) != len(rows) for row in rows):
        return False
    for k in range(len(rows)):
        pivot = next((j for j in range(k, len(rows)) if rows[j][k]), None)
        if pivot is None:
            return False
        rows[k], rows[pivot] = rows[pivot], rows[k]
        inverse = pow(rows[k][k], -1, PRIME)
        for j in range(k + 1, len(rows)):
            if factor := rows[j][k] * inverse % PRIME:
                rows[j] = [(a - factor * b) % PRIME for a, b in zip(rows[j], rows[k], strict=True)]
    return True
