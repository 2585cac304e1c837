r"""Theorem 32. When q-LL and q-LLG agree up to a rescaling of time: the exact criterion, both directions.

Statement.   X is the q-LLG velocity and Y the q-LL velocity of one state ρ under one H; Δ_jk = p_j − p_k.
             [qll-elements]   Y_jk = (1 + κ²Δ_jk²) X_jk between eigenspaces of ρ.
             [qll-criterion]  Y = (1 + κ²δ²) X ⇒ ad_ρ³H = δ² ad_ρH, if κ ≠ 0, and δ² ≥ 0 unless [ρ, H] = 0.
             [qll-converse]   ad_ρ³H = δ² ad_ρH ⇒ Y = (1 + κ²δ²) X.
             [qll-pairs]      That condition is: |Δ_jk| = δ wherever Δ_jk H_jk ≠ 0.
             [qll-every-h]    It holds for every H if ρ = a + bP, P² = P, has two distinct eigenvalues (δ = b) …
             [qll-three]      … and not for every H if it has three: H_12, H_23, H_31 ≠ 0 needs two equal ones.
Hypotheses.  R, S: the two laws. P, Q: any operators with ρP = pP, ρQ = qQ, as eigenprojections. Last: ρE_j = p_jE_j
             for Hermitian E_1, E_2, E_3, such as eigenprojections, and H_jk = E_jHE_k, in any space.
Proof.       R + iκ[ρ, R] − S = X + κ² ad_ρ²X − Y, the q-LL-like form of PRL 3. Apply 1 − iκ ad_ρ, of which (theorem 30)
             the kernel is 0. Last: x³ + y³ + z³ = 3xyz for x + y + z = 0, where x(x² − δ²)H_12 = 0 and so on.
Source.      PRL 133, 266704 (2024), below eq. 8, names two cases; own proof.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from qllg_sym.proof.language import Node, comm, hypothesis, i, let, letters, pair, scalars, sq, star, tr
from qllg_sym.proof.lemmas import Lemma, spectral_theorem
from qllg_sym.proof.numeric import Matrix, Point, dagger, gaussian, times
from qllg_sym.proof.random_points import (
    diagonal,
    hermitian,
    operator,
    projector,
    rational,
    unitary,
    velocity,
    with_values,
)
from qllg_sym.proof.step import Step, cancel, equal, nonnegative, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, q_ll, rho

ERRATA = [
    ("in other cases than pure states and PRL 4, no such simplification is generally possible",
     "it is for every H and any dimension if ρ has two distinct eigenvalues (Werner states, say), and for one H if all "
     "|p_j − p_k| with (p_j − p_k)H_jk ≠ 0 are equal", "below eq. 8")]
SOURCE = "PRL 133, 266704 (2024), below eq. 8; own proof"
Y, = letters("Y")
P, P_dag = pair("P", "P_dag")
Q, = letters("Q", hermitian=False)
p, q, r, a, b, delta2 = scalars("p q r a b delta2")
S = q_ll(Y, "S")
A, B = hypothesis("A", rho * P - p * P), hypothesis("B", rho * Q - q * Q)
LIKE = R + i * kappa * comm(rho, R) - S             # X + κ² ad²X − Y, the q-LL-like form


def ad(x: Node, times_: int = 1) -> Node:
    """[ρ, [ρ, … x]]."""
    return comm(rho, ad(x, times_ - 1)) if times_ else x


def uneven(x: Node) -> Node:
    """ad³x − δ² ad x, which vanishes for x = H where the two laws agree."""
    return ad(x, 3) - delta2 * ad(x)


def pull(x: Node) -> Node:
    """P†[ρ, x]Q − (p − q) P†xQ, in the hypotheses on P and Q."""
    return star(A) * x * Q - P_dag * x * B


def pair_of(j: int, k: int) -> Step:
    """(Δ² − δ²) Δ E_jHE_k = 0 for Δ = p_j − p_k: E_j(ad³H − δ² ad H)E_k by the hypotheses on E_j and E_k."""
    gap, (a, b) = EIGENVALUES[j] - EIGENVALUES[k], (EIGEN[j], EIGEN[k])

    def moved(x: Node) -> Node:
        return star(a) * x * SPACES[k] - SPACES[j] * x * b
    off = moved(ad(H, 2)) + gap * moved(ad(H)) + (gap**2 - delta2) * moved(H)
    return equal(f"pair_{j + 1}{k + 1}", (gap**2 - delta2) * gap * SPACES[j] * H * SPACES[k], 0,
                 by=SPACES[j] * EVEN * SPACES[k] - off)


def coupling(j: int) -> Node:
    """|E_jHE_k|² for k = j + 1, from 3 to 1."""
    return sq(SPACES[j] * H * SPACES[(j + 1) % 3])


def three_equal(linked: bool = True) -> list[Step]:
    """(p − q)(q − r)(r − p) = 0, by Δ_12³ + Δ_23³ + Δ_31³ = 3 Δ_12 Δ_23 Δ_31; all three couplings if `linked`."""
    pairs = [pair_of(j, (j + 1) % 3) for j in range(3)]
    by = [coupling((j + 1) % 3) * coupling((j + 2) % 3)
          * tr(star(SPACES[j] * H * SPACES[(j + 1) % 3]) * pairs[j].fact) for j in range(3)]
    last = cancel("three", PRODUCT, LINKED, by=(by[0] + by[1] + by[2]) / 3)
    return [*pairs, last] if linked else [equal("three", PRODUCT, 0)]


def spectral(rng: Random, values: list[int], chain: bool = False, kappa_: int = 2) -> Point:
    """A state of given eigenvalues (to be scaled), H (`chain`: with neighbours alone coupled), X, Y, P, Q, p, q, δ²."""
    d, u, h = len(values), unitary(rng, len(values)), hermitian(rng, len(values))
    if chain:
        h = tuple(tuple(x if abs(j - k) < 2 else gaussian(0) for k, x in enumerate(row)) for j, row in enumerate(h))
    p_ = [gaussian(x) / gaussian(sum(values)) for x in values]

    def turned(m: Matrix) -> Matrix:
        return times(times(u, m), dagger(u))
    rho_, h = turned(diagonal(p_)), turned(h)
    first, second = (diagonal([gaussian(int(j == k)) for j in range(d)]) for k in (0, 1))
    left, right = (times(times(u, m), operator(rng, d)) for m in (first, second))
    k = gaussian(kappa_)
    step = p_[0] - p_[1]
    point = Point({"rho": rho_, "H": h, "X": velocity(rho_, h, k), "P": left, "P_dag": dagger(left), "Q": right},
                  {"kappa": k, "p": p_[0], "q": p_[1], "delta2": step * step})
    return with_values(point, Y=i * ad(H) - kappa * ad(H, 2))


def even(rng: Random) -> Point:
    """Equal gaps: the condition holds."""
    return spectral(rng, [3, 2, 1], chain=True)


def uneven_gaps(rng: Random) -> Point:
    """Unequal gaps, all coupled: the condition fails."""
    return spectral(rng, [5, 2, 1])


def loose(rng: Random) -> Point:
    """The same with a δ that has nothing to do with the gaps."""
    return with_values(uneven_gaps(rng), delta2=Fraction(rng.randint(1, 9), 7) * kappa)


def record(name: str, statement: str, steps: Sequence[Step | Lemma],
           sample: Callable[[Random], Point] = even, **rest: Any) -> Theorem:
    """What all have in common."""
    fields: dict[str, Any] = {"scope": "every dimension", "sample": sample, "steps": steps, **rest}
    return Theorem(name, statement, SOURCE, **fields)


def elements(sign: int) -> list[Step]:
    """Y against X, element by element."""
    by = kappa**2 * (pull(ad(X)) + (p - q) * pull(X)) - P_dag * LIKE * Q
    return [equal("elements", P_dag * Y * Q, (1 + sign * kappa**2 * (p - q)**2) * P_dag * X * Q, by=by)]


EVEN, NONZERO = hypothesis("C", uneven(H)), hypothesis("nonzero", kappa**2, "positive")
SCALED = hypothesis("F", Y - (1 + kappa**2 * delta2) * X)
G = LIKE + SCALED                                   # κ²(ad² − δ²)X
DEFECT = ad(X, 2) - delta2 * X
SOLVED = i * EVEN + ad(R, 2) - delta2 * R           # (1 − iκ ad) of the defect
necessary = cancel("necessary", uneven(H), NONZERO,
                   by=i * kappa**2 * (ad(R, 2) - delta2 * R) - i * (G - i * kappa * ad(G)))
defect = zero("defect", DEFECT, by=Fraction(1, 2) * (tr(star(DEFECT) * SOLVED) + tr(star(SOLVED) * DEFECT)))
# Two and three eigenvalues.
IDEMPOTENT = hypothesis("E", Q**2 - Q)
CUBE = Q * IDEMPOTENT + IDEMPOTENT                  # Q³ − Q
TWO = let("rho", a + b * Q)
SPACES, EIGENVALUES = letters("E_1 E_2 E_3"), (p, q, r)
EIGEN = [hypothesis(f"eigen_{j + 1}", rho * SPACES[j] - EIGENVALUES[j] * SPACES[j]) for j in range(3)]
LINKED = hypothesis("linked", coupling(0) * coupling(1) * coupling(2), "positive")
PRODUCT = (p - q) * (q - r) * (r - p)


def two(rng: Random, idempotent: bool = True) -> Point:
    """A projector (or not), and the two eigenvalues of ρ."""
    any_ = projector(rng, 3, 1) if idempotent else hermitian(rng, 3)
    return Point({"Q": any_, "H": hermitian(rng, 3)}, {"a": rational(rng), "b": rational(rng)})


def three(rng: Random, eigenvalues: tuple[int, int, int], chain: bool = False) -> Point:
    """Eigenvalues p, q, r, their eigenprojections, δ² = (q − r)², and H, if `chain` with H_31 = 0."""
    u, h, values = unitary(rng, 3), hermitian(rng, 3), [gaussian(x) for x in eigenvalues]
    if chain:
        h = tuple(tuple(x if abs(j - k) < 2 else gaussian(0) for k, x in enumerate(row)) for j, row in enumerate(h))
    units = [diagonal([gaussian(int(j == k)) for j in range(3)]) for k in range(3)]
    turned = {name: times(times(u, m), dagger(u)) for name, m in zip(
        ("rho", "H", "E_1", "E_2", "E_3"), (diagonal(values), h, *units), strict=True)}
    gap = values[1] - values[2]
    return Point(turned, {**dict(zip("pqr", values, strict=True)), "delta2": gap * gap})


PAIRS = spectral_theorem("spectrum", rho, (A, P, p), (B, Q, q))
THREE = spectral_theorem("spectrum", rho, *zip(EIGEN, SPACES, EIGENVALUES, strict=True))
CONDITION = r"\mathrm{ad}_\rho^3 H = \delta^2\,\mathrm{ad}_\rho H"
THIRD = comm(TWO, comm(TWO, comm(TWO, H)))

THEOREMS = [
    record("qll-elements", r"Y_{jk} = (1 + \kappa^2\Delta_{jk}^2)\,X_{jk}", [PAIRS, *elements(1)], uneven_gaps),
    record("qll-criterion", r"\kappa \ne 0,\ Y = (1 + \kappa^2\delta^2) X \Rightarrow " + CONDITION,
           [necessary, nonnegative("real", delta2 * sq(ad(H)), sq(ad(H, 2)), by=-tr(star(ad(H)) * necessary.fact))],
           claim_of=("necessary", "real")),
    record("qll-converse", CONDITION + r" \Rightarrow Y = (1 + \kappa^2\delta^2) X",
           [defect, equal("sufficient", Y, (1 + kappa**2 * delta2) * X, by=kappa**2 * defect.fact - LIKE)]),
    record("qll-pairs", CONDITION + r" \Leftrightarrow (\Delta_{jk}^2 - \delta^2)\Delta_{jk}H_{jk} = 0",
           [PAIRS, equal("pairs", P_dag * uneven(H) * Q, ((p - q)**2 - delta2) * (p - q) * P_dag * H * Q,
                  by=pull(ad(H, 2)) + (p - q) * pull(ad(H)) + ((p - q)**2 - delta2) * pull(H))], loose),
    record("qll-every-h", r"\rho = a + bP,\ P^2 = P \Rightarrow \mathrm{ad}_\rho^3 H = b^2\,\mathrm{ad}_\rho H",
           [equal("every_h", THIRD, b**2 * comm(TWO, H),
                  by=b**3 * (comm(CUBE, H) - 3 * IDEMPOTENT * H * Q + 3 * Q * H * IDEMPOTENT))], two),
    record("qll-three", CONDITION + r",\ H_{12}, H_{23}, H_{31} \ne 0 \Rightarrow (p-q)(q-r)(r-p) = 0,\quad "
           r"\rho E_j = p_j E_j,\ H_{jk} = E_j H E_k,\ (p_1, p_2, p_3) = (p, q, r)", [*three_equal(), THREE],
           lambda rng: three(rng, ((v := rng.randint(11, 15)), v, v + rng.randint(5, 9))),
           claim_of=("three",))]

BROKEN = [
    THEOREMS[0].twin("a sign", steps=elements(-1)),
    THEOREMS[1].twin("κ = 0", sample=lambda rng: spectral(rng, [5, 2, 1], kappa_=0),
                     steps=[equal("necessary", ad(H, 3), delta2 * ad(H))], claim_of=()),
    THEOREMS[2].twin("without the condition on the gaps", sample=uneven_gaps,
                     steps=[equal("sufficient", Y, (1 + kappa**2 * delta2) * X, by=-LIKE)]),
    THEOREMS[3].twin("Δ² for Δ", steps=[
        equal("pairs", P_dag * uneven(H) * Q, ((p - q)**2 - delta2) * (p - q)**2 * P_dag * H * Q, by=pull(ad(H, 2)))]),
    THEOREMS[4].twin("P is no projector", sample=lambda rng: two(rng, False),
                     steps=[equal("every_h", THIRD, b**2 * comm(TWO, H))]),
    THEOREMS[5].twin("H without one of the three couplings",
                     sample=lambda rng: three(rng, (3, 2, 1), chain=True), steps=three_equal(False))]
