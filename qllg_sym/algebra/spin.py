"""Operators of one spin s: Stevens operators (σ for s = ½) as exact matrices, and their structure constants.

The matrices live in the unnormalised basis in which S₋ shifts with weight 1: similar to the standard ones by a diagonal
matrix, so products and traces are the same, but every entry is rational. Member n of a site basis has the index
n = k² + k + q for O_k^q (0 is the identity; 1, 2, 3 are O_1^{−1}, O_1^0, O_1^1); for s = ½ it is 1, σx, σy, σz.
"""

from fractions import Fraction
from functools import cache
from math import isqrt

import sympy as sp
from sympy.polys.rings import PolyElement, ring

Matrix = dict[tuple[int, int], Fraction]        # sparse, rational
Pair = tuple[Matrix, Matrix]                    # real and imaginary part
HALF = Fraction(1, 2)


@cache
def ladder(s: Fraction) -> tuple[Matrix, Matrix, Matrix]:
    """Return (S_z, S₊, S₋)/ħ of spin s as sparse rational matrices, m = s first: S₊S₋ − S₋S₊ = 2 S_z.

    >>> ladder(Fraction(1, 2))[1]
    {(0, 1): Fraction(1, 1)}
    """
    d = int(2 * s) + 1
    m = [s - k for k in range(d)]
    up = {(k - 1, k): s * (s + 1) - m[k] * (m[k] + 1) for k in range(1, d)}
    return {(k, k): m[k] for k in range(d)}, up, {(k, k - 1): Fraction(1) for k in range(1, d)}


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """Return the product of two sparse matrices.

    >>> multiply({(0, 1): Fraction(2)}, {(1, 0): Fraction(3)})
    {(0, 0): Fraction(6, 1)}
    """
    rows: dict[int, list[tuple[int, Fraction]]] = {}
    for (j, k), y in b.items():
        rows.setdefault(j, []).append((k, y))
    result: Matrix = {}
    for (i, j), x in a.items():
        for k, y in rows.get(j, ()):
            result[i, k] = result.get((i, k), Fraction(0)) + x * y
    return result


def combine(*terms: tuple[Fraction | int, Matrix]) -> Matrix:
    """Return a linear combination of sparse matrices, zeros dropped.

    >>> combine((2, {(0, 0): Fraction(1)}), (-2, {(0, 0): Fraction(1)}))
    {}
    """
    result: Matrix = {}
    for c, m in terms:
        for key, x in m.items():
            result[key] = result.get(key, Fraction(0)) + c * x
    return {key: x for key, x in result.items() if x}


@cache
def stevens_polynomial(k: int, q: int) -> tuple[PolyElement, Fraction]:
    """Return (f, α) with O_k^q = (α/2)(S₊^q f(S_z) + h.c.), O_k^{−q} = (α/2i)(S₊^q f(S_z) − h.c.), O_k^0 = α f(S_z).

    f is in ℤ[X, z] with X = s(s + 1), q ≥ 0: one formula for every s.
    Source: Rudowicz and Chung, J. Phys. Condens. Matter 16, 5825 (2004), normalisation of Stevens' operators.

    >>> stevens_polynomial(2, 0)
    (-X + 3*z**2, Fraction(1, 1))
    """
    _, X, z = ring("X,z", sp.ZZ)
    f = X.ring.one
    for p in range(k, q, -1):                       # T_k^{p−1} = [S₋, T_k^p], carried as S₊^p f(S_z)
        f = (X - (z + p - 1)**2 - (z + p - 1)) * f - (X - z**2 + z) * f.compose(z, z - 1)
        f = f.primitive()[1]
    sign = 1 if f.coeff(z**(k - q) if k > q else 1) > 0 else -1
    return f, Fraction(sign, 2 if k % 2 == 0 and q % 2 == 1 else 1)


def rank(index: int) -> tuple[int, int]:
    """Return (k, q) of member `index` of a Stevens basis.

    >>> rank(3), rank(6)
    ((1, 1), (2, 0))
    """
    k = isqrt(index)
    return k, index - k * k - k


def label(s: Fraction, index: int) -> str:
    """Return the short name of a basis member: 0 x y z for s = ½, else kq with m and p for the sign of q.

    >>> label(Fraction(1, 2), 1), label(Fraction(1), 3), label(Fraction(1), 4)
    ('x', '1p1', '2m2')
    """
    if s == HALF:
        return "0xyz"[index]
    k, q = rank(index)
    return "0" if k == 0 else f"{k}{'m' if q < 0 else 'p' if q else ''}{abs(q)}"


@cache
def member(s: Fraction, index: int) -> Pair:
    """Return basis member `index` of a spin s, (real, imaginary) part, in units ħ = 1.

    >>> member(Fraction(1), 2)[0]       # O_1^0 = S_z
    {(0, 0): Fraction(1, 1), (2, 2): Fraction(-1, 1)}
    """
    sz, up, down = ladder(s)
    if index == 0:
        return {(i, i): Fraction(1) for i in range(len(sz))}, {}
    if s == HALF:
        return (combine((1, up), (1, down)), {}) if index == 1 else \
            ({}, combine((-1, up), (1, down))) if index == 2 else (combine((2, sz)), {})
    k, q = rank(index)
    f, alpha = stevens_polynomial(k, abs(q))
    diagonal = {key: _value(f, s * (s + 1), m) for key, m in sz.items()}
    if q == 0:
        return combine((alpha, diagonal)), {}
    raised, lowered = diagonal, diagonal
    for _ in range(abs(q)):
        raised, lowered = multiply(up, raised), multiply(lowered, down)     # S₊^q f and its adjoint f S₋^q
    if q > 0:
        return combine((alpha / 2, raised), (alpha / 2, lowered)), {}
    return {}, combine((-alpha / 2, raised), (alpha / 2, lowered))          # 1/(2i) = −i/2


def _value(f: PolyElement, x: Fraction, z: Fraction) -> Fraction:
    """f(X, z) at rational arguments."""
    return sum((int(c) * x**a * z**b for (a, b), c in f.terms()), Fraction(0))


def trace_of_product(a: Pair, b: Pair) -> tuple[Fraction, Fraction]:
    """Return Tr ab as (real, imaginary).

    >>> trace_of_product(member(HALF, 1), member(HALF, 1))
    (Fraction(2, 1), Fraction(0, 1))
    """
    def trace(x: Matrix, y: Matrix) -> Fraction:
        return sum((v * y[j, i] for (i, j), v in x.items() if (j, i) in y), Fraction(0))
    return trace(a[0], b[0]) - trace(a[1], b[1]), trace(a[0], b[1]) + trace(a[1], b[0])


@cache
def norm(s: Fraction, index: int) -> Fraction:
    """Return Tr A² of a basis member.

    >>> norm(HALF, 3), norm(Fraction(1), 2)
    (Fraction(2, 1), Fraction(2, 1))
    """
    return trace_of_product(member(s, index), member(s, index))[0]


@cache
def product(s: Fraction, a: int, b: int) -> tuple[tuple[int, int, Fraction], ...]:
    """Return A_a A_b = Σ r i^k A_c as ((k, c, r), …), every r rational.

    >>> product(HALF, 1, 2)          # σx σy = i σz
    ((1, 3, Fraction(1, 1)),)
    """
    (are, aim), (bre, bim) = member(s, a), member(s, b)
    both = (combine((1, multiply(are, bre)), (-1, multiply(aim, bim))),
            combine((1, multiply(are, bim)), (1, multiply(aim, bre))))
    ranks = (0, 1) if s == HALF else (abs(rank(a)[0] - rank(b)[0]), min(rank(a)[0] + rank(b)[0], int(2 * s)))
    result = []
    for c in range(ranks[0]**2, (ranks[1] + 1)**2):     # the triangle rule of tensor operators bounds the search
        parts = trace_of_product(member(s, c), both)
        result += [(k, c, part / norm(s, c)) for k, part in enumerate(parts) if part]
    return tuple(result)


def standard_scale(s: Fraction) -> tuple[sp.Expr, ...]:
    """Return δ with M_standard = diag(δ)⁻¹ M diag(δ): from the unnormalised to the orthonormal basis |m⟩.

    >>> standard_scale(Fraction(1))
    (1, sqrt(2)/2, 1/2)
    """
    scale = [sp.Integer(1)]
    for (k, _), x in ladder(s)[1].items():
        del k
        scale.append(scale[-1] / sp.sqrt(sp.Rational(x.numerator, x.denominator)))
    return tuple(scale)
