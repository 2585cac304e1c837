r"""Theorem 37. The frame form: a state carried by a unitary frame, with its spectrum constant by construction.

Statement.   ρ = V p V† with constant p and dV/dt = −(i/ħ) VK, solves
             q-LLG for K − iκ[p, K] = V†HV,           that is K_jk = (V†HV)_jk / (1 − iκΔ_jk), Δ_jk = p_j − p_k;
             q-LL  for K = V†HV + iκ[p, V†HV],        that is K_jk = (V†HV)_jk (1 + iκΔ_jk).
             V stays unitary and ρV = Vp: the spectrum is that of p.
Hypotheses.  N = V†V − 1 = 0 and M = VV† − 1 = 0 at one instant; G = K − iκ[p, K] − V†HV = 0 with K = K† (theorem 30); p
             = p†. H may depend on time. Elements: Pp = jP, pQ = kQ, such as P = |j⟩⟨j|, Q = |k⟩⟨k|.
Proof.       dρ/dt = iV[p, K]V† and, where M = 0, [ρ, H] = V[p, V†HV]V†; so the law is iV[p, G]V† where N = 0.
             dN/dt = −i[N, K] and dM/dt = 0, for Hermitian K: linear in N and M, so that 0 stays 0 (Picard–Lindelöf).
Source.      PRL 133, 266704 (2024), eq. 3, and Phys. Rev. Lett. 110, 147201 (2013); own proof.
"""

from random import Random
from typing import Any

from qllg_sym.proof.language import D, Node, comm, hypothesis, i, let, letters, node, pair, scalars, star
from qllg_sym.proof.lemmas import Lemma, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, hermitian, operator, rational, unitary, velocity, with_values
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, kappa, q_ll, q_llg

V, V_dag = pair("V", "V_dag")
p, K = letters("p K")
P, Q = letters("P Q", hermitian=False)
j, k = scalars("j k")
N_, M_ = let("N", V_dag * V - 1), let("M", V * V_dag - 1)
N, M = hypothesis("columns", N_), hypothesis("rows", M_)           # they are 0 always, see `steps`
SEEN = let("W", V_dag * H * V)                      # H in the frame
RHO = let("rho", V * p * V_dag)
SOURCE = "PRL 133, 266704 (2024), eq. 3; own proof"


def framed(rng: Random, sign: int = 1) -> Point:
    """A unitary frame, a spectrum, K = W + κY with Y the q-LLG velocity of p under W, and projectors to two columns."""
    v, kappa_, d = unitary(rng, 3), rational(rng), 3
    values = [gaussian(x) / gaussian(7) for x in (4, 2, 1)]
    first, second = (diagonal([gaussian(int(m == n)) for n in range(d)]) for m in (0, 1))
    letters_ = {"V": v, "V_dag": dagger(v), "p": diagonal(values), "H": hermitian(rng, d),
                "P": times(operator(rng, d), first), "Q": times(second, operator(rng, d))}
    seen = with_values(Point(letters_, {"kappa": kappa_, "j": values[0], "k": values[1]}), W=SEEN).letters["W"]
    speed = velocity(letters_["p"], seen, times(kappa_, gaussian(sign)))
    point = with_values(Point({**letters_, "Y": speed}, {"kappa": kappa_, "j": values[0], "k": values[1]}),
                        K=SEEN + sign * kappa * letters("Y")[0])
    return Point({name: x for name, x in point.letters.items() if name != "Y"}, point.scalars)


def across(x: Node) -> Node:
    """[ρ, VxV†] − V[p, x]V†, in the hypotheses."""
    return V * p * N * x * V_dag - V * x * N * p * V_dag


OUTSIDE = M * H * V * p * V_dag - V * p * V_dag * H * M     # [ρ, H] − V[p, W]V†


def steps(law: Node, by: Node, generator: Node) -> list[Step | Lemma]:
    """The law, the frame stays unitary, and ρ has the spectrum of p."""
    columns, first = stays_zero("columns", N_, -i * comm(N_, generator), by=0)
    rows, second = stays_zero("rows", M_, 0, by=0)
    return [columns, rows, picard_lindelof("unitary", first, second), equal("solves", law, 0, by=by),
            equal("spectrum", RHO * V, V * p, by=V * p * N)]


def generator_of(sign: int) -> Node:
    """K − iκ[p, K] = W; + is right."""
    return hypothesis("G", K - sign * i * kappa * comm(p, K) - SEEN)


def q_llg_steps(sign: int) -> list[Step | Lemma]:
    """For K − iκ[p, K] = W, and the elements of K."""
    defining = generator_of(sign)
    by = i * V * comm(p, defining) * V_dag - i * OUTSIDE + kappa * across(comm(p, K))
    left, right = hypothesis("A", P * p - j * P), hypothesis("B", p * Q - k * Q)
    return [equal("elements", (1 - sign * i * kappa * (j - k)) * P * K * Q, P * SEEN * Q,
                  by=P * defining * Q + sign * i * kappa * (left * K * Q - P * K * right)),
            *steps(q_llg(D(RHO), state=RHO).about[1], by, K)]


def record(name: str, weights: str, generator: Node, proof: list[Step | Lemma], **rest: Any) -> Theorem:
    """What both have in common."""
    rates = {V: -i * V * generator, V_dag: i * star(generator) * V_dag, p: node(0)}
    law = r"\rho = VpV^\dagger,\quad \dot V = -\frac{i}{\hbar} V (W \circ V^\dagger H V),\quad "
    return Theorem(id=name, statement=law + weights, source=SOURCE, scope="every dimension",
                   sample=framed, derivatives=rates, steps=proof,
                   claim_of=tuple(step.name for step in proof), **rest)


TORQUE = comm(p, SEEN)
RAISED = SEEN + i * kappa * TORQUE
BY = -i * OUTSIDE + kappa * (across(TORQUE) + comm(RHO, OUTSIDE))


def q_ll_steps(generator: Node) -> list[Step | Lemma]:
    """For K = W + iκ[p, W]."""
    return steps(q_ll(D(RHO), state=RHO).about[1], BY, generator)


THEOREMS = [
    record("frame", r"W_{jk} = \frac{1}{1 - i\kappa\Delta_{jk}}", K, q_llg_steps(1), trajectory={K: generator_of(1)}),
    record("frame-qll", r"W_{jk} = 1 + i\kappa\Delta_{jk}", RAISED, q_ll_steps(RAISED))]

BROKEN = [
    THEOREMS[0].twin("a sign of κ", sample=lambda rng: framed(rng, -1), steps=q_llg_steps(-1)),
    record("frame-qll", "", SEEN - i * kappa * TORQUE, q_ll_steps(SEEN - i * kappa * TORQUE), note="a sign of κ")]
