r"""Theorem 2. The quantum LLG equation keeps every moment tr ρⁿ, for every dimension and every n at once.

Statement.   d/dt tr(ρⁿ) = 0 for n = 1, 2, 3, …; n is a symbol, not a list.
Hypotheses.  R = X − i[ρ, H] − iκ[ρ, X] = 0 with X = dρ/dt.  (Nothing on H or κ.)
Proof.       d/dt tr(ρⁿ) = n tr(ρⁿ⁻¹X) = n tr(ρⁿ⁻¹R), for ρⁿ⁻¹ commutes with ρ under the trace.
Source.      PRL 133, 266704 (2024), eq. 3, states n = 2; own certificate for a symbolic exponent.
"""

from qllg_sym.proof.language import D, tr
from qllg_sym.proof.random_points import lawless, mixed
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, n, rho

THEOREMS = [Theorem(
    id="moments", statement=r"\frac{d}{dt}\,\mathrm{Tr}\,\rho^n = 0 \quad (n = 1, 2, \dots)",
    source="PRL 133, 266704 (2024), eq. 3", scope="every dimension", derivatives={rho: X}, sample=mixed,
    steps=[equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * R))])]

BROKEN = [
    THEOREMS[0].twin("without the law", sample=lambda rng: lawless(rng, 2),
                     steps=[equal("moments", D(tr(rho**(n + 1))), 0)]),
    THEOREMS[0].twin("a factor H under the trace: the energy is not kept",
                     steps=[equal("moments", tr(rho**(n - 1) * X * H), 0, by=tr(rho**(n - 1) * R * H))])]
