r"""Theorems 53. Friction and noise of the law have one matrix: why σ² = 2ħκk_BT makes the noise thermal.

Statement.   noise-elements  Between eigenspaces of ρ, Δ = p − q: (1 + κ²Δ²)ρ̇ = (iΔ − κΔ²)H, and a noise G moves ρ by
                             Y with (1 + κ²Δ²)|Y|² = Δ²|G|²: friction and noise share Δ²/(1 + κ²Δ²).
             noise-balance   With L: G ↦ Y, ρ̇ = L H, and A = L†H: the drift is C − κLL†H, where C = ½(ρ̇ − A) has
                             (1 + κ² ad²)C = i[ρ, H]. If σ² = 2κT, its friction is −(σ²/2T) LL†H.
             noise-slope     A noise G changes the energy at the rate tr HY = tr AG, for every G.
             noise-strength  Where A ≠ 0, σ² = 2κT is needed.
             noise-qll       The same for q-LL with noise in the precession term, Y = i[ρ, G]; there C = i[ρ, H].
In words.    Over an orthonormal basis Σ_a G_a tr(AG_a) = A, so by noise-slope LL†H = Σ_a Y_a (Y_aE): the friction is
             −(σ²/2k_BT) Σ_a Y_a (Y_aE), which is the drift that keeps exp(−E/k_BT) where nothing else has a divergence
             (`noise-invariant`).
Hypotheses.  ħ = 1 and T is k_BT. X, Y, B: velocities by the law for H, G, A; A = −i[ρ, H] − iκ[ρ, A].
Proof.       Z = X + A + 2κB has Z = iκ[ρ, Z], so tr Z² = 0. The rest is expansion under the trace.
Source.      Own; the law is PRL 133, 266704 (2024), eq. 3.
"""

from fractions import Fraction
from random import Random
from typing import Any

from qllg_sym.proof.language import Node, comm, hypothesis, i, letters, node, pair, scalars, sq, star, tr
from qllg_sym.proof.numeric import Point, dagger, gaussian, times
from qllg_sym.proof.random_points import hermitian, mixed, rational, velocity, with_values
from qllg_sym.proof.step import Step, cancel, equal, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, q_ll, q_llg, rho

from .thm_47_rivals import between

SOURCE = "own; the law is PRL 133, 266704 (2024), eq. 3"
HALF = Fraction(1, 2)
A, B, G, Y = letters("A B G Y")
(P, P_dag), (Q, Q_dag) = pair("P", "P_dag"), pair("Q", "Q_dag")
p, q, T, strength = scalars("p q T sigma2")
size, = scalars("a", "positive")
NOISE = q_llg(Y, name="noise", hamiltonian=G)
ADJOINT = hypothesis("adjoint", A + i * comm(rho, H) + i * kappa * comm(rho, A))
TWICE = q_llg(B, name="twice", hamiltonian=A)
THERMAL = hypothesis("thermal", strength - 2 * kappa * T)
LEFT, RIGHT = hypothesis("left", rho * P - p * P), hypothesis("right", rho * Q - q * Q)


def thermal(rng: Random) -> Point:
    """A state, its velocity by H, that of one noise matrix G, the adjoint of H, and what the law makes of it."""
    point, g = mixed(rng), hermitian(rng, 3)
    state, h, k = point.letters["rho"], point.letters["H"], point.scalars["kappa"]
    a = times(velocity(state, h, -k), gaussian(-1))
    named = {**point.letters, "G": g, "Y": velocity(state, g, k), "A": a, "B": velocity(state, a, k)}
    return with_values(Point(named, {"kappa": k, "T": rational(rng)}), sigma2=2 * kappa * T, a=sq(A))


def elements(rng: Random) -> Point:
    """Two eigenspaces of a state, its velocity, and that of one noise matrix."""
    point, g = between(rng), hermitian(rng, 3)
    y = velocity(point.letters["rho"], g, point.scalars["kappa"])
    return Point({**point.letters, "G": g, "Y": y, "Q_dag": dagger(point.letters["Q"])}, point.scalars)


def between_spaces(law: Node, velocity_: Node, field: Node) -> Node:
    """(1 − iκΔ)P†XQ − iΔP†HQ in the hypotheses, X the velocity by H."""
    whole = field + kappa * velocity_
    return P_dag * law * Q + i * (star(LEFT) * whole * Q - P_dag * whole * RIGHT)


def shared(factor: Node) -> list[Step]:
    """Both from the law; `factor` is 1 + κ²Δ²."""
    gap = p - q
    x, y, g = P_dag * X * Q, P_dag * Y * Q, P_dag * G * Q
    slow = equal("slow", (1 - i * kappa * gap) * y, i * gap * g, by=between_spaces(NOISE, Y, G))
    return [
        slow, equal("drift", factor * x, (i * gap - kappa * gap**2) * P_dag * H * Q,
                    by=(1 + i * kappa * gap) * between_spaces(R, X, H)),
        equal("covariance", factor * sq(y), gap**2 * sq(g), by=(
            tr(star((1 - i * kappa * gap) * y) * slow.fact) + tr(star(slow.fact) * i * gap * g)))]


def split() -> list[Step]:
    """X = C − κB by Z = X + A + 2κB and its own equation, and what C is."""
    z, own = X + A + 2 * kappa * B, R + ADJOINT + 2 * kappa * TWICE
    none, twist = zero("none", z, by=tr(z * own)), R - ADJOINT + i * kappa * comm(rho, R + ADJOINT)
    return [none, equal("conservative", C + kappa**2 * comm(rho, comm(rho, C)), i * comm(rho, H), by=HALF * twist),
            equal("friction", X, C - kappa * B, by=HALF * none.fact)]


def balance(drift: Node, friction: Node) -> Step:
    """2T times the friction is −σ²B."""
    return equal("balance", 2 * T * (X - drift), -strength * B, by=2 * T * friction + THERMAL * B)


C = HALF * (X - A)
first = split()
slope = equal("slope", tr(H * Y), tr(A * G), by=(
    tr(H * NOISE) - tr((G + kappa * Y) * ADJOINT) + kappa * tr(A * NOISE)))
power = equal("power", tr(H * B), sq(A), by=tr(H * TWICE) - tr((A + kappa * B) * ADJOINT) + kappa * tr(A * TWICE))
AT_REST = hypothesis("balance", 2 * T * kappa * B - strength * B)
FORCE = hypothesis("force", sq(A) - size)
needed = cancel("needed", strength - 2 * kappa * T, size,
                by=-tr(H * AT_REST) - (strength - 2 * kappa * T) * (power.fact + FORCE))

# q-LL: the same four letters for its own noise
LL_NOISE = hypothesis("noise", Y - i * comm(rho, G))
LL_ADJOINT = hypothesis("adjoint", A + i * comm(rho, H))
LL_TWICE = hypothesis("twice", B - i * comm(rho, A))
FREE = i * comm(rho, H)
R_QLL = q_ll()
friction_qll = equal("friction", X, FREE - kappa * B, by=R_QLL + kappa * LL_TWICE + i * kappa * comm(rho, LL_ADJOINT))
slope_qll = equal("slope", tr(H * Y), tr(A * G), by=tr(H * LL_NOISE) - tr(LL_ADJOINT * G))


def wieser(rng: Random) -> Point:
    """The q-LL velocity, and noise in the precession term alone."""
    point = with_values(thermal(rng), X=X - R_QLL.about[1], Y=i * comm(rho, G), A=-i * comm(rho, H))
    return with_values(point, B=i * comm(rho, A))


def record(name: str, statement: str, **rest: Any) -> Theorem:
    """What all have in common."""
    return Theorem(id=name, statement=statement, source=SOURCE, scope="every dimension", **rest)


FACTOR = 1 + kappa**2 * (p - q)**2
THEOREMS = [
    record("noise-elements", r"(1 + \kappa^2\Delta^2)\,\dot\rho_{jk} = \tfrac1\hbar(i\Delta - \kappa\Delta^2)H_{jk},"
           r"\quad (1 + \kappa^2\Delta^2)\,|Y_{jk}|^2 = \tfrac{\Delta^2}{\hbar^2}|G_{jk}|^2,\quad \Delta = p_j - p_k",
           sample=elements, claim_of=("drift", "covariance"), steps=shared(FACTOR)),
    record("noise-balance", r"\dot\rho = \mathcal L H = C - \hbar\kappa\,\mathcal L\mathcal L^\dagger H,\quad "
           r"(1 + \kappa^2 \mathrm{ad}_\rho^2)C = \tfrac{i}{\hbar}[\rho, H],\quad "
           r"\sigma^2 = 2\hbar\kappa k_BT \Rightarrow \dot\rho - C = -\frac{\sigma^2}{2k_BT}\,"
           r"\mathcal L\mathcal L^\dagger H", sample=thermal,
           claim_of=("conservative", "friction", "balance"), steps=[*first, balance(C, first[-1].fact)]),
    record("noise-slope", r"Y = \mathcal L G:\quad \mathrm{Tr}\,HY = \mathrm{Tr}\,(\mathcal L^\dagger H)\,G",
           sample=thermal, steps=[slope]),
    record("noise-strength", r"\mathcal L^\dagger H \ne 0,\ 2\hbar\kappa k_BT\,\mathcal L\mathcal L^\dagger H = "
           r"\sigma^2\mathcal L\mathcal L^\dagger H \Rightarrow \sigma^2 = 2\hbar\kappa k_BT",
           sample=thermal, steps=[power, needed]),
    record("noise-qll", r"\dot\rho = \tfrac{i}{\hbar}[\rho, H] - \tfrac\kappa\hbar[\rho, [\rho, H]],\ Y = "
           r"\tfrac{i}{\hbar}[\rho, G],\ \sigma^2 = 2\hbar\kappa k_BT \Rightarrow "
           r"\dot\rho - \tfrac{i}{\hbar}[\rho, H] = -\frac{\sigma^2}{2k_BT}\,\mathcal L\mathcal L^\dagger H",
           sample=wieser, claim_of=("slope", "balance"),
           steps=[slope_qll, friction_qll, balance(FREE, friction_qll.fact)])]

DOUBLE = hypothesis("thermal", strength - 4 * kappa * T)
BOTH = tuple(hypothesis(x.name, x.about[1] + kappa * comm(rho, comm(rho, y)))
             for x, y in ((LL_NOISE, G), (LL_ADJOINT, H), (LL_TWICE, A)))


def in_both(rng: Random) -> Point:
    """q-LL with the noise in its damping term, too."""
    point = wieser(rng)
    for name, law in zip("YAB", BOTH, strict=True):
        point = with_values(point, **{name: letters(name)[0] - law.about[1]})
    return point


def heated(rng: Random) -> Point:
    """Twice the strength."""
    return with_values(thermal(rng), sigma2=4 * kappa * T)


def at_rest(rng: Random) -> Point:
    """A state without friction, so that any strength does."""
    return with_values(heated(rng), H=rho**2, A=comm(rho, rho), B=comm(rho, rho))


BROKEN = [
    THEOREMS[0].twin("without the factor 1 + κ²Δ²", steps=shared(node(1))),
    THEOREMS[1].twin("σ² = 4ħκk_BT", claim_of=("balance",), sample=heated, steps=[
        equal("balance", 2 * T * (X - C), -strength * B, by=DOUBLE)]),
    THEOREMS[1].twin("the drift of q-LL as conservative part", claim_of=("friction",), steps=[
        equal("friction", X, i * comm(rho, H) - kappa * B, by=R)]),
    THEOREMS[2].twin("the noise of the other sign of κ", steps=[equal("slope", tr(H * Y), -tr(X * G), by=slope.by)]),
    THEOREMS[3].twin("a state that commutes with H", claim_of=(), sample=at_rest, steps=[
        equal("needed", strength - 2 * kappa * T, 0, by=tr(H * AT_REST))]),
    THEOREMS[4].twin("noise in the damping term, too", claim_of=("balance",), sample=in_both, steps=[
        equal("balance", 2 * T * (X - FREE), -strength * B, by=BOTH[2] * R_QLL)])]
