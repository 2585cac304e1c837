r"""Theorem 40. The size of dρ/dt under both laws, and so when a state is stationary, in every dimension.

Statement.   q-LLG: |X|² + κ²|[ρ, X]|² = |[ρ, H]|²;  q-LL: |Y|² = |[ρ, H]|² + κ²|[ρ, [ρ, H]]|², where |a|² = tr(a†a).
In words.    Both sides are sums of squares (κ real), and each vanishes with the other: dρ/dt = 0 ⇔ [ρ, H] = 0.
Hypotheses.  X = dρ/dt by q-LLG (R), Y = dρ/dt by q-LL (S).  (Nothing on H or κ.)
Proof.       A = X − iκ[ρ, X] is i[ρ, H] + R, and the cross terms of |A|² cancel, for tr(X[ρ, X]) = 0.
             In the same way B = i[ρ, H] − κ[ρ, [ρ, H]] is Y − S, and tr([ρ, H][ρ, [ρ, H]]) = 0.
Source.      Own; the paper finds its steady states by integration (PRL 133, 266704 (2024), Figs. 1–4).
"""

from random import Random

from qllg_sym.proof.language import comm, i, letters, sq, star, tr
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.samples import lawless, mixed, with_values
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, q_ll, rho

Y, = letters("Y")
S = q_ll(Y, "S")
A, B = X - i * kappa * comm(rho, X), i * comm(rho, H) - kappa * comm(rho, comm(rho, H))


def both(rng: Random) -> Point:
    """A random state with its velocities by q-LLG and by q-LL."""
    return with_values(mixed(rng), Y=B)


THEOREMS = [Theorem(
    id="stationary", statement=r"|\dot\rho|^2 + \kappa^2|[\rho, \dot\rho]|^2 = |[\rho, H]|^2\ \text{(q-LLG)},\quad "
    r"|\dot\rho|^2 = |[\rho, H]|^2 + \kappa^2|[\rho, [\rho, H]]|^2\ \text{(q-LL)}",
    note="in words: for real κ each side is a sum of squares that vanishes with the other, so dρ/dt = 0 ⇔ [ρ, H] = 0 "
         "under both laws.",
    source="own; PRL 133, 266704 (2024), eq. 3", scope="every dimension", sample=both, claim_of=("llg", "ll"),
    steps=[equal("llg", sq(X) + kappa**2 * sq(comm(rho, X)), sq(comm(rho, H)),
                 by=tr(star(A) * R) + tr(star(R) * A) - sq(R)),
           equal("ll", sq(Y), sq(comm(rho, H)) + kappa**2 * sq(comm(rho, comm(rho, H))),
                 by=tr(star(B) * S) + tr(star(S) * B) + sq(S))])]

BROKEN = [
    THEOREMS[0].twin("a sign: damping would make q-LLG faster than precession", claim_of=("llg",), steps=[equal(
        "llg", sq(X) - kappa**2 * sq(comm(rho, X)), sq(comm(rho, H)), by=tr(star(A) * R) + tr(star(R) * A) - sq(R))]),
    THEOREMS[0].twin("without the law", claim_of=("llg",), sample=lawless, steps=[
        equal("llg", sq(X) + kappa**2 * sq(comm(rho, X)), sq(comm(rho, H)))])]
