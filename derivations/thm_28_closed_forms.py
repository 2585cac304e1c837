r"""Theorems 28. Closed forms of Fig. 1 and of Fig. 3 at D = 0, with q = κ/(1 + κ²), B along x, units ħ = γ_g = 1.

Statement.   closed-form-flow   F = |φ⟩⟨φ| with (1 + κ²) dφ/dt = −(κ + i) Hφ, not normalised: ρ = F/Tr F solves PRL 3.
             closed-form-fig-1  From |↑↓⟩ at D = 0:  r_1x(t) = sinh(2qBt) / (cosh(2qBt) + e^{8qJt}).
             closed-form-fig-3  From Ψ+ at D = 0:    B(ρ(t)) = 1/cosh(2qBt) at every J, which never rises for t ≥ 0: its
                                derivative is −4qBu(u² − 1)/(u² + 1)², and qB(u² − 1), 0 at t = 0, never falls.
Hypotheses.  s(1 + κ²) = 1, q = κs. In the first F = |φ⟩⟨φ| enters by F² = F Tr F and FHF = F Tr FH, m by m Tr F = 1.
             In the others φ = √2 a Ψ− + b |→→⟩ − c |←←⟩ with amplitudes of rates −(κ + i)s E and E = −3J, J − B, J
             + B; u = e^{2qBt} and v = e^{8qJt} by their rates; |b|² = u²|c|² and |a|² = uv|c|² at one instant: at t =
             0 all are 1. In the slope of B, u > 0 and qB(u² − 1) ≥ 0, true from t = 0 on.
Proof.       The first by expansion. For the others Hφ = Σ E_n φ_n, and the quantities of the hypotheses have
             proportional rates, so Picard–Lindelöf keeps them; then r_1x = (|b|² − |c|²)/(2|a|² + |b|² + |c|²), and
             with a = 0 TᵗT = diag(N², 4|bc|², 4|bc|²), N = |b|² + |c|², so that B = 2|bc|/N.
Source.      Own derivation; PRL 133, 266704 (2024), Figs. 1 and 3.
"""

from random import Random

from qllg_sym.proof.language import (
    D,
    Node,
    anti,
    comm,
    complex_pair,
    hypothesis,
    i,
    let,
    letters,
    matrix,
    node,
    scalars,
    sq,
    star,
    tr,
)
from qllg_sym.proof.lemmas import Lemma, horodecki, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Point, conjugate, gaussian, times, trace
from qllg_sym.proof.random_points import hermitian, pure, rational
from qllg_sym.proof.step import Step, equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, kappa, q_llg

from .dimer import PAULI, SINGLET, TRIPLET, explicit, ket
from .thm_26_splitting import without_dmi

SOURCE = "PRL 133, 266704 (2024), Figs. 1 and 3; own derivation"
s, m, J, B, u, v = scalars("s m J B u v")
F, = letters("F")
inverse = hypothesis("inverse", s * (1 + kappa**2) - 1)
q = let("q", kappa * s)
rate = -(kappa + i) * s

# The flow, in every dimension.
moved = rate * H * F + star(rate) * F * H
turned = star(rate) * H * F + rate * F * H
norm, square = hypothesis("norm", m * tr(F) - 1), hypothesis("square", F * F - F * tr(F))
sandwich = hypothesis("sandwich", F * H * F - F * tr(F * H))
solution = q_llg(D(m * F), "law", H, m * F).about[1]
bracket = kappa * s * (m * comm(square, H) + norm * comm(F, H)) - i * s * (
    m * anti(square, H) + norm * anti(F, H) - 2 * m * sandwich)
flow = equal("solves", solution, 0, by=i * m * comm(F, H) * inverse + i * kappa * m * bracket)


def ray(rng: Random) -> Point:
    """A pure state, not normalised."""
    f, k = times(pure(rng, 3), rational(rng)), rational(rng)
    return Point({"F": f, "H": hermitian(rng, 3)},
                 {"kappa": k, "s": gaussian(1) / (gaussian(1) + k * k), "m": gaussian(1) / trace(f)})


# The two figures.
names = {"J": J, "B_x": B}
h = let("H", explicit(without_dmi.frequency, names))
amplitudes = [complex_pair(name, f"{name}_bar") for name in "abc"]
(a, _), (b, _), (c, _) = amplitudes
energies = (-3 * J, J - B, J + B)
derivatives: dict[Node, Node] = {u: 2 * q * B * u, v: 8 * q * J * v}
for (z, z_bar), energy in zip(amplitudes, energies, strict=True):
    derivatives |= {z: rate * energy * z, z_bar: star(rate) * energy * z_bar}
field_states = (ket(1, 1, 1, 1), ket(1, -1, -1, 1))                 # 2|→→⟩ and 2|←←⟩
triplet = (b * field_states[0] - c * field_states[1]) / 2           # |↑↓⟩ + |↓↑⟩ at t = 0
begin = (field_states[0] - field_states[1]) / 2
phi = let("phi", a * SINGLET + triplet)                    # 2|↑↓⟩ at t = 0
ratios = [let("r_b", sq(b) - u**2 * sq(c)), let("r_a", sq(a) - u * v * sq(c))]
slopes = [-2 * q * (J - B), 6 * q * J]
ratio_b, ratio_a = (hypothesis(name, x) for name, x in zip(("ratio_b", "ratio_a"), ratios, strict=True))


def rates(state: Node, count: int) -> list[Step | Lemma]:
    """The state obeys its equation, and the ratios of the amplitudes are what they are at one instant."""
    rows = [stays_zero(fact.name, x, slope * x, by=0)
            for fact, x, slope in list(zip((ratio_b, ratio_a), ratios, slopes, strict=True))[:count]]
    return [equal("ray", D(state), rate * h * state), *(step for step, _ in rows),
            picard_lindelof("stay", *(row for _, row in rows))]


def start(first: Node, state: Node) -> Step:
    """The state at t = 0, where every amplitude is 1."""
    return equal("start", first, state)


def correlation(name: str, state: Node) -> Node:
    """Tr Fσ_a⊗σ_b."""
    return tr(star(state) * PAULI[name] * state)


def fig_1(exponent: Node) -> Step:
    """r_1x Tr F (u + 1/u + 2v) = (u − 1/u) Tr F, times u."""
    return equal("closed_form", r1x * (u**2 + 1 + 2 * u * exponent), (u**2 - 1) * N,
                 by=2 * (1 + u * v) * ratio_b - 2 * (u**2 - 1) * ratio_a)


def fig_3(power: int) -> Step:
    """B² = 4|bc|²/N² = 4u²/(u² + 1)²."""
    rest = sq(c) * (u**2 + 1)**2 - u**2 * ratio_b - 2 * u**2 * (u**2 + 1) * sq(c)
    return equal("closed_form", 4 * sq(b) * sq(c) * (u**2 + 1)**2, 4 * u**power * (sq(b) + sq(c))**2,
                 by=4 * ratio_b * rest)


def grown(rng: Random) -> Point:
    """Amplitudes at some time, by rational values of u, v and c."""
    value = {x.name: rational(rng) for x in (J, B, u, v, c, kappa)}
    z = value["c"] * gaussian(1, 1)
    x, y = gaussian(rng.randint(1, 4)), gaussian(rng.randint(1, 4))
    value |= {"u": y, "v": x * x * y, "c": z, "b": z * y, "a": z * x * y}
    value["s"] = gaussian(1) / (gaussian(1) + value["kappa"]**2)
    return Point(scalars=value | {f"{name}_bar": conjugate(value[name]) for name in "abc"})


N, r1x = let("N", tr(star(phi) * phi)), let("R", correlation("x0", phi))
pair = let("psi", triplet)                                          # √2 Ψ+ at t = 0
rows = [[correlation(k + n, pair) for n in "xyz"] for k in "xyz"]
T = let("T", matrix([[node(0)] * 4, *([node(0), *row] for row in rows)]))
size, spread = (sq(b) + sq(c))**2, 4 * sq(b) * sq(c)
diagonal = matrix([[x if j == k else node(0) for k in range(4)] for j, x in enumerate((node(0), size, spread, spread))])

turn = D(2 * u) * (u**2 + 1) - 2 * u * D(u**2 + 1)                 # the slope of 2u/(u² + 1) times (u² + 1)²
positive_u = hypothesis("growing", u, "nonnegative")
aged = hypothesis("later", q * B * (u**2 - 1), "nonnegative")


def later(rng: Random) -> Point:
    """Amplitudes at some time t > 0: u > 0, and u > 1 if κB > 0."""
    while True:
        point = grown(rng)
        x = point.scalars
        if x["u"].x > 0 and (x["kappa"] * x["B"] * (x["u"]**2 - gaussian(1))).x > 0:
            return point


THEOREMS = [
    Theorem(id="closed-form-flow",
            statement=r"F = |\phi\rangle\langle\phi|,\ (1 + \kappa^2)\dot\phi = -(\kappa + i) H \phi: \quad \varrho = "
                      r"F / \mathrm{Tr} F\ \text{solves PRL 3}",
            source=SOURCE, scope="every dimension", sample=ray,
            derivatives={F: moved, m: -m**2 * tr(moved)}, steps=[flow]),
    Theorem(id="closed-form-fig-1",
            statement=r"(1 + \kappa^2)\dot\phi = -(\kappa + i) H\phi,\ \phi = \sqrt{2}\,a\Psi_- + b\,\phi_+ - "
                      r"c\,\phi_-\ (\phi_\pm \text{ along } \pm x),\ \dot u = 2qBu,\ \dot v = 8qJv,\ "
                      r"|b|^2 = u^2|c|^2,\ |a|^2 = uv|c|^2 "
                      r"\text{ at one instant} \Rightarrow \text{always, and } "
                      r"r_{1x} = \frac{u^2 - 1}{u^2 + 1 + 2uv};\ "
                      r"a = b = c = 1:\ \phi = 2\,|{\uparrow\downarrow}\rangle;\quad "
                      r"\text{in words, } u = e^{2qBt},\ "
                      r"v = e^{8qJt}:\ r_{1x}(t) = \frac{\sinh 2qBt}{\cosh 2qBt + e^{8qJt}},\ "
                      r"q = \frac{\kappa}{1 + \kappa^2}",
            source=SOURCE, scope="this dimension", sample=grown, derivatives=derivatives,
            claim_of=("start", "ray", "r_b_moves", "r_a_moves", "stay", "closed_form"),
            steps=[start(SINGLET + begin, ket(0, 2, 0, 0)), *rates(phi, 2), fig_1(v)]),
    Theorem(id="closed-form-fig-3",
            statement=r"(1 + \kappa^2)\dot\phi = -(\kappa + i) H\phi,\ \phi = b\,\phi_+ - c\,\phi_-,\ "
                      r"\dot u = 2qBu,\ |b|^2 = u^2|c|^2 \text{ at one instant} \Rightarrow \text{always, and } "
                      r"T^{\mathsf t} T = \mathrm{diag}(N^2, 4|bc|^2, 4|bc|^2),\ \frac{4|bc|^2}{N^2} = "
                      r"(\frac{2u}{u^2 + 1})^2;\ b = c = 1:\ \phi \propto \Psi_+;\quad u, qB(u^2 - 1) \ge 0 "
                      r"\Rightarrow \frac{d}{dt}\frac{2u}{u^2 + 1} = -\frac{4qBu(u^2 - 1)}{(u^2 + 1)^2} \le 0,\ "
                      r"\frac{d}{dt}qB(u^2 - 1) \ge 0;\quad \text{in words, } u = e^{2qBt}:\ B(\varrho(t)) = "
                      r"\frac{1}{\cosh 2qBt} \text{ falls}",
            source=SOURCE,
            scope="this dimension", sample=later, derivatives=derivatives,
            claim_of=("start", "ray", "r_b_moves", "stay", "chsh", "correlations", "closed_form", "slope", "falls",
                      "stays"),
            note="in words: qB(u² − 1) is 0 at t = 0, where u = 1, and by the last part of the claim never falls, so "
                 "that it is not negative for t ≥ 0.",
            steps=[start(begin, TRIPLET), *rates(pair, 1), horodecki("chsh", pair * star(pair), T),
                   equal("correlations", star(T) * T, diagonal), fig_3(2),
                   equal("slope", turn, -4 * q * B * u * (u**2 - 1)),
                   nonnegative("falls", -turn, 4 * positive_u * aged),
                   nonnegative("stays", D(q * B * (u**2 - 1)), 4 * sq(q * B * u))])]

BROKEN = [
    THEOREMS[0].twin("κ − i for κ + i", derivatives={F: turned, m: -m**2 * tr(turned)},
                     steps=[equal("solves", solution)]),
    THEOREMS[1].twin("e^{−8qJt}", claim_of=("closed_form",), steps=[*rates(phi, 2), fig_1(-v)]),
    THEOREMS[2].twin("1/cosh² for 1/cosh", claim_of=("closed_form",), steps=[*rates(pair, 1), fig_3(4)])]
