r"""Theorem 43. Uncoupled spins: what stays a product, and which spin follows its own equation.

Statement.   H = A ⊗ 1 + 1 ⊗ B. A product ρ = P ⊗ Q with P² = pP and Q² = qQ (pure for p = q = 1; else the nonzero
             eigenvalues are all equal to 1/k = p, 1/l = q) stays one, and each spin follows its own q-LLG, with κq for
             κ and κp for κ. If Q rests, [B, Q] = 0, with Q² = qQ, any P will do: so a spin beside a resting pure state
             follows its own law. Beside a mixed rest it need not: for two qubits, ρ = diag(a, b) ⊗ diag(q, r), q + r =
             1, A = hσ_x, B = 0, Δ = a − b, the element x + y of the first spin's velocity and z of its own law obey
             Im(x + y − z)(1 + k)(1 + q²k)(1 + r²k) = qrΔhk(3 + (q² + qr + r²)k), k = κ²Δ²: zero only for a pure rest
             (qr = 0), a spin that does not move (Δh = 0), or κ = 0. And ρ̇ is of product form only if rx = qy, where
             (rx − qy)(1 − iκqΔ)(1 − iκrΔ) = κΔ²hqr(r − q): the nonzero eigenvalues of the rest must be equal.
Hypotheses.  X1, X2 solve the q-LLG of spin 1 and 2 (R1, R2), and ρ that of both (S); the factors of one spin commute
             with those of the other; ρ = P ⊗ Q at one instant.
Proof.       The residual at (P ⊗ Q, X1 ⊗ Q + P ⊗ X2) is R1 ⊗ Q + P ⊗ R2 plus commutators times P² − pP and Q² − qQ. So
             N = ρ − P ⊗ Q obeys Ṅ − iκ[ρ, Ṅ] = i[N, H + κ d(P ⊗ Q)/dt], and N = 0 stays (Picard–Lindelöf). Two qubits:
             explicit matrices; the law has one X (Theorem 5), given by x and y.
Source.      Own; PRL 133, 266704 (2024), text below eq. 8, says it of all uncoupled systems.
"""

from collections.abc import Callable
from fractions import Fraction
from random import Random

from qllg_sym.proof.language import (
    D,
    Node,
    comm,
    complex_pair,
    hypothesis,
    i,
    kron,
    let,
    letters,
    matrix,
    node,
    scalars,
    star,
    tr,
)
from qllg_sym.proof.lemmas import Lemma, picard_lindelof, stays_zero
from qllg_sym.proof.numeric import Matrix, Point, dagger, gaussian, identity, plus, times
from qllg_sym.proof.random_points import hermitian, kronecker, projector, rational, state, velocity
from qllg_sym.proof.step import Step, equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa, q_llg

ERRATA = [
    ("q-LLG reproduces exactly the classical description for uncoupled magnetic systems",
     "exact for one spin of the form of eq. 4 with H linear in S (any qubit state), and for products of pure qubits or "
     "of coherent states in fields linear in S; not for pure non-coherent states with s ≥ 1, nor for mixed products",
     "PRL 133, 266704 (2024), text below eq. 8")]

P, X1, A, Q, X2, B, rho, X = letters("P X1 A Q X2 B rho X")
PAIR, H = let("PQ", P * Q), let("H", A + B)
S = q_llg(X, "S", H, rho)
p, q = scalars("p q")
APART = {f"{a}_{b}": hypothesis(f"{a}_{b}", comm(a, b)) for a, b in ((Q, A), (P, B), (Q, P), (Q, X1), (P, X2))}


def factors(one: Node | int, other: Node | int, shares: str) -> tuple[Node, Node, Node, Node]:
    """The laws of the two spins, with κ times `shares`, and P² = pP, Q² = qQ."""
    share = {"p": p, "q": q, "1": node(1)}
    return (q_llg(X1, "R1", A, P, kappa * share[shares[0]]), q_llg(X2, "R2", B, Q, kappa * share[shares[1]]),
            hypothesis("PP", P**2 - one * P), hypothesis("QQ", Q**2 - other * Q))


def stays(law: Step, rate: Node) -> list[Step | Lemma]:
    """ρ is the product always: the difference moves linearly in itself. `rate` is that of the product."""
    n = let("N", rho - PAIR)
    moves, keeps = stays_zero("whole", n, i * comm(n, H) + i * kappa * comm(n, rate), by=S - law.fact, c=kappa, r=rho)
    return [law, moves, picard_lindelof("stays", keeps)]


def product(one: Node | int, other: Node | int, shares: str) -> Step:
    """The law of both spins at the product of the two solutions; shares "qp" is right."""
    first, second, PP, QQ = factors(one, other, shares)
    whole = q_llg(D(PAIR), "R", H, PAIR).about[1]
    return equal("product", whole, 0, by=(
        first * Q + P * second - i * kappa * (comm(P, X1) * QQ + PP * comm(Q, X2))
        - i * (P * APART["Q_A"] + APART["P_B"] * Q) - i * kappa * (
            P * APART["Q_X1"] * Q - X1 * APART["Q_P"] * Q + P * APART["Q_P"] * X2 + P * APART["P_X2"] * Q)))


def resting() -> Step:
    """The law of both spins where the second rests."""
    first, _, _, QQ = factors(p, q, "qp")
    rest = hypothesis("rest", comm(Q, B))
    whole = q_llg(D(PAIR), "R", H, PAIR).about[1]
    return equal("resting", whole, 0, by=(
        first * Q - i * P * rest - i * kappa * comm(P, X1) * QQ - i * (P * APART["Q_A"] + APART["P_B"] * Q)
        - i * kappa * (P * APART["Q_X1"] * Q - X1 * APART["Q_P"] * Q)))


def spins(rng: Random, ranks: tuple[int, int], mixed: bool = False, shares: str = "qp") -> Point:
    """Spins of dimensions 2 and 3: flat states of these ranks, or a mixed first, a resting second; κ times `shares`."""
    k = rational(rng)
    one, other = (gaussian(1) / gaussian(x) for x in ranks)
    a = state(rng, 2) if mixed else times(projector(rng, 2, ranks[0]), one)
    b = times(projector(rng, 3, ranks[1]), other)
    h, g = hermitian(rng, 2), b if mixed else hermitian(rng, 3)
    share = {"p": one, "q": other, "1": gaussian(1)}
    left = {"P": a, "A": h, "X1": velocity(a, h, k * share[shares[0]])}
    right = {"Q": b, "B": g, "X2": velocity(b, g, k * share[shares[1]])}
    return Point({**{name: kronecker(x, identity(3)) for name, x in left.items()},
                  **{name: kronecker(identity(2), x) for name, x in right.items()}}, {"kappa": k, "p": one, "q": other})


a, b, r, h = scalars("a b r h")
x, y, z = (complex_pair(name, f"{name}_bar") for name in "xyz")
delta, k = a - b, kappa**2 * (a - b)**2
unit = hypothesis("unit", q + r - 1)
flip, one = matrix([[0, h], [h, 0]]), matrix([[1, 0], [0, 1]])
pair_law = q_llg(let("X", matrix([[0, 0, x[0], 0], [0, 0, 0, y[0]], [x[1], 0, 0, 0], [0, y[1], 0, 0]])), "R", let(
    "H", kron(flip, one)), let("rho", kron(matrix([[a, 0], [0, b]]), matrix([[q, 0], [0, r]]))))
own_law = q_llg(let("Z", kron(matrix([[0, z[0]], [z[1], 0]]), one)), "S", let("H", kron(flip, one)), let(
    "P", kron(matrix([[a, 0], [0, b]]), one)))


def entry(law: Node, row: int, column: int) -> Node:
    """One entry of a matrix law."""
    return tr(matrix([[int((m, n) == (column, row)) for n in range(4)] for m in range(4)]) * law)


FX, FY, FZ = entry(pair_law, 0, 2), entry(pair_law, 1, 3), entry(own_law, 0, 2)


def imaginary(w: Node) -> Node:
    """Its imaginary part."""
    return -i * Fraction(1, 2) * (w - star(w))


def beside(three: int) -> Step:
    """How the first spin departs from its own law; 3 is right."""
    w, n, m = x[0] + y[0] - z[0], 1 + q**2 * k, 1 + r**2 * k
    gx, gy, gz = (imaginary((1 + i * kappa * s * delta) * f) for s, f in ((q, FX), (r, FY), (1, FZ)))
    return equal("beside", imaginary(w) * (1 + k) * n * m, q * r * delta * h * k * (three + (q**2 + q * r + r**2) * k),
                 by=gx * (1 + k) * m + gy * (1 + k) * n - gz * n * m
                 + delta * h * (1 + q * r * k) * (1 - (q + r) * k) * unit)


def correlated(damping: Node) -> Step:
    """How the product is left; κ is right."""
    cx, cy = 1 - i * kappa * q * delta, 1 - i * kappa * r * delta
    return equal("correlated", (r * x[0] - q * y[0]) * cx * cy, damping * delta**2 * h * q * r * (r - q),
                 by=r * cy * FX - q * cx * FY)


def qubits(rng: Random) -> Point:
    """Two qubits, both mixed, with the velocity of the pair and the one of the first spin alone."""
    share, weight = (gaussian(rng.randint(1, 4)) / gaussian(9) for _ in range(2))
    one, field, kap = gaussian(1), rational(rng), rational(rng) / gaussian(7)
    values = {"a": weight, "b": one - weight, "q": share, "r": one - share, "h": field, "kappa": kap}
    gap = values["a"] - values["b"]
    for name, s in (("x", values["q"]), ("y", values["r"]), ("z", one)):
        values[name] = gaussian(0, 1) * s * gap * field / (one - gaussian(0, 1) * kap * s * gap)
        values[f"{name}_bar"] = dagger(values[name])
    return Point(scalars=values)


MOVING = {P: X1, Q: X2, rho: X}


def whole(point: Point) -> Point:
    """The point with ρ, the product, and its velocity."""
    m = point.letters
    both: dict[str, Matrix] = {"rho": times(m["P"], m["Q"]), "X": times(m["X1"], m["Q"])}
    if "X2" in m:
        both["X"] = plus(both["X"], times(m["P"], m["X2"]))
    return Point({**m, **both}, point.scalars)


def sampled(ranks: tuple[int, int], mixed: bool = False) -> Callable[[Random], Point]:
    """A sampler of the product and its factors."""
    return lambda rng: whole(spins(rng, ranks, mixed))


def at_rest(ranks: tuple[int, int], mixed: bool = False) -> Callable[[Random], Point]:
    """The same for a first spin, and a second, that rest, each in a field along itself."""
    def draw(rng: Random) -> Point:
        point = spins(rng, ranks, mixed)
        m, none = point.letters, times(point.letters["P"], gaussian(0))
        second = {"B": times(m["Q"], gaussian(3)), "X2": none} if not mixed else {}
        return whole(Point({**m, "A": plus(m["P"], m["P"]), "X1": none, **second}, point.scalars))
    return draw


THEOREMS = [
    Theorem(id="locality", statement=r"\rho = P \otimes Q \text{ pure},\ H = A \otimes 1 + 1 \otimes B \Rightarrow "
            r"\rho(t) = P(t) \otimes Q(t),\ \text{each factor by its own q-LLG}",
            source="PRL 133, 266704 (2024), text below eq. 8; own proof", scope="every dimension", derivatives=MOVING,
            sample=sampled((1, 1)), trajectory="rest", witness=at_rest((1, 1)),
            claim_of=("product", "N_moves", "stays"),
            steps=stays(product(1, 1, "11"), X1 * Q + P * X2)),
    Theorem(id="locality-flat",
            statement=r"\rho = P \otimes Q,\ P^2 = pP,\ Q^2 = qQ \text{ stays a product; the factors follow "
            r"their own q-LLG with } \kappa q \text{ and } \kappa p", source="own", scope="every dimension",
            derivatives=MOVING, sample=sampled((1, 2)), trajectory="rest", witness=at_rest((1, 2)),
            claim_of=("product", "N_moves", "stays"), steps=stays(product(p, q, "qp"), X1 * Q + P * X2)),
    Theorem(id="locality-rest",
            statement=r"[B, Q] = 0,\ Q^2 = qQ \Rightarrow \rho(t) = P(t) \otimes Q,\ \text{where } P "
            r"\text{, mixed or not, follows its own q-LLG with } \kappa q", source="own", scope="every dimension",
            derivatives={P: X1, Q: node(0), rho: X}, trajectory="rest", witness=at_rest((1, 2), mixed=True),
            sample=sampled((1, 2), mixed=True), claim_of=("resting", "N_moves", "stays"),
            steps=stays(resting(), X1 * Q)),
    Theorem(id="locality-mixed",
            statement=r"\rho = \mathrm{diag}(a, b) \otimes \mathrm{diag}(q, r),\ q + r = 1,\ H = h\sigma_x \otimes 1,\ "
            r"\Delta = a - b,\ k = \kappa^2\Delta^2:\ \mathrm{Im}(x + y - z)(1 + k)(1 + q^2 k)(1 + r^2 k) = "
            r"qr\Delta hk(3 + (q^2 + qr + r^2)k),\quad (rx - qy)(1 - i\kappa q\Delta)(1 - i\kappa r\Delta) = "
            r"\kappa\Delta^2 hqr(r - q)",
            note="in words: x + y is an element of the first spin's velocity, z that of its own law, so for these two "
                 "qubits the spin follows its own q-LLG only if qrκΔh = 0, and ρ̇ is of product form only if "
                 "qr(q − r)κΔh = 0. By a rotation of spin 1 this holds for every A with the diagonal taken off.",
            source="own", scope="this dimension", sample=qubits,
            claim_of=("beside", "correlated"), steps=[beside(3), correlated(kappa)])]

BROKEN = [
    THEOREMS[0].twin("a second spin of rank two", claim_of=("product",),
                     sample=lambda rng: spins(rng, (1, 2), shares="11"),
                     steps=[product(p, q, "11")]),
    THEOREMS[1].twin("κ of each spin times its own eigenvalue", claim_of=("product",), steps=[product(p, q, "pq")],
                     sample=lambda rng: spins(rng, (1, 2), shares="pq")),
    THEOREMS[2].twin("a rest that the field would move", claim_of=("resting",), sample=lambda rng: spins(rng, (1, 2)),
                     steps=[equal("resting", resting().lhs, 0)]),
    THEOREMS[3].twin("a factor", claim_of=("beside",), steps=[beside(2)]),
    THEOREMS[3].twin("a power of κ", claim_of=("correlated",), steps=[correlated(kappa**2)])]
