r"""Theorems 25. The singlet: decoupled without DMI, coupled to Ψ+ with it.

Statement.   singlet           If S commutes with H, and with ρ at one instant (the swap of a dimer, say), S commutes
                               with ρ always under PRL 3, and Tr ρS is constant.
             singlet-commutes  At D = 0, in any uniform field, the swap commutes with H of PRL 10, and the singlet
                               projector is ½(1 − swap): a swap-symmetric state keeps its singlet weight.
             triplet           If P commutes with H, and Pρ = 0 at one instant, then Pρ = 0 always: from Ψ+, or any
                               state in the triplet space, PRL 3 with D = 0 never leaves that space.
             singlet-dmi       ⟨Ψ−|H|Ψ+⟩ = 2iD: for D ≠ 0 the two couple.
Hypotheses.  R: PRL 3, X = dρ/dt; κ real, of any sign. S and P are constant; H may depend on time, [S, H] = 0 always.
Proof.       C = [S, ρ] obeys Ċ − iκ[ρ, Ċ] = i[C, H + κX] and N = Pρ obeys Ṅ − iκ[ρ, Ṅ] = iN(H + κX) − iHN − iκN†X:
             linear in C and in N, and 1 − iκ ad_ρ makes no norm smaller (`existence`). So 0 stays 0, by
             Picard–Lindelöf. Tr SX = i Tr C(H + κX).
Source.      PRL 133, 266704 (2024), text on Fig. 3; the paper does not name swap symmetry.
"""

from random import Random

from qllg_sym import Exchange, Model, Space, Zeeman
from qllg_sym.proof.language import D, Node, comm, hypothesis, i, let, letters, node, sq, star, tr
from qllg_sym.proof.lemmas import Lemma, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Matrix, Point, gaussian, plus, times
from qllg_sym.proof.random_points import diagonal, hermitian, mixed, projector, pure, rational, velocity
from qllg_sym.proof.step import Step, equal, positive
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, rho

from .dimer import PAULI, SINGLET, STRINGS, TRIPLET, any_numbers, coupling, explicit, prl_10
from .eq_01_dimer import B_x, B_y, B_z, J, model

SOURCE = "PRL 133, 266704 (2024), on Fig. 3"
S, P = letters("S P")
C, F = let("C", comm(S, rho)), hypothesis("F", comm(S, H))
N, G = let("N", P * rho), hypothesis("G", comm(P, H))


def symmetry(by: Node) -> list[Step | Lemma]:
    """S commutes with ρ always, and Tr Sρ is constant."""
    moves, keeps = stays_zero("commutes", C, i * comm(C, H + kappa * X), by, kappa, rho)
    stays = picard_lindelof("symmetric", keeps)
    weight = equal("weight", D(tr(S * rho)), 0, by=tr(S * R) + i * tr(stays.fact * (H + kappa * X)))
    return [moves, stays, weight]


def outside(by: Node) -> list[Step | Lemma]:
    """Pρ = 0 always."""
    right = i * N * (H + kappa * X) - i * H * N - i * kappa * star(N) * X
    moves, keeps = stays_zero("empty", N, right, by, kappa, rho)
    return [moves, picard_lindelof("stays", keeps)]


def symmetric(rng: Random, commutes: bool = True) -> Point:
    """A state, a Hamiltonian and a Hermitian S that commutes with both: all of block form, with a unitary turn."""
    u = projector(rng, 3, 1)
    flip = plus(diagonal([gaussian(1)] * 3), u, gaussian(-2))

    def even(a: Matrix) -> Matrix:
        return times(plus(a, times(times(flip, a), flip)), gaussian(1) / gaussian(2))
    p = mixed(rng)
    state, h, k = even(p.letters["rho"]), even(hermitian(rng, 3)) if commutes else hermitian(rng, 3), rational(rng)
    return Point({"rho": state, "H": h, "S": flip, "X": velocity(state, h, k)}, {"kappa": k})


def excluded(rng: Random, commutes: bool = True) -> Point:
    """A projector P, a state in its kernel, and a Hamiltonian that commutes with P."""
    p = projector(rng, 3, 1)
    rest = plus(diagonal([gaussian(1)] * 3), p, gaussian(-1))
    a = pure(rng, 3)
    h = hermitian(rng, 3)
    inside, k = times(times(rest, a), rest), rational(rng)
    h = plus(times(times(rest, h), rest), times(times(p, h), p)) if commutes else h
    return Point({"rho": inside, "H": h, "P": p, "X": velocity(inside, h, k)}, {"kappa": k})


free = Model(Space("1/2", "1/2"), [Zeeman((B_x, B_y, B_z)), Exchange(J, 0, 1)])
names = {name: coupling(name) for name in "J D B_x B_y B_z".split()}
h_free, h_full = let("H", explicit(free.frequency, names)), let("H", explicit(model().frequency, names))
swap = let("swap", (PAULI["00"] + PAULI["xx"] + PAULI["yy"] + PAULI["zz"]) / 2)
nonzero = hypothesis("D_nonzero", names["D"]**2, "positive")
minus, plus_ = let("psi_minus", SINGLET), let("psi_plus", TRIPLET)
kets = [equal("singlet", minus * star(minus), (STRINGS["00"] - STRINGS["xx"] - STRINGS["yy"] - STRINGS["zz"]) / 2),
        equal("triplet", plus_ * star(plus_), (STRINGS["00"] + STRINGS["xx"] + STRINGS["yy"] - STRINGS["zz"]) / 2)]
element = let("coupling", tr(star(minus) * h_full * plus_) / 2)
every = any_numbers(*names.values())

THEOREMS = [
    Theorem(id="singlet",
            statement=r"[S, H] = 0,\ [S, \varrho(0)] = 0 \Rightarrow [S, \varrho(t)] = 0,\ "
                      r"\tfrac{d}{dt}\mathrm{Tr}\,\varrho S = 0",
            source=SOURCE, scope="every dimension", sample=symmetric, claim_of=("C_moves", "symmetric", "weight"),
            derivatives={rho: X, S: node(0)}, trajectory={X: R}, steps=symmetry(comm(S, R) + i * comm(rho, F))),
    Theorem(id="singlet-commutes",
            statement=r"D = 0:\ [\mathrm{swap}, H] = 0,\ |\Psi_-\rangle\langle\Psi_-| = \tfrac12(1 - \mathrm{swap})",
            source=SOURCE, scope="this dimension", sample=every,
            claim_of=("commutes", "projector", "hamiltonian"),
            steps=[equal("commutes", comm(swap, h_free), 0),
                   equal("hamiltonian", h_free, prl_10({name: x for name, x in names.items() if name != "D"})),
                   equal("projector", SINGLET * star(SINGLET) / 2, (PAULI["00"] - swap) / 2)]),
    Theorem(id="triplet",
            statement=r"[P, H] = 0,\ P\varrho(0) = 0 \Rightarrow P\varrho(t) = 0",
            note="in words: with P = |Ψ−⟩⟨Ψ−|, which commutes with H at D = 0 (singlet-commutes), a start at Ψ+ stays "
                 "in the triplet space.",
            source=SOURCE, scope="every dimension", sample=excluded, derivatives={rho: X, P: node(0)},
            claim_of=("N_moves", "stays"), trajectory={X: R}, steps=outside(P * R - i * G * rho)),
    Theorem(id="singlet-dmi",
            statement=r"\langle\Psi_-|H|\Psi_+\rangle = 2iD,\quad D \ne 0 \Rightarrow "
                      r"|\langle\Psi_-|H|\Psi_+\rangle|^2 > 0",
            source=SOURCE, scope="this dimension", sample=every,
            claim_of=("element", "couples", "hamiltonian", "singlet", "triplet"),
            steps=[*kets, equal("hamiltonian", h_full, prl_10(names)), equal("element", element, 2 * i * names["D"]),
                   positive("couples", sq(element), 4 * nonzero)])]

BROKEN = [
    THEOREMS[0].twin("without [S, H] = 0", sample=lambda rng: symmetric(rng, False),
                     claim_of=("C_moves",), steps=symmetry(comm(S, R))),
    THEOREMS[1].twin("with DMI", claim_of=("commutes",), steps=[equal("commutes", comm(swap, h_full), 0)]),
    THEOREMS[2].twin("without [P, H] = 0", sample=lambda rng: excluded(rng, False),
                     claim_of=("N_moves",), steps=outside(P * R)),
    THEOREMS[2].twin("with DMI: [P, H] is not 0, yet Pρ is to stay 0", sample=lambda rng: excluded(rng, False),
                     claim_of=("rests",), steps=[equal("rests", D(P * rho), 0, by=P * R)]),
    THEOREMS[3].twin("the other sign of D", claim_of=("element",), steps=[
        equal("element", element, -2 * i * names["D"])])]
ERRATA = [("without DMI the singlet is decoupled from the triplet states", "H does not couple them; under q-LLG the "
           "singlet weight is kept for states that commute with the swap, such as Ψ+, while from |↑↓⟩ it grows to 1 at "
           "4J > B (singlet, triplet, closed-form-fig-1)", "PRL 133, 266704, on Fig. 3")]
