r"""Theorem 11. PRL 7 for symbolic s, and |η| is a constant of motion.

Statement.   ħ²|η|² = 3(2s + 1)/(s(s + 1)) · (tr ρ² − 1/(2s + 1)); d|η|²/dt = 0.
Hypotheses.  ρ = p(1 + η·S), p(2s + 1) = 1, q s(s + 1) = 1; spin s as in `prl-6`. For the second: ρ keeps this form,
             with dη/dt = v, and obeys q-LLG, R = 0; H is any Hamiltonian (that the form is kept is `prl-4`, for H
             linear in S).
Proof.       tr ρ² = p²(tr 1 + 2η·tr S + Σ η_kη_l tr S_kS_l), and `prl-6`. Likewise 0 = tr ρR = tr ρX = p²(v·tr S +
             Σ η_kv_l tr S_kS_l), a multiple of η·v.
Source.      PRL 133, 266704 (2024), eq. 7.
"""

from random import Random

from qllg_sym.proof.language import D, hypothesis, let, node, scalars, tr
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import rational
from qllg_sym.proof.step import cancel, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import q_llg

from .spin import (
    THIRD,
    S,
    bilinear,
    dimension,
    dot,
    eta,
    hbar,
    linear,
    normalisation,
    p,
    s,
    spin_point,
    traces,
    v,
)

q, = scalars("q")
rho, X = let("rho", p * (1 + dot(eta, S))), let("X", p * dot(v, S))
R, P, U = q_llg(X, state=rho), normalisation(), hypothesis("U", q * s * (s + 1) - 1)
steps, length, third = traces(), dot(eta, eta), THIRD * s * (s + 1) * hbar**2
purity = equal("purity", tr(rho**2), p + p * third * length, by=p**2 * (
    dimension() + 2 * linear(eta, steps) + bilinear(eta, eta, steps)) + p * P * (1 + third * length))
prl_7 = equal("length", hbar**2 * length, 3 * (2 * s + 1) * q * (tr(rho**2) - p),
              by=-3 * (2 * s + 1) * q * purity.fact - hbar**2 * length * (P * q * s * (s + 1) + U))
turned = dot(eta, v)
conserved = cancel("conserved", D(length), hbar**2, by=6 * (2 * s + 1) * q * (
    tr(rho * R) - p**2 * (linear(v, steps) + bilinear(eta, v, steps)) - p * P * third * turned)
    - 2 * hbar**2 * turned * (P * q * s * (s + 1) + U))


def point(rng: Random) -> Point:
    """A spin with q = 1/(s(s + 1))."""
    a = spin_point(rng)
    size = a.scalars["s"]
    return Point(a.letters, {**a.scalars, "q": gaussian(1) / (size * size + size)})


def lawless(rng: Random) -> Point:
    """A velocity that obeys no law."""
    a = point(rng)
    return Point(a.letters, {**a.scalars, **{x.name: rational(rng) for x in v}})


RATE = {**dict(zip(eta, v, strict=True)), **dict.fromkeys(S, node(0))}
THEOREMS = [
    Theorem(id="prl-7", statement=r"\hbar^2|\boldsymbol\eta|^2 = \frac{3(2s+1)}{s(s+1)} "
            r"\left(\mathrm{Tr}\,\rho^2 - \frac{1}{2s+1}\right)", source="PRL 133, 266704 (2024), eq. 7",
            scope="every dimension", sample=point, steps=[*steps.values(), purity, prl_7]),
    Theorem(id="eta-length", statement=r"\frac{d}{dt}|\boldsymbol\eta|^2 = 0 "
            r"\text{ while } \rho \text{ is of the form PRL 4}",
            source="PRL 133, 266704 (2024), eq. 7", scope="every dimension", derivatives=RATE, sample=point,
            steps=[*steps.values(), conserved])]

BROKEN = [
    THEOREMS[0].twin("without the subtraction of 1/(2s + 1)", claim_of=("length",), steps=[
        *steps.values(), purity, equal("length", hbar**2 * length, 3 * (2 * s + 1) * q * tr(rho**2), by=prl_7.by)]),
    THEOREMS[1].twin("without the law", sample=lawless, steps=[
        *steps.values(), purity, prl_7, cancel("conserved", D(length), hbar**2, by=D(prl_7.fact))])]
