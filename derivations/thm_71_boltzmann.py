r"""Theorem 71. In eigenstates of H the weights of a pure state move as Boltzmann's do: annealing by enumeration.

Statement.   (1 + κ²) d/dt (p_k/p_j) = −2κ(E_k − E_j)/ħ · p_k/p_j, p the weights of eigenprojectors of H; q-LL: 1 for
             1 + κ².
Hypotheses.  ρ² = ρ, ρHρ = tr(ρH)ρ (rank one) and the law; J, K eigenprojectors, HJ = EJ, HK = FK; z tr(Jρ) = 1.
Proof.       (1 + κ²)X = i[ρ, H] − κ(ρH + Hρ − 2 tr(ρH)ρ): the precession drops out under tr(K·), and (1 + κ²) dp_k/dt =
             −2κ(F − tr(ρH))p_k; tr(ρH) cancels in the quotient.
In words.    Constant H: p_k/p_j = its start times exp(−β(E_k − E_j)), β = 2κt/(ħ(1 + κ²)). From |+…+⟩ and H diagonal in
             strings of spins all starts are equal, and the weights are exp(−βE)/Z at every time: exactly the thermal
             distribution at temperature 1/β, at the cost of all strings. Nothing is won over their enumeration.
Source.      Own; the law is PRL 133, 266704 (2024), eq. 3.
"""

from random import Random

from qllg_sym.proof.language import D, Node, i, node, star, tr
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import mixed, velocity, with_values
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, kappa, rho

from .thm_41_relaxation import HJ, HK, E, F, J, K, ray, turned, weight, z
from .thm_70_free_fermions import R_QLL, ll_steps, llg_steps

RATIO = z * tr(K * rho)
RATES: dict[Node, Node] = {rho: X, J: node(0), K: node(0), z: -z**2 * tr(J * X)}


def slow(rng: Random) -> Point:
    """The same as `ray` with the velocity of q-LL."""
    return with_values(ray(rng), X=X - R_QLL.about[1])


def quotient(first: list[Step], factor: Node | int, two: int = 2) -> list[Step]:
    """From the explicit velocity to that of p_k/p_j; two = 2 is right."""
    M = first[-1].fact

    def own(side: Node, proj: Node) -> Node:
        """What the hypotheses leave of factor · tr(proj X) + 2κ(level − tr(ρH)) tr(proj ρ)."""
        return tr(proj * M) + (i - kappa) * tr(side * rho) - (i + kappa) * tr(star(side) * rho)

    by = z * own(HK, K) - z**2 * tr(K * rho) * own(HJ, J) \
        - two * kappa * (tr(rho * H) - E) * z * tr(K * rho) * weight
    return [*first, equal("ratio", factor * D(RATIO), -two * kappa * (F - E) * RATIO, by=by)]


def rank_two(rng: Random) -> Point:
    """A mixed state with its velocity by q-LLG."""
    point = mixed(rng, rank=2)
    h, j, k = turned(rng, rng.sample(range(-9, 9), 3))
    x = velocity(point.letters["rho"], h, point.scalars["kappa"])
    point = with_values(Point({"rho": point.letters["rho"], "H": h, "X": x, "J": j, "K": k}, point.scalars),
                        E=tr(H * J), F=tr(H * K), z=tr(J * rho))
    return Point(point.letters, {**point.scalars, "z": gaussian(1) / point.scalars["z"]})


LLG, LL = llg_steps()[:2], ll_steps(1)[:1]
SOURCE = "own; PRL 133, 266704 (2024), eq. 3"
THEOREMS = [
    Theorem(id="boltzmann",
            statement=r"\frac{d}{dt}\frac{p_k}{p_j} = -\frac{2\kappa(E_k - E_j)}{\hbar(1 + \kappa^2)}\,\frac{p_k}{p_j}"
            r"\quad(\rho = |\psi\rangle\langle\psi|,\ p_k = \langle k|\rho|k\rangle,\ H|k\rangle = E_k|k\rangle)",
            note="in words: from equal weights p_k = exp(−βE_k)/Z with β = 2κt/(ħ(1 + κ²)).",
            source=SOURCE, scope="every dimension", sample=ray, derivatives=RATES, steps=quotient(LLG, 1 + kappa**2)),
    Theorem(id="boltzmann-qll",
            statement=r"\frac{d}{dt}\frac{p_k}{p_j} = -\frac{2\kappa(E_k - E_j)}{\hbar}\,\frac{p_k}{p_j}"
            r"\quad(\text{q-LL},\ \rho = |\psi\rangle\langle\psi|)",
            note="in words: from equal weights p_k = exp(−βE_k)/Z with β = 2κt/ħ.",
            source=SOURCE, scope="every dimension", sample=slow, derivatives=RATES, steps=quotient(LL, 1))]

BROKEN = [
    THEOREMS[0].twin("β = κt/(1 + κ²): a factor of two", steps=quotient(LLG, 1 + kappa**2, 1)),
    THEOREMS[0].twin("a mixed state", sample=rank_two, steps=[
        equal("ratio", (1 + kappa**2) * D(RATIO), -2 * kappa * (F - E) * RATIO, by=weight)]),
    THEOREMS[1].twin("the time scale of q-LLG", steps=quotient(LL, 1 + kappa**2))]
