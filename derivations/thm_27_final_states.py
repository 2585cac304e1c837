r"""Theorems 27. Where Figs. 1–3 end: exact ground states. B along x, D along z, units ħ = γ_g = 1.

Statement.   final-states         With e = E − J, every energy of PRL 10 is a zero of e·f(e), f(e) = (e + 4J)(e² − B²)
                                  − 4D²e, Σ e = −4J, f(e) = 0 has the eigenstate v = (e² − B²)Ψ− − 2iDeΨ+ + 2iDBΦ+. Its
                                  overlap with |↑↓⟩ is (e² − B²) − 2iDe and with Ψ+ −2iDe, up to factors; Tr ρσ_x⊗1
                                  is −8D²eB/|v|². At D = 0 the eigenstates are Ψ− (−3J), |→→⟩ (J − B), Φ− (J), |←←⟩ (J
                                  + B). For |J| = B = 1 and every D ≠ 0 of the figures e·f(e) has four zeros, one of
                                  them below −4 (J = 1) or −1 (J = −1).
                                  The characteristic polynomial of H − J is x·f(x).
             final-convergence    From a pure state PRL 3 with κ > 0 lowers the energy, dE/dt = −κ Tr ρ̇², and never
                                  lowers the overlap with a lowest eigenspace P: (1 + κ²) d/dt Tr Pρ = 2κ |GρP|², H −
                                  E_0 = G†G ≥ 0.
In words.    Four distinct zeros of the characteristic polynomial: the ground states are simple. For D ≠ 0 Tr ρσ_x⊗1 ≠
             0, so no Bell state, nonlocality below 1. At D = 0 the four energies tell it: Ψ− (J = 1) or |→→⟩ (J = −1),
             and |→→⟩ in the triplet space.
Hypotheses.  f(e) = 0.  ρ² = ρ, P² = P, HP = E_0 P, H − E_0 = G†G, κ ≥ 0, H constant; ρ,
             its velocity, H and P Hermitian.
Proof.       Expansion, and Sturm's count of zeros. In words, by LaSalle: the state tends to where ρ̇ = 0, [ρ, H]
             = 0, an eigenstate if pure; its overlap with the simple ground state is at least the first one, not 0: it
             is the ground state. In the triplet space, which the flow keeps (triplet), the same holds with its H.
Source.      PRL 133, 266704 (2024), Figs. 1–3 and their text; own proof.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import D, Node, comm, hypothesis, i, let, letters, node, pair, scalars, sq, star, tr
from qllg_sym.proof.lemmas import characteristic_polynomial, lasalle, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Point, dagger, gaussian, identity, plus, times
from qllg_sym.proof.random_points import operator, projector, pure, rational, velocity
from qllg_sym.proof.step import Step, equal, nonnegative, roots
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, kappa_plus, q_llg, rho

from .dimer import BELL, PAULI, any_numbers, explicit, ket, prl_10
from .thm_26_splitting import along_x, without_dmi

SOURCE = "PRL 133, 266704 (2024), Figs. 1–3; own proof"
J, B, d, e = scalars("J B D_z e")
FIGURES = {"fig_1c": (-1, Fraction(3, 5)), "figs_1d_2b_3": (1, Fraction(3, 5)), "fig_3_02": (1, Fraction(1, 5)),
           "fig_3_04": (1, Fraction(2, 5))}


def cubic(x: Node, j: Node | int, b: Node | int, dmi: Node | Fraction) -> Node:
    """(x + 4J)(x² − B²) − 4D²x."""
    return (x + 4 * node(j)) * (x**2 - node(b)**2) - 4 * node(dmi)**2 * x


def levels(figure: str) -> list[Step]:
    """Four simple energies, one of them below −4 (J = 1) or −1 (J = −1)."""
    j, dmi = FIGURES[figure]
    all_of_them = e * cubic(e, j, 1, dmi)
    return [roots(f"all_of_{figure}", all_of_them, 4, -6, 6),
            roots(f"lowest_of_{figure}", all_of_them, 1, -6, -4 if j > 0 else -1)]


names = {"J": J, "B_x": B, "D": d}
h, bare = let("H", explicit(along_x.frequency, names)), let("H_0", explicit(without_dmi.frequency, names))
root = hypothesis("root", cubic(e, J, B, d))
v = let("v", (e**2 - B**2) * BELL["psi_minus"] - 2 * i * d * e * BELL["psi_plus"] + 2 * i * d * B * BELL["phi_plus"])
g = let("g", h - J)
FREE = {"singlet": (BELL["psi_minus"], -3 * J), "right": (ket(1, 1, 1, 1), J - B), "middle": (BELL["phi_minus"], J),
        "left": (ket(1, -1, -1, 1), J + B)}


def eigen(sign: int) -> Step:
    """Hv = (e + J)v, or its twin."""
    return equal("eigenstate", h * v, (sign * e + J) * v, by=-root * BELL["psi_minus"])


def sector(weight: int) -> Step:
    """H less J − B, on the triplet space: B on Φ−, 2B on |←←⟩, 0 on |→→⟩ alone; weight 2 is right."""
    inside = 1 - dyad(BELL["psi_minus"], 2)
    gap = B * dyad(BELL["phi_minus"], 2) + weight * B * dyad(ket(1, -1, -1, 1), 4)
    return equal("triplet", inside * (bare - J + B) * inside, gap)


def dyad(state: Node, norm: int) -> Node:
    """The projector on a state, of which the squared norm is given."""
    return state * star(state) / norm


def energies(rng: Random) -> Point:
    """Couplings at which f has a rational zero: D² = (e + 4J)(e² − B²)/4e, by J."""
    p = any_numbers(B, d)(rng).scalars
    value = gaussian(rng.choice([-1, 1]) * 7)                       # no zero of e² − B²
    j = (gaussian(4) * p["D_z"]**2 * value / (value**2 - p["B"]**2) - value) / gaussian(4)
    return Point(scalars={**p, "e": value, "J": j})


# The way there, in every dimension.
P, = letters("P")
G, G_dag = pair("G", "G_dag")
ground, = scalars("E_0")
R = q_llg(damping=kappa_plus)
mixed_, sharp = let("M", rho * rho - rho), hypothesis("sharp", P * P - P)
lowest, above = hypothesis("lowest", H * P - ground * P), hypothesis("above", H - ground - star(G) * G)
# A pure state stays pure
moves, keeps = stays_zero("pure", mixed_, i * comm(mixed_, H + kappa_plus * X), by=rho * R + R * rho - R)
stays = picard_lindelof("stays", keeps)
pure_ = stays.fact
# [ρ, [ρ, X]] − X
rest = pure_ * X + X * pure_ + D(pure_) - 2 * (rho * D(pure_) * rho - pure_ * X * rho - rho * X * pure_)
k = kappa_plus
growth = (tr(P * (R + i * k * comm(rho, R))) - k**2 * tr(P * rest) + i * tr(rho * (lowest - star(lowest)))
          - k * tr((lowest + star(lowest)) * rho**2)
          + 2 * k * (tr(P * rho * above * rho) - tr(sharp * rho * star(G) * G * rho)))
grows = (1 + k**2) * D(tr(P * rho))
overlap = equal("growth", grows, 2 * k * sq(G * rho * P), by=growth)
balance = equal("balance", D(tr(rho * H)), -k * sq(X), by=tr((H + k * X) * R))
falls = nonnegative("energy", -D(tr(rho * H)), k * sq(X), by=-balance.fact)
bounded = equal("bounded", D(sq(rho)), 0, by=2 * tr(rho * R))


def relaxing(rng: Random) -> Point:
    """A pure state and an H with the ground state P."""
    p, r, low, damping = projector(rng, 3, 1), pure(rng, 3), rational(rng), gaussian(rng.randint(1, 5)) / gaussian(3)
    a = times(operator(rng, 3), plus(identity(3), p, gaussian(-1)))
    energy = plus(times(dagger(a), a), low)
    return Point({"rho": r, "P": p, "G": a, "G_dag": dagger(a), "H": energy, "X": velocity(r, energy, damping)},
                 {"kappa": damping, "E_0": low})


THEOREMS = [
    Theorem(id="final-states",
            statement=r"f(e) = (e + 4J)(e^2 - B^2) - 4D^2 e = 0:\ H v = (J + e) v,\ v = (e^2 - B^2)\Psi_- - "
                      r"2iDe\,\Psi_+ + 2iDB\,\Phi_+,\ \det(x - H + J) = x f(x);\quad "
                      r"\text{at } |J| = B = 1 \text{ and the } D \ne 0 \text{ of Figs. 1--3 } x f(x) "
                      r"\text{ has four zeros from } -6 \text{ to } 6,\ \text{one from } -6 \text{ to } -4\ (J = 1) "
                      r"\text{ or } -1\ (J = -1);\ \text{at } D = 0:\ \Psi_-, \phi_+, \Phi_-, \phi_- "
                      r"\text{ have } -3J, J - B, J, J + B\ (\phi_\pm \text{ along } \pm x)",
            note="in words: four distinct zeros of the characteristic polynomial are four simple energies, so the "
                 "ground states at D ≠ 0 are simple. At D = 0 the energies −3J, J − B, J, J + B tell them: Ψ− at J = "
                 "1, |→→⟩ at J = −1 and, for Fig. 3, in the triplet sector.",
            source=SOURCE, scope="this dimension", sample=energies,
            claim_of=("eigenstate", "energies", "levels", "hamiltonian", "free", "trace", "overlap_up_down",
                      "overlap_psi_plus", "bloch", *FREE, "triplet",
                      *(step.name for figure in FIGURES for step in levels(figure))),
            steps=[eigen(1), equal("hamiltonian", h, prl_10(names)), equal("trace", tr(g), -4 * J),
                   equal("free", bare, prl_10({name: names[name] for name in ("J", "B_x")})),
                   equal("energies", g * ((g + 4 * J) * (g**2 - B**2) - 4 * d**2 * g), 0),
                   characteristic_polynomial("levels", g, [-4 * J, -(B**2) - 4 * d**2, 4 * J * B**2, 0]),
                   equal("overlap_up_down", sq(tr(star(ket(0, 1, 0, 0)) * v)), (e**2 - B**2)**2 + 4 * d**2 * e**2),
                   equal("overlap_psi_plus", tr(star(BELL["psi_plus"]) * v), -4 * i * d * e),
                   equal("bloch", tr(star(v) * PAULI["x0"] * v), -16 * d**2 * e * B),
                   *(equal(name, bare * state, energy * state) for name, (state, energy) in FREE.items()),
                   sector(2),
                   *(step for figure in FIGURES for step in levels(figure))]),
    Theorem(id="final-convergence",
            statement=r"\varrho^2 = \varrho,\ \kappa \ge 0,\ \dot H = 0,\ H = H^\dagger,\ \dot\varrho = "
                      r"\dot\varrho^\dagger:\ \dot E = -\kappa\,\mathrm{Tr}\,\dot\varrho^2 \le 0,\ (1 + \kappa^2) "
                      r"\tfrac{d}{dt} \mathrm{Tr} P_0 \varrho = 2\kappa|G\varrho P_0|^2 \ge 0,\quad H - E_0 = "
                      r"G^\dagger G,\ H P_0 = E_0 P_0,\ P_0^2 = P_0 = P_0^\dagger;\ "
                      r"\varrho \text{ tends to the largest invariant set in } \dot E = 0;\ \text{in words: to } P_0 "
                      r"\text{ if it is of rank one, } \kappa > 0 \text{ and } \mathrm{Tr} P_0\varrho(0) > 0",
            note="in words: for κ > 0, H constant, LaSalle leaves eigenstates as limits, and if the ground state is "
                 "simple and Tr P_0 ρ(0) > 0, ρ tends to P_0. In the triplet sector (Fig. 3 at D = 0), which the flow "
                 "keeps (triplet), the same holds with H of that sector, whose ground state is |→→⟩.",
            source=SOURCE, scope="every dimension", sample=relaxing,
            derivatives={rho: X, H: node(0), P: node(0)}, trajectory={X: R},
            claim_of=("M_moves", "stays", "growth", "overlap", "balance", "energy", "bounded", "limit"),
            steps=[moves, stays, overlap, nonnegative("overlap", grows, 2 * k * sq(G * rho * P), by=overlap.fact),
                   balance, falls, bounded, lasalle("limit", rho, R, k, tr(rho * H), falls, bounded, (H, k))])]
BROKEN = [
    THEOREMS[0].twin("−e for e", claim_of=("eigenstate",), steps=[eigen(-1)]),
    THEOREMS[0].twin("a field along x lifts the ground state to −1 at J = 1", claim_of=("lowest",), steps=[
        roots("lowest", e * cubic(e, 1, 1, Fraction(3, 5)), 2, -6, -1)]),
    THEOREMS[1].twin("the overlap falls", claim_of=("overlap",), steps=[
        moves, stays, nonnegative("overlap", -grows, 2 * k * sq(G * rho * P), by=-growth)])]
ERRATA = [("the steady state at D ≠ 0 is maximally nonlocal, Ψ−", "it is the ground state, with Tr ρσ_x⊗1 ≠ 0, hence "
           "B < 1, within 1 % of 1 at the D of the figure (final-states)", "PRL 133, 266704, Fig. 3")]
