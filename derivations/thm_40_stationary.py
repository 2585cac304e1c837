r"""Theorem 40. The size of dρ/dt under both laws, and so when a state is stationary, in every dimension.

Statement.   stationary            q-LLG: |X|² + κ²|[ρ, X]|² = |[ρ, H]|²;  q-LL: |Y|² = |[ρ, H]|² + κ²|[ρ, [ρ, H]]|²,
                                   where |a|² = tr(a†a).
             stationary-if         [ρ, H] = 0 ⇒ X = 0 and Y = 0.
             stationary-only-if    X = 0 ⇒ [ρ, H] = 0, and Y = 0 ⇒ [ρ, H] = 0 (stationary-only-if-ll).
Hypotheses.  X = dρ/dt by q-LLG (R), Y = dρ/dt by q-LL (S); ρ, H, X, Y Hermitian (theorem 4) and κ real, of any sign.
             (Nothing of this in stationary-only-if.)
Proof.       A = X − iκ[ρ, X] is i[ρ, H] + R, and the cross terms of |A|² cancel, for tr(X[ρ, X]) = 0.
             In the same way B = i[ρ, H] − κ[ρ, [ρ, H]] is Y − S, and tr([ρ, H][ρ, [ρ, H]]) = 0. A sum of squares
             that is zero has zero terms (κ real).
Source.      Own; the paper finds its steady states by integration (PRL 133, 266704 (2024), Figs. 1–4).
"""

from random import Random

from qllg_sym.proof.language import comm, hypothesis, i, letters, sq, star, tr
from qllg_sym.proof.numeric import Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, lawless, mixed, rational, unitary, with_values
from qllg_sym.proof.step import equal, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, q_ll, rho

Y, = letters("Y")
S = q_ll(Y, "S")
A, B = X - i * kappa * comm(rho, X), i * comm(rho, H) - kappa * comm(rho, comm(rho, H))


def both(rng: Random) -> Point:
    """A random state with its velocities by q-LLG and by q-LL."""
    return with_values(mixed(rng), Y=B)


def resting(rng: Random) -> Point:
    """A state and an H with common eigenvectors, which rests under both laws."""
    v, values = unitary(rng, 3), [gaussian(rng.randint(1, 9)) / gaussian(9) for _ in range(3)]
    r, h = (times(times(v, diagonal(x)), dagger(v)) for x in (values, [rational(rng) for _ in range(3)]))
    zero_velocity = times(r, gaussian(0))
    return Point({"rho": r, "H": h, "X": zero_velocity, "Y": zero_velocity}, {"kappa": rational(rng)})


C, NO_X, NO_Y = hypothesis("C", comm(rho, H)), hypothesis("no_X", X), hypothesis("no_Y", Y)
SOURCE = "own; PRL 133, 266704 (2024), eq. 3"
norms = {"llg": equal("llg", sq(X) + kappa**2 * sq(comm(rho, X)), sq(comm(rho, H)),
                      by=tr(star(A) * R) + tr(star(R) * A) - sq(R)),
         "ll": equal("ll", sq(Y), sq(comm(rho, H)) + kappa**2 * sq(comm(rho, comm(rho, H))),
                     by=tr(star(B) * S) + tr(star(S) * B) + sq(S))}
THEOREMS = [Theorem(
    id="stationary", statement=r"|\dot\rho|^2 + \kappa^2|[\rho, \dot\rho]|^2 = |[\rho, H]|^2\ \text{(q-LLG)},\quad "
    r"|\dot\rho|^2 = |[\rho, H]|^2 + \kappa^2|[\rho, [\rho, H]]|^2\ \text{(q-LL)}",
    note="dρ/dt = 0 ⇔ [ρ, H] = 0 under both laws: stationary-if, stationary-only-if, stationary-only-if-ll.",
    source=SOURCE, scope="every dimension", sample=both, claim_of=("llg", "ll"), steps=[*norms.values()]),
    Theorem(id="stationary-if", statement=r"[\rho, H] = 0 \Rightarrow \dot\rho = 0\ \text{(q-LLG and q-LL)}",
            source=SOURCE, scope="every dimension", sample=resting, claim_of=("llg_rests", "ll_rests"),
            steps=[zero("llg_rests", X, by=tr(star(A) * (R + i * C)), rest=sq(kappa * comm(rho, X))),
                   equal("ll_rests", Y, 0, by=S + i * C - kappa * comm(rho, C))]),
    Theorem(id="stationary-only-if", statement=r"\dot\rho = 0 \Rightarrow [\rho, H] = 0\ \text{(q-LLG)}",
            source=SOURCE, scope="every dimension", sample=resting,
            steps=[equal("commutes", comm(rho, H), 0, by=i * (R - NO_X + i * kappa * comm(rho, NO_X)))]),
    Theorem(id="stationary-only-if-ll", statement=r"\dot\rho = 0 \Rightarrow [\rho, H] = 0\ \text{(q-LL)}",
            source=SOURCE, scope="every dimension", sample=resting,
            steps=[zero("commutes", comm(rho, H), by=tr(star(B) * (NO_Y - S)),
                        rest=sq(kappa * comm(rho, comm(rho, H))))])]

BROKEN = [
    THEOREMS[0].twin("a sign: damping would make q-LLG faster than precession", claim_of=("llg",), steps=[equal(
        "llg", sq(X) - kappa**2 * sq(comm(rho, X)), sq(comm(rho, H)), by=tr(star(A) * R) + tr(star(R) * A) - sq(R))]),
    THEOREMS[0].twin("without the law", claim_of=("llg",), sample=lawless, steps=[
        equal("llg", sq(X) + kappa**2 * sq(comm(rho, X)), sq(comm(rho, H)))]),
    THEOREMS[1].twin("without [ρ, H] = 0", claim_of=("ll_rests",), sample=both, steps=[equal("ll_rests", Y, 0, by=S)]),
    THEOREMS[2].twin("without the law", sample=lawless, steps=[equal("commutes", comm(rho, H), 0)]),
    THEOREMS[3].twin("a state that moves", sample=both, steps=[equal("commutes", comm(rho, H), 0, by=-i * S)])]
