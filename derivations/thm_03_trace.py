r"""Theorem 3. The quantum LLG equation keeps the trace, for every dimension.

Statement.   d/dt tr(ρ) = 0.
Hypotheses.  R = X − i[ρ, H] − iκ[ρ, X] = 0 with X = dρ/dt.
Proof.       tr X = tr R, for the trace of a commutator is zero.
Source.      PRL 133, 266704 (2024), eq. 3.
"""

from random import Random

from qllg_sym.proof.language import D, anti, hypothesis, i, tr
from qllg_sym.proof.numeric import Point, gaussian, plus, times
from qllg_sym.proof.random_points import mixed
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, rho

THEOREMS = [Theorem(
    id="trace", statement=r"\frac{d}{dt}\,\mathrm{Tr}\,\rho = 0", source="PRL 133, 266704 (2024), eq. 3",
    scope="every dimension", derivatives={rho: X}, sample=mixed,
    steps=[equal("trace", D(tr(rho)), 0, by=tr(R))])]


def anticommuting(rng: Random) -> Point:
    """A point at which X obeys the law without damping and with an anticommutator for the commutator."""
    p = mixed(rng)
    rho, h = p.letters["rho"], p.letters["H"]
    return Point({**p.letters, "X": times(plus(times(rho, h), times(h, rho)), gaussian(0, 1))}, p.scalars)


W = hypothesis("R", X - i * anti(rho, H))
BROKEN = [THEOREMS[0].twin("an anticommutator", sample=anticommuting, steps=[equal("trace", D(tr(rho)), 0, by=tr(W))])]
