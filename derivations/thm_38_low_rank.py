r"""Theorem 38. The low-rank form: r columns carry a state of rank r, under q-LLG and under q-LL.

Statement.   ρ = U p U† with constant p and dU/dt = −(i/ħ)[UK + (1 − UU†)HUw] solves
             q-LLG for K − iκ[p, K] = U†HU and w = 1/(1 + iκp);   q-LL for K = U†HU + iκ[p, U†HU] and w = 1 − iκp.
             The columns stay orthonormal.
Hypotheses.  U has r orthonormal columns; here it is square, padded with zeros, E the projection on these r columns:
             N = U†U − E = 0 and F = UE − U = 0 at one instant; pE = p, wE = w, E = E² = E† constant; p = p†, K = K†
             (theorem 30); for q-LLG the rate of U has KE for K.
Proof.       With Q = 1 − UU†, U†Q = 0:  dρ/dt = iU[p, K]U† + iUpw†U†HQ − iQHUwpU†, and the law splits into
             iU[p, K − iκ[p, K] − U†HU]U† = 0 and iUp((1 − iκp)w† − 1)U†HQ − adjoint = 0; q-LL likewise.
             dN/dt and dF/dt are linear in N and F, so that 0 stays 0 (Picard–Lindelöf).
Source.      PRL 133, 266704 (2024), eq. 3, and Phys. Rev. Lett. 110, 147201 (2013); own proof.
"""

from random import Random
from typing import Any

from qllg_sym.proof.language import D, Node, Operand, comm, hypothesis, i, let, letters, node, pair, star
from qllg_sym.proof.lemmas import Lemma, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, hermitian, rational, unitary, velocity, with_values
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, kappa, q_ll, q_llg

U, U_dag = pair("U", "U_dag")
w, w_dag = pair("w", "w_dag")
p, K, E, Y = letters("p K E Y")
N_, F_ = let("N", U_dag * U - E), let("F", U * E - U)
N, F = hypothesis("orthonormal", N_), hypothesis("padded", F_)     # they are 0 always, see `steps`
P, L, S = hypothesis("P", p * E - p), hypothesis("L", E**2 - E), hypothesis("S", w * E - w)
SEEN = let("M", U_dag * H * U)
RHO = let("rho", U * p * U_dag)
Q = let("Q", 1 - U * U_dag)
OUT, OUT_ = star(F) + N * U_dag, star(F_) + N_ * U_dag         # −U†Q
BLOCK, OFF = comm(p, SEEN), p * U_dag * H * Q       # [ρ, H] = U·BLOCK·U† + U·OFF − adjoint


def packed(rng: Random, sign: int = 1) -> Point:
    """Two orthonormal columns in three dimensions, p, w, and K = U†HU + κY, Y the q-LLG velocity of p under U†HU."""
    kappa_, one, none = rational(rng), gaussian(1), gaussian(0)
    values, e = [one / gaussian(3), gaussian(2) / gaussian(3), none], diagonal([one, one, none])
    weights = diagonal([one / (one + gaussian(0, sign) * kappa_ * x) if x else none for x in values])
    u = times(unitary(rng, 3), e)
    point = Point({"U": u, "U_dag": dagger(u), "w": weights, "w_dag": dagger(weights), "p": diagonal(values), "E": e,
                   "H": hermitian(rng, 3)}, {"kappa": kappa_})
    point = with_values(point, M=SEEN)
    speed = velocity(point.letters["p"], point.letters["M"], kappa_)
    return with_values(Point({**point.letters, "Y": speed}, point.scalars), K=SEEN + kappa * Y)


def rates(inner: Node, outer: Node) -> dict[Node, Node]:
    """dU/dt = −i(U inner + QHU outer), with the adjoint; p and E are constant."""
    return {U: -i * (U * inner + Q * H * U * outer), U_dag: i * (star(inner) * U_dag + star(outer) * U_dag * H * Q),
            p: node(0), E: node(0)}


def steps(law: Node, by: Node, outer: Node, turn: tuple[Node, Operand], shift: tuple[Node, Node]) -> list[Step | Lemma]:
    """N and F stay zero, and the law; `turn` and `shift` are dN/dt and dF/dt, in N and F and in the hypotheses."""
    leak = OUT_ * H * U * outer
    first, rows = stays_zero("orthonormal", N_, i * (turn[0] + leak - star(leak)), by=turn[1])
    second, columns = stays_zero("padded", F_, shift[0], by=shift[1])
    return [first, second, picard_lindelof("stays", rows, columns), equal("solves", law, 0, by=by)]


def spill(block: Node, off: Node, out: Node) -> Node:
    """UpU†Z − Up(block·U† + off) for Z = U(block·U† + off) + out†, U†·out† = OUT·H·U·out, in hypotheses."""
    return U * (P + p * N) * (block * U_dag + off) + U * p * OUT * H * U * out * U_dag


GENERATOR = hypothesis("G", K - i * kappa * comm(p, K) - SEEN)


def q_llg_steps(sign: int) -> list[Step | Lemma]:
    """For w(1 ± iκp) = E; + is right."""
    generator = GENERATOR
    weight = hypothesis("W", w * (1 + sign * i * kappa * p) - E)
    off = i * U * (p * star(weight) + P) * U_dag * H * Q
    past = i * spill(comm(p, K), p * w_dag * U_dag * H * Q, w * p)
    extra = i * U * (P * K - K * star(P)) * U_dag       # dρ/dt by KE less that by K
    by = (i * U * comm(p, generator) * U_dag + off + star(off) - i * kappa * (past - star(past))
          + extra - i * kappa * comm(RHO, extra))
    return steps(q_llg(D(RHO), state=RHO).about[1], by, w, (E * K * N_ - N_ * K * E, 0),
                 (node(0), -i * (U * K * L + Q * H * U * S)))


def q_ll_steps(sign: int) -> list[Step | Lemma]:
    """For w = 1 ∓ iκp; − is right."""
    past = spill(BLOCK, OFF, p)
    moved = U_dag * H * F_                          # U†HU (E − 1)
    apart, fixed = moved + i * kappa * p * moved, -i * kappa * SEEN * P       # K(E − 1) is their sum
    return steps(q_ll(D(RHO), state=RHO).about[1], kappa * (past + star(past)), 1 - sign * i * kappa * p,
                 (comm(RAISED, N_) + apart - star(apart), i * (fixed - star(fixed))),
                 (-i * (U * apart + Q * H * F_), -i * (U * fixed - sign * i * kappa * Q * H * U * P)))


RAISED = SEEN + i * kappa * BLOCK


def record(name: str, weights: str, inner: Node, outer: Node, proof: list[Step | Lemma], **rest: Any) -> Theorem:
    """What both have in common."""
    law = r"\dot U = -\frac{i}{\hbar}[U (W \circ U^\dagger H U) + (1 - UU^\dagger) H U\,\mathrm{diag}(w)],\ "
    fields: dict[str, Any] = {"sample": packed, **rest}
    return Theorem(id=name, statement=law + weights + r",\ U^\dagger U = 1",
                   source="PRL 133, 266704 (2024), eq. 3; own proof", scope="every dimension",
                   derivatives=rates(inner, outer), steps=proof,
                   claim_of=("N_moves", "F_moves", "stays", "solves"), **fields)


THEOREMS = [
    record("low-rank", r"w_j = \frac{1}{1 + i\kappa p_j}", K * E, w, q_llg_steps(1),
           trajectory={K: GENERATOR}),
    record("low-rank-qll", r"w_j = 1 - i\kappa p_j", RAISED, 1 - i * kappa * p, q_ll_steps(1))]

BROKEN = [
    record("low-rank", "", K * E, w, q_llg_steps(-1), sample=lambda rng: packed(rng, -1), note="a sign of κ in w"),
    record("low-rank-qll", "", RAISED, 1 + i * kappa * p, q_ll_steps(-1), note="a sign of κ in w")]
