r"""Theorems 56. Local Gilbert friction balances local noise, at the same strength.

Statement.   ρ̇ = i[ρ, H + κΠρ̇] with ΠZ = Σ_k S_k tr(S_kZ), noise along the S_k alone, and Y = L G the velocity by G:
             local-balance  ρ̇ = C − κLΠL†H with C = ½(ρ̇ − L†H); if σ² = 2κT, its friction is −(σ²/2T) LΠL†H.
             local-slope    tr HY = tr (L†H)G.
In words.    Over the S_k, Σ_k S_k tr(AS_k) = ΠA, so LΠL†H = Σ_k Y_k (Y_kE): friction and noise have one matrix, as in
             `noise-balance`. Two S_k are written; each further one adds a like term to every sum. That nothing else has
             a divergence is not shown here: this Π is not one that every unitary keeps, so `noise-invariant` does not
             apply.
Hypotheses.  ħ = 1, T is k_BT. X, Y: velocities by the law for H, G; A = −i[ρ, H + κΠA]; B = i[ρ, ΠA + κΠB].
Proof.       Z = X + A + 2κB has Z = iκ[ρ, ΠZ], so Σ_k tr(S_kZ)² = tr(ZΠZ) = 0, ΠZ = 0 and Z = 0.
Source.      Own; PRL 133, 266704 (2024), outlook.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import Node, comm, hypothesis, i, letters, scalars, sq, tr
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import hermitian, rational, state, with_values
from qllg_sym.proof.step import Step, equal, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, kappa, rho

SOURCE = "own; PRL 133, 266704 (2024), outlook"
HALF = Fraction(1, 2)
A, B, G, Y, R, S = letters("A B G Y R S")               # R and S: the operators that friction and noise see
T, strength = scalars("T sigma2")


def seen(z: Node) -> Node:
    """Πz."""
    return R * tr(R * z) + S * tr(S * z)


def turned(z: Node) -> Node:
    """i[ρ, z]."""
    return i * comm(rho, z)


LAW = hypothesis("law", X - turned(H) - kappa * turned(seen(X)))
NOISE = hypothesis("noise", Y - turned(G) - kappa * turned(seen(Y)))
ADJOINT = hypothesis("adjoint", A + turned(H) + kappa * turned(seen(A)))
TWICE = hypothesis("twice", B - turned(seen(A)) - kappa * turned(seen(B)))
THERMAL = hypothesis("thermal", strength - 2 * kappa * T)


def solved(point: Point, name: str, right: Node, damping: Node) -> Point:
    """The point with the Z of Z = right + damping · i[ρ, ΠZ]: two linear equations for tr RZ and tr SZ."""
    area = damping * tr(R * turned(S))
    size = with_values(point, size=1 + area**2).scalars["size"]
    raw = with_values(point, r=tr(R * right) + area * tr(S * right), s=tr(S * right) - area * tr(R * right)).scalars
    r, s = scalars("r s")
    whole = Point(point.letters, {**point.scalars, "r": raw["r"] / size, "s": raw["s"] / size})
    value = with_values(whole, z=right + damping * turned(r * R + s * S)).letters["z"]
    return Point({**point.letters, name: value}, point.scalars)


def local(rng: Random) -> Point:
    """A state, H, G, two operators of friction, and the solutions."""
    point = Point({"rho": state(rng, 3), **{name: hermitian(rng, 3) for name in "HGRS"}},
                  {"kappa": rational(rng), "T": rational(rng)})
    for name, right, damping in (("X", turned(H), kappa), ("Y", turned(G), kappa), ("A", -turned(H), -kappa),
                                 ("B", turned(seen(A)), kappa)):
        point = solved(point, name, right, damping)
    return with_values(point, sigma2=2 * kappa * T)


def split() -> list[Step]:
    """X = C − κB and the balance."""
    z, own = X + A + 2 * kappa * B, LAW + ADJOINT + 2 * kappa * TWICE
    first = zero("first", tr(R * z), by=tr(seen(z) * own), rest=sq(tr(S * z)))
    second = zero("second", tr(S * z), by=tr(seen(z) * own), rest=sq(tr(R * z)))
    none = equal("none", z, 0, by=own + kappa * turned(R * first.fact + S * second.fact))
    friction = equal("friction", X, HALF * (X - A) - kappa * B, by=HALF * none.fact)
    return [first, second, none, friction, equal("balance", T * (X + A), -strength * B,
                                                 by=T * none.fact + THERMAL * B)]


slope = equal("slope", tr(H * Y), tr(A * G), by=(
    tr(H * NOISE) - tr((G + kappa * seen(Y)) * ADJOINT) + kappa * tr(seen(A) * NOISE)))
THEOREMS = [
    Theorem(id="local-balance", statement=r"\dot\rho = \tfrac{i}{\hbar}[\rho, H + \hbar\kappa\Pi\dot\rho] = "
            r"\mathcal L H,\ \sigma^2 = 2\hbar\kappa k_BT:\quad \tfrac12(\mathcal L + \mathcal L^\dagger)H = "
            r"-\frac{\sigma^2}{2k_BT}\,\mathcal L\Pi\mathcal L^\dagger H", source=SOURCE, scope="every dimension",
            sample=local, claim_of=("friction", "balance"), steps=split()),
    Theorem(id="local-slope", statement=r"Y = \mathcal L G:\quad \mathrm{Tr}\,HY = "
            r"\mathrm{Tr}\,(\mathcal L^\dagger H)\,G",
            source=SOURCE, scope="every dimension", sample=local, steps=[slope])]

EVEN = hypothesis("twice", B - turned(A) - kappa * turned(seen(B)))


def over_a_basis(rng: Random) -> Point:
    """B by noise over a basis, where friction sees two operators."""
    return solved(local(rng), "B", turned(A), kappa)


BROKEN = [
    THEOREMS[0].twin("noise over a basis", claim_of=("balance",), sample=over_a_basis, steps=[
        equal("balance", T * (X + A), -strength * B, by=T * EVEN + THERMAL * B)]),
    THEOREMS[1].twin("the noise of the other sign of κ", steps=[equal("slope", tr(H * Y), -tr(X * G), by=slope.by)])]
