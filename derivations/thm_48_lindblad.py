r"""Theorems 48. A Lindblad equation loses purity, and how fast; q-LLG does not (`purity`).

Statement.   lindblad-purity   ρ̇ = i[ρ, H] + g(LρL† − ½{L†L, ρ}) has d/dt tr ρ² = 2g(tr ρLρL† − tr ρ²L†L).
             dephasing-purity  If L = L† (the law `Dephasing` of the package, L for S_z) and g ≥ 0, it is −g|[L, ρ]|² ≤
                               0, |a|² = tr(a†a).
             dephasing-stops   For g > 0 it is 0 only where [L, ρ] = 0.
             dephasing-rate    Between the eigenvalues l and m of L, ρ decays at the rate g(l − m)²/2.
Hypotheses.  The law; dephasing-rate: LP = lP, LQ = mQ. H may depend on time.
Proof.       tr ρ[ρ, H] = 0, and L = L† turns the law into i[ρ, H] − (g/2)[L, [L, ρ]].
Source.      PRL 133, 266704 (2024), text below eq. 3, without a rate; Breuer and Petruccione, The Theory of Open
             Quantum Systems (2007).
"""

from fractions import Fraction
from random import Random

import sympy as sp

from qllg_sym.equations.laws.dephasing import Dephasing
from qllg_sym.proof.language import D, Node, anti, comm, hypothesis, i, letters, pair, scalars, sq, star, tr
from qllg_sym.proof.laws import residual
from qllg_sym.proof.numeric import Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, hermitian, operator, rational, state, unitary, with_values
from qllg_sym.proof.step import Step, cancel, equal, nonnegative, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, rho

SOURCE = "PRL 133, 266704 (2024), text below eq. 3; own"
HALF = Fraction(1, 2)
L, = letters("L")
J, J_dag = pair("L", "L_dag")
(g,), (g_plus,), (g_positive,) = scalars("g"), scalars("g", "nonnegative"), scalars("g", "positive")
P, P_dag = pair("P", "P_dag")
Q, = letters("Q", hermitian=False)
l, m = scalars("l m")
LEFT, RIGHT = hypothesis("left", L * P - l * P), hypothesis("right", L * Q - m * Q)


def general(jump: Node, adjoint: Node) -> Node:
    """The right-hand side of the Lindblad form with one jump operator."""
    return i * comm(rho, H) + g * (jump * rho * adjoint - HALF * anti(adjoint * jump, rho))


GENERAL_SIDE = general(J, J_dag)
GENERAL = hypothesis("law", X - GENERAL_SIDE)
C, STEADY = comm(L, rho), hypothesis("steady", 2 * tr(rho * X))


def dephasing(rate: Node) -> Node:
    """The law of the package for one spin, L for its S_z."""
    rule = Dephasing(sp.Symbol("g", nonnegative=True))
    return hypothesis("law", residual(rule, {"rho": rho, "drho": X, "H": H, "Sz0": L}, {"g": rate}))


def lossy(rng: Random) -> Point:
    """A state, any L, and the velocity by the law."""
    a = operator(rng, 3)
    point = Point({"rho": state(rng, 3), "H": hermitian(rng, 3), "L": a, "L_dag": dagger(a)}, {"g": rational(rng)})
    return with_values(point, X=GENERAL_SIDE)


def dephased(rng: Random) -> Point:
    """A state, a Hermitian L with two eigenvectors in P and Q, and the velocity by the law."""
    u, values = unitary(rng, 3), [gaussian(x) for x in rng.sample(range(-4, 5), 3)]
    first, second = (diagonal([gaussian(int(j == k)) for j in range(3)]) for k in (0, 1))
    left, right = (times(times(u, x), operator(rng, 3)) for x in (first, second))
    rate = gaussian(rng.randint(1, 9)) / gaussian(4)
    point = Point({"rho": state(rng, 3), "H": hermitian(rng, 3), "L": times(times(u, diagonal(values)), dagger(u)),
                   "P": left, "P_dag": dagger(left), "Q": right}, {"g": rate, "l": values[0], "m": values[1]})
    return with_values(point, X=general(L, L))


def resting(rng: Random) -> Point:
    """A state that commutes with L: no loss."""
    point = dephased(rng)
    return with_values(with_values(point, rho=L**2 + 1), X=i * comm(rho, H))


def pumping(rng: Random) -> Point:
    """A lowering operator on a state of which most is low already."""
    zero_, one = gaussian(0), gaussian(1)
    share = gaussian(rng.randint(6, 9)) / gaussian(10)
    down = ((zero_, one), (zero_, zero_))
    point = Point({"rho": diagonal([share, one - share]), "H": hermitian(rng, 2), "L": down, "L_dag": dagger(down)},
                  {"g": one})
    return with_values(point, X=GENERAL_SIDE)


LOSS = D(tr(rho**2))


def elements(share: Fraction) -> list[Step]:
    """The decay of one element; the share ½ is right."""
    left = star(LEFT)
    by = left * rho * L * Q + l * P_dag * rho * RIGHT - HALF * (
        left * (L + l) * rho * Q + P_dag * rho * (L + m) * RIGHT)
    return [equal("decay", P_dag * X * Q, i * P_dag * comm(rho, H) * Q - share * g * (l - m)**2 * P_dag * rho * Q,
                  by=P_dag * dephasing(g) * Q + g * by)]


lost = equal("loss", LOSS, -g_plus * sq(C), by=2 * tr(rho * dephasing(g_plus)))
still = cancel("still", sq(C), g_positive, by=2 * tr(rho * dephasing(g_positive)) - STEADY)
THEOREMS = [
    Theorem(id="lindblad-purity", statement=r"\dot\rho = \tfrac{i}{\hbar}[\rho, H] + g(L\rho L^\dagger - "
            r"\tfrac12\{L^\dagger L, \rho\}) \Rightarrow \frac{d}{dt}\,\mathrm{Tr}\,\rho^2 = "
            r"2g\,(\mathrm{Tr}\,\rho L\rho L^\dagger - \mathrm{Tr}\,\rho^2 L^\dagger L)",
            source=SOURCE, scope="every dimension", sample=lossy, derivatives={rho: X},
            steps=[equal("loss", LOSS, 2 * g * (tr(rho * J * rho * J_dag) - tr(rho**2 * J_dag * J)),
                         by=2 * tr(rho * GENERAL))]),
    Theorem(id="dephasing-purity", statement=r"L = L^\dagger,\ g \ge 0,\ \dot\rho = \tfrac{i}{\hbar}[\rho, H] + "
            r"g(L\rho L - \tfrac12\{L^2, \rho\}) \Rightarrow "
            r"\frac{d}{dt}\,\mathrm{Tr}\,\rho^2 = -g\,|[L, \rho]|^2 \le 0",
            source=SOURCE, scope="every dimension", sample=dephased, derivatives={rho: X}, claim_of=("loss", "falls"),
            steps=[lost, nonnegative("falls", -LOSS, g_plus * sq(C), by=-lost.fact)]),
    Theorem(id="dephasing-stops", statement=r"L = L^\dagger,\ g > 0,\ \dot\rho = \tfrac{i}{\hbar}[\rho, H] + "
            r"g(L\rho L - \tfrac12\{L^2, \rho\}),\ "
            r"\frac{d}{dt}\,\mathrm{Tr}\,\rho^2 = 0 \Rightarrow [L, \rho] = 0",
            source=SOURCE, scope="every dimension", sample=resting, derivatives={rho: X}, claim_of=("stops",),
            steps=[still, zero("stops", C, by=still.fact)]),
    Theorem(id="dephasing-rate", statement=r"L = L^\dagger,\ LP = lP,\ LQ = mQ:\quad P^\dagger\dot\rho\,Q = "
            r"\tfrac{i}{\hbar}P^\dagger[\rho, H]Q - \tfrac12 g(l - m)^2\,P^\dagger\rho\,Q",
            source=SOURCE, scope="every dimension", sample=dephased, steps=elements(HALF))]

BROKEN = [
    THEOREMS[0].twin("purity is kept", steps=[equal("loss", LOSS, 0, by=2 * tr(rho * GENERAL))]),
    THEOREMS[0].twin("purity falls for every L", sample=pumping, steps=[
        nonnegative("loss", 2 * g * (tr(rho**2 * J_dag * J) - tr(rho * J * rho * J_dag)), 0)]),
    THEOREMS[1].twin("half the rate", claim_of=("loss",), steps=[
        equal("loss", LOSS, -HALF * g_plus * sq(C), by=2 * tr(rho * dephasing(g_plus)))]),
    THEOREMS[2].twin("a state that loses purity", sample=dephased, claim_of=(), steps=[
        equal("stops", C, 0, by=2 * tr(rho * dephasing(g_positive)))]),
    THEOREMS[3].twin("twice the rate", steps=elements(Fraction(1)))]
