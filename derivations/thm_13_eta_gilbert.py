r"""Theorem 13. κħ|η|/(2s + 1) is the Gilbert damping of PRL 1 for the direction of η.

Statement.   m = η/|η| obeys PRL 1 with α = κħ|η|p, p = 1/(2s + 1), and |m| = 1; |η| is constant.
Hypotheses.  PRL 8 (`prl-8`): Z = v − γη × B + κħp η × v = 0 with v = dη/dt; the constants e > 0 and l = 1/e are so that
             e² = η·η at one instant.
Proof.       η·v = η·Z = 0, so e² = η·η always: Picard–Lindelöf. So ṁ = l v, and ṁ − m × γB + αm × ṁ = l Z + (α l − κħp)
             m × v with α l = κħp.
Source.      PRL 133, 266704 (2024), below eq. 8. PRL 1 is read from the law with a·σ/2 for each vector a.
"""

from random import Random

import sympy as sp

from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.proof.language import D, Node, hypothesis, let, node, scalars
from qllg_sym.proof.laws import residual
from qllg_sym.proof.lemmas import picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import rational
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa

from .spin import AXES, B, combined, cross, dot, eta, frame, gamma, gilbert, numbers_cross, p, v, vector

ERRATA = [(
    "Eq. 8 is identical to eq. 1 with the Gilbert damping κħ|η|/(2s + 1).",
    "The damping depends on the state: it is κ for a pure qubit, κ|r| for a mixed one, and at most κ/(s(2s + 1)) "
    "(`eta-bound`). Pure coherent states of s ≥ 1 are not of the form of eq. 4; for them the damping is κ "
    "(`coherent`).", "below eq. 8")]

e, l, hbar = scalars("e l hbar")
damping = kappa * hbar * p
M, F = let("m", vector(tuple(l * x for x in eta))), let("B", vector(tuple(gamma * b for b in B)))
PRL_8 = tuple(hypothesis(f"Z{a}", z) for a, z in zip(
    AXES, combined(combined(v, cross(eta, B), -gamma), cross(eta, v), damping), strict=True))
E, L = let("E", e**2 - dot(eta, eta)), hypothesis("L", e * l - 1)


def llg(alpha: Node) -> Node:
    """PRL 1 with a damping."""
    return residual(ClassicalLLG(sp.Symbol("alpha", real=True)), {"m": M, "dm": D(M), "B": F}, {"alpha": alpha})


def point(rng: Random) -> Point:
    """A vector η of a rational length, and its v by PRL 8."""
    length, kappa_, hbar_, gamma_, p_ = (gaussian(abs(rational(rng).x)) for _ in range(5))
    field, state = tuple(rational(rng) for _ in range(3)), tuple(length * x for x in frame(rng)[0])
    torque = tuple(gamma_ * x for x in numbers_cross(state, field))
    named = zip((x.name for x in (*eta, *v, *B)), (*state, *gilbert(state, torque, kappa_ * hbar_ * p_), *field),
                strict=True)
    return Point({}, {**dict(named), "e": length, "l": gaussian(1) / length,
                      "kappa": kappa_, "hbar": hbar_, "gamma": gamma_, "p": p_})


constant = equal("constant", D(dot(eta, eta)), 0, by=2 * dot(eta, PRL_8))
moves, keeps = stays_zero("length", E, 0, by=-constant.fact)
stays = picard_lindelof("stays", keeps)
unit = equal("unit", 1, l**2 * dot(eta, eta), by=l**2 * stays.fact - (e * l + 1) * L)
proof = l * vector(PRL_8) + damping * l * L * vector(cross(eta, v))
THEOREMS = [Theorem(
    id="eta-gilbert", statement=r"\mathbf m = \boldsymbol\eta/|\boldsymbol\eta|:\quad \dot{\mathbf m} = \gamma_g "
    r"\mathbf m \times \mathbf B - \alpha\,\mathbf m \times \dot{\mathbf m}, "
    r"\quad \alpha = \frac{\kappa\hbar|\boldsymbol\eta|}{2s+1}",
    source="PRL 133, 266704 (2024), below eq. 8", scope="this dimension", sample=point,
    claim_of=("llg", "unit", "constant"), derivatives={**dict(zip(eta, v, strict=True)), e: node(0), l: node(0)},
    trajectory=dict(zip(v, PRL_8, strict=True)),
    steps=[constant, moves, stays, unit, equal("llg", llg(damping * e), 0, by=proof)])]
BROKEN = [THEOREMS[0].twin("the damping without |η|", claim_of=("llg",), steps=[
    equal("llg", llg(damping), 0, by=proof)])]
