r"""Theorem 23. Why coupled spins are richer: 4^N − 1 variables of PRL 3 against 3N of PRL 1.

Statement.   For N = 1, 2, 3, 4 the numbers of component equations, 3, 15, 63, 255 of q-LLG and 3, 6, 9, 12 of LLG, are
             4^N − 1 and 3N. Four times as many Pauli strings with each further spin, q' = 4q, and q − 1 ≥ 3N give q' −
             1 > 3(N + 1).
In words.    The eight numbers are counted from the equations that the package derives; the certificate has them as
             numbers. By induction from q = 4 at N = 1, 4^N − 1 > 3N for every N ≥ 2.
Hypotheses.  For the induction: q' − 4q = 0 and q − 1 − 3N ≥ 0 at N.
Proof.       q' − 1 − 3(N + 1) = 4(q − 1 − 3N) + 9N.
Source.      PRL 133, 266704 (2024), below eq. 8 and reference 17.
"""

from random import Random

import sympy as sp

from qllg_sym import ClassicalLLG, Model, QuantumLLG, Space, Zeeman
from qllg_sym.proof.language import hypothesis, node, scalars
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.step import equal, positive
from qllg_sym.proof.theorem import Theorem

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
THEOREMS = [Theorem(
    id="counting",
        statement=r"\#_{\text{q-LLG}} = 4^N - 1,\ \#_{\text{LLG}} = 3N\ (N = 1, \dots, 4);\quad q' = 4q,\ "
                  r"q - 1 \ge 3N \Rightarrow q' - 1 > 3(N + 1)",
        note="in words: the numbers 3, 15, 63, 255 and 3, 6, 9, 12 are counted from the derived equations when the "
             "record is made, the certificate has their arithmetic alone; by induction 4^N − 1 > 3N for all N ≥ 2.",
        source=SOURCE, scope="this dimension", sample=step,
    claim_of=(*(f"quantum_{spins}" for spins in found), *(f"classical_{spins}" for spins in found), "more"),
    steps=[*(equal(f"quantum_{spins}", found[spins][0], node(4)**spins - 1) for spins in found),
           *(equal(f"classical_{spins}", found[spins][1], 3 * spins) for spins in found),
           positive("more", more - 1 - 3 * (N + 1), 4 * floor + 9 * N, by=Q)])]

BROKEN = [
    THEOREMS[0].twin("no more numbers than the LLG has", claim_of=("quantum_2",), steps=[
        equal("quantum_2", found[2][0], 3 * 2)]),
    THEOREMS[0].twin("three more strings with a further spin, as in products", claim_of=("more",), sample=uncoupled,
                     steps=[positive("more", more - 1 - 3 * (N + 1), floor, by=hypothesis("Q", more - q - 3))])]
