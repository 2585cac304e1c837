r"""Theorems 24. Bell nonlocality B(ρ)² = max(u_1² + u_2² − 1, 0), u_1 ≥ u_2 the largest singular values of T_kl.

Statement.   u(2 − u) ≥ 0 for every state, u = |Tx|² + |Ty|²; B = 0 on products; B = 1 on the four Bell states; the
             Werner state of any of them has u_1² + u_2² = 2p², and 2p² − 1 one zero from 0 to 1, none below 7/10. B = 0
             does not mean a classical state: at p = 3/5 B = 0, but the partial transpose has the eigenvalue −1/5.
In words.    u ≥ 0, so u ≤ 2. The axes of spin 2 can be turned, for each state, so that x and y are the directions of
             the two largest singular values: u = u_1² + u_2² (Tsirelson), so B ≤ 1. Werner: B > 0 ⇔ p > 1/√2.
Hypotheses.  Bound: ρ = s†s with Tr ρ = 1. Products: 1 − |r|² ≥ 0 and 1 − |s|² ≥ 0 for the Bloch
             vectors.
Proof.       a = Tx, b = Ty, u = |a|² + |b|², W = a·σ⊗σ_x + b·σ⊗σ_y, Y = a·σ⊗1 − i b·σ⊗σ_z. Then Tr ρW = u and W² + Y†Y
             = 2u, so that u(2 − u) = Tr ρ(W − u)² + Tr ρY†Y ≥ 0. For products T = r sᵗ, of rank one: u_1² + u_2² =
             |r|²|s|² ≤ 1. Bell states: TᵗT = 1.  Sturm counts the zeros of 2p² − 1.
Source.      PRL 133, 266704 (2024), below eq. 9 and references 19, 21, 22, 25; own proof of the bound.
"""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from qllg_sym.proof.language import Node, complex_pair, hypothesis, i, let, letters, matrix, node, scalars, sq, star, tr
from qllg_sym.proof.lemmas import Lemma, horodecki
from qllg_sym.proof.numeric import Matrix, Number, Point, conjugate, dagger, gaussian, times
from qllg_sym.proof.random_points import with_values
from qllg_sym.proof.step import Step, equal, nonnegative, roots
from qllg_sym.proof.theorem import Theorem

from .dimer import BELL, HALF, PAULI, STRINGS, T, any_numbers, normed

SOURCE = "PRL 133, 266704 (2024), below eq. 9"
UNIT = matrix([[int(j == k > 0) for k in range(4)] for j in range(4)])


def framed(rows: list[list[Node]]) -> Node:
    """A 3×3 matrix with the index 0 of PRL 9 put in front: all matrices of a certificate are of one size."""
    return matrix([[node(0)] * 4, *([node(0), *row] for row in rows)])


def correlations(rho: Node) -> Node:
    """T_kl = Tr ρ σ_k⊗σ_l, beside a row and a column of zeros."""
    return framed([[tr(rho * STRINGS[k + m]) for m in "xyz"] for k in "xyz"])


rho = let("rho", normed(T))
entries = [[complex_pair(f"s{j}{k}", f"c{j}{k}") for k in range(4)] for j in range(4)]
s = let("s", matrix([[z for z, _ in row] for row in entries]))
S = hypothesis("S", rho - star(s) * s)
u = let("u", Node("+", tuple(T[k + m]**2 for m in "xy" for k in "xyz")))
a1, ax, by, bz = (Node("+", tuple(T[k + m] * PAULI[k + n] for k in "xyz")) for m, n in ("x0", "xx", "yy", "yz"))
W, Y = let("W", ax + by), let("Y", a1 - i * bz)


def described(root: Matrix) -> Point:
    """The point ρ = s†s of a root s."""
    known: dict[str, Number] = {}
    for j in range(4):
        for k, (z, z_bar) in enumerate(entries[j]):
            known |= {z.name: root[j][k], z_bar.name: conjugate(root[j][k])}
    point = Point({"root": times(dagger(root), root)}, known)
    values = {T[name].name: tr(letters("root")[0] * PAULI[name]) for name in T}
    return Point(scalars=with_values(point, **values).scalars)


def state(rng: Random) -> Point:
    """A random state ρ = s†s of trace 1, by a rational point s of the unit sphere."""
    v = [Fraction(rng.randint(-2, 2)) for _ in range(31)]
    size = sum(x * x for x in v)
    unit = [*(2 * x / (size + 1) for x in v), (size - 1) / (size + 1)]
    return described(tuple(tuple(gaussian(unit[8 * j + k], unit[8 * j + k + 4]) for k in range(4)) for j in range(4)))


def singlet(rng: Random) -> Point:
    """Ψ−, where u = 2."""
    del rng
    row, none = tuple(gaussian(HALF * x) for x in (0, 1, -1, 0)), (gaussian(0),) * 4
    return described((row, row, none, none))


# What the strings are: σ_xσ_y = iσ_z and cyclic for each spin, and their products.
CYCLIC = (("x", "y", "z"), ("y", "z", "x"), ("z", "x", "y"))
STRINGS_ARE = [
    *(equal(f"first_{a}{b}", STRINGS[f"{a}0"] * STRINGS[f"{b}0"], i * STRINGS[f"{c}0"]) for a, b, c in CYCLIC),
    *(equal(f"second_{a}{b}", STRINGS[f"0{a}"] * STRINGS[f"0{b}"], i * STRINGS[f"0{c}"]) for a, b, c in CYCLIC),
    *(equal(f"product_{a}{b}", STRINGS[f"{a}0"] * STRINGS[f"0{b}"], STRINGS[a + b]) for a in "xyz" for b in "xyz"),
    equal("identity", STRINGS["x0"]**2, STRINGS["00"])]
SIGNS = {"psi_minus": (-1, -1, -1), "psi_plus": (1, 1, -1), "phi_minus": (-1, 1, 1), "phi_plus": (1, -1, 1)}


def werner(bell: str, p: Node) -> Node:
    """(1 − p)/4 + p |ψ⟩⟨ψ|."""
    return let(f"rho_{bell}", (1 - p) / 4 * PAULI["00"] + p / 2 * BELL[bell] * star(BELL[bell]))


def squares(bell: str, p: Node, value: Node) -> list[Step | Lemma]:
    """TᵗT = value · 1, beside what the Werner state and its T are."""
    state, found = werner(bell, p), let(f"T_{bell}", correlations(werner(bell, p)))
    signed = [sign * p for sign in SIGNS[bell]]
    strings = [x * STRINGS[k + k] for x, k in zip(signed, "xyz", strict=True)]
    diagonal = [[x if j == k else node(0) for k in range(3)] for j, x in enumerate(signed)]
    return [horodecki(f"chsh_{bell}", state, found), equal(bell, star(found) * found, value * UNIT),
            equal(f"state_{bell}", state, Node("+", (STRINGS["00"], *strings)) / 4),
            equal(f"entries_{bell}", found, framed(diagonal))]


def names_of(steps: Sequence[Step | Lemma]) -> tuple[str, ...]:
    """All of them, as claims."""
    return tuple(step.name for step in steps)


p, = scalars("p")
r_, s_ = (scalars(" ".join(name + k for k in "xyz")) for name in "rs")
spins = [Node("+", (PAULI["00"], *(x * PAULI[k] for x, k in zip(v, places, strict=True)))) / 2
         for v, places in ((r_, ("x0", "y0", "z0")), (s_, ("0x", "0y", "0z")))]
r2, s2 = (let(name, Node("+", tuple(x**2 for x in v))) for name, v in (("r2", r_), ("s2", s_)))
short_r, short_s = hypothesis("short_r", 1 - r2, "nonnegative"), hypothesis("short_s", 1 - s2, "nonnegative")
rho_product = let("rho", spins[0] * spins[1])
T_product = let("T", correlations(rho_product))
bloch = [equal(f"bloch_{place}", x, tr(rho_product * STRINGS[place]))
         for place, x in zip("x0 y0 z0 0x 0y 0z 00".split(), (*r_, *s_, node(1)), strict=True)]
dyad = framed([[a * b for b in s_] for a in r_])


def inside(rng: Random) -> Point:
    """Two Bloch vectors in the unit ball."""
    return Point(scalars={x.name: gaussian(Fraction(rng.choice([-1, 1]) * rng.randint(1, 5), 9)) for x in (*r_, *s_)})


classical = werner("psi_minus", node(Fraction(3, 5)))
turned = [PAULI[name] * classical * PAULI[name] for name in ("0x", "0z", "0y")]
transposed = (classical + turned[0] + turned[1] - turned[2]) / 2


def werner_steps(value: Node) -> list[Step | Lemma]:
    """TᵗT of the four Werner states, and the threshold."""
    return [*STRINGS_ARE, *(step for bell in BELL for step in squares(bell, p, value)),
            roots("threshold", 2 * p**2 - 1, 1, 0, 1),
            roots("at_threshold", 2 * p**2 - 1, 0, Fraction(-7, 10), Fraction(7, 10))]


def outside(rng: Random) -> Point:
    """A vector s that is no Bloch vector."""
    del rng
    return Point(scalars={**{x.name: gaussian(HALF) for x in r_}, **{x.name: gaussian(1) for x in s_}})


bells: list[Step | Lemma] = [*STRINGS_ARE, *(step for bell in BELL for step in squares(bell, node(1), node(1)))]
partly: list[Step | Lemma] = [*STRINGS_ARE, *squares("psi_minus", node(Fraction(3, 5)), node(Fraction(9, 25)))]

THEOREMS = [
    Theorem(id="nonlocality",
            statement=r"\varrho = s^\dagger s,\ \mathrm{Tr}\,\varrho = 1,\ u = \sum_k (T_{kx}^2 + T_{ky}^2):\ "
                      r"u(2 - u) \ge 0,\ \max \mathrm{CHSH} = 2\sqrt{u_1^2 + u_2^2};\quad \text{in words: in axes of "
                      r"spin 2 where } u = u_1^2 + u_2^2 \text{ this gives } B \le 1",
            source=SOURCE,
            note="in words: u ≥ 0, so u ≤ 2; for each state the axes of spin 2 can be turned so that u = u_1² + u_2², "
                 "and then the Horodecki criterion gives B ≤ 1. The formal claim is about two fixed columns of T.",
            scope="this dimension", sample=state, claim_of=("bound",),
            steps=[horodecki("chsh", rho, let("T", correlations(rho))),
                   nonnegative("bound", u * (2 - u), sq((W - u) * star(s)) + sq(Y * star(s)),
                               by=tr(((W - u)**2 + star(Y) * Y) * S))]),
    Theorem(id="nonlocality-product",
            statement=r"\varrho = \varrho_1 \otimes \varrho_2,\ |r|, |s| \le 1:\ T_{kl} = r_k s_l,\ "
                      r"u_1^2 + u_2^2 = |r|^2 |s|^2 \le 1,\ B(\varrho) = 0",
            source=SOURCE, scope="this dimension", sample=inside,
            claim_of=("chsh", "dyad", "square", "short", *names_of(bloch)),
            steps=[horodecki("chsh", rho_product, T_product), *bloch, equal("dyad", T_product, dyad),
                   equal("square", tr(star(dyad) * dyad), r2 * s2),
                   nonnegative("short", 1 - r2 * s2, short_r + (sq(r_[0]) + sq(r_[1]) + sq(r_[2])) * short_s)]),
    Theorem(id="nonlocality-bell",
            statement=r"\Psi_\pm, \Phi_\pm:\ T^{\mathsf t} T = 1,\ u_1^2 + u_2^2 = 2,\ B = 1",
            source=SOURCE,
            scope="this dimension", claim_of=names_of(bells), steps=bells),
    Theorem(id="nonlocality-werner",
            statement=r"\varrho_W:\ T^{\mathsf t} T = p^2,\ u_1^2 + u_2^2 = 2p^2,\ B > 0 \Leftrightarrow 2p^2 > 1:\ "
                      r"2p^2 - 1 \text{ has one zero in } (0, 1),\ \text{none in } (-\tfrac{7}{10}, \tfrac{7}{10})",
            source=SOURCE, note="in words: for 0 ≤ p ≤ 1, B > 0 if and only if p > 1/√2, the zero.",
            scope="this dimension", sample=any_numbers(p), claim_of=names_of(werner_steps(p**2)),
            steps=werner_steps(p**2)),
    Theorem(id="nonlocality-entangled",
            statement=r"\varrho_W^{\Psi_-},\ p = 3/5:\ u_1^2 + u_2^2 = 18/25,\ B = 0,\ \text{yet}\ \varrho_W^{T_2}\, "
                      r"\Phi_+ = -\tfrac15 \Phi_+",
            source=SOURCE, scope="this dimension",
            claim_of=(*names_of(partly), "negative"),
            steps=[*partly,
                   equal("negative", transposed * BELL["phi_plus"], -BELL["phi_plus"] / 5)])]

BROKEN = [
    THEOREMS[0].twin("a bound of 1", steps=[nonnegative("bound", u * (1 - u), sq((W - u) * star(s)),
                                                                  by=tr((W - u)**2 * S))], sample=singlet),
    THEOREMS[1].twin("without |s| ≤ 1", sample=outside, claim_of=("short",), steps=[
        nonnegative("short", 1 - r2 * s2, short_r)]),
    THEOREMS[2].twin("T = 1 for every Bell state", claim_of=("psi_minus",), steps=[
        equal("psi_minus", correlations(werner("psi_minus", node(1))), UNIT)]),
    THEOREMS[3].twin("p for p²", claim_of=("psi_minus",), steps=werner_steps(p)),
    THEOREMS[4].twin("the eigenvalue 1/5", claim_of=("negative",), steps=[
        equal("negative", transposed * BELL["phi_plus"], BELL["phi_plus"] / 5)])]
