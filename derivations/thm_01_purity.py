r"""Theorem 1. The quantum LLG equation keeps the purity tr ρ², for every dimension.

Statement.   d/dt tr(ρ²) = 0.
Hypotheses.  R = X − i[ρ, H] − iκ[ρ, X] = 0 with X = dρ/dt.  (Nothing on H or κ, which may depend on time.)
Proof.       d/dt tr(ρ²) = 2 tr(ρX) = 2 tr(ρR), for both commutators close under the trace with ρ.
Source.      PRL 133, 266704 (2024), eq. 3 and the text below it.
"""

from qllg_sym.proof.language import D, tr
from qllg_sym.proof.random_points import lawless, mixed
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import R, X, rho

THEOREMS = [Theorem(
    id="purity", statement=r"\frac{d}{dt}\,\mathrm{Tr}\,\rho^2 = 0", source="PRL 133, 266704 (2024), eq. 3",
    scope="every dimension", derivatives={rho: X}, sample=mixed,
    steps=[equal("purity", D(tr(rho**2)), 0, by=2 * tr(rho * R))])]

BROKEN = [THEOREMS[0].twin("without the law", sample=lawless, steps=[equal("purity", D(tr(rho**2)), 0)])]
