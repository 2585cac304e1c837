r"""Theorems 49. Werner states of every maximally entangled state of two spins ½, not of the four Bell states alone.

Statement.   entangled-form  ψ = (a, b, c, d)/√2 has the reduced states ½ if and only if c = −w b*, d = w a* with |a|² +
                             |b|² = 1 and |w| = 1, w = ad − bc (formal claim: only if).
             werner-any      ρ = (1 − p)/4 + p|ψ⟩⟨ψ| of every such ψ has two eigenvalues, (1 − p)/4 and (1 + 3p)/4; TᵗT
                             = p², so B² = max(2p² − 1, 0); and (σ_y⊗σ_y)ρ*(σ_y⊗σ_y) = ρ, so its concurrence is
                             max((3p − 1)/2, 0).
             werner-laws     In every dimension ρ = a + pP, P² = P: the velocity Y by q-LL is (1 + κ²p²) times X by
                             q-LLG, for every H: the two laws are one up to a rescaling of time.
In words.    The concurrence by Wootters's formula, as for the singlet (`nonclassical`), ρ being its own spin flip.
Hypotheses.  entangled-form: Tr_2|ψ⟩⟨ψ| = ½. werner-any: the form. werner-laws: both laws at one state.
Proof.       w a* = aa*d − b(a*c) = (|a|² + |b|²)d.  T is p times a rotation, up to signs, and |ψ⟩⟨ψ|² = |ψ⟩⟨ψ|.
             ad_P³ = ad_P for a projector, so ad_ρ²X = p²X for X = i[ρ, H + κX].
Source.      PRL 133, 266704 (2024), text before Fig. 4 ("|ψ⟩ any maximally entangled spin state"); own proof.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import (
    Node,
    comm,
    complex_pair,
    hypothesis,
    i,
    let,
    letters,
    matrix,
    node,
    scalars,
    star,
    tr,
)
from qllg_sym.proof.lemmas import Lemma, horodecki
from qllg_sym.proof.numeric import Number, Point, conjugate, gaussian
from qllg_sym.proof.random_points import hermitian, projector, rational, velocity, with_values
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, kappa, q_ll, q_llg

from .dimer import PAULI, STRINGS, ket

SOURCE = "PRL 133, 266704 (2024), before Fig. 4; own proof"
(a, a_), (b, b_), (c, c_), (d, d_), (w, w_) = (complex_pair(name, f"{name}_bar") for name in "abcdw")
p, = scalars("p")

# The form of a maximally entangled state: M M† = 1 for M = ((a, b), (c, d)).
rows = [hypothesis("first", a * a_ + b * b_ - 1), hypothesis("second", c * c_ + d * d_ - 1)]
across = hypothesis("across", c * a_ + d * b_)
phase, phase_bar = a * d - b * c, a_ * d_ - b_ * c_
form = [equal("third_amplitude", c, -phase * b_, by=a * across - rows[0] * c),
        equal("fourth_amplitude", d, phase * a_, by=b * across - rows[0] * d),
        equal("phase", phase * phase_bar, 1, by=rows[0] * (c * c_ + d * d_) + rows[1] - across * star(across))]

# The Werner state.
N, W = hypothesis("N", a * a_ + b * b_ - 1), hypothesis("W", w * w_ - 1)
UNIT = matrix([[int(j == k > 0) for k in range(4)] for j in range(4)])
excess = N * (1 + w * w_) / 2 + W / 2                                       # |psi|^2 - 1


def vector(turn: Node | int) -> Node:
    """ψ times √2."""
    return ket(a, b, -turn * b_, turn * a_)


def dyad(state: Node) -> Node:
    """The matrix |state⟩⟨state|."""
    return state * star(state)


psi, mirror = vector(w), ket(a_, b_, -w_ * b, w_ * a)
rho, conjugated = (let(name, (1 - p) / 4 * PAULI["00"] + p / 2 * dyad(x)) for name, x in (
    ("rho", psi), ("rho_conjugated", mirror)))
T = let("T", matrix([[node(0)] * 4, *([node(0), *(tr(rho * STRINGS[k + n]) for n in "xyz")] for k in "xyz")]))
still = {k: [p / 2 * tr(star(vector(1)) * STRINGS[k + n] * vector(1)) for n in "xyz"] for k in "xyz"}


def dyads(rows_of: str) -> Node:
    """Σ over these rows of T at w = 1 of the row's products with itself, on the three axes."""
    return matrix([[node(0)] * 4, *([node(0), *(Node("+", tuple(still[n][j] * still[n][k] for n in rows_of))
                                                for k in range(3))] for j in range(3))])


turned = dyads("xy") + (3 + w * w_) / 4 * dyads("zz") / 2                   # w turns x and y, |w| scales z
low, high = (1 - p) / 4, (1 + 3 * p) / 4


def squares(size: Node) -> Step:
    """TᵗT is p² on the three axes."""
    return equal("squares", star(T) * T, size * UNIT, by=W * turned + p**2 * N * (a * a_ + b * b_ + 1) * UNIT)


werner: list[Step | Lemma] = [
    equal("unit", tr(rho), 1, by=p * excess),
    equal("levels", (rho - low) * (rho - high), 0, by=p**2 / 2 * dyad(psi) * excess),
    horodecki("chsh", rho, T), squares(p**2),
    equal("flipped", PAULI["yy"] * conjugated * PAULI["yy"], rho,
          by=p / 2 * W * (dyad(ket(a, b, 0, 0)) - dyad(ket(0, 0, -b_, a_))))]

# Both laws, in every dimension.
P, Y = letters("P Y")
base, = scalars("base")
state = let("rho", base + p * P)
R, S = q_llg(state=state), q_ll(Y, "S", state=state)
projector_ = hypothesis("P2", P**2 - P)
Z = H + kappa * X
cube = P * projector_ + projector_                                         # P³ − P
third = comm(cube, Z) - 3 * projector_ * Z * P + 3 * P * Z * projector_    # ad_P³Z − ad_PZ


def laws(power: int) -> Step:
    """Y in X; the power 2 is right."""
    gap = comm(P, comm(P, R)) - R + i * p * third
    return equal("rescaled", Y, (1 + kappa**2 * p**power) * X,
                 by=kappa**2 * p**2 * gap - R - i * kappa * comm(state, R) + S)


def sphere(rng: Random) -> tuple[Number, Number]:
    """Two complex numbers with |a|² + |b|² = 1, both not zero."""
    v = [Fraction(rng.choice([-1, 1]) * rng.randint(1, 4)) for _ in range(3)]
    size = sum(x * x for x in v)
    x, y, t = (2 * u / (size + 1) for u in v)
    return gaussian(x, y), gaussian(t, (size - 1) / (size + 1))


def any_state(rng: Random) -> Point:
    """A maximally entangled state, by a, b and the phase w, and a p for which ρ ≥ 0."""
    (x, y), (u, v) = sphere(rng), (rng.randint(1, 4), rng.randint(1, 4))
    turn = gaussian(u, v) * gaussian(u, v) / gaussian(u * u + v * v)
    named = {"a": x, "b": y, "w": turn, "c": -turn * conjugate(y), "d": turn * conjugate(x)}
    bars = {f"{name}_bar": conjugate(z) for name, z in named.items()}
    return Point(scalars={**named, **bars, "p": rational(rng) / gaussian(15)})


def product_state(rng: Random) -> Point:
    """The amplitudes of |↑↑⟩, with w = 0, for twins."""
    one, none = gaussian(1), gaussian(0)
    return Point(scalars={**any_state(rng).scalars, **dict.fromkeys(("a", "a_bar"), one),
                          **dict.fromkeys(("b", "b_bar", "w", "w_bar"), none)})


def both(rng: Random) -> Point:
    """A projector, its state, and both velocities."""
    point = Point({"P": projector(rng, 3, 1), "H": hermitian(rng, 3)},
                  {"p": rational(rng), "base": rational(rng), "kappa": rational(rng)})
    known = with_values(point, rho=state).letters["rho"]
    x = velocity(known, point.letters["H"], point.scalars["kappa"])
    point = Point({**point.letters, "X": x}, point.scalars)
    return with_values(point, Y=i * comm(state, H) - kappa * comm(state, comm(state, H)))


THEOREMS = [
    Theorem(id="entangled-form", statement=r"\psi = \tfrac{1}{\sqrt2}(a, b, c, d),\ "
            r"\mathrm{Tr}_2|\psi\rangle\langle\psi| = \tfrac12 \Rightarrow c = -w b^*,\ d = w a^*,\ |w| = 1,\ "
            r"w = ad - bc", source=SOURCE, scope="this dimension", sample=any_state,
            claim_of=tuple(s.name for s in form), steps=form),
    Theorem(id="werner-any", statement=r"\varrho = \tfrac{1 - p}{4} + p|\psi\rangle\langle\psi|,\ \psi = "
            r"\tfrac{1}{\sqrt2}(a, b, -w b^*, w a^*),\ |a|^2 + |b|^2 = |w| = 1:\quad "
            r"(\varrho - \tfrac{1 - p}{4})(\varrho - \tfrac{1 + 3p}{4}) = 0,\ T^{\mathsf t} T = p^2,\ "
            r"(\sigma_y\otimes\sigma_y)\varrho^*(\sigma_y\otimes\sigma_y) = \varrho",
            note="in words: by Horodecki's criterion B² = max(2p² − 1, 0), and by Wootters's formula the concurrence "
                 "is max((3p − 1)/2, 0).",
            source=SOURCE, scope="this dimension", sample=any_state, claim_of=tuple(s.name for s in werner),
            steps=werner),
    Theorem(id="werner-laws", statement=r"\rho = a + pP,\ P^2 = P:\quad \dot\rho_{\text{q-LL}} = "
            r"(1 + \kappa^2p^2)\,\dot\rho_{\text{q-LLG}} \text{ for every } H",
            source=SOURCE, scope="every dimension", sample=both, steps=[laws(2)])]

BROKEN = [
    THEOREMS[0].twin("without the phase", claim_of=("third_amplitude",), steps=[
        equal("third_amplitude", c, -b_, by=a * across - rows[0] * c)]),
    THEOREMS[1].twin("|↑↑⟩ for a maximally entangled state", claim_of=("squares",), sample=product_state, steps=[
        equal("squares", star(T) * T, p**2 * UNIT, by=p**2 * N * (a * a_ + b * b_ + 1) * UNIT)]),
    THEOREMS[1].twin("p for p²", claim_of=("squares",), steps=[squares(p)]),
    THEOREMS[2].twin("p for p²", steps=[laws(1)])]
