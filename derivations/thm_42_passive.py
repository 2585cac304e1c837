r"""Theorem 42. What makes a stationary state stable on its isospectral orbit: passivity, in every dimension.

Statement.   d/dt |δ_jk|² (1 + κ²(p_j − p_k)²) = 2κ(p_j − p_k)(E_j − E_k)|δ_jk|² (ħ = 1), to first order in δ. A turn of
             two levels changes the energy by |s|²(p_j − p_k)(E_k − E_j). tr(PQ) ≥ 0 and tr(PQ) ≥ tr P + tr Q − tr 1.
In words.    For κ > 0 an element decays where the higher level is less filled, grows where it is more filled, and is
             neutral at a tie: linearly stable exactly if passive, filled from the ground state upwards. Passive states
             have the least energy of their spectrum: ρ = Σ u_a P_a and H = Σ v_b Q_b with nested projectors and weights
             u, v ≥ 0 (up to multiples of 1) give tr(ρH) = Σ u_a v_b tr(P_a Q_b), and they attain the larger bound of
             each term. That all solutions but a null set end there is not claimed.
Hypotheses.  As in Theorem 41: common eigenprojectors J, K of σ and H, and Y = dδ/dt of first order. P, Q projectors.
Proof.       (1 − iκ(p − q)) JYK = i(F − E) JδK; multiply by 1 + iκ(p − q) and take the real part with (JδK)†.
             tr(PQ) = |PQ|², and tr((1 − P)(1 − Q)) = |(1 − P)(1 − Q)|².
Source.      Own; passive states: Pusz and Woronowicz, Commun. Math. Phys. 58, 273 (1978).
"""

from random import Random

from qllg_sym.proof.language import D, complex_pair, hypothesis, i, letters, matrix, node, scalars, sq, star, tr
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import projector, rational
from qllg_sym.proof.step import Step, equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa

from .thm_41_relaxation import E, F, J, K, Y, delta, near, p, q, spectrum

P, Q = letters("P Q")
PP, QQ = hypothesis("PP", P**2 - P), hypothesis("QQ", Q**2 - Q)
c, = scalars("c")
s, s_bar = complex_pair("s", "s_bar")
unit = hypothesis("unit", c**2 + s * s_bar - 1)


def growth(sign: int) -> Step:
    """How fast |JδK|² grows; sign + is right."""
    d, turn = J * delta * K, 1 + i * kappa * (p - q)
    part = turn * spectrum.fact
    return equal("growth", (1 + kappa**2 * (p - q)**2) * D(sq(d)), sign * 2 * kappa * (p - q) * (E - F) * sq(d),
                 by=tr(star(d) * part) + tr(star(part) * d))


def projectors(rng: Random) -> Point:
    """Two random projectors of rank 2 in three dimensions."""
    return Point({"P": projector(rng, 3, 2), "Q": projector(rng, 3, 2)})


def levels(rng: Random) -> Point:
    """Two populations, two energies, a rotation with c = 3/5 and s = (4/5) times a phase."""
    phase = gaussian(3, rng.choice([-4, 4])) / gaussian(5)
    return Point(scalars={**{name: rational(rng) for name in ("p", "q", "E", "F")}, "c": gaussian(3) / gaussian(5),
                          "s": gaussian(4) / gaussian(5) * phase, "s_bar": gaussian(4) / gaussian(5) / phase})


def exchange(factor: int) -> Step:
    """What a unitary on two levels costs; factor 1 is right."""
    turn = matrix([[c, -s_bar], [s, c]])
    state, energy = matrix([[p, 0], [0, q]]), matrix([[E, 0], [0, F]])
    moved = turn * state * star(turn)
    return equal("exchange", tr(moved * energy) - tr(state * energy), factor * s * s_bar * (p - q) * (F - E),
                 by=(p * E + q * F) * unit)


def layers(bound: int) -> list[Step]:
    """The least overlap of two projectors; bound 1 is right."""
    return [nonnegative("overlap", tr(P * Q), sq(P * Q), by=-tr(PP * Q) - tr(P * P * QQ)),
            nonnegative("excess", tr(P * Q) - tr(P) - tr(Q) + bound * tr(1), sq((1 - P) * (1 - Q)),
                        by=-tr(PP * (1 - Q)) - tr((1 - P) * QQ) - tr(PP * QQ))]


THEOREMS = [
    Theorem(id="passive", statement=r"\frac{d}{dt}|\delta_{jk}|^2 = "
            r"\frac{2\kappa(p_j - p_k)(E_j - E_k)}{\hbar(1 + \kappa^2(p_j - p_k)^2)}|\delta_{jk}|^2\ "
            r"\text{to first order in } \delta = \rho - \sigma",
            note="in words: for κ > 0 no element grows if and only if σ is passive, and ties are neutral; nothing is "
                 "claimed about solutions far from σ, such as that all but a null set of them end at a passive state.",
            source="own", scope="every dimension", sample=near, derivatives={delta: Y, J: node(0), K: node(0)},
            steps=[spectrum, growth(1)]),
    Theorem(id="passive-exchange", statement=r"\mathrm{Tr}(U\sigma U^\dagger H) - \mathrm{Tr}(\sigma H) = "
            r"|s|^2(p_j - p_k)(E_k - E_j),\quad U = \begin{pmatrix} c & -\bar s\\ s & c \end{pmatrix}",
            source="Pusz and Woronowicz, Commun. Math. Phys. 58, 273 (1978); own proof", scope="this dimension",
            sample=levels, steps=[exchange(1)]),
    Theorem(id="passive-energy",
            statement=r"\mathrm{Tr}(PQ) \ge \max(0, \mathrm{Tr}P + \mathrm{Tr}Q - \mathrm{Tr}1)\ \text{for projectors}",
            note="in words: with ρ and H as sums of nested projectors with weights ≥ 0, tr(ρH) is a sum of such terms, "
                 "and a passive ρ attains the larger bound in each: it has the least energy of its spectrum.",
            source="Pusz and Woronowicz, Commun. Math. Phys. 58, 273 (1978); own proof", scope="every dimension",
            sample=projectors, claim_of=("overlap", "excess"), steps=layers(1))]

BROKEN = [
    THEOREMS[0].twin("stable where the higher level is more filled", steps=[spectrum, growth(-1)]),
    THEOREMS[1].twin("twice the cost", steps=[exchange(2)]),
    THEOREMS[2].twin("tr 1 forgotten", claim_of=("excess",), steps=layers(0)[1:])]
