r"""Theorems 26. T_xy = −T_yx for all t at every D, from |↑↓⟩ with B along x: a symmetry, which DMI does not break.

Statement.   splitting           V = swap·(σ_x⊗σ_x) commutes with H of PRL 10 for B along x and D along z, at every J,
                                 B, D, and fixes |↑↓⟩. Every ρ with Vρ = ρV has T_xy = −T_yx, T_xz = −T_zx, T_yz =
                                 T_zy, and Bloch vectors r_2 = (r_1x, −r_1y, −r_1z).
             splitting-velocity  If V commutes with H, and with ρ at one instant, it commutes with ρ always under PRL 3.
Hypotheses.  PRL 3, H constant or not; V constant and Hermitian, V² = 1.
Proof.       VσV permutes the Pauli strings up to signs: V(σ_x⊗σ_y)V = −σ_y⊗σ_x. C = [V, ρ] obeys Ċ − iκ[ρ, Ċ] = i[C, H
             + κX], linear in C, so that 0 stays 0 (Picard–Lindelöf).
Source.      PRL 133, 266704 (2024), on Fig. 2, which lays the split to DMI; own proof.
"""

from random import Random

from qllg_sym import DMI, Exchange, Model, Space, Zeeman
from qllg_sym.proof.language import Node, comm, hypothesis, i, let, letters, node, star, tr
from qllg_sym.proof.lemmas import Lemma, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Matrix, Point, gaussian, plus, times
from qllg_sym.proof.random_points import diagonal, hermitian, projector, rational, state, velocity
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, rho

from .dimer import PAULI, STRINGS, coupling, explicit, ket, normed, prl_10
from .dimer import T as NUMBERS
from .eq_01_dimer import B_x, D, J
from .eq_01_dimer import model as general

SOURCE = "PRL 133, 266704 (2024), on Fig. 2; own proof"
names = {name: coupling(name) for name in "J D B_x B_y B_z".split()}
along_x = Model(Space("1/2", "1/2"), [Zeeman((B_x, 0, 0)), Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])
without_dmi = Model(along_x.space, along_x.terms[:2])
V = let("V", (PAULI["00"] + PAULI["xx"] + PAULI["yy"] + PAULI["zz"]) / 2 * PAULI["xx"])
IMAGES = {"xx": "xx", "yy": "yy", "zz": "zz", "xy": "-yx", "xz": "-zx", "yz": "zy",
          "0x": "x0", "0y": "-y0", "0z": "-z0"}


def image(name: str, partner: str) -> Step:
    """V σ_ab V = ± σ_cd, which gives T_ab = ± T_cd."""
    sign = -1 if partner.startswith("-") else 1
    return equal(f"image_{name}", V * STRINGS[name] * V, sign * STRINGS[partner.lstrip("-")])


field = let("H", explicit(along_x.frequency, names))
start = let("up_down", ket(0, 1, 0, 0) * star(ket(0, 1, 0, 0)))
images = [image(name, partner) for name, partner in IMAGES.items()]

state_of_T = let("rho", normed(NUMBERS))
fixed = hypothesis("fixed", comm(V, state_of_T))


def symmetric_numbers(rng: Random) -> Point:
    """Numbers T that V keeps."""
    values = {x.name: rational(rng) for x in (*NUMBERS.values(), *names.values())}
    for name, partner in IMAGES.items():
        sign = -1 if partner.startswith("-") else 1
        values[f"T_{partner.lstrip('-')}"] = values[f"T_{name}"] * gaussian(sign)
    return Point(scalars=values)


S, = letters("V")
C, F = let("C", comm(S, rho)), hypothesis("F", comm(S, H))


def symmetry(by: Node) -> list[Step | Lemma]:
    """V commutes with ρ always."""
    moves, keeps = stays_zero("commutes", C, i * comm(C, H + kappa * X), by, kappa, rho)
    return [moves, picard_lindelof("stays", keeps)]


def symmetric(rng: Random, commutes: bool = True) -> Point:
    """ρ and H that commute with a V, V² = 1; H need not."""
    flip = plus(diagonal([gaussian(1)] * 3), projector(rng, 3, 1), gaussian(-2))

    def even(a: Matrix) -> Matrix:
        return times(plus(a, times(times(flip, a), flip)), gaussian(1) / gaussian(2))
    r, h, k = even(state(rng, 3)), hermitian(rng, 3), rational(rng)
    h = even(h) if commutes else h
    return Point({"rho": r, "H": h, "V": flip, "X": velocity(r, h, k)}, {"kappa": k})


def difference(sign: int) -> Node:
    """T_xy ± T_yx."""
    return tr(state_of_T * STRINGS["xy"]) + sign * tr(state_of_T * STRINGS["yx"])


parts = [equal("hamiltonian", field, prl_10({name: names[name] for name in ("J", "D", "B_x")})),
         equal("start", V * start, start), equal("start_up", STRINGS["z0"] * start, start),
         equal("start_down", STRINGS["0z"] * start, -start), equal("start_norm", 1, tr(start)),
         equal("square", V * V, STRINGS["00"]), *images,
         *(equal(f"string_{name}", NUMBERS[name] if name != "00" else 1, tr(state_of_T * s))
           for name, s in STRINGS.items())]

THEOREMS = [
    Theorem(id="splitting",
            statement=r"\mathbf B \parallel x,\ \mathbf D \parallel z:\ [V, H] = 0;\quad V^2 = 1,\ V "
                      r"|{\uparrow\downarrow}\rangle = |{\uparrow\downarrow}\rangle;\quad "
                      r"[V, \varrho] = 0 \Rightarrow T_{xy} = -T_{yx}",
            source=SOURCE,
            note="in words: [V, ρ] = 0 holds at |↑↓⟩ and by splitting-velocity ever after, so from "
                 "|↑↓⟩ T_xy(t) = −T_yx(t) for every t, J, D, κ.",
            scope="this dimension", sample=symmetric_numbers,
            claim_of=("commutes", *(x.name for x in parts), "splitting"),
            steps=[equal("commutes", comm(V, field), 0), *parts,
                   equal("splitting", difference(1), 0, by=tr(fixed * STRINGS["xy"] * V))]),
    Theorem(id="splitting-velocity",
            statement=r"[V, H] = 0,\ [V, \varrho(0)] = 0 \Rightarrow [V, \varrho(t)] = 0",
            source=SOURCE,
            scope="every dimension", sample=symmetric, derivatives={rho: X, S: node(0)},
            claim_of=("C_moves", "stays"), trajectory={X: R}, steps=symmetry(comm(S, R) + i * comm(rho, F)))]

BROKEN = [
    THEOREMS[0].twin("a field along y and z too", claim_of=("commutes",), steps=[
        equal("commutes", comm(V, let("H", explicit(general().frequency, names))), 0)]),
    THEOREMS[0].twin("T_xy = T_yx", claim_of=("splitting",), steps=[
        equal("splitting", difference(-1), 0, by=tr(fixed * V))]),
    THEOREMS[1].twin("without [V, H] = 0", sample=lambda rng: symmetric(rng, False),
                     claim_of=("C_moves",), steps=symmetry(comm(S, R)))]
ERRATA = [("a nonzero DMI splits T_xy and T_yx", "T_xy = −T_yx at every D, by a symmetry, and both move on the way at "
           "D = 0 too; only the limit differs, 0 at D = 0 (splitting; numbers: Fig. 2)", "PRL 133, 266704, on Fig. 2")]
