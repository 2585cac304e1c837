r"""Theorem 10. PRL 5 for symbolic s: the mean spin of a PRL 4 state is s(s + 1)ħ²η/3.

Statement.   ⟨S_k⟩ = tr(ρS_k) = s(s + 1)ħ²η_k/3 for k = x, y, z.
Hypotheses.  ρ = p(1 + η·S), p(2s + 1) = 1; spin s as in `prl-6`.
Proof.       tr(ρS_k) = p(tr S_k + Σ η_l tr S_lS_k), and `prl-6`.
Source.      PRL 133, 266704 (2024), eqs. 4 and 5.
"""

from qllg_sym.proof.language import Node, let, tr
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem

from .spin import AXES, THIRD, S, dot, eta, hbar, normalisation, p, s, spin_point, traces

rho = let("rho", p * (1 + dot(eta, S)))
steps, mean = traces(), THIRD * s * (s + 1) * hbar**2


def component(k: int, average: Node = mean) -> Step:
    """⟨S_k⟩ and its cofactors."""
    rows = tuple(steps[min(a, AXES[k]) + max(a, AXES[k])].fact for a in AXES)
    return equal(AXES[k], tr(rho * S[k]), average * eta[k],
                 by=p * (steps[AXES[k]].fact + dot(eta, rows)) + average * eta[k] * normalisation())


THEOREMS = [Theorem(
    id="prl-5", statement=r"\langle \mathbf S \rangle = \frac{s(s+1)}{3}\,\hbar^2\,\boldsymbol\eta",
    source="PRL 133, 266704 (2024), eq. 5", scope="every dimension", sample=spin_point, claim_of=("x", "y", "z"),
    steps=[*steps.values(), *map(component, range(3))])]

BROKEN = [THEOREMS[0].twin("a factor: s² for s(s + 1)", claim_of=("z",), steps=[
    *steps.values(), component(2, THIRD * s**2 * hbar**2)])]
