r"""Theorem 12. PRL 8 for symbolic s: a PRL 4 state in a field obeys a Gilbert equation in η, and stays a PRL 4 state.

Statement.   Z = v − γη × B + κħp η × v = 0, p = 1/(2s + 1), if ρ = p(1 + η·S) obeys PRL 3 with dη/dt = v; and back.
Hypotheses.  ħH = −γ B·S (H is H/ħ, read from the model); [S_x, S_y] = iħS_z and cyclic; ħ > 0. For the first also
             S·S = s(s + 1)ħ², tr 1 = 2s + 1, p(2s + 1) = 1 and s > 0.
Proof.       (2s + 1)ħR = ħ Z·S by [a·S, b·S] = iħ(a × b)·S; tr S_k of this gives Z_k (`prl-6`). Back: the same line
             read from the right; by `existence` this ρ̇ is the only one, so the form PRL 4 is kept.
Source.      PRL 133, 266704 (2024), eqs. 4 and 8.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import comm, hypothesis, i, let, tr
from qllg_sym.proof.numeric import Point, times
from qllg_sym.proof.step import Step, cancel, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, kappa, q_llg

from .spin import (
    AXES,
    B,
    C,
    S,
    combined,
    cross,
    dot,
    eta,
    gamma,
    hbar,
    norm,
    normalisation,
    p,
    s_plus,
    spin_point,
    traces,
    v,
    zeeman,
)

ERRATA = [(
    "Suppose the evolving state of the particle takes the form of eq. 4.",
    "It keeps this form if H is linear in S (`prl-4`), and for s = ½ always; for s ≥ 1 other Hamiltonians, S_z² say, "
    "leave it.", "eqs. 4 and 8")]

rho, X = let("rho", p * (1 + dot(eta, S))), let("X", p * dot(v, S))
R, E = q_llg(X, state=rho), hypothesis("E", hbar * H - zeeman(S))
torque, turn = cross(eta, B), cross(eta, v)
Z = combined(combined(v, torque, -gamma), turn, kappa * hbar * p)
rest = -i * comm(dot(eta, S), E) + i * gamma * dot(torque, C) - i * kappa * hbar * p * dot(turn, C)
bare = hbar * dot(v, S) - i * comm(dot(eta, S), hbar * H) - i * kappa * hbar * p * comm(dot(eta, S), dot(v, S))
steps = {name: step for name, step in traces(s_plus).items() if len(name) == 2}
operator = equal("operator", hbar * dot(Z, S), 0, by=(2 * s_plus + 1) * hbar * R - normalisation(s_plus) * bare - rest)


def component(k: int, sign: int = 1) -> Step:
    """PRL 8 along an axis."""
    row = dot(Z, tuple(steps[min(a, AXES[k]) + max(a, AXES[k])].fact for a in AXES))
    return cancel(AXES[k], v[k] - (gamma * torque[k] - sign * kappa * hbar * p * turn[k]), hbar * norm(s_plus),
                  by=tr(S[k] * operator.fact) - hbar * row)


PRL_8 = tuple(hypothesis(f"Z{a}", z) for a, z in zip(AXES, Z, strict=True))
THEOREMS = [
    Theorem(id="prl-8", statement=r"H = -\gamma_g \mathbf B\cdot\mathbf S,\ \rho = \frac{1}{2s+1}(1 + "
            r"\boldsymbol\eta\cdot\mathbf S),\ "
            r"\dot\rho = \frac{1}{2s+1}\dot{\boldsymbol\eta}\cdot\mathbf S \text{ by PRL 3},\ "
            r"s, \hbar > 0 \Rightarrow \dot{\boldsymbol\eta} = \gamma_g \boldsymbol\eta \times \mathbf B - "
            r"\frac{\kappa\hbar}{2s+1} \boldsymbol\eta \times \dot{\boldsymbol\eta}",
            source="PRL 133, 266704 (2024), eq. 8", scope="every dimension", sample=spin_point,
            claim_of=("x", "y", "z"), steps=[*steps.values(), operator, *map(component, range(3))]),
    Theorem(id="prl-4", statement=r"H = -\gamma_g \mathbf B\cdot\mathbf S:\ \text{PRL 8} \Rightarrow "
            r"\rho = \frac{1}{2s+1}(1 + \boldsymbol\eta\cdot\mathbf S) \text{ obeys PRL 3}",
            source="PRL 133, 266704 (2024), eqs. 4 and 8", scope="every dimension", sample=spin_point,
            steps=[cancel("law", R.about[1], hbar, by=p * (hbar * dot(PRL_8, S) + rest))])]


def anisotropic(rng: Random) -> Point:
    """A spin 1 with S_z² in place of the field."""
    a = spin_point(rng, Fraction(1))
    return Point({**a.letters, "H": times(a.letters["Sz"], a.letters["Sz"])}, a.scalars)


BROKEN = [
    THEOREMS[0].twin("the sign of the damping", claim_of=("x",), steps=[*steps.values(), operator, component(0, -1)]),
    THEOREMS[1].twin("a Hamiltonian S_z²", sample=anisotropic, steps=[
        cancel("law", R.about[1], hbar, by=p * hbar * dot(PRL_8, S))])]
