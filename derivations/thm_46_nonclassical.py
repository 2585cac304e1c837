r"""Theorem 46. A state with B = 0 can have nonclassical correlations: entangled Werner states without nonlocality.

Statement.   ρ = [(1 − p)/4] 1 + p|Ψ−⟩⟨Ψ−| with 1/3 < p ≤ 1/√2 has TᵗT = p², hence u1² + u2² − 1 = 2p² − 1 ≤ 0 and B =
             0, yet a partial transpose with the eigenvalue (1 − 3p)/4 < 0, so it is entangled, with concurrence (3p −
             1)/2. p = 3/5: B = 0, eigenvalue −1/5, concurrence 2/5.
Hypotheses.  e = 3p − 1 > 0 and f = 1 − 2p² ≥ 0.
Proof.       T_kl = tr(ρ σ_k ⊗ σ_l), T_kk = −p and TᵗT = p² (the maximum of CHSH follows by Horodecki). ρᵀ² Φ = [(1 −
             3p)/4] Φ, Φ = |Φ+⟩⟨Φ+|, and its only other eigenvalue is (1 + p)/4. ρ̃ = (σ_y ⊗ σ_y) ρ* (σ_y ⊗
             σ_y) = ρ, and ρ has the eigenvalues (1 + 3p)/4, once, and (1 − p)/4: so Wootters's concurrence is (1 +
             3p)/4 − 3(1 − p)/4.
Source.      Against PRL 133, 266704 (2024), text below eq. 9 ("if and only if B ≠ 0"); Horodecki, Phys. Lett. A 200,
             340 (1995); Peres, Phys. Rev. Lett. 77, 1413 (1996); Wootters, Phys. Rev. Lett. 80, 2245 (1998).
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import Node, hypothesis, i, kron, let, matrix, node, scalars, star, tr
from qllg_sym.proof.lemmas import Lemma, horodecki, peres, wootters
from qllg_sym.proof.numeric import Point, gaussian
from qllg_sym.proof.step import Step, equal, nonnegative, positive
from qllg_sym.proof.theorem import Theorem

from .dimer import ket

ERRATA = [
    ("a state contains nonclassical correlations if and only if B ≠ 0",
     "B ≠ 0 suffices and is not necessary: Werner states with 1/3 < p ≤ 1/√2 have B = 0 and are entangled "
     "(p = 0.6: concurrence 0.4)", "PRL 133, 266704 (2024), text below eq. 9"),
    ("quantum dynamics may be faster than classical dynamics",
     "the classical partner in the figures has half the exchange and half the DMI of the quantum mean field; for J < 0 "
     "and D = 0 the quantum component leads at first and trails afterwards, with either partner (times: Fig. 1)",
     "PRL 133, 266704 (2024), Fig. 1 and conclusions")]

X, Y, Z = matrix([[0, 1], [1, 0]]), matrix([[0, -i], [i, 0]]), matrix([[1, 0], [0, -1]])
p, = scalars("p")
(e,), (f,) = scalars("e", "positive"), scalars("f", "nonnegative")
above, below = hypothesis("above", 3 * p - 1 - e), hypothesis("below", 1 - 2 * p**2 - f)
PHI = matrix([[int(j in (0, 3) and k in (0, 3)) for k in range(4)] for j in range(4)])      # 2 |Φ+⟩⟨Φ+|


def werner(y1: Node, y2: Node) -> Node:
    """The Werner state of the singlet; with −σ_y in the second place, its partial transpose; in both, its conjugate."""
    return Fraction(1, 4) * (1 - p * (kron(X, X) + kron(y1, y2) + kron(Z, Z)))


MINUS_Y = matrix([[0, i], [-i, 0]])
rho, transposed, conjugated = (let(*a) for a in (
    ("rho", werner(Y, Y)), ("transposed", werner(Y, MINUS_Y)), ("conjugated", werner(MINUS_Y, MINUS_Y))))
PAULI = {"x": X, "y": Y, "z": Z}
T = {(j, k): tr(rho * kron(PAULI[j], PAULI[k])) for j in PAULI for k in PAULI}
found = let("T", matrix([[node(0)] * 4, *([node(0), *(T[j, k] for k in PAULI)] for j in PAULI)]))  # all are 4 × 4
UNIT = matrix([[int(j == k > 0) for k in range(4)] for j in range(4)])


def correlated(rng: Random) -> Point:
    """1/3 < p ≤ 1/√2."""
    return at(rng.choice([Fraction(3, 5), Fraction(1, 2), Fraction(7, 10)]))


def at(value: Fraction) -> Point:
    """One p, with e and f."""
    named = {"p": value, "e": 3 * value - 1, "f": 1 - 2 * value**2}
    return Point(scalars={name: gaussian(x) for name, x in named.items()})


def values(weight: int) -> list[Step | Lemma]:
    """T, its CHSH bound, the partial transpose, and what Wootters's formula needs; weight 3 is right."""
    local, low = 1 - T["x", "x"]**2 - T["y", "y"]**2, Fraction(1, 4) * (1 - p)
    least, rest = Fraction(1, 4) * (1 - weight * p), transposed - Fraction(1, 4) * (1 + p)
    entangled = positive("negative", -tr(transposed * PHI), Fraction(1, 2) * e, by=Fraction(1, 2) * above)
    return [horodecki("chsh", rho, found), *(equal(f"T{k}{k}", T[k, k], -p) for k in "xyz"),
            equal("squares", star(found) * found, p**2 * UNIT),
            nonnegative("local", local, f, by=below),
            equal("eigenvector", transposed * PHI, least * PHI), equal("no_other", transposed * rest, least * rest),
            entangled, peres("entangled", rho, ket(1, 0, 0, 1), entangled), wootters("concurrence", rho),
            equal("flipped", kron(Y, Y) * conjugated * kron(Y, Y), rho),
            equal("levels", rho * (rho - low), Fraction(1, 4) * (1 + 3 * p) * (rho - low)),
            equal("unit", 1, tr(rho))]


STEPS = values(3)
THEOREMS = [Theorem(
    id="nonclassical", statement=r"\rho_W,\ \tfrac13 < p \le \tfrac1{\sqrt2}:\quad B(\rho_W) = 0,\ "
    r"\lambda_{\min}(\rho_W^{T_2}) = \tfrac{1 - 3p}{4} < 0,\ C(\rho_W) = \tfrac{3p - 1}{2};\quad "
    r"p = \tfrac35:\ B = 0,\ C = \tfrac25", scope="this dimension",
    source="against PRL 133, 266704 (2024), text below eq. 9",
    sample=correlated, steps=STEPS,
    claim_of=tuple(step.name for step in STEPS))]

CLAIM = {step.name: step.lhs for step in STEPS if isinstance(step, Step)}
BROKEN = [
    THEOREMS[0].twin("p = 4/5, above 1/√2", sample=lambda rng: at(Fraction(4, 5)), claim_of=("local",),
                     steps=[nonnegative("local", CLAIM["local"], 0)]),
    THEOREMS[0].twin("p = 1/5, below 1/3", sample=lambda rng: at(Fraction(1, 5)), claim_of=("entangled",),
                     steps=[positive("entangled", CLAIM["negative"], 1)]),
    THEOREMS[0].twin("a factor in the eigenvalue", claim_of=("eigenvector",),
                     steps=[step for step in values(2) if step.name == "eigenvector"])]
