r"""Theorem 7. The quantum LLG equation keeps ρ non-negative, for every dimension.

Statement.   ρ(t) = g(t)g(t)† for all t, hence tr(A†Aρ) ≥ 0 for every A.
Hypotheses.  ρ = gg† at the start, as for every ρ ≥ 0; H = H†; K = K† solves G = K − iκ[ρ, K] − H = 0 (it exists:
             `generator`).
Proof.       Let g follow dg/dt = −iKg. Then ρ = gg† has X = i[ρ, K], and X − i[ρ, H] − iκ[ρ, X] = i[ρ, G] = 0: it
             solves the law. The right-hand side is smooth in ρ (`existence`), so this is the solution: Picard–Lindelöf.
Source.      PRL 133, 266704 (2024), eq. 3 and the text below it; own proof.
"""

from random import Random

from qllg_sym.proof.language import D, comm, hypothesis, i, letters, pair, sq, star, tr
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.samples import hermitian, operator, rational, with_values
from qllg_sym.proof.step import equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, kappa, q_llg

g, g_dag = pair("g", "g_dag")
A, A_dag = pair("A", "A_dag")
K, = letters("K")
state = g * g_dag
G = hypothesis("G", K - i * kappa * comm(state, K) - H)
law = q_llg(velocity=D(state), state=state).about[1]


def root(rng: Random, d: int = 3) -> Point:
    """A random g, K and the H that K belongs to."""
    a = Point({"g": operator(rng, d), "K": hermitian(rng, d), "A": operator(rng, d)}, {"kappa": rational(rng)})
    a = with_values(a, g_dag=star(g), A_dag=star(A))
    return with_values(a, H=K - i * kappa * comm(state, K))


THEOREMS = [Theorem(
    id="positivity", statement=r"\rho(0) \ge 0 \Rightarrow \rho(t) = g(t)\,g(t)^\dagger \ge 0",
    source="PRL 133, 266704 (2024), below eq. 3; own proof", scope="every dimension", sample=root,
    derivatives={g: -i * K * g, g_dag: i * g_dag * K}, claim_of=("law", "expectation"),
    lemmas={"Picard-Lindelof": "law"},
    steps=[equal("law", law, 0, by=i * comm(state, G)), nonnegative("expectation", tr(A_dag * A * state), sq(A * g))])]

U = hypothesis("G", K - kappa * comm(state, K) - H)
BROKEN = [
    THEOREMS[0].twin("without i in K", claim_of=("law",), steps=[equal("law", law, 0, by=i * comm(state, U))],
                     sample=lambda rng: with_values(root(rng), H=K - kappa * comm(state, K))),
    THEOREMS[0].twin("A twice instead of A and its adjoint", claim_of=("expectation",), lemmas={}, steps=[
        nonnegative("expectation", tr(A * A * state), sq(A * g))])]
