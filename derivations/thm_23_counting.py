r"""Theorem 23. Why coupled spins are richer: 4^N − 1 variables of PRL 3 against 3N of PRL 1.

Statement.   counting  For N = 1, 2, 3, 4 the numbers of component equations, 3, 15, 63, 255 of q-LLG and 3, 6, 9, 12 of
                 LLG, are 4^N − 1 and 3N. Four times as many Pauli strings with each further spin, q' = 4q, and q − 1 ≥
                 3N give q' − 1 > 3(N + 1).
             counting-independent  PRL 1 keeps |m|² of each moment, and ṁ = Qṁ with the projector Q = 1 − m mᵗ/|m|² of
                 rank 2, Qm = 0: two of the three numbers of a moment are independent.
In words.    The eight numbers are counted from the equations that the package derives; the certificate has them as
             numbers. By induction from q = 4 at N = 1, 4^N − 1 > 3N for every N ≥ 2. N moments move in 2N directions.
             In the same way q-LLG keeps the 2^N − 1 independent numbers Tr ρⁿ, which leaves at most 4^N − 2^N, and
             2(2^N − 1) for a pure state: more than 2N for N ≥ 2, equal for N = 1.
Hypotheses.  For the induction: q' − 4q = 0 and q − 1 − 3N ≥ 0 at N. For a moment: PRL 1, and l|m|² = 1.
Proof.       q' − 1 − 3(N + 1) = 4(q − 1 − 3N) + 9N.  m·ṁ = m·L for the residual L of PRL 1.
Source.      PRL 133, 266704 (2024), below eq. 8 and reference 17.
"""

from random import Random

import sympy as sp

from qllg_sym import ClassicalLLG, Model, QuantumLLG, Space, Zeeman
from qllg_sym.proof.language import D, hypothesis, let, matrix, node, scalars, tr
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.random_points import rational
from qllg_sym.proof.step import Step, equal, positive
from qllg_sym.proof.theorem import Theorem

from .dimer import ket
from .spin import AXES, classical, dot, gilbert, numbers_cross, numbers_dot, v
from .spin import B as field

SOURCE = "PRL 133, 266704 (2024), below eq. 8"
B = sp.Symbol("B", real=True)


def counts(spins: int) -> tuple[int, int]:
    """The numbers of component equations, quantum and classical."""
    model = Model(Space.half(spins), [Zeeman((0, 0, B))])
    return len(QuantumLLG(1).derive(model).pauli().states), len(ClassicalLLG(1).derive(model).moments().states)


N, = scalars("N", "positive")
q, more = scalars("q q_next")
Q, floor = hypothesis("Q", more - 4 * q), hypothesis("floor", q - 1 - 3 * N, "nonnegative")


def step(rng: Random) -> Point:
    """Any N, and q large enough."""
    spins, extra = rng.randint(1, 5), rng.randint(0, 9)
    start = gaussian(3 * spins + 1 + extra)
    return Point(scalars={"q": start, "q_next": start * gaussian(4), "N": gaussian(spins)})


def uncoupled(rng: Random) -> Point:
    """Three more numbers for a further spin."""
    spins = gaussian(rng.randint(1, 5))
    start = gaussian(3) * spins + gaussian(1)
    return Point(scalars={"q": start, "q_next": start + gaussian(3), "N": spins})


found = {spins: counts(spins) for spins in (1, 2, 3, 4)}

# One moment: PRL 1 as a vector, and the directions normal to m as a matrix.
m, (alpha, l) = scalars("mx my mz"), scalars("alpha l")
LAW = tuple(hypothesis(f"L{k}", x) for k, x in zip(AXES, classical(
    ClassicalLLG(sp.Symbol("alpha", real=True)), {"m": m, "dm": v, "B": field}, {"alpha": alpha}), strict=True))
INVERSE = hypothesis("inverse", l * dot(m, m) - 1)
dyad = let("dyad", matrix([[x * y for y in m] for x in m]))
Q_ = let("Q", 1 - l * dyad)
own, change = let("m", ket(*m)), let("dm", ket(*v))
sphere = [equal("length", D(dot(m, m)), 0, by=2 * dot(m, LAW)), equal("tangent", Q_ * change, change, by=-l * dot(
    m, LAW) * own), equal("normal", Q_ * own, 0, by=-INVERSE * own), equal("projector", Q_ * Q_, Q_,
                                                                        by=l * INVERSE * dyad)]


def rank(size: int) -> Step:
    """The trace of Q; 2 is right."""
    return equal("rank", tr(Q_), size, by=-INVERSE)


def moment(rng: Random, lawful: bool = True) -> Point:
    """A moment of any length and its velocity by PRL 1 (or any)."""
    state, torque, damping = (tuple(rational(rng) for _ in range(3)), tuple(rational(rng) for _ in range(3)),
                              rational(rng))
    rate = gilbert(state, numbers_cross(state, torque), damping) if lawful else torque
    named = {**dict(zip((x.name for x in (*m, *v, *field)), (*state, *rate, *torque), strict=True))}
    return Point(scalars={**named, "alpha": damping, "l": gaussian(1) / numbers_dot(state, state)})


ERRATA = [(
    "The number of dynamical variables of N particles is 4^N − 1 in q-LLG and 3N in LLG.",
    "3N counts |m| of each moment, which eq. 1 keeps: 2N are independent (counting-independent). So does 4^N − 1 count "
    "the spectrum: 4^N − 2^N are left at most, 2(2^N − 1) for pure states, which is 2N for N = 1 and more for N ≥ 2.",
    "below eq. 8")]
THEOREMS = [Theorem(
    id="counting",
    statement=r"\#_{\text{q-LLG}} = 4^N - 1,\ \#_{\text{LLG}} = 3N\ (N = 1, \dots, 4);\quad q' = 4q,\ "
              r"q - 1 \ge 3N \Rightarrow q' - 1 > 3(N + 1);\quad "
              r"\text{in words, by induction: } 4^N - 1 > 3N\ (N \ge 2)",
    note="in words: the numbers 3, 15, 63, 255 and 3, 6, 9, 12 are counted from the derived equations when the "
         "record is made, the certificate has their arithmetic alone; by induction 4^N − 1 > 3N for all N ≥ 2.",
    source=SOURCE, scope="this dimension", sample=step,
    claim_of=(*(f"quantum_{spins}" for spins in found), *(f"classical_{spins}" for spins in found), "more"),
    steps=[*(equal(f"quantum_{spins}", found[spins][0], node(4)**spins - 1) for spins in found),
           *(equal(f"classical_{spins}", found[spins][1], 3 * spins) for spins in found),
           positive("more", more - 1 - 3 * (N + 1), 4 * floor + 9 * N, by=Q)]),
    Theorem(
        id="counting-independent", statement=r"\text{PRL 1}:\ \frac{d}{dt}|\mathbf m|^2 = 0,\ \dot{\mathbf m} = "
        r"Q\dot{\mathbf m},\ Q = 1 - \frac{\mathbf m\mathbf m^{\mathsf t}}{|\mathbf m|^2},\ Q\mathbf m = 0,\ Q^2 = Q,\ "
        r"\mathrm{Tr}\,Q = 2", source=SOURCE, scope="this dimension", sample=moment,
        note="in words: N moments have 2N independent numbers, not 3N.",
        derivatives=dict(zip(m, v, strict=True)), claim_of=(*(s.name for s in sphere), "rank"),
        steps=[*sphere, rank(2)])]

BROKEN = [
    THEOREMS[0].twin("no more numbers than the LLG has", claim_of=("quantum_2",), steps=[
        equal("quantum_2", found[2][0], 3 * 2)]),
    THEOREMS[0].twin("three more strings with a further spin, as in products", claim_of=("more",), sample=uncoupled,
                     steps=[positive("more", more - 1 - 3 * (N + 1), floor, by=hypothesis("Q", more - q - 3))]),
    THEOREMS[1].twin("three directions", claim_of=("rank",), steps=[rank(3)]),
    THEOREMS[1].twin("without the law", claim_of=("tangent",), sample=lambda rng: moment(rng, lawful=False), steps=[
        equal("tangent", Q_ * change, change)])]
