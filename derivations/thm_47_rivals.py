r"""Theorems 47. Other laws that give the classical equation of uncoupled spins: q-LLG is not the only possible form.

Statement.   rival-qubit      A: ρ̇ = i[ρ, H] + iκ[ρ², ρ̇] is q-LLG itself on every qubit state ρ = (1 + r·σ)/2.
             rival-pure       So it is on every pure state, in every dimension, products of pure spins among them.
             rival-moments    A keeps every tr ρⁿ, and lowers the energy: dE/dt = −2κ tr ρρ̇² ≤ 0 for constant H, κ ≥ 0
                              and ρ ≥ 0.
             rival-elements   It is another law: with ρ̇ by q-LLG its residual between eigenspaces of ρ with the
                              eigenvalues p and q is −iκ(p − q)(p + q − 1) times that of ρ̇, not 0 unless p + q = 1, if
                              κ ≠ 0 and the element moves.
             rival-factor     F: ρ̇ = i[ρ, H] + iκ tr(ρ²) [ρ, ρ̇] keeps every tr ρⁿ, so that the factor is a constant; it
             rival-pure-factor is q-LLG on pure states.
In words.    With F a state of the form PRL 4 obeys PRL 8, κ tr ρ² for κ (`prl-8`, the factor being constant): a Gilbert
             equation for every spin s. The same holds for κ f(tr ρ²) with any f, f(1) = 1.
Hypotheses.  Each law as named; rival-elements: ρP = pP, ρQ = qQ, as for eigenprojections.
Proof.       ρ² − ρ is a number for a qubit state and 0 for a pure one.  [ρ², ρ̇] = [ρ, {ρ, ρ̇}], so A is ρ̇ = i[ρ, K] with
             K = H + κ{ρ, ρ̇}, and tr(Kρ̇) = 0.
Source.      Against PRL 133, 266704 (2024), below eq. 8 ("the only possible form"); own.
"""

from random import Random

from qllg_sym.proof.language import D, Node, anti, comm, hypothesis, i, let, letters, node, pair, scalars, sq, star, tr
from qllg_sym.proof.numeric import Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, hermitian, mixed, operator, rational, unitary, velocity, with_values
from qllg_sym.proof.step import Step, equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, kappa_plus, n, q_llg, rho

from .dimer import any_numbers
from .spin import HALF, SIGMA, dot

ERRATA = [(
    "q-LLG is the only possible form of master equation that exactly reproduces the classical description for "
    "uncoupled magnetic systems.",
    "It is not: iκ[ρ², ρ̇] for iκ[ρ, ρ̇] is the same on every qubit and every pure state, keeps the spectrum and lowers "
    "the energy (rival-qubit, rival-pure, rival-moments), and is another law elsewhere (rival-elements). κ f(Tr ρ²) "
    "for κ with f(1) = 1 is the same on pure states, and gives a Gilbert equation for every state of eq. 4 "
    "(rival-factor).",
    "below eq. 8")]
SOURCE = "against PRL 133, 266704 (2024), below eq. 8; own"


def rival(state: Node = rho, change: Node = X, energy: Node = H, damping: Node = kappa) -> Node:
    """The residual of the law A."""
    return change - i * comm(state, energy) - i * damping * comm(state**2, change)


def factored(change: Node = X) -> Node:
    """The residual of the law F."""
    return q_llg(change, damping=kappa * tr(rho**2)).about[1]


# Qubits, as explicit matrices: every ρ of trace one, every ρ̇ and H.
r, v, b = (scalars(" ".join(name + k for k in "xyz")) for name in "rvb")
qubit, change, field = (let(name, HALF * x) for name, x in (
    ("rho", 1 + dot(r, SIGMA)), ("X", dot(v, SIGMA)), ("H", dot(b, SIGMA))))

P, P_dag = pair("P", "P_dag")
Q, = letters("Q", hermitian=False)
s, s_dag = pair("s", "s_dag")
p, q = scalars("p q")
A, F = hypothesis("A", rival()), hypothesis("F", factored())
A_plus = hypothesis("A", rival(damping=kappa_plus))
pure, trace = hypothesis("pure", rho**2 - rho), hypothesis("trace", tr(rho) - 1)
ROOT = hypothesis("root", rho - s_dag * s)
LEFT, RIGHT = hypothesis("left", rho * P - p * P), hypothesis("right", rho * Q - q * Q)


def moving(rng: Random) -> Point:
    """A state ρ = s†s and its velocity by A: with [ρ², h] = [ρ, H] for H = {ρ, h} it is that of q-LLG for ρ² and h."""
    root, h, k = operator(rng, 3), hermitian(rng, 3), gaussian(rng.randint(1, 5)) / gaussian(3)
    state = times(dagger(root), root)
    point = Point({"rho": state, "h": h, "s": root, "s_dag": dagger(root),
                   "X": velocity(times(state, state), h, k)}, {"kappa": k}, {"n": rng.randint(1, 4)})
    return with_values(point, H=anti(rho, letters("h")[0]))


def between(rng: Random) -> Point:
    """A state with its velocity by q-LLG, and two operators of eigenvectors."""
    u, values, k = unitary(rng, 3), [gaussian(x) / gaussian(9) for x in rng.sample(range(1, 9), 3)], rational(rng)
    state, h = times(times(u, diagonal(values)), dagger(u)), hermitian(rng, 3)
    first, second = (diagonal([gaussian(int(j == m)) for j in range(3)]) for m in (0, 1))
    left, right = (times(times(u, m), operator(rng, 3)) for m in (first, second))
    return Point({"rho": state, "H": h, "X": velocity(state, h, k), "P": left, "P_dag": dagger(left), "Q": right},
                 {"kappa": k, "p": values[0], "q": values[1]})


def by_factor(rng: Random) -> Point:
    """A state and its velocity by F."""
    point = mixed(rng)
    factor = with_values(point, f=tr(rho**2) * kappa).scalars["f"]
    x = velocity(point.letters["rho"], point.letters["H"], factor)
    return Point({**point.letters, "X": x}, point.scalars, point.exponents)


def pulled(square: int) -> Node:
    """P†([ρ^m, ρ̇] − (p^m − q^m) ρ̇)Q in the hypotheses on P and Q, m = 1 or 2."""
    left, right = star(LEFT), RIGHT
    if square == 2:
        left, right = star(LEFT) * rho + p * star(LEFT), rho * RIGHT + q * RIGHT
    return left * X * Q - P_dag * X * right


def elements(pair_sum: Node) -> list[Step]:
    """The residual of A, element by element; `pair_sum` is p + q."""
    by = P_dag * R * Q - i * kappa * (pulled(2) - pulled(1))
    return [equal("elements", P_dag * rival() * Q, -i * kappa * (p - q) * (pair_sum - 1) * P_dag * X * Q, by=by)]


energy = tr((H + kappa_plus * anti(rho, X)) * A_plus)
kept = equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * A_plus))
balance = equal("balance", D(tr(rho * H)), -2 * kappa_plus * tr(rho * X**2), by=energy)
falls = nonnegative("falls", -D(tr(rho * H)), 2 * kappa_plus * sq(s * X),
                    by=2 * kappa_plus * tr(X * ROOT * X) - balance.fact)
FROZEN = {rho: X, H: node(0)}
THEOREMS = [
    Theorem(id="rival-qubit", statement=r"\rho = \tfrac12(1 + \mathbf r\cdot\boldsymbol\sigma):\quad "
            r"\dot\rho - \tfrac{i}{\hbar}[\rho, H] - i\kappa[\rho^2, \dot\rho] = "
            r"\dot\rho - \tfrac{i}{\hbar}[\rho, H] - i\kappa[\rho, \dot\rho]",
            source=SOURCE, scope="this dimension", sample=any_numbers(*r, *v, *b, kappa),
            steps=[equal("same", rival(qubit, change, field), q_llg(change, state=qubit, hamiltonian=field).about[1])]),
    Theorem(id="rival-pure", statement=r"\rho^2 = \rho:\quad "
            r"\dot\rho - \tfrac{i}{\hbar}[\rho, H] - i\kappa[\rho^2, \dot\rho] = "
            r"\dot\rho - \tfrac{i}{\hbar}[\rho, H] - i\kappa[\rho, \dot\rho]",
            source=SOURCE, scope="every dimension", sample=lambda rng: mixed(rng, 3, 1),
            steps=[equal("same", rival(), R.about[1], by=-i * kappa * comm(pure, X))]),
    Theorem(id="rival-moments", statement=r"\dot\rho = \tfrac{i}{\hbar}[\rho, H] + i\kappa[\rho^2, \dot\rho] "
            r"\Rightarrow \frac{d}{dt}\,\mathrm{Tr}\,\rho^n = 0;\quad \dot H = 0,\ \kappa \ge 0,\ \rho = s^\dagger s "
            r"\Rightarrow \frac{dE}{dt} = -2\hbar\kappa\,\mathrm{Tr}\,\rho\dot\rho^2 \le 0",
            source=SOURCE, scope="every dimension", sample=moving, derivatives=FROZEN,
            claim_of=("moments", "balance", "falls"), steps=[kept, balance, falls]),
    Theorem(id="rival-elements", statement=r"\dot\rho \text{ by q-LLG},\ \rho P = pP,\ \rho Q = qQ:\quad "
            r"P^\dagger(\dot\rho - \tfrac{i}{\hbar}[\rho, H] - i\kappa[\rho^2, \dot\rho])Q = "
            r"-i\kappa(p - q)(p + q - 1)\,P^\dagger\dot\rho\,Q",
            source=SOURCE, scope="every dimension", sample=between, steps=elements(p + q)),
    Theorem(id="rival-factor", statement=r"\dot\rho = \tfrac{i}{\hbar}[\rho, H] + i\kappa\,\mathrm{Tr}(\rho^2)\,"
            r"[\rho, \dot\rho] \Rightarrow \frac{d}{dt}\,\mathrm{Tr}\,\rho^n = 0",
            source=SOURCE, scope="every dimension", sample=by_factor, derivatives={rho: X},
            steps=[equal("moments", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * F))]),
    Theorem(id="rival-pure-factor", statement=r"\rho^2 = \rho,\ \mathrm{Tr}\,\rho = 1:\quad \dot\rho - "
            r"\tfrac{i}{\hbar}[\rho, H] - i\kappa\,\mathrm{Tr}(\rho^2)\,[\rho, \dot\rho] = "
            r"\dot\rho - \tfrac{i}{\hbar}[\rho, H] - i\kappa[\rho, \dot\rho]",
            source=SOURCE, scope="every dimension", sample=lambda rng: mixed(rng, 3, 1),
            steps=[equal("same", factored(), R.about[1], by=-i * kappa * (tr(pure) + trace) * comm(rho, X))])]

heavy = let("heavy", qubit + HALF * HALF)
BROKEN = [
    THEOREMS[0].twin("a qubit of trace 3/2", steps=[equal(
        "same", rival(heavy, change, field), q_llg(change, state=heavy, hamiltonian=field).about[1])]),
    THEOREMS[1].twin("every state", sample=mixed, steps=[equal("same", rival(), R.about[1])]),
    THEOREMS[2].twin("the loss of q-LLG", claim_of=("balance",), steps=[
        equal("balance", D(tr(rho * H)), -kappa_plus * tr(X**2), by=energy)]),
    THEOREMS[2].twin("without ρ ≥ 0", claim_of=("falls",), steps=[
        nonnegative("falls", 2 * kappa_plus * tr(rho * X**2), 2 * kappa_plus * sq(s * X))],
        sample=lambda rng: with_values(moving(rng), rho=-rho)),
    THEOREMS[3].twin("p + q = 1 for p = q", steps=elements(p - q + 1)),
    THEOREMS[4].twin("the energy too", steps=[equal("moments", tr(rho**(n - 1) * X * H), 0,
                                                    by=tr(rho**(n - 1) * F * H))]),
    THEOREMS[5].twin("every state", sample=mixed, steps=[equal("same", factored(), R.about[1])])]
