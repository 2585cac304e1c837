r"""Theorem 4. The quantum LLG equation keeps ρ Hermitian, for every dimension.

Statement.   dρ/dt = (dρ/dt)† whenever ρ and H are Hermitian and κ is real.
Hypotheses.  R = X − i[ρ, H] − iκ[ρ, X] = 0 with X = dρ/dt, of which nothing else is assumed; ρ = ρ†, H = H†, κ = κ*.
Proof.       Z = X − X† obeys Z − iκ[ρ, Z] = R − R† = E, and 2 tr(Z†Z) = tr(Z†E) + tr(E†Z), for tr(Z†[ρ, Z]) is real.
             So tr(Z†Z) = 0, and Z = 0 by the trace form.
Source.      PRL 133, 266704 (2024), eq. 3.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import comm, hypothesis, i, star, tr
from qllg_sym.proof.numeric import Point, gaussian, times
from qllg_sym.proof.random_points import mixed, velocity
from qllg_sym.proof.step import zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, V, kappa, q_llg, rho

R = q_llg(V)
Z, E = V - star(V), R - star(R)


def turned(rng: Random) -> Point:
    """A point at which X obeys the law with i left out of the damping."""
    p = mixed(rng)
    rho, h, k = p.letters["rho"], p.letters["H"], p.scalars["kappa"]
    return Point({**p.letters, "X": velocity(rho, h, times(k, gaussian(0, -1)))}, p.scalars)


THEOREMS = [Theorem(
    id="hermiticity", statement=r"\rho = \rho^\dagger,\ H = H^\dagger,\ \kappa \in \mathbb{R} \Rightarrow "
    r"\dot\rho = \dot\rho^\dagger",
    source="PRL 133, 266704 (2024), eq. 3", scope="every dimension", sample=mixed,
    steps=[zero("hermiticity", Z, by=Fraction(1, 2) * (tr(star(Z) * E) + tr(star(E) * Z)))])]

W = hypothesis("R", V - i * comm(rho, H) - kappa * comm(rho, V))
BROKEN = [THEOREMS[0].twin("without i in the damping", sample=turned, steps=[
    zero("hermiticity", Z, by=Fraction(1, 2) * (tr(star(Z) * (W - star(W))) + tr(star(W - star(W)) * Z)))])]
