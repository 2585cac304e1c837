r"""Theorem 30. q-LLG is a von Neumann equation with a Hermitian generator K: an isospectral flow.

Statement.   ρ̇ = i[ρ, K] with K = (1 − iκ ad_ρ)⁻¹ H = K†; so tr ρⁿ stays for every n, and with it the spectrum of ρ.
Hypotheses.  R = X − i[ρ, H] − iκ[ρ, X] = 0 with X = dρ/dt; G = K − iκ[ρ, K] − H = 0, of K nothing else is assumed.
             That there is one such K is theorem 5: the map is the same.
Proof.       Every E = Z − iκ[ρ, Z] obeys 2 tr(Z†Z) = tr(Z†E) + tr(E†Z), for tr(Z†[ρ, Z]) is real.
             Z = K − K† gives E = G − G† = 0, and Z = X − i[ρ, K] gives E = R − i[ρ, G] = 0: both vanish.
             Then d/dt tr(ρⁿ) = n tr(ρⁿ⁻¹ i[ρ, K]) = 0, and Newton's identities fix the eigenvalues.
Source.      PRL 133, 266704 (2024), eq. 3; own proof.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import D, Node, comm, hypothesis, i, pair, star, tr
from qllg_sym.proof.lemmas import Lemma, constant_spectrum
from qllg_sym.proof.numeric import Point, gaussian, times
from qllg_sym.proof.random_points import mixed, velocity, with_values
from qllg_sym.proof.step import Step, equal, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, n, rho

K, K_dag = pair("K", "K_dag")


def half(z: Node, e: Node) -> Node:
    """Re tr(z† e), which is tr(z† z) where e = z − iκ[ρ, z]."""
    return Fraction(1, 2) * (tr(star(z) * e) + tr(star(e) * z))


def generated(rng: Random) -> Point:
    """A random state with K = H + κX, the generator, for X = i[ρ, K] and K = H + iκ[ρ, K]."""
    return with_values(mixed(rng), K=H + kappa * X, K_dag=H + kappa * X)


def turned(rng: Random) -> Point:
    """The K that obeys its equation with i left out: not Hermitian, so that the flow is not unitary."""
    p = mixed(rng)
    k = times(p.scalars["kappa"], gaussian(0, -1))
    wrong = Point({**p.letters, "X": velocity(p.letters["rho"], p.letters["H"], k)}, p.scalars, p.exponents)
    point = with_values(wrong, K=H - i * kappa * X)
    return with_values(Point({**point.letters, "X": p.letters["X"]}, p.scalars, p.exponents), K_dag=star(K))


def steps(g: Node) -> list[Step | Lemma]:
    """The proof from an equation g = 0 of K."""
    flow = X - i * comm(rho, K)
    proof = zero("flow", flow, by=half(flow, R - i * comm(rho, g)))
    moments = equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * proof.fact))
    return [zero("hermitian", K - star(K), by=half(K - star(K), g - star(g))), proof, moments,
            constant_spectrum("spectrum", rho, moments, n)]


G = hypothesis("G", K - i * kappa * comm(rho, K) - H)
THEOREMS = [Theorem(
    id="generator", statement=r"\dot\rho = \frac{i}{\hbar}[\rho, K],\quad "
    r"K = (1 - i\kappa\,\mathrm{ad}_\rho)^{-1} H = K^\dagger,\quad \frac{d}{dt}\,\mathrm{Tr}\,\rho^n = 0",
    source="PRL 133, 266704 (2024), eq. 3; own proof", scope="every dimension", derivatives={rho: X}, sample=generated,
    claim_of=("hermitian", "flow", "moments", "spectrum"), trajectory={X: R, K: G}, steps=steps(G))]

BROKEN = [THEOREMS[0].twin("without i in the generator", sample=turned,
                           steps=steps(hypothesis("G", K - kappa * comm(rho, K) - H)))]
