r"""Theorem 6. PRL 1 ⇔ PRL 2 at |m| = 1 and real α, and each keeps |m|.

Statement.   L = ṁ − γm × B + αm × ṁ and W = (1 + α²)ṁ − γm × B + αm × (γm × B) vanish together.
Hypotheses.  m·m = 1 for the equivalence; nothing on α, m and B for |m|. (γB is B here; a moment of any size is |m|
             times m.)
Proof.       W = L − αm × L + α²(m·L)m − α²(m·m − 1)ṁ and (1 + α²)L = W + αm × W + α²(m·m − 1)m × γB.
             m·ṁ = m·L, and (1 + α²)m·ṁ = m·W.
             The laws are read with a·σ/2 for each vector a: a × b is −i[a, b], a·b is 2(ab + ba). Of the vectors the
             equivalence needs 4m² = 1 alone, so there m, ṁ and B are operators, of any dimension.
Source.      PRL 133, 266704 (2024), eqs. 1 and 2.
"""

from fractions import Fraction
from random import Random

import sympy as sp

from qllg_sym.equations.laws.classical_ll import ClassicalLL
from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.proof.language import D, comm, hypothesis, i, let, letters, scalars, sq, tr
from qllg_sym.proof.laws import residual
from qllg_sym.proof.numeric import Matrix, Number, Point, gaussian, identity, plus, times
from qllg_sym.proof.random_points import hermitian, projector, rational
from qllg_sym.proof.step import Step, cancel, equal
from qllg_sym.proof.theorem import Theorem

from .spin import HALF, SIGMA, B, Numbers, dot, gilbert, numbers_cross, v, vector

ERRATA = [
    ("Most derivations of eq. 1 assume that |m| is a constant of the motion.",
     "It follows from eq. 1, and from eq. 2: the scalar product of either with m gives m·ṁ = 0, for every field and "
     "damping.", "below eq. 1"),
    ("Eqs. 1 and 2 are equivalent up to the rescaling of time t ↦ (1 + α²)t.",
     "With γ̃_g and λ as given they are one equation in one time. The rescaling leads from the coefficients γ_g, "
     "αγ_g to γ̃_g, λ, and only for a field that does not depend on time explicitly.", "below eq. 2")]

m, (alpha,) = scalars("mx my mz"), scalars("alpha")
M, V, F = let("m", vector(m)), let("dm", vector(v)), let("B", vector(B))
FIELD = [equal("no_trace", tr(F), 0), *(equal(f"is_{x.name}", x, tr(s * F)) for x, s in zip(B, SIGMA, strict=True))]
KEPT = ("length", *(step.name for step in FIELD))     # what the matrix called B is, is claimed beside it
laws = [law(sp.Symbol("alpha", real=True)) for law in (ClassicalLLG, ClassicalLL)]
L, W = (hypothesis(name, residual(law, {"m": M, "dm": V, "B": F}, {"alpha": alpha}))
        for name, law in zip("LW", laws, strict=True))
m_, dm_, B_ = letters("m dm B")                     # the same three as operators
llg, ll = (residual(law, {"m": m_, "dm": dm_, "B": B_}, {"alpha": alpha}) for law in laws)
N = hypothesis("N", 4 * m_**2 - 1)


def _point(own: Numbers, velocity: Numbers, field: Numbers, damping: Number) -> Point:
    """Names for numbers."""
    named = zip((x.name for x in (*m, *v, *B)), (*own, *velocity, *field), strict=True)
    return Point({}, {**dict(named), "alpha": damping})


def random(rng: Random) -> Numbers:
    """Three rationals."""
    return tuple(rational(rng) for _ in range(3))


def operators(own: Matrix, rng: Random) -> Point:
    """An operator for m; a velocity and a field that obey no law."""
    return Point({"m": own, "dm": hermitian(rng, 3), "B": hermitian(rng, 3)}, {"alpha": rational(rng)})


def unit(rng: Random) -> Point:
    """4m² = 1."""
    half = times(identity(3), gaussian(HALF))
    return operators(plus(projector(rng, 3, 1), half, gaussian(-1)), rng)


def solved(rng: Random) -> Point:
    """A moment of any size that obeys L."""
    own, field, damping = random(rng), random(rng), rational(rng)
    return _point(own, gilbert(own, numbers_cross(own, field), damping), field, damping)


def solved_ll(rng: Random) -> Point:
    """A moment of any size that obeys W."""
    own, field, damping = random(rng), random(rng), rational(rng)
    torque = numbers_cross(own, field)
    turned, scale = numbers_cross(own, torque), gaussian(1) / (gaussian(1) + damping * damping)
    return _point(own, tuple((x - damping * y) * scale for x, y in zip(torque, turned, strict=True)), field, damping)


def free(rng: Random) -> Point:
    """A velocity along no law."""
    return _point(random(rng), random(rng), random(rng), rational(rng))


def forward(sign: int) -> Step:
    """PRL 2 from PRL 1; the sign 1 is right."""
    along = 2 * alpha**2 * (m_ * llg + llg * m_) * m_                   # α²(m·L)m
    by = HALF * i * alpha**2 * comm(N, alpha * dm_ - B_) * m_ - QUARTER * alpha**2 * (N * dm_ + 3 * dm_ * N)
    return equal("forward", ll, llg + sign * i * alpha * comm(m_, llg) + along, by=by)


QUARTER = Fraction(1, 4)
BACK = ll - i * alpha * comm(m_, ll)
CUBE = -QUARTER * i * alpha**2 * (N * (m_ * B_ - 3 * B_ * m_) + (3 * m_ * B_ - B_ * m_) * N)    # of [m, [m, [m, B]]]
WHERE, RATE = "PRL 133, 266704 (2024), eqs. 1 and 2", dict(zip(m, v, strict=True))
THEOREMS = [
    Theorem(id="llg-ll", statement=r"|\mathbf m| = 1,\ \alpha \in \mathbb{R}:\quad W = L - "
            r"\alpha\,\mathbf m \times L + \alpha^2(\mathbf m\cdot L)\,\mathbf m,\ "
            r"(1 + \alpha^2) L = W + \alpha\,\mathbf m \times W "
            r"\text{ for the residuals } L \text{ of PRL 1},\ W \text{ of PRL 2 times } 1 + \alpha^2:\ "
            r"\text{PRL 1} \Leftrightarrow \text{PRL 2}", source=WHERE,
            scope="every dimension", sample=unit, claim_of=("forward", "back"),
            note="1 + α² is not zero for real α, so each residual vanishes with the other.",
            steps=[forward(1), equal("back", (1 + alpha**2) * llg, BACK, by=CUBE)]),
    Theorem(id="llg-length", statement=r"\text{PRL 1} \Rightarrow \frac{d}{dt}|\mathbf m|^2 = 0", source=WHERE,
            scope="this dimension", derivatives=RATE, sample=solved,
            claim_of=KEPT, steps=[cancel("length", D(dot(m, m)), HALF, by=2 * tr(M * L)), *FIELD]),
    Theorem(id="ll-length", statement=r"\text{PRL 2} \Rightarrow \frac{d}{dt}|\mathbf m|^2 = 0", source=WHERE,
            scope="this dimension", derivatives=RATE, sample=solved_ll,
            claim_of=KEPT, steps=[cancel("length", D(dot(m, m)), 1 + sq(alpha), by=4 * tr(M * W)), *FIELD])]

BROKEN = [
    THEOREMS[0].twin("without |m| = 1", sample=lambda rng: operators(hermitian(rng, 3), rng), claim_of=("back",),
                     steps=[equal("back", (1 + alpha**2) * llg, BACK)]),
    THEOREMS[0].twin("the sign of the damping", claim_of=("forward",), steps=[forward(-1)]),
    THEOREMS[1].twin("without the law", claim_of=("length",), sample=free, steps=[equal("length", D(dot(m, m)), 0)]),
    THEOREMS[2].twin("without the law", claim_of=("length",), sample=free, steps=[equal("length", D(dot(m, m)), 0)])]
