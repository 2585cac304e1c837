r"""Theorems 50. The antiferromagnetic ground state of PRL 10 is more entangled than the ferromagnetic one: where it is.

Statement.   dimer-levels  PRL 10, D along z and any field B, e = E − J: every energy is a zero of p(e) = e(e + 4J)(e² −
                 B²) − 4D²(e² − B_z²), and a zero has the eigenstate v = e(e² − B²)Ψ− + 2D[e² t_z − B_z B·t − ie(B ×
                 z)·t], t = (iΦ−, Φ+, −iΨ+). Its concurrence |⟨v*|σ_y⊗σ_y|v⟩|/⟨v|v⟩ is (n − 2m)/n with n = e²(U − P)² +
                 4D²(U² + PU + 2PB_z²), m = 4D²Pe², P = B_x² + B_y² and U = e² − B_z²: J enters by e alone.
             ground-entanglement  J = j > 0 has the lowest energy j − a, J = −j has −j − b, where p = 0 and a, b > |B|.
                 For D ≠ 0 and P > 0 (B not along D) a > b, and the concurrences obey C_AFM > C_FM > 0.
             ground-entanglement-free  At D = 0: Ψ−, of energy −3J, has concurrence 1; |→→⟩, of energy J − B, has 0; the
                 other energies are J and J + B.
In words.    There are such a and b: p is −4D²P < 0 at e = −|B| and positive far below. At D = 0 the antiferromagnetic
             ground state is Ψ− for B < 4J (1 against 0), and |→→⟩ for B > 4J (0 against 0). At B = 0 and D ≠ 0 both
             concurrences are 1.
Hypotheses.  dimer-levels: p(e) = 0. ground-entanglement: p = 0 for both signs, δ = 4D² > 0, P > 0, z = B_z² ≥ 0,
             a² − B² > 0, b² − B² > 0; w > 0 is the inverse of M > 0 (step `scale`); y > 0.
Proof.       Expansion.  (a − b)M = 8ja(a² − B²)(b² − z).  p(−a − y) and p(−b − y) are positive for y > 0.
             m_b n_a − m_a n_b = δP(a² − b²)[a²b²(α + β) + δ(a²b² − zB²)], α = a² − B², β = b² − B².
Source.      PRL 133, 266704 (2024), on Fig. 4 ("expected to have higher entanglement"); own proof.
"""

from random import Random

from qllg_sym.proof.language import Node, hypothesis, i, let, scalars, star, tr
from qllg_sym.proof.lemmas import characteristic_polynomial
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.step import Step, equal, positive
from qllg_sym.proof.theorem import Theorem

from .dimer import BELL, PAULI, any_numbers, coupling, explicit, ket, prl_10
from .eq_01_dimer import model
from .thm_26_splitting import without_dmi

ERRATA = [(
    "The lowest energy state in the AFM case is expected to have higher entanglement than for FM coupled spins.",
    "For PRL 10 it has, strictly, for every J > 0 against −J, every D ≠ 0 and every field that is not along D "
    "(ground-entanglement). At D = 0 it is 1 against 0 for |B| < 4J and 0 against 0 for |B| > 4J; at B = 0 and D ≠ 0 "
    "both are 1.", "on Fig. 4")]
SOURCE = "PRL 133, 266704 (2024), on Fig. 4; own proof"
names = {name: coupling(name) for name in "J D B_x B_y B_z".split()}
J, d, bx, by_, bz = names.values()
e, = scalars("e")
FLIP = PAULI["yy"]

# Every energy and eigenstate.
h = let("H", explicit(model().frequency, names))
g = let("g", h - J)
P, z = let("P", bx**2 + by_**2), let("z", bz**2)


def quartic(x: Node, j: Node, delta: Node, across: Node, along: Node) -> Node:
    """p(x) = x(x + 4j)(x² − B²) − δ(x² − B_z²), B² = across + along."""
    return x * (x + 4 * j) * (x**2 - across - along) - delta * (x**2 - along)


def sizes(x: Node, delta: Node, across: Node, along: Node) -> tuple[Node, Node]:
    """(n, m) of the state of e = x."""
    u = x**2 - along
    return (x**2 * (u - across)**2 + delta * (u**2 + across * u + 2 * across * along), delta * across * x**2)


root = hypothesis("root", quartic(e, J, 4 * d**2, P, z))


def state(unit: Node) -> Node:
    """The eigenstate; with −i for i its complex conjugate."""
    first, second, third = (unit * BELL["phi_minus"], BELL["phi_plus"], -unit * BELL["psi_plus"])
    inside = bx * first + by_ * second + bz * third
    turned = by_ * first - bx * second
    return e * (e**2 - P - z) * BELL["psi_minus"] + 2 * d * (e**2 * third - bz * inside - unit * e * turned)


v, mirror = let("v", state(i)), let("v_conjugate", state(-i))
size, loss = sizes(e, 4 * d**2, P, z)
matrix_quartic = g * (g + 4 * J) * (g**2 - P - z) - 4 * d**2 * (g**2 - z)


def overlap(factor: int) -> Step:
    """⟨v*|σ_y⊗σ_y|v⟩, which is real; the factor 2 is right."""
    return equal("flipped", tr(star(mirror) * FLIP * v), -2 * (size - factor * loss))


def couplings(rng: Random) -> Point:
    """Couplings at which p has a rational zero: 4J = 4D²(e² − B_z²)/(e(e² − B²)) − e."""
    p = any_numbers(d, bx, by_, bz)(rng).scalars
    value, four = gaussian(rng.choice([-1, 1]) * 11), gaussian(4)           # no zero of e² − B²
    field = p["B_x"]**2 + p["B_y"]**2 + p["B_z"]**2
    j = (four * p["D_z"]**2 * (value**2 - p["B_z"]**2) / (value * (value**2 - field)) - value) / four
    return Point(scalars={**p, "e": value, "J": j})


# The two lowest energies.
a, j, delta, across, w, y = scalars("a j delta P w y", "positive")
b, along = scalars("b z", "nonnegative")
afm = hypothesis("afm", quartic(-a, j, delta, across, along))               # as (a − 4j)a(a² − B²) − δ(a² − z)
fm = hypothesis("fm", quartic(-b, -j, delta, across, along))
alpha = hypothesis("above_a", a**2 - across - along, "positive")
beta = hypothesis("above_b", b**2 - across - along, "positive")
A, W = alpha + across, beta + across                                        # a² − z, b² − z
S = alpha * beta + across * (alpha + a * b + b**2)
M = let("M", (b + 4 * j) * ((a**2 - across - along) * (b**2 - across - along) + across * (
    a**2 - across - along + a * b + b**2)) + a * (a**2 - across - along) * (b**2 - along))
inverse = hypothesis("inverse", w * M - 1)
order = positive("order", a - b, 8 * w * j * a * alpha * W, by=w * ((b**2 - along) * afm - (a**2 - along) * fm)
                 - (a - b) * inverse)


def lowest_of_both() -> list[Step]:
    """No energy is lower: p > 0 below −a and below −b; 4j − a leaves the first by its own root."""
    x, gap = a + y, b + 4 * j
    linear = y * (A * alpha + 2 * a**2 * across) + y**2 * (2 * a * A + a * across) + y**3 * A     # times a − 4j
    rest = a * alpha * (y * a * A * alpha + y**2 * (A * alpha + 2 * a**2 * A) + 3 * y**3 * a * A + y**4 * A)
    first = positive("afm_lowest", a * (a**2 - across - along) * (a**2 - along) * quartic(-x, j, delta, across, along),
                     rest + delta * A * linear, by=a * alpha * (x**2 - along) * afm + linear * afm)
    second = positive("fm_lowest", (b**2 - along) * quartic(-b - y, -j, delta, across, along), (
        y * (W * (b + gap) * beta + 2 * b**2 * gap * across)
        + y**2 * (W * beta + 2 * b * W * (b + gap) + gap * b * across) + y**3 * W * (3 * b + gap) + y**4 * W),
        by=((b + y)**2 - along) * fm)
    return [first, second]


def more(sign: int = 1) -> Step:
    """C_AFM > C_FM, cross-multiplied; −1 for the twin."""
    (n_a, m_a), (n_b, m_b) = (sizes(x, delta, across, along) for x in (a, b))
    inner = a**2 * b**2 * (alpha + beta) + delta * (A * W + along * (alpha + beta + across))
    return positive("more", sign * ((n_a - 2 * m_a) * n_b - (n_b - 2 * m_b) * n_a),
                    2 * delta * across * (a + b) * order.fact * inner)


def entangled(name: str, x: Node, over: Node) -> Step:
    """The modulus is the number itself: n − 2m > 0."""
    n, m = sizes(x, delta, across, along)
    return positive(f"{name}_concurrence", n - 2 * m, x**2 * over**2 + delta * (over + across) * over)


def two_magnets(rng: Random) -> Point:
    """Rational a, b and fields, and the j and δ that fit."""
    while True:
        p, q, r, s = (gaussian(rng.randint(1, 9)) for _ in range(4))        # b, a − b, B_z², P
        x, four = p + q, gaussian(4)
        upper, lower = x * x - r - s, p * p - r - s
        if lower.x > 0:
            left, right = x * upper * (p * p - r), p * lower * (x * x - r)
            size_j = (x * left - p * right) / (four * (left + right))
            dmi = (x - four * size_j) * x * upper / (x * x - r)
            named = {"a": x, "b": p, "z": r, "P": s, "j": size_j, "delta": dmi, "y": gaussian(rng.randint(1, 9))}
            scale = (p + four * size_j) * (upper * lower + s * (upper + x * p + p * p)) + left
            return Point(scalars={**named, "w": gaussian(1) / scale})


# Without DMI.
bare = let("H_0", explicit(without_dmi.frequency, names))
RIGHT, SINGLET = ket(1, 1, 1, 1), BELL["psi_minus"]
part = bare - J
free = [equal("hamiltonian", bare, prl_10({name: names[name] for name in ("J", "B_x")})),
        equal("energies", part * (part + 4 * J) * (part**2 - bx**2), 0),
        equal("singlet", bare * SINGLET, -3 * J * SINGLET), equal("right", bare * RIGHT, (J - bx) * RIGHT),
        equal("singlet_flipped", tr(star(SINGLET) * FLIP * SINGLET), -tr(star(SINGLET) * SINGLET)),
        equal("right_flipped", tr(star(RIGHT) * FLIP * RIGHT), 0)]

above = [*lowest_of_both(), positive("scale", M, (b + 4 * j) * S + a * alpha * W), order,
         entangled("afm", a, alpha), entangled("fm", b, beta), more()]
THEOREMS = [
    Theorem(id="dimer-levels", statement=r"p(e) = e(e + 4J)(e^2 - B^2) - 4D^2(e^2 - B_z^2):\quad "
            r"\det(x - H + J) = p(x);\quad p(e) = 0 \Rightarrow (H - J) v = e v,\ "
            r"\langle v^*|\sigma_y\otimes\sigma_y|v\rangle = -2(n - 2m),\ "
            r"\langle v|v\rangle = 2n,\ n = e^2(U - P)^2 + 4D^2(U^2 + PU + 2PB_z^2),\ m = 4D^2Pe^2,\ "
            r"P = B_x^2 + B_y^2,\ U = e^2 - B_z^2",
            source=SOURCE, scope="this dimension", sample=couplings,
            claim_of=("hamiltonian", "energies", "levels", "eigenstate", "flipped", "norm"),
            steps=[equal("hamiltonian", h, prl_10(names)), equal("energies", matrix_quartic, 0),
                   characteristic_polynomial("levels", g, [-4 * J, -P - z - 4 * d**2, 4 * J * (P + z), 4 * d**2 * z]),
                   equal("eigenstate", g * v, e * v, by=-root * BELL["psi_minus"]), overlap(2),
                   equal("norm", tr(star(v) * v), 2 * size)]),
    Theorem(id="ground-entanglement", statement=r"p_{J=j}(-a) = p_{J=-j}(-b) = 0,\ a, b > |B|,\ D \ne 0,\ P > 0:\quad "
            r"y > 0 \Rightarrow p_{J=j}(-a - y),\ p_{J=-j}(-b - y) > 0;\quad a > b;\quad n - 2m > 0;\quad "
            r"C_{\mathrm{AFM}} = \frac{n_a - 2m_a}{n_a} > \frac{n_b - 2m_b}{n_b} = C_{\mathrm{FM}}",
            note="in words: p is −4D²P < 0 at −|B| and positive far below, so that a and b exist; p is the "
                 "characteristic polynomial of H − J (dimer-levels), so that j − a and −j − b are the lowest energies.",
            source=SOURCE, scope="this dimension", sample=two_magnets, claim_of=tuple(s.name for s in above),
            steps=above),
    Theorem(id="ground-entanglement-free", statement=r"D = 0:\quad (H - J)(H + 3J)((H - J)^2 - B^2) = 0,\ H\Psi_- = "
            r"-3J\Psi_-,\ C(\Psi_-) = 1,\ \phi = |{\to\to}\rangle,\ H\phi = "
            r"(J - B)\phi,\ C(\phi) = 0",
            source=SOURCE, scope="this dimension", sample=any_numbers(J, bx), claim_of=tuple(s.name for s in free),
            steps=free)]

BROKEN = [
    THEOREMS[0].twin("J for 4J", claim_of=("energies",), steps=[
        equal("energies", g * (g + J) * (g**2 - P - z) - 4 * d**2 * (g**2 - z), 0)]),
    THEOREMS[0].twin("m once", claim_of=("flipped",), steps=[overlap(1)]),
    THEOREMS[1].twin("the ferromagnet is more entangled", claim_of=("more",), steps=[order, more(-1)]),
    THEOREMS[2].twin("the saturated state has concurrence 1", claim_of=("right_flipped",), steps=[
        equal("right_flipped", tr(star(RIGHT) * FLIP * RIGHT), -tr(star(RIGHT) * RIGHT))])]
