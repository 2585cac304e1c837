r"""Theorems 58. Local Gilbert friction keeps the spectrum, and the energy falls by the friction of every spin.

Statement.   local-spectrum  d/dt tr(ρⁿ) = 0 for n = 1, 2, 3, …
             local-energy    dE/dt = −α tr(ρ̇Λ) for E = tr(ρH) and constant H.
             local-friction  With Λ = a A tr(AX) + b B tr(BX), that is −α (a tr(AX)² + b tr(BX)²).
In words.    Λ = Σ (1/s_i) σ_i·tr(ρ̇σ_i) is such a sum of 3N operators A with a = 1/s_i > 0, which adds up as two do, and
             traces of products of two Hermitian matrices are real: for α ≥ 0 the energy never grows.
Hypotheses.  ħ = 1. R = X − i[ρ, H + αL] = 0 with X = dρ/dt, L Hermitian; its letter is Λ. A and B Hermitian.
Proof.       tr(ρⁿ⁻¹R) leaves tr(ρⁿ⁻¹X). tr((H + αL)R) = tr(HX) + α tr(LX), for tr(K[ρ, K]) = 0.
Source.      Own; Gilbert's friction on each site.
"""

from random import Random
from typing import Any

import sympy as sp

from qllg_sym.equations.laws.local_gilbert import LocalGilbert
from qllg_sym.equations.spin_part import LETTER
from qllg_sym.proof.language import D, comm, hypothesis, i, letters, node, scalars, tr
from qllg_sym.proof.laws import residual
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import hermitian, lawless, rational, state, with_values
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, n, rho

A, B, L, M = letters("A B L M")
a, b, alpha = scalars("a b alpha")
R = hypothesis("R", residual(LocalGilbert(sp.Symbol("alpha", real=True)),
                             {"rho": rho, "drho": X, "H": H, LETTER: L}, {"alpha": alpha}))
PART = a * tr(A * X) * A + b * tr(B * X) * B
SPINS = hypothesis("spins", L - PART)
RATE, BALANCE = D(tr(rho * H)), tr((H + alpha * L) * R)


def damped(rng: Random) -> Point:
    """A state, its velocity under a generator M, and the H that leaves M with the friction of two operators."""
    named = {"rho": state(rng, 3), **{name: hermitian(rng, 3) for name in "ABM"}}
    point = Point(named, {name: rational(rng) for name in ("a", "b", "alpha")}, {"n": rng.randint(1, 5)})
    moved = with_values(point, X=i * comm(rho, M))
    return with_values(with_values(moved, L=PART), H=M - alpha * L)


def other(rng: Random) -> Point:
    """The same with a velocity by no law."""
    point = damped(rng)
    return Point({**point.letters, "X": lawless(rng).letters["X"]}, point.scalars, point.exponents)


def record(name: str, statement: str, **rest: Any) -> Theorem:
    """What the three have in common."""
    return Theorem(id=name, statement=statement, source="own; Gilbert's friction on each site", scope="every dimension",
                   sample=damped, **rest)


THEOREMS = [
    record("local-spectrum", r"\frac{d}{dt}\,\mathrm{Tr}\,\rho^n = 0 \quad (n = 1, 2, \dots)", derivatives={rho: X},
           steps=[equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * R))]),
    record("local-energy", r"\frac{dE}{dt} = -\alpha\,\mathrm{Tr}\,\dot\rho\Lambda",
           derivatives={rho: X, H: node(0)}, steps=[equal("balance", RATE, -alpha * tr(X * L), by=BALANCE)]),
    record("local-friction", r"\frac{dE}{dt} = -\alpha\sum_A a\,(\mathrm{Tr}\,A\dot\rho)^2",
           derivatives={rho: X, H: node(0)},
           steps=[equal("friction", RATE, -alpha * (a * tr(A * X)**2 + b * tr(B * X)**2),
                        by=BALANCE - alpha * tr(X * SPINS))])]

BROKEN = [
    THEOREMS[0].twin("without the law", sample=other, steps=[equal("moments", D(tr(rho**(n + 1))), 0)]),
    THEOREMS[1].twin("the loss of q-LLG", steps=[equal("balance", RATE, -alpha * tr(X * X), by=BALANCE)]),
    THEOREMS[2].twin("without the factors 1/s", steps=[
        equal("friction", RATE, -alpha * (tr(A * X)**2 + tr(B * X)**2), by=BALANCE - alpha * tr(X * SPINS))])]
