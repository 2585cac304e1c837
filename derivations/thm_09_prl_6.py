r"""Theorem 9. PRL 6 for symbolic s: tr S_kS_l = s(s + 1)(2s + 1)ħ²δ_kl/3, and tr S_k = 0.

Statement.   As above, for every spin and every representation that the hypotheses allow.
Hypotheses.  [S_x, S_y] = iħS_z and cyclic; S·S = s(s + 1)ħ²; tr 1 = 2s + 1; ħ > 0.
Proof.       ħ tr S_z = −i tr[S_x, S_y] = 0. tr S_x[S_z, S_x] = 0, so tr S_xS_y = 0. tr[S_x, S_y]S_z = tr S_x[S_y, S_z],
             so tr S_z² = tr S_x²; the three are equal, and their sum is s(s + 1)(2s + 1)ħ². (Steps:
             `derivations/spin.py`.)
Source.      PRL 133, 266704 (2024), eq. 6.
"""

from qllg_sym.proof.language import tr
from qllg_sym.proof.step import cancel
from qllg_sym.proof.theorem import Theorem

from .spin import HALF, S, dimension, hbar, s, spin_point, traces

STEPS = tuple(traces().values())
THEOREMS = [Theorem(
    id="prl-6", statement=r"\mathrm{Tr}(S_k S_l) = \frac{s(s+1)(2s+1)}{3}\,\hbar^2\,\delta_{kl}, \quad "
                          r"\mathrm{Tr}\,S_k = 0",
    source="PRL 133, 266704 (2024), eq. 6", scope="every dimension", sample=spin_point, steps=STEPS,
    claim_of=tuple(step.name for step in STEPS))]

BROKEN = [
    THEOREMS[0].twin("without the factor (2s + 1)/3", claim_of=("txx",), sample=lambda rng: spin_point(rng, HALF),
                     steps=[
        cancel("txx", tr(S[0]**2) - s * (s + 1) * hbar**2, hbar, by=hbar * dimension())]),
    THEOREMS[0].twin("for k ≠ l too", claim_of=("txy",), steps=[cancel("txy", tr(S[0] * S[1]) - tr(S[0]**2), hbar,
                                                                       by=0)])]
