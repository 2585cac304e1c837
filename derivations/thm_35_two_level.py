r"""Theorem 35. The exact solution for a state with two distinct eigenvalues, under q-LLG and under q-LL.

Statement.   ρ(t) = a + bP(t), where P(t) = U(U†U)⁻¹U† projects onto the range of U(t), solves
             q-LLG for U(t) = exp(−Ht/(ħ(κb − i))) U(0), that is dU/dt = −icHU with c = 1/(1 + iκb);
             q-LL  for U(t) = exp(−(i + κb)Ht/ħ) U(0),   that is dU/dt = −icHU with c = 1 − iκb.
Hypotheses.  N = UGU†U − U = 0 at one instant: G is the inverse of the Gram matrix U†U on the columns of U (U is square,
             padded with columns of zeros); dG/dt = −G (d(U†U)/dt) G. a, b, κ real, b of either sign; H constant, the
             letter is H/ħ.
Proof.       P² − P = NGU†, and with Q = 1 − P,  dP/dt = ic̄ PHQ − ic QHP: what is left of the law is
             ib (PHQ (c̄ − 1 − iκb c̄) − adjoint) = 0, for q-LL b PHQ (ic̄ − i + κb) + adjoint = 0.
             N stays zero: dN/dt = −i(cH + (c̄ − c)PH)N is linear in N (Picard–Lindelöf).
Source.      PRL 133, 266704 (2024), eq. 3, and Phys. Rev. Lett. 110, 147201 (2013); own proof. Pure states: b = 1.
"""

from random import Random
from typing import Any

from qllg_sym.proof.language import D, Node, complex_pair, hypothesis, i, let, letters, node, pair, scalars, star
from qllg_sym.proof.lemmas import Lemma, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Matrix, Point, conjugate, dagger, gaussian, times
from qllg_sym.proof.random_points import hermitian, inverse, operator, rational
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, kappa, q_ll, q_llg

U, U_dag = pair("U", "U_dag")
G, = letters("G")
a, b = scalars("a b")
c, c_bar = complex_pair("c", "c_bar")
N = let("N", U * G * U_dag * U - U)
FACT = hypothesis("inverse", N)                     # N = 0 always, see `steps`
P = let("P", U * G * U_dag)
Q, E = 1 - P, FACT * G * U_dag                      # E = P² − P
RHO = let("rho", a + b * P)
VELOCITY = D(RHO)


def columns(m: Matrix, of: int) -> Matrix:
    """The first columns, the others set to zero."""
    return tuple(tuple(x if k < of else gaussian(0) for k, x in enumerate(row)) for row in m)


def flowing(rng: Random, sign: int = 1) -> Point:
    """Two columns in three dimensions, their inverse Gram matrix, and c = 1/(1 ± iκb)."""
    u = columns(operator(rng, 3), 2)
    gram = times(dagger(u), u)
    small = inverse(tuple(row[:2] for row in gram[:2]))
    g = ((*small[0], gaussian(0)), (*small[1], gaussian(0)), (gaussian(0),) * 3)
    values = {name: rational(rng) for name in ("a", "b", "kappa")}
    c_ = gaussian(1) / (gaussian(1) + gaussian(0, sign) * values["kappa"] * values["b"])
    return Point({"U": u, "U_dag": dagger(u), "G": g, "H": hermitian(rng, 3)},
                 {**values, "c": c_, "c_bar": conjugate(c_)})


def rates(speed: Node) -> dict[Node, Node]:
    """dU/dt = −i speed HU, its adjoint, and the rate of the inverse Gram matrix."""
    gram = -i * (star(speed) - speed) * G * U_dag * H * U * G
    return {U: -i * speed * H * U, U_dag: i * star(speed) * U_dag * H, G: gram, H: node(0)}


def steps(law: Node, by: Node, speed: Node) -> list[Step | Lemma]:
    """P is the projection on the range of U, ρ solves the law, and N stays zero."""
    moves, keeps = stays_zero("inverse", N, -i * (speed * H + (star(speed) - speed) * P * H) * N, by=0)
    return [moves, picard_lindelof("kept", keeps), equal("range", P * U, U, by=FACT),
            equal("projection", P**2, P, by=E), equal("solves", law, 0, by=by)]


def record(name: str, rate: str, **rest: Any) -> Theorem:
    """What both have in common."""
    formula = rf"\rho = a + bP,\ P^2 = P,\ PU = U,\quad \dot U = -{rate}\,HU"
    return Theorem(id=name, statement=formula,
                   note="in words: P projects onto the range of U, so for constant H that of P(t) is e^(−Ht·s) times "
                   "that of P(0), where s is the factor of −HU.",
                   source="PRL 133, 266704 (2024), eq. 3; own proof", scope="every dimension", sample=flowing,
                   claim_of=("N_moves", "kept", "range", "projection", "solves"), **rest)


def q_llg_steps(sign: int) -> list[Step | Lemma]:
    """For (1 ± iκb)c = 1; + is right."""
    speed = hypothesis("speed", (1 + sign * i * kappa * b) * c - 1)
    moved = i * c * E * H * P + i * c_bar * E * H * Q
    by = i * b * (P * H * Q * star(speed) - Q * H * P * speed) - i * kappa * b**2 * (moved - star(moved))
    return steps(q_llg(VELOCITY, state=RHO).about[1], by, c)


SLOW = 1 - i * kappa * b
Q_LL = q_ll(VELOCITY, state=RHO).about[1]
BY = kappa * b**2 * (E * H + H * star(E))
THEOREMS = [
    record("two-level", r"\frac{1}{\hbar(\kappa b - i)}", derivatives=rates(c), steps=q_llg_steps(1)),
    record("two-level-qll", r"\frac{i + \kappa b}{\hbar}", derivatives=rates(SLOW), steps=steps(Q_LL, BY, SLOW))]

BROKEN = [
    THEOREMS[0].twin("a sign: the energy grows", sample=lambda rng: flowing(rng, -1), steps=q_llg_steps(-1)),
    THEOREMS[1].twin("the speed of q-LLG", derivatives=rates(c), steps=steps(Q_LL, BY, c))]
