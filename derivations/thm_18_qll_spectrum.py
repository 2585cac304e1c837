r"""Theorem 18. Wieser's q-LL keeps every moment tr ρⁿ too, hence the spectrum, for every dimension.

Statement.   d/dt tr(ρⁿ) = 0 for n = 1, 2, 3, … under ρ̇ = i[ρ, H] − κ[ρ, [ρ, H]]; so the eigenvalues are constant
             (Newton).
Hypotheses.  R = X − i[ρ, H] + κ[ρ, [ρ, H]] = 0 with X = dρ/dt.  (Nothing on H or κ.)
Proof.       tr(ρⁿ⁻¹X) = tr(ρⁿ⁻¹R), for tr(ρⁿ⁻¹[ρ, ·]) = 0.
Source.      Phys. Rev. Lett. 110, 147201 (2013), as written in PRL 133, 266704 (2024) below eq. 8; own proof.
"""

from random import Random

from qllg_sym.proof.language import D, comm, hypothesis, i, tr
from qllg_sym.proof.lemmas import constant_spectrum
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import mixed, with_values
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, kappa, n, q_ll, rho

R = q_ll()
velocity = X - R.about[1]


def wieser(rng: Random) -> Point:
    """A random state that follows q-LL."""
    return with_values(mixed(rng), X=velocity)


moments = equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * R))
THEOREMS = [Theorem(
    id="qll-spectrum", statement=r"\dot\rho = \frac{i}{\hbar}[\rho, H] - \frac{\kappa}{\hbar}[\rho, [\rho, H]] "
    r"\Rightarrow \frac{d}{dt}\mathrm{Tr}\,\rho^n = 0", source="Phys. Rev. Lett. 110, 147201 (2013); own proof",
    scope="every dimension", derivatives={rho: X}, sample=wieser, claim_of=("moments", "spectrum"),
    trajectory={X: R}, steps=[moments, constant_spectrum("spectrum", rho, moments, n)])]

lindblad = i * comm(rho, H) - kappa * comm(H, comm(H, rho))


def dephased(rng: Random) -> Point:
    """A random state that loses coherence between the eigenstates of H."""
    a = with_values(mixed(rng), X=lindblad)
    return Point(a.letters, a.scalars, {"n": 3})


BROKEN = [THEOREMS[0].twin("ρ and H exchanged in the damping: dephasing in the basis of H", sample=dephased,
                             claim_of=("moments",), steps=[
    equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * hypothesis("R", X - lindblad)))])]
