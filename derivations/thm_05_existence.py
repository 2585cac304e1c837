r"""Theorem 5. The implicit quantum LLG equation has exactly one dρ/dt, for every state, real κ and dimension.

Statement.   X ↦ X − iκ[ρ, X] has the kernel 0, and by the lemma rank–nullity it is bijective: X − iκ[ρ, X] = i[ρ, H]
             has exactly one solution. Two solutions X, Y are equal.
Hypotheses.  ρ = ρ†, κ = κ*; Z is in the kernel; X and Y both solve the law for the same ρ, H and κ.
Proof.       Z − iκ[ρ, Z] = E gives 2 tr(Z†Z) = tr(Z†E) + tr(E†Z), and E = 0 gives Z = 0. Z = X − Y has E = R − S = 0.
             The map is linear on a space of finite dimension, so that rank–nullity gives one solution for every E.
Source.      PRL 133, 266704 (2024), eq. 3, uses it; own proof.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import Node, comm, hypothesis, i, pair, star, tr
from qllg_sym.proof.lemmas import rank_nullity
from qllg_sym.proof.numeric import Point, gaussian, plus
from qllg_sym.proof.samples import diagonal, mixed
from qllg_sym.proof.step import Step, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, V, kappa, q_llg, rho

Y, _ = pair("Y", "Y_dag")
Z, _ = pair("Z", "Z_dag")
R, S = q_llg(V), q_llg(Y, "S")
KERNEL = hypothesis("kernel", Z - i * kappa * comm(rho, Z))


def twice(rng: Random) -> Point:
    """A random state and its velocity, under two names; an element of the kernel, which is 0."""
    p = mixed(rng)
    x = p.letters["X"]
    return Point({**p.letters, "Y": x, "Z": plus(x, x, -1)}, p.scalars)


def vanishes(name: str, z: Node, e: Node) -> Step:
    """Z = 0, by z − iκ[ρ, z] = e, which is 0."""
    return zero(name, z, by=Fraction(1, 2) * (tr(star(z) * e) + tr(star(e) * z)))


def resonant(rng: Random) -> Point:
    """Without i, κ(p₂ − p₁) = 1 leaves an element of X free: ρ = diag(1/4, 3/4), κ = 2, H = 0."""
    del rng
    zero_, one = gaussian(0), gaussian(1)
    rho = diagonal([one / gaussian(4), gaussian(3) / gaussian(4)])
    x = ((zero_, zero_), (one, zero_))
    return Point({"rho": rho, "H": plus(rho, rho, -1), "X": x, "Y": plus(x, x)}, {"kappa": gaussian(2)})


only = vanishes("kernel_is_0", Z, KERNEL)
THEOREMS = [Theorem(
    id="existence", statement=r"\forall \rho = \rho^\dagger,\ \kappa \in \mathbb{R},\ E: "
    r"\ X - i\kappa[\rho, X] = E \text{ has exactly one solution};\quad "
    r"X - i\kappa[\rho, X] = Y - i\kappa[\rho, Y] = i[\rho, H] \Rightarrow X = Y",
    source="PRL 133, 266704 (2024), eq. 3; own proof", scope="every dimension", sample=twice,
    claim_of=("kernel_is_0", "existence", "uniqueness"),
    steps=[only, rank_nullity("existence", Z, KERNEL, only), vanishes("uniqueness", V - Y, R - S)])]

F, G = (hypothesis(name, x - i * comm(rho, H) - kappa * comm(rho, x)) for name, x in (("R", V), ("S", Y)))
BROKEN = [THEOREMS[0].twin("without i in the damping", sample=resonant, claim_of=("uniqueness",), steps=[
    vanishes("uniqueness", V - Y, F - G)])]
