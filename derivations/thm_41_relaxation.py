r"""Theorem 41. The relaxation spectrum at any stationary state, and its exact form for pure states, in every dimension.

Statement.   Near a stationary σ, ρ = σ + εδ: δ_jk ∝ exp[i(E_k − E_j)t/(1 − iκ(p_j − p_k))], ħ = 1, to first order in ε.
             Pure ρ: z = c_k/c_0 obeys (1 + κ²)ż = −(κ + i)(E_k − E_0)z, exactly: it decays at κ(E_k − E_0)/(1 + κ²), or
             grows if E_k < E_0, and precesses at (E_k − E_0)/(1 + κ²).
Hypotheses.  [σ, H] = 0, and J, K are common eigenprojectors: σJ = pJ, σK = qK, HJ = EJ, HK = FK; Y = dδ/dt solves the
             part of the law of first order in ε (L). Pure: ρ² = ρ, ρHρ = tr(ρH)ρ (rank one), z = 1/tr(Jρ) and
             Z = zKρJ, that is Z = (c_k/c_0)|k⟩⟨0| where J = |0⟩⟨0| and K = |k⟩⟨k|. All at one instant.
Proof.       The residual at (σ + εδ, εY) is εL − ε²iκ[δ, Y], for [σ, H] = 0; then JLK, entry by entry.
             Pure: R + iκ[ρ, R] with [ρ, [ρ, X]] = X gives q-LL over 1 + κ²; then the quotient rule; tr(ρH) cancels.
Source.      Own; the law is PRL 133, 266704 (2024), eq. 3; times to the ground state: arXiv 2604.03731.
"""

from random import Random

from qllg_sym.proof.language import D, comm, hypothesis, i, let, letters, node, scalars, star, tr
from qllg_sym.proof.numeric import Matrix, Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, hermitian, mixed, rational, unitary, velocity, with_values
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, q_llg, rho

sigma, delta, G, Y, J, K = letters("sigma delta G Y J K")
eps, p, q, E, F, z = scalars("eps p q E F z")
first = Y - i * comm(delta, H) - i * kappa * comm(sigma, Y)
C, L = hypothesis("C", comm(sigma, H)), hypothesis("L", first)
SJ, SK = hypothesis("SJ", sigma * J - p * J), hypothesis("SK", sigma * K - q * K)
HJ, HK = hypothesis("HJ", H * J - E * J), hypothesis("HK", H * K - F * K)
law = q_llg(let("velocity", eps * Y), state=let("state", sigma + eps * delta)).about[1]


def turned(rng: Random, *values: list[int]) -> list[Matrix]:
    """Return matrices of these eigenvalues in one random basis, and the projectors on its first two vectors."""
    u = unitary(rng, 3)
    return [times(times(u, diagonal([gaussian(x) for x in v])), dagger(u)) for v in (*values, [1, 0, 0], [0, 1, 0])]


def near(rng: Random) -> Point:
    """A stationary σ, δ = i[σ, G] (as every isospectral change is), and the Y of first order."""
    s, h, j, k = turned(rng, rng.sample(range(1, 9), 3), rng.sample(range(-9, 9), 3))
    point = Point({"sigma": s, "H": h, "J": j, "K": k, "G": hermitian(rng, 3)},
                  {"kappa": rational(rng), "eps": rational(rng)})
    point = with_values(point, p=tr(sigma * J), q=tr(sigma * K), E=tr(H * J), F=tr(H * K),
                        delta=i * comm(sigma, G), field=i * comm(G, H))
    return Point({**point.letters, "Y": velocity(s, point.letters["field"], point.scalars["kappa"])}, point.scalars)


linear = equal("linear", law, eps * first - eps**2 * i * kappa * comm(delta, Y), by=-i * C)
spectrum = equal("spectrum", (1 - i * kappa * (p - q)) * J * Y * K, i * (F - E) * J * delta * K, by=(
    J * L * K + i * (J * delta * HK - star(HJ) * delta * K) + i * kappa * (star(SJ) * Y * K - J * Y * SK)))

P, one = hypothesis("P", rho**2 - rho), hypothesis("one", rho * H * rho - tr(rho * H) * rho)
weight, Z = hypothesis("weight", z * tr(J * rho) - 1), let("Z", z * K * rho * J)


def ray(rng: Random) -> Point:
    """A random pure state, its velocity, and two eigenprojectors of H."""
    point = mixed(rng, rank=1)
    h, j, k = turned(rng, rng.sample(range(-9, 9), 3))
    x = velocity(point.letters["rho"], h, point.scalars["kappa"])
    point = with_values(Point({"rho": point.letters["rho"], "H": h, "X": x, "J": j, "K": k}, point.scalars),
                        E=tr(H * J), F=tr(H * K), z=tr(J * rho))
    if not point.scalars["z"]:
        return ray(rng)
    return Point(point.letters, {**point.scalars, "z": gaussian(1) / point.scalars["z"]})


def quotient(sign: int) -> list[Step]:
    """The steps to (1 + κ²) dZ/dt = −(κ ± i)(F − E) Z; + is right."""
    tangent = i * comm(P, H + kappa * X) + rho * R + R * rho - R            # ρX + Xρ − X
    cubic = rho * tangent * rho - rho * X * P - P * X * rho                 # ρXρ
    explicit = equal("explicit", (1 + kappa**2) * X, i * comm(rho, H) - kappa * comm(rho, comm(rho, H)), by=(
        R + i * kappa * comm(rho, R) - kappa**2 * (rho * tangent + tangent * rho + tangent - 4 * cubic)))
    slope = rho * H + H * rho - 2 * tr(rho * H) * rho
    reduced = equal("reduced", (1 + kappa**2) * X, i * comm(rho, H) - kappa * slope,
                    by=explicit.fact - kappa * (P * H + H * P - 2 * one))
    M = reduced.fact
    moved = K * M * J + (i - kappa) * K * rho * HJ - (i + kappa) * star(HK) * rho * J
    grown = tr(J * M) + (i - kappa) * tr(HJ * rho) - (i + kappa) * tr(star(HJ) * rho)
    return [explicit, reduced, equal("pure", (1 + kappa**2) * D(Z), -(kappa + sign * i) * (F - E) * Z, by=(
        z * moved - z * grown * Z - 2 * kappa * (tr(rho * H) - E) * Z * weight))]


THEOREMS = [
    Theorem(id="relaxation",
            statement=r"\frac{d}{dt}\delta\rho_{jk} = \frac{i(E_k - E_j)}{\hbar(1 - i\kappa(p_j - p_k))}\,"
            r"\delta\rho_{jk}\quad\text{to first order in } \delta\rho",
            note="in words: for constant H, δρ_jk is its start times exp[i(E_k − E_j)t/(ħ(1 − iκ(p_j − p_k)))].",
            source="own; PRL 133, 266704 (2024), eq. 3", scope="every dimension", sample=near,
            claim_of=("linear", "spectrum"), steps=[linear, spectrum]),
    Theorem(id="relaxation-pure",
            statement=r"\frac{d}{dt}\frac{c_k}{c_0} = -\frac{(\kappa + i)(E_k - E_0)}{\hbar(1 + \kappa^2)}"
            r"\,\frac{c_k}{c_0}\quad(\rho = |\psi\rangle\langle\psi|,\ \text{not only linearly})",
            source="own; PRL 133, 266704 (2024), eq. 3", scope="every dimension", sample=ray,
            derivatives={rho: X, J: node(0), K: node(0), z: -z**2 * tr(J * X)}, steps=quotient(1))]

BROKEN = [
    THEOREMS[0].twin("the sign of κ", claim_of=("spectrum",), steps=[
        equal("spectrum", (1 + i * kappa * (p - q)) * J * Y * K, i * (F - E) * J * delta * K, by=spectrum.by)]),
    THEOREMS[0].twin("linear in κ for every ε: the second order forgotten", claim_of=("linear",), steps=[
        equal("linear", law, eps * first, by=-i * C)]),
    THEOREMS[1].twin("precession the other way", steps=quotient(-1))]
