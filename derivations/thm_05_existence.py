r"""Theorem 5. The implicit quantum LLG equation has exactly one dρ/dt, for every state, real κ and dimension.

Statement.   Two solutions X, Y of X − iκ[ρ, X] = i[ρ, H] are equal (formal claim: X ↦ X − iκ[ρ, X] is injective); by
             the lemma rank–nullity the map is bijective, so that there is one.
Hypotheses.  ρ = ρ†, κ = κ*; X and Y both solve the law for the same ρ, H and κ.
Proof.       Z = X − Y obeys Z − iκ[ρ, Z] = R − S = E, and 2 tr(Z†Z) = tr(Z†E) + tr(E†Z): Z = 0, one solution at most.
             The map is linear on a space of finite dimension: rank–nullity gives one at least.
Source.      PRL 133, 266704 (2024), eq. 3, uses it; own proof.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import comm, hypothesis, i, pair, star, tr
from qllg_sym.proof.numeric import Point, gaussian, plus
from qllg_sym.proof.samples import diagonal, mixed
from qllg_sym.proof.step import zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, V, kappa, q_llg, rho

Y, _ = pair("Y", "Y_dag")
R, S = q_llg(V), q_llg(Y, "S")
Z, E = V - Y, R - S


def twice(rng: Random) -> Point:
    """A random state and its velocity, under two names."""
    p = mixed(rng)
    return Point({**p.letters, "Y": p.letters["X"]}, p.scalars)


def resonant(rng: Random) -> Point:
    """Without i, κ(p₂ − p₁) = 1 leaves an element of X free: ρ = diag(1/4, 3/4), κ = 2, H = 0."""
    del rng
    zero_, one = gaussian(0), gaussian(1)
    rho = diagonal([one / gaussian(4), gaussian(3) / gaussian(4)])
    x = ((zero_, zero_), (one, zero_))
    return Point({"rho": rho, "H": plus(rho, rho, -1), "X": x, "Y": plus(x, x)}, {"kappa": gaussian(2)})


THEOREMS = [Theorem(
    id="existence", statement=r"\forall \rho = \rho^\dagger,\ \kappa \in \mathbb{R}: "
    r"\ X - i\kappa[\rho, X] = Y - i\kappa[\rho, Y] = i[\rho, H] \Rightarrow X = Y;\quad "
    r"\text{by rank-nullity one such } X = \dot\rho \text{ exists}",
    note="The formal claim is uniqueness; existence is the lemma rank–nullity on the linear map X ↦ X − iκ[ρ, X].",
    source="PRL 133, 266704 (2024), eq. 3; own proof", scope="every dimension", sample=twice,
    lemmas={"rank-nullity": "existence"},
    steps=[zero("existence", Z, by=Fraction(1, 2) * (tr(star(Z) * E) + tr(star(E) * Z)))])]

F, G = (hypothesis(name, x - i * comm(rho, H) - kappa * comm(rho, x)) for name, x in (("R", V), ("S", Y)))
BROKEN = [THEOREMS[0].twin("without i in the damping", sample=resonant, steps=[
    zero("existence", Z, by=Fraction(1, 2) * (tr(star(Z) * (F - G)) + tr(star(F - G) * Z)))])]
