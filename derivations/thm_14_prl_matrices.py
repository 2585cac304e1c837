r"""Theorem 14. PRL 5–8 again, by explicit matrices for s = ½, 1, 3/2, 2, 5/2: nothing but matrix products.

Statement.   PRL 6: tr S_kS_l = s(s + 1)(2s + 1)ħ²δ_kl/3. PRL 5: ⟨S⟩ = s(s + 1)ħ²η/3. PRL 7, and PRL 8 in the form
             X − i[ρ, H] − iκ[ρ, X] = Z·S/(2s + 1) for X = v·S/(2s + 1), which is zero if and only if Z is.
Hypotheses.  None; S/ħ are the package's matrices in a rational basis, similar to the standard ones, H = −γ B·S of the
             model.
Proof.       Both sides are multiplied out.
Source.      PRL 133, 266704 (2024), eqs. 5–8.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import let, scalars, tr
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import rational
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa, q_llg

from .spin import AXES, THIRD, B, combined, cross, dot, eta, gamma, matrices, v, zeeman

hbar, = scalars("hbar")


def steps(s: Fraction, third: Fraction = THIRD, sign: int = 1) -> list[Step]:
    """PRL 5–8 for one spin; a twin has another third, or another sign of the damping."""
    share, average = 1 / (2 * s + 1), s * (s + 1) * third * hbar**2
    units = tuple(let(f"S{a}", m) for a, m in zip(AXES, matrices(s), strict=True))
    rho, velocity = let("rho", share * (1 + hbar * dot(eta, units))), let("X", share * hbar * dot(v, units))
    z = combined(combined(v, cross(eta, B), -gamma), cross(eta, v), sign * share * kappa * hbar)
    law = q_llg(velocity, hamiltonian=zeeman(units), state=rho).about[1]
    mean = [equal(f"prl5{a}", hbar * tr(rho * units[k]), average * eta[k]) for k, a in enumerate(AXES)]
    squares = [equal(f"prl6{a}{b}", hbar**2 * tr(units[k] * units[m]), (2 * s + 1) * average if k == m else 0)
               for k, a in enumerate(AXES) for m, b in enumerate(AXES)]
    return [*mean, *squares,
            equal("prl7", hbar**2 * dot(eta, eta), (2 * s + 1) / (third * s * (s + 1)) * (tr(rho**2) - share)),
            equal("prl8", law, share * hbar * dot(z, units))]


def point(rng: Random) -> Point:
    """Random vectors and parameters."""
    return Point({}, {x.name: rational(rng) for x in (*eta, *v, *B, hbar, gamma, kappa)})


def record(s: Fraction) -> Theorem:
    """PRL 5–8 for one spin."""
    found = steps(s)
    return Theorem(id=f"prl-5-to-8-spin-{str(s).replace('/', '-')}", statement=rf"\text{{PRL 5, 6, 7, 8 for }} s = {s}",
                   source="PRL 133, 266704 (2024), eqs. 5–8", scope="this dimension", sample=point, steps=found,
                   claim_of=tuple(step.name for step in found))


SIZES = [Fraction(k, 2) for k in range(1, 6)]
THEOREMS = [record(s) for s in SIZES]
BROKEN = [twin for theorem, s in zip(THEOREMS, SIZES, strict=True) for twin in (
    theorem.twin("½ for ⅓", claim_of=("prl6xx",), steps=steps(s, third=Fraction(1, 2))),
    theorem.twin("the sign of the damping", claim_of=("prl8",), steps=steps(s, sign=-1)))]
