r"""Theorem 8. The quantum LLG equation keeps what the Rényi and von Neumann entropies are made of, for every dimension.

Statement.   d/dt tr(ρⁿ) = 0 for every integer n ≥ 1, so the eigenvalues of ρ are constant (Newton); and tr(FX) = 0
             for every F that commutes with ρ.
In words.    With the eigenvalues tr f(ρ) is constant for every f: tr ρ^δ for real δ > 0, S_δ = ln tr ρ^δ/(1 − δ), S =
             −tr ρ ln ρ. Directly: d/dt tr f(ρ) = tr(f'(ρ)X), and F = f'(ρ) commutes with ρ.
Hypotheses.  R = X − i[ρ, H] − iκ[ρ, X] = 0; F commutes with ρ.
Proof.       tr(ρⁿ⁻¹X) = tr(ρⁿ⁻¹R); tr(FX) = tr(FR) + i tr([F, ρ](H + κX)).
Source.      PRL 133, 266704 (2024), below eq. 3.
"""

from random import Random

from qllg_sym.proof.language import D, comm, hypothesis, i, letters, tr
from qllg_sym.proof.lemmas import constant_spectrum
from qllg_sym.proof.numeric import Point, gaussian, identity, plus, times, trace
from qllg_sym.proof.random_points import hermitian, mixed, state, with_values
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, n, rho

ERRATA = [(
    "The conservation of purity seems to suggest that of the Rényi and von Neumann entropies; the conserved purity "
    "ensures no loss of information.",
    "Purity alone fixes neither for dimension 3 and above (the false twin of `renyi`); what the law keeps is every "
    "Tr ρⁿ, the whole spectrum.", "below eq. 3")]

F, = letters("F")
COMMUTES = hypothesis("C", comm(F, rho))


def function(rng: Random) -> Point:
    """A random state and a function of it."""
    return with_values(mixed(rng), F=2 * rho - 3 * rho**2)


def pure_only(rng: Random) -> Point:
    """An X that keeps trace and purity, and obeys no law."""
    a, x = state(rng, 3), hermitian(rng, 3)
    x = plus(x, identity(3), -trace(x) / gaussian(3))
    centred = plus(a, identity(3), -gaussian(1) / gaussian(3))
    share = trace(times(x, centred)) / trace(times(centred, centred))
    return Point({"rho": a, "X": plus(x, centred, -share)}, {}, {"n": 3})


MOMENTS = equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * R))
THEOREMS = [Theorem(
    id="renyi", statement=r"\frac{d}{dt} \mathrm{Tr}\,\rho^n = 0\ (n = 1, 2, \dots): \text{ the eigenvalues of } \rho "
    r"\text{ are constant};\quad [F, \rho] = 0 \Rightarrow \mathrm{Tr}\,F\dot\rho = 0;\quad \text{in words: so are "
    r"their functions } \mathrm{Tr}\,\rho^\delta \text{ for real } \delta > 0,\ S_\delta \text{ and } S",
    source="PRL 133, 266704 (2024), below eq. 3", scope="every dimension", derivatives={rho: X}, sample=function,
    claim_of=("moments", "spectrum", "function"),
    note="in words: S_δ = ln tr ρ^δ/(1 − δ) for real δ > 0 and S = −tr ρ ln ρ are functions of the eigenvalues, hence "
         "constant; d/dt tr f(ρ) = tr(FX) with F = f'(ρ).",
    trajectory={X: R},
    steps=[MOMENTS, constant_spectrum("spectrum", rho, MOMENTS, n),
           equal("function", tr(F * X), 0, by=tr(F * R) + i * tr(COMMUTES * (H + kappa * X)))])]

BROKEN = [
    THEOREMS[0].twin("purity alone", claim_of=("moments",), sample=pure_only, steps=[
        equal("moments", D(tr(rho**n)), 0, by=n * (hypothesis("P", tr(rho * X)) + hypothesis("T", tr(X))))]),
    THEOREMS[0].twin("an F that does not commute with ρ", claim_of=("function",),
                     sample=lambda rng: with_values(mixed(rng), F=H),
                     steps=[equal("function", tr(F * X), 0, by=tr(F * R))])]
