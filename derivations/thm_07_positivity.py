r"""Theorem 7. The quantum LLG equation keeps ρ non-negative, for every dimension.

Statement.   If ρ = gg† at one instant and ρ obeys the law, then ρ(t) = g(t)g(t)† for all t, hence tr(A†Aρ) ≥ 0 for
             every A.
Hypotheses.  R = X − i[ρ, H] − iκ[ρ, X] = 0 with X = dρ/dt at all times; ρ = gg† at one instant, as for every ρ ≥ 0;
             dg/dt = −i(H + κX)g, a linear equation; H = H†, of any time dependence.
Proof.       The law is X = i[ρ, K] with K = H + κX = K†, and d(gg†)/dt = i[gg†, K]. So N = ρ − gg† obeys dN/dt = i[N,
             K] + R, and N = 0 stays: Picard–Lindelöf. tr(A†Aρ) = |Ag|² + tr(A†AN).
Source.      PRL 133, 266704 (2024), eq. 3 and the text below it; own proof.
"""

from random import Random

from qllg_sym.proof.language import Node, comm, i, let, pair, sq, star, tr
from qllg_sym.proof.lemmas import picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import hermitian, operator, rational, velocity, with_values
from qllg_sym.proof.step import Step, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, rho

g, g_dag = pair("g", "g_dag")
A, A_dag = pair("A", "A_dag")
N, K = let("N", rho - g * g_dag), let("K", H + kappa * X)


def root(rng: Random, d: int = 3) -> Point:
    """A random g, ρ = gg† and its velocity under a random H."""
    a = Point({"g": operator(rng, d), "H": hermitian(rng, d), "A": operator(rng, d)}, {"kappa": rational(rng)})
    a = with_values(a, g_dag=star(g), A_dag=star(A))
    a = with_values(a, rho=g * g_dag)
    x = velocity(a.letters["rho"], a.letters["H"], a.scalars["kappa"])
    return Point({**a.letters, "X": x}, a.scalars)


moves, keeps = stays_zero("square", N, i * comm(N, K), by=R)
stays = picard_lindelof("stays", keeps)


def expectation(left: Node) -> Step:
    """tr(A†Aρ) ≥ 0."""
    return nonnegative("expectation", left, sq(A * g), by=tr(A_dag * A * stays.fact))


THEOREMS = [Theorem(
    id="positivity", statement=r"\rho(0) = g(0)\,g(0)^\dagger \Rightarrow \rho(t) = g(t)\,g(t)^\dagger \ge 0",
    source="PRL 133, 266704 (2024), below eq. 3; own proof", scope="every dimension", sample=root,
    derivatives={rho: X, g: -i * K * g, g_dag: i * g_dag * K}, claim_of=("N_moves", "stays", "expectation"),
    trajectory={X: R}, steps=[moves, stays, expectation(tr(A_dag * A * rho))])]
BROKEN = [
    THEOREMS[0].twin("g moves without the damping", claim_of=("N_moves",), derivatives={
        rho: X, g: -i * H * g, g_dag: i * g_dag * H}, steps=[moves, stays]),
    THEOREMS[0].twin("A twice instead of A and its adjoint", claim_of=("expectation",), steps=[
        moves, stays, expectation(tr(A * A * rho))])]
