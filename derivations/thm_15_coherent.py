r"""Theorem 15. Coherent states with H linear in S follow the classical LLG with α = κ, for every s.

Statement.   If n obeys PRL 1 with α = κ, |n| = 1, the coherent state ρ along n(t) obeys PRL 3, and ⟨S⟩ = ħs n.
Hypotheses.  ħ = 1 (S is S/ħ). At one instant ρ² = ρ, tr ρ = 1, |n| = 1 and G = n·S ρ − sρ = 0 (all that a coherent
             state is); H = −γ B·S, read from the model; [S_x, S_y] = iS_z and cyclic; S·S = s(s + 1); PRL 1 for n, v =
             dn/dt: L = v − γn × B + κn × v = 0.
Proof.       ρ turns with n: X = i[ρ, ω·S], ω = n × v, so these four stay: their rates are linear in them. F = Sρ − snρ
             − i(n × S)ρ is zero, for Σ tr F_k†F_k = 0 by G and S·S. So [ρ, [ρ, ω·S]] = i[ρ, (n × ω)·S], and PRL 3 asks
             for [ρ, u·S] = 0, u = ω + γB + κn × ω. n × u = −L = 0, so u is along n, and [ρ, n·S] = G† − G = 0.
Source.      Own proof; PRL 133, 266704 (2024), eqs. 1 and 3.
"""

from fractions import Fraction
from random import Random

import sympy as sp

from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.proof.language import D, Node, comm, hypothesis, i, let, node, scalars, sq, star, tr
from qllg_sym.proof.lemmas import Lemma, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import rational, with_values
from qllg_sym.proof.step import Step, equal, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa, q_llg, rho

from .spin import (
    AXES,
    HALF,
    B,
    Numbers,
    S,
    Vector,
    casimir,
    classical,
    combined,
    commutators,
    cross,
    dot,
    frame,
    gamma,
    gilbert,
    numbers_cross,
    s,
    spin_matrices,
    v,
    zeeman,
)

n = scalars("nx ny nz")
C, Q = commutators(1), casimir(s, 1)
along, omega, field = dot(n, S), let("omegaS", dot(cross(n, v), S)), tuple(gamma * b for b in B)
P_, T_, N_, G_ = (let(name, x) for name, x in zip("PTNG", (
    rho**2 - rho, tr(rho) - 1, dot(n, n) - 1, along * rho - s * rho), strict=True))
P, T, N, G = (hypothesis(name, x) for name, x in (      # they are 0 always, see `stays`
    ("pure", P_), ("normed", T_), ("unit", N_), ("aligned", G_)))
X = let("X", i * comm(rho, omega))
law = q_llg(D(rho), hamiltonian=zeeman(S)).about[1]


def llg(alpha: Node) -> Vector:
    """PRL 1 for n, as hypotheses."""
    law = classical(ClassicalLLG(sp.Symbol("alpha", real=True)), {"m": n, "dm": v, "B": field}, {"alpha": alpha})
    return tuple(hypothesis(f"L{a}", x) for a, x in zip(AXES, law, strict=True))


own, b = llg(kappa), cross(n, cross(n, v))                      # n × ω

# F = 0
right = tuple(S[k] * rho - s * n[k] * rho - i * cross(n, S)[k] * rho for k in range(3))
raised = tr(rho * (2 * Q + 2 * i * dot(n, C) + N * (dot(S, S) + s**2)) * rho) - tr(rho * (along + 3 * s + 2) * G)
F = [zero(f"F{a}", right[k], by=raised, rest=sq(right[k - 2]) + sq(right[k - 1])) for k, a in enumerate(AXES)]
facts = tuple(step.fact for step in F)
mean = [equal(f"mean{a}", tr(rho * S[k]), s * n[k], by=HALF * (tr(facts[k]) + tr(star(facts[k]))) + s * n[k] * T)
        for k, a in enumerate(AXES)]

# ρ turns with n, and obeys the law
turned = dot(cross(n, v), facts)
double = equal("double", comm(rho, comm(rho, omega)), i * comm(rho, dot(b, S)),
               by=P * omega + omega * P + turned + star(turned) - rho * turned - star(turned) * rho)
KEPT = (stays_zero("pure", P_, i * comm(P_, omega), by=0), stays_zero("normed", T_, 0, by=0),
        stays_zero("unit", N_, 0, by=2 * dot(n, own)),
        stays_zero("aligned", G_, i * comm(G_, omega) - N_ * dot(v, S) * rho,
             by=dot(n, own) * along * rho - i * dot(b, C) * rho))
stays: list[Step | Lemma] = [*(step for step, _ in KEPT), picard_lindelof("stays", *(row for _, row in KEPT))]
u = combined(combined(cross(n, v), field), b, kappa)
left = combined(combined(cross(n, own), cross(n, combined(v, cross(n, v), kappa)), N), u, -N)
obeys = equal("law", law, 0, by=kappa * double.fact + i * (dot(n, u) * (star(G) - G) + comm(rho, dot(left, S))))


def coherent(rng: Random, factor: int = 1, ends: bool = True) -> Point:
    """A spin ½ or 1 in its highest state along n, or the middle one of s = 1; n by PRL 1 with α = factor · κ."""
    size, (_, _, first), ratio, damping = rng.choice([HALF, Fraction(1)]), frame(rng), rational(rng), rational(rng)
    size = size if ends else Fraction(1)
    outer: Numbers = tuple(rational(rng) for _ in range(3))
    velocity = gilbert(first, tuple(ratio * x for x in numbers_cross(first, outer)), gaussian(factor) * damping)
    named = zip((x.name for x in (*n, *v, *B)), (*first, *velocity, *outer), strict=True)
    a = Point(dict(zip(("Sx", "Sy", "Sz"), spin_matrices(size), strict=True)),
              {**dict(named), "s": gaussian(size), "gamma": ratio, "kappa": damping})
    top = HALF + along if size == HALF else HALF * along * (along + 1)
    return with_values(a, rho=top if ends else 1 - along**2)


RATE = {rho: X, **dict(zip(n, v, strict=True)), **dict.fromkeys(S, node(0))}
STEPS: list[Step | Lemma] = [*stays, *F, *mean, double, obeys]
THEOREMS = [Theorem(
    id="coherent", statement=r"\rho = |\mathbf n\rangle\langle\mathbf n|,\ H = -\gamma_g \mathbf B\cdot\mathbf S:\quad "
    r"\langle\mathbf S\rangle = \hbar s\,\mathbf n, \quad \dot{\mathbf n} = \gamma_g \mathbf n \times \mathbf B - "
    r"\kappa\,\mathbf n \times \dot{\mathbf n} \quad \text{for every } s",
    source="own proof; PRL 133, 266704 (2024), eqs. 1 and 3", scope="every dimension", derivatives=RATE,
    sample=coherent, claim_of=(*(step.name for step in stays), "meanx", "meany", "meanz", "law"),
    trajectory=dict(zip(v, own, strict=True)), steps=STEPS)]

BROKEN = [
    THEOREMS[0].twin("α = 2κ", claim_of=("law",), sample=lambda rng: coherent(rng, 2), steps=[
        *F, double, equal("law", law, 0, by=kappa * double.fact + i * comm(rho, dot(llg(2 * kappa), S)))]),
    THEOREMS[0].twin("a pure state that is not coherent, m = 0 of s = 1", claim_of=("law",),
                     sample=lambda rng: coherent(rng, ends=False), steps=[
                         equal("law", law, 0, by=P * omega + i * comm(rho, dot(own, S)))])]
