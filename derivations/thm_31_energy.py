r"""Theorem 31. Energy laws of q-LLG and of Wieser's q-LL.

Statement.   E = tr(ρH). q-LLG: dE/dt = −ħκ tr(ρ̇²) + tr(ρḢ); q-LL: dE/dt = −(κ/ħ) ‖[ρ, H]‖² + tr(ρḢ).
             So the energy never grows at constant H and κ ≥ 0.
Hypotheses.  R = 0, the law, with X = dρ/dt; H may depend on time, with the derivative W, in the first of each pair.
             The letter H is the Hamiltonian over ħ.
Proof.       q-LLG: tr(HX) = tr((H + κX)R) − κ tr(X²), for tr(H[ρ, H]) = tr(X[ρ, X]) = 0 and
             tr(H[ρ, X]) = −tr(X[ρ, H]).
             q-LL: tr(HX) = tr(HR) − κ tr(H[ρ, [ρ, H]]), and the last trace is tr(C†C) with C = [ρ, H].
Source.      PRL 133, 266704 (2024), eq. 3; Phys. Rev. Lett. 110, 147201 (2013) for q-LL; own proof.
"""

from collections.abc import Callable
from random import Random
from typing import Any

from qllg_sym.proof.language import D, Node, comm, letters, node, sq, star, tr
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import hermitian, mixed, with_values
from qllg_sym.proof.step import Step, equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, kappa, kappa_plus, q_ll, q_llg, rho

W, = letters("W")
Q_LLG, Q_LL = "PRL 133, 266704 (2024), eq. 3; own proof", "Phys. Rev. Lett. 110, 147201 (2013); own proof"


def driven(rng: Random) -> Point:
    """A state, its q-LLG velocity, and a time derivative W of H."""
    p = mixed(rng)
    return Point({**p.letters, "W": hermitian(rng, p.dimension)}, {"kappa": p.scalars["kappa"]})


def wieser(rng: Random) -> Point:
    """The same with the q-LL velocity."""
    p = driven(rng)
    return with_values(p, X=X - q_ll().about[1])


def pushed(rng: Random) -> Point:
    """κ > 0 and an H that grows faster than q-LL lowers the energy: W = 4 (κ ‖[ρ, H]‖² + 1) ρ, and tr(ρ²) ≥ 1/3."""
    return with_values(damped(wieser)(rng), W=4 * (kappa * sq(C) + 1) * rho)


def damped(sample: Callable[[Random], Point]) -> Callable[[Random], Point]:
    """A sampler of κ > 0."""
    def draw(rng: Random) -> Point:
        while True:
            p = sample(rng)
            if p.scalars["kappa"].x > 0:
                return p
    return draw


def record(name: str, statement: str, source: str, **rest: Any) -> Theorem:
    """What the four have in common."""
    return Theorem(id=name, statement=statement, source=source, scope="every dimension", **rest)


def falling(square: Node, by: Node) -> list[Step]:
    """dE/dt is −κ times a square, so that E does not rise."""
    balance = equal("balance", RATE, -kappa_plus * square, by=by)
    return [balance, nonnegative("falls", -RATE, kappa_plus * square, by=-balance.fact)]


C = comm(rho, H)
CONSTANT, DRIVEN = {rho: X, H: node(0)}, {rho: X, H: W}
BALANCE = r"\frac{dE}{dt} = -\hbar\kappa\,\mathrm{Tr}\,\dot\rho^2"
BALANCE_QLL = r"\frac{dE}{dt} = -\frac{\kappa}{\hbar}\,\Vert[\rho, H]\Vert^2"
DRIVE, FALL = r" + \mathrm{Tr}\,\rho\dot H", r"\dot H = 0,\ \kappa \ge 0 \Rightarrow "
RATE, POWER = D(tr(rho * H)), tr(rho * W)
first, falls = tr((H + kappa * X) * q_llg()), tr((H + kappa_plus * X) * q_llg(damping=kappa_plus))
second, falls_qll = tr(H * q_ll()), tr(H * q_ll(damping=kappa_plus))

THEOREMS = [
    record("energy", BALANCE + DRIVE, Q_LLG, derivatives=DRIVEN, sample=driven,
           steps=[equal("balance", RATE, POWER - kappa * tr(X**2), by=first)]),
    record("energy-falls", FALL + BALANCE + r" \le 0", Q_LLG, derivatives=CONSTANT, sample=damped(driven),
           claim_of=("balance", "falls"), steps=falling(sq(X), falls)),
    record("energy-qll", BALANCE_QLL + DRIVE, Q_LL, derivatives=DRIVEN, sample=wieser,
           steps=[equal("balance", RATE, POWER - kappa * tr(star(C) * C), by=second)]),
    record("energy-qll-falls", FALL + BALANCE_QLL + r" \le 0", Q_LL, derivatives=CONSTANT, sample=damped(wieser),
           claim_of=("balance", "falls"), steps=falling(sq(C), falls_qll))]

BROKEN = [
    THEOREMS[0].twin("without the power of H(t)", steps=[equal("balance", RATE, -kappa * tr(X**2), by=first)]),
    THEOREMS[1].twin("κ of either sign", sample=driven, claim_of=(),
                     steps=[nonnegative("falls", -RATE, kappa * sq(X), by=-first)]),
    THEOREMS[2].twin("the loss of q-LLG for the loss of q-LL", steps=[
        equal("balance", RATE, POWER - kappa * tr(X**2), by=second)]),
    THEOREMS[3].twin("H depends on time", derivatives=DRIVEN, sample=pushed, claim_of=(),
                     steps=[nonnegative("falls", -RATE, kappa_plus * sq(C), by=-falls_qll)])]
