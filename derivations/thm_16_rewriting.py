r"""Theorem 16. PRL 3 in the form of q-LL, and back, for every dimension.

Statement.   X = i[ρ, H] + iκ[ρ, X]  ⇔  X + κ²[ρ, [ρ, X]] = i[ρ, H] − κ[ρ, [ρ, H]].
Hypotheses.  One of the two, R = 0 or W = 0; for the way back also ρ, H, X Hermitian and κ real.
Proof.       W = R + iκ[ρ, R]. Back: R is Hermitian and tr(R[ρ, R]) = 0, so tr R² = tr(RW) = 0, and R = 0 by the trace
             form.
Source.      PRL 133, 266704 (2024), below eq. 8.
"""

from random import Random

from qllg_sym.proof.language import comm, hypothesis, i, tr
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import mixed, with_values
from qllg_sym.proof.step import equal, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import R, X, kappa, q_ll, rho

q_llg_of_X, q_ll_of_X = R.about[1], q_ll().about[1]
rewritten = q_ll_of_X + kappa**2 * comm(rho, comm(rho, X))
W = hypothesis("W", rewritten)

THEOREMS = [
    Theorem(id="rewriting", statement=r"\dot\rho + \kappa^2[\rho, [\rho, \dot\rho]] = "
            r"\frac{i}{\hbar}[\rho, H] - \frac{\kappa}{\hbar}[\rho, [\rho, H]]",
            source="PRL 133, 266704 (2024), below eq. 8",
            scope="every dimension", sample=mixed,
            steps=[equal("forward", rewritten, 0, by=R + i * kappa * comm(rho, R))]),
    Theorem(id="rewriting-back", statement=r"\rho, H, \dot\rho \text{ Hermitian},\ \kappa \in \mathbb{R}:\quad "
            r"\dot\rho + \kappa^2[\rho, [\rho, \dot\rho]] = \frac{i}{\hbar}[\rho, H] - "
            r"\frac{\kappa}{\hbar}[\rho, [\rho, H]] \Rightarrow \text{PRL 3}",
            source="PRL 133, 266704 (2024), below eq. 8",
            scope="every dimension", sample=mixed, steps=[zero("back", q_llg_of_X, by=tr(q_llg_of_X * W))])]


def wieser(rng: Random) -> Point:
    """A state that follows q-LL."""
    return with_values(mixed(rng), X=X - q_ll_of_X)


BROKEN = [
    THEOREMS[0].twin("without the double commutator of ρ̇: q-LL itself", steps=[
        equal("forward", q_ll_of_X, 0, by=R + i * kappa * comm(rho, R))]),
    THEOREMS[1].twin("without the double commutator of ρ̇: q-LL itself", sample=wieser, steps=[
        zero("back", q_llg_of_X, by=tr(q_llg_of_X * q_ll(name="W")))])]
