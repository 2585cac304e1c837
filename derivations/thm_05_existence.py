r"""Theorem 5. The implicit quantum LLG equation has exactly one dρ/dt, for every state, real κ and dimension.

Statement.   X − i[ρ, H] − iκ[ρ, X] = 0 has exactly one solution X: the map Z ↦ Z − iκ[ρ, Z] has the kernel 0, and by
             the lemma rank–nullity it is bijective. So two solutions X, Y are equal.
Hypotheses.  ρ = ρ†, κ = κ*; Z is in the kernel; X and Y both solve the law for the same ρ, H and κ.
Proof.       Z − iκ[ρ, Z] = E gives 2 tr(Z†Z) = tr(Z†E) + tr(E†Z), for tr(Z†[ρ, Z]) is real, and E = 0 gives Z = 0, as
             it does for X − Y. The map is linear on a space of finite dimension.
Source.      PRL 133, 266704 (2024), eq. 3, uses it; own proof.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import Node, comm, hypothesis, i, pair, star, tr
from qllg_sym.proof.lemmas import rank_nullity
from qllg_sym.proof.numeric import Point, gaussian, plus
from qllg_sym.proof.random_points import diagonal, mixed
from qllg_sym.proof.step import Step, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import V, kappa, q_llg, rho

Z, _ = pair("Z", "Z_dag")
Y, _ = pair("Y", "Y_dag")
R, S = q_llg(V), q_llg(Y, "S")
KERNEL = hypothesis("kernel", Z - i * kappa * comm(rho, Z))


def alone(rng: Random) -> Point:
    """A random state, its velocity under two names, and the one element of the kernel."""
    p = mixed(rng)
    x = p.letters["X"]
    none = plus(x, x, -1)
    return Point({**p.letters, "X_dag": x, "Y": x, "Y_dag": x, "Z": none, "Z_dag": none}, p.scalars)


def vanishes(name: str, z: Node, e: Node) -> Step:
    """Z = 0, by z − iκ[ρ, z] = e, which is 0."""
    return zero(name, z, by=Fraction(1, 2) * (tr(star(z) * e) + tr(star(e) * z)))


def resonant(rng: Random) -> Point:
    """Without i, κ(p₂ − p₁) = 1 leaves an element of Z free: ρ = diag(1/4, 3/4), κ = 2."""
    del rng
    none, one = gaussian(0), gaussian(1)
    return Point({"rho": diagonal([one / gaussian(4), gaussian(3) / gaussian(4)]), "Z": ((none, none), (one, none))},
                 {"kappa": gaussian(2)})


only = vanishes("kernel_is_0", Z, KERNEL)
THEOREMS = [Theorem(
    id="existence", statement=r"\forall \rho = \rho^\dagger,\ H,\ \kappa \in \mathbb{R}: "
    r"\ X = \tfrac{i}{\hbar}[\rho, H] + i\kappa[\rho, X] \text{ has exactly one solution } X = \dot\rho",
    source="PRL 133, 266704 (2024), eq. 3; own proof", scope="every dimension", sample=alone,
    claim_of=("kernel_is_0", "existence", "uniqueness"),
    steps=[only, rank_nullity("existence", Z, KERNEL, only, R, V), vanishes("uniqueness", V - Y, R - S)])]

BROKEN = [THEOREMS[0].twin("without i in the damping", sample=resonant, claim_of=("kernel_is_0",), steps=[
    vanishes("kernel_is_0", Z, hypothesis("kernel", Z - kappa * comm(rho, Z)))])]
