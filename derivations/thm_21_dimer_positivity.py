r"""Theorem 21. When the numbers T_αβ of PRL 9 describe a state: three inequalities.

Statement.   For ρ = ¼ Σ T_αβ σ_α⊗σ_β with T_00 = 1 and real T, Newton's identities turn Tr ρ, …, Tr ρ⁴ into the
             coefficients of χ(x) = x⁴ − x³ + e_2 x² − e_3 x + e_4, where, with r = T_k0, s = T_0l, the 3×3 matrix T =
             T_kl, its cofactor matrix T~, N = |r|² + |s|² + |T|², c = r·Ts − det T:
             8 e_2 = 3 − N,   16 e_3 = 1 − N + 2c,
             256 e_4 = (1 − N)² + 8c − 4(|r|²|s|² + |Ts|² + |rT|² + |T~|²) + 8 r·T~s;
             and χ(−y) > 0 for y > 0 if e_2, e_3, e_4 ≥ 0.
In words.    χ is the characteristic polynomial of ρ, and the e_n are sums of products of its eigenvalues: ρ has no
             negative eigenvalue if and only if e_2, e_3, e_4 ≥ 0.
Hypotheses.  None on T for the three formulas.
Proof.       χ(x) = x⁴ − x³ + e_2 x² − e_3 x + e_4, e_n from Tr ρ, …, Tr ρ⁴ by Newton's identities. If all e_n ≥ 0 then
             χ(−y) > 0 for y > 0, so no eigenvalue is negative; if no eigenvalue is, then the e_n, sums of products of
             them, are not.
Source.      PRL 133, 266704 (2024), eq. 9, which states none; own proof.
"""

from functools import reduce
from operator import add

from qllg_sym.proof.language import Node, let, scalars, tr
from qllg_sym.proof.lemmas import characteristic_polynomial
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.step import equal, positive
from qllg_sym.proof.theorem import Theorem

from .dimer import T, any_numbers, normed

r, s = ([T[name] for name in row.split()] for row in ("x0 y0 z0", "0x 0y 0z"))
M = [[T[a + b] for b in "xyz"] for a in "xyz"]


def dot(a: list[Node], b: list[Node]) -> Node:
    """a·b."""
    return reduce(add, (x * y for x, y in zip(a, b, strict=True)))


turn = {0: (1, 2), 1: (2, 0), 2: (0, 1)}
cofactor = [[M[a][p] * M[b][q] - M[a][q] * M[b][p] for p, q in turn.values()] for a, b in turn.values()]
Ts, rT = [dot(row, s) for row in M], [dot(r, list(column)) for column in zip(*M, strict=True)]
N = let("N", dot(r, r) + dot(s, s) + reduce(add, (dot(row, row) for row in M)))
c = let("c", dot(r, Ts) - dot(M[0], cofactor[0]))
size = reduce(add, (dot(row, row) for row in cofactor))
squares = let("squares", dot(r, r) * dot(s, s) + dot(Ts, Ts) + dot(rT, rT) + size)
e2, e3 = let("e2", (3 - N) / 8), let("e3", (1 - N + 2 * c) / 16)
e4 = let("e4", ((1 - N)**2 + 8 * c - 4 * squares + 8 * dot(r, [dot(row, s) for row in cofactor])) / 256)
rho = let("rho", normed(T))
square = let("square", rho * rho)
p2, p3 = (let(f"p{n}", x) for n, x in ((2, tr(square)), (3, tr(square * rho))))
p4 = tr(square * square)

f2, f3, f4 = scalars("f2 f3 f4", "nonnegative")
y, = scalars("y", "positive")
parts = [x for name, x in T.items() if name != "00"]
newton = [equal("trace", 1, tr(rho)), equal("second", p2, 1 - 2 * e2),
          equal("third", 2 * p3, 6 * e3 - 1 + 3 * p2),
          equal("fourth", 6 * p4, 1 - 24 * e4 - 6 * p2 + 3 * p2**2 + 8 * p3)]
no_zero = positive("no_negative_zero", (-y)**4 - (-y)**3 + f2 * (-y)**2 - f3 * (-y) + f4,
                   y**4 + y**3 + f2 * y**2 + f3 * y + f4)

THEOREMS = [Theorem(
    id="dimer-positivity",
    statement=r"8 e_2 = 3 - N,\ 16 e_3 = 1 - N + 2c,\ 256 e_4 = (1 - N)^2 + 8c - 4(|r|^2|s|^2 + |Ts|^2 + |rT|^2 + "
              r"|\tilde T|^2) + 8\, r\cdot\tilde T s:\quad \det(x - \varrho) = x^4 - x^3 + e_2 x^2 - e_3 x + e_4;\quad "
              r"e_2, e_3, e_4 \ge 0,\ y > 0 \Rightarrow y^4 + y^3 + e_2 y^2 + e_3 y + e_4 > 0;\quad "
              r"\text{in words: } \varrho \ge 0 \Leftrightarrow e_2, e_3, e_4 \ge 0",
    source="PRL 133, 266704 (2024), eq. 9; own proof",
    note="in words: ρ ≥ 0 if and only if e_2, e_3, e_4 ≥ 0. The quartic is the characteristic polynomial of ρ at −y: "
         "with e_n ≥ 0 no eigenvalue is negative; and if none is, the e_n, sums of products of eigenvalues, are not.",
    scope="this dimension", sample=lambda rng: Point(scalars={
        **any_numbers(*parts)(rng).scalars, **{x.name: gaussian(rng.randint(1, 9)) for x in (f2, f3, f4, y)}}),
    claim_of=("trace", "second", "third", "fourth", "characteristic", "no_negative_zero"),
    steps=[*newton, characteristic_polynomial("characteristic", rho, [1, e2, e3, e4]), no_zero])]

BROKEN = [THEOREMS[0].twin("the term r·T~s left out", claim_of=("fourth",), steps=[equal(
    "fourth", 6 * p4, 1 - 24 * let("e4", ((1 - N)**2 + 8 * c - 4 * squares) / 256) - 6 * p2 + 3 * p2**2 + 8 * p3)])]
