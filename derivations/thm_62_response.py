r"""Theorems 62. What a weak field in time makes of a stationary state, in every dimension: lines, widths, power.

Statement.   response        [σ, H] = 0, H → H − fA, ρ = σ + fδ: to first order in f, for δ ∝ e^{−iωt},
                             (ħω(1 − iκΔ) + E_k − E_j)δ_jk = ΔA_jk, with Δ = p_j − p_k.
             response-qll    The same for q-LL, with ħω/(1 + iκΔ) in place of ħω(1 − iκΔ).
             response-lines  Its pole ω = u − iv has v = −κΔu and (1 + κ²Δ²)u = (E_j − E_k)/ħ.
             response-power  Im [Δ/(ω(1 − iκΔ) − x)] = κΔ²ω/((ω − x)² + κ²Δ²ω²), x = (E_j − E_k)/ħ.
In words.    χ_BA = Σ B_kj A_jk Δ/(ħω(1 − iκΔ) + E_k − E_j). At ω = 0 there is no κ. Half width over frequency of a
             line is κ(p_k − p_j): all poles with u > 0 lie below the real axis if and only if no population rises
             with the energy (a passive state). Each term of ½ω Im χ_AA |f|² is ≥ 0 for κ > 0 whatever the populations
             are: in a steady answer the field pays for the friction κ‖ρ̇‖². Where the state is not passive this answer
             is never reached, for the lines with v < 0 grow.
Hypotheses.  ħ = 1. J, K are common eigenprojectors: σJ = pJ, σK = qK, HJ = EJ, HK = FK. δ and A need not be
             Hermitian: a real field is two exponentials. L is the law's part of first order in f, divided by f.
Proof.       JLK, entry by entry; then real and imaginary parts.
Source.      Own; linear response to PRL 133, 266704 (2024), eq. 3.
"""

from random import Random

from qllg_sym.proof.language import Node, comm, hypothesis, i, letters, pair, scalars, star, tr
from qllg_sym.proof.numeric import Number, Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, operator, rational, unitary, with_values
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, kappa

SOURCE = "own; PRL 133, 266704 (2024), eq. 3"
sigma, J, K = letters("sigma J K")
(delta, delta_dag), (A, A_dag) = pair("delta", "delta_dag"), pair("A", "A_dag")
p, q, E, F, w, x, u, v, re, im = scalars("p q E F w x u v a b")
SJ, SK = hypothesis("SJ", sigma * J - p * J), hypothesis("SK", sigma * K - q * K)
HJ, HK = hypothesis("HJ", H * J - E * J), hypothesis("HK", H * K - F * K)
PUSH = comm(delta, H) - comm(sigma, A)
L = hypothesis("L", -i * w * delta - i * PUSH - kappa * w * comm(sigma, delta))
L_QLL = hypothesis("L", -i * w * delta - i * PUSH + kappa * comm(sigma, PUSH))
POLE_RE, POLE_IM = hypothesis("pole_re", u - kappa * (p - q) * v - x), hypothesis("pole_im", -v - kappa * (p - q) * u)
RE = hypothesis("re", re * (w - x) + im * kappa * (p - q) * w - (p - q))
IM = hypothesis("im", im * (w - x) - re * kappa * (p - q) * w)
GAP = p - q


def driven(rng: Random, qll: bool = False) -> Point:
    """A stationary σ, any A, and the δ that answers it at a frequency."""
    p_, e = rng.sample(range(1, 9), 3), rng.sample(range(-9, 9), 3)
    u_, point = unitary(rng, 3), Point({}, {"kappa": rational(rng), "w": rational(rng)})
    k, frequency, a = point.scalars["kappa"], point.scalars["w"], operator(rng, 3)

    def answer(j: int, m: int) -> Number:
        gap, turn = gaussian(p_[j] - p_[m]), gaussian(e[m] - e[j])
        damped = gaussian(1) + gaussian(0, 1) * k * gap * gaussian(1 if qll else -1)
        below, above = (frequency + damped * turn, damped) if qll else (frequency * damped + turn, gaussian(1))
        return above * gap * a[j][m] / below if below else gaussian(0)

    d = tuple(tuple(answer(j, m) for m in range(3)) for j in range(3))
    s, h, first, second = (diagonal([gaussian(y) for y in values]) for values in (p_, e, [1, 0, 0], [0, 1, 0]))
    named = {name: times(times(u_, m), dagger(u_)) for name, m in
             {"sigma": s, "H": h, "J": first, "K": second, "delta": d, "A": a}.items()}
    named |= {"delta_dag": dagger(named["delta"]), "A_dag": dagger(named["A"])}
    return with_values(Point(named, point.scalars), p=tr(sigma * J), q=tr(sigma * K), E=tr(H * J), F=tr(H * K))


def driven_qll(rng: Random) -> Point:
    """The same for q-LL."""
    return driven(rng, qll=True)


def line(rng: Random) -> Point:
    """Two populations and two levels, with the pole between them."""
    point = Point({}, {name: rational(rng) for name in ("kappa", "p", "q", "x")})
    factor = gaussian(1) + (point.scalars["kappa"] * (point.scalars["p"] - point.scalars["q"]))**2
    place = point.scalars["x"] / factor
    return with_values(Point({}, {**point.scalars, "u": place}), v=-kappa * GAP * u)


def resonance(rng: Random) -> Point:
    """One term of the susceptibility, real and imaginary part."""
    point = Point({}, {name: rational(rng) for name in ("kappa", "p", "q", "x", "w")})
    k, gap = point.scalars["kappa"], point.scalars["p"] - point.scalars["q"]
    off, width = point.scalars["w"] - point.scalars["x"], k * gap * point.scalars["w"]
    size = off**2 + width**2
    if not size:
        return resonance(rng)
    return Point({}, {**point.scalars, "a": gap * off / size, "b": gap * width / size})


def corrections() -> Node:
    """What J[δ, H]K and J[σ, A]K have beside their elements, in the hypotheses on J and K."""
    return J * delta * HK - star(HJ) * delta * K - star(SJ) * A * K + J * A * SK


def elements(sign: int = 1) -> Step:
    """(ω(1 − iκΔ) + F − E)JδK = ΔJAK; a sign of −1 is wrong."""
    turned_ = star(SJ) * delta * K - J * delta * SK
    return equal("element", (w * (1 - sign * i * kappa * GAP) + F - E) * J * delta * K, GAP * J * A * K,
                 by=i * J * L * K - corrections() + i * kappa * w * turned_)


def elements_qll(factor: Node) -> Step:
    """(ω + (1 + iκΔ)(F − E))JδK = (1 + iκΔ)ΔJAK."""
    inner = star(SJ) * PUSH * K - J * PUSH * SK
    return equal("element", (w + factor * (F - E)) * J * delta * K, factor * GAP * J * A * K,
                 by=i * J * L_QLL * K - i * kappa * inner - factor * corrections())


def lines(sign: int = -1) -> list[Step]:
    """V = −κΔu, and (1 + κ²Δ²)u = x."""
    return [equal("width", v, sign * kappa * GAP * u, by=-POLE_IM),
            equal("place", (1 + kappa**2 * GAP**2) * u, x, by=POLE_RE - kappa * GAP * POLE_IM)]


def power(squared: Node) -> Step:
    """b((ω − x)² + κ²Δ²ω²) = κΔ²ω."""
    return equal("power", im * ((w - x)**2 + kappa**2 * GAP**2 * w**2), kappa * squared * w,
                 by=(w - x) * IM + kappa * GAP * w * RE)


THEOREMS = [
    Theorem(id="response", source=SOURCE, scope="every dimension", sample=driven, steps=[elements()], statement=(
        r"\bigl(\hbar\omega(1 - i\kappa(p_j - p_k)) + E_k - E_j\bigr)\,\delta\rho_{jk} = (p_j - p_k)\,f A_{jk}"
        r"\quad\text{to first order in } f,\ H \to H - f A\,e^{-i\omega t}")),
    Theorem(id="response-qll", source=SOURCE, scope="every dimension", sample=driven_qll,
            steps=[elements_qll(1 + i * kappa * GAP)], statement=(
                r"\text{q-LL:}\quad\Bigl(\frac{\hbar\omega}{1 + i\kappa\Delta} + E_k - E_j\Bigr)\,\delta\rho_{jk} = "
                r"\Delta\,f A_{jk},\quad \Delta = p_j - p_k")),
    Theorem(id="response-lines", source=SOURCE, scope="every dimension", sample=line, claim_of=("width", "place"),
            steps=lines(), statement=(
                r"u - iv = \frac{E_j - E_k}{\hbar(1 - i\kappa\Delta)}:\quad v = -\kappa\Delta\,u,\quad "
                r"(1 + \kappa^2\Delta^2)\,u = \frac{E_j - E_k}{\hbar}")),
    Theorem(id="response-power", source=SOURCE, scope="every dimension", sample=resonance, steps=[power(GAP**2)],
            statement=(r"\mathrm{Im}\,\frac{\Delta}{\omega(1 - i\kappa\Delta) - x} = "
                       r"\frac{\kappa\Delta^2\omega}{(\omega - x)^2 + \kappa^2\Delta^2\omega^2}")),
]

BROKEN = [
    THEOREMS[0].twin("the sign of κ", steps=[elements(-1)]),
    THEOREMS[1].twin("the weight of q-LLG", steps=[elements_qll(1 - i * kappa * GAP)]),
    THEOREMS[2].twin("a line that rises with the other population", claim_of=("width",), steps=lines(1)[:1]),
    THEOREMS[3].twin("absorption has the sign of the populations", steps=[power(-GAP)])]
