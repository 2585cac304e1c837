r"""Theorems 54. The canonical density on the orbit is stationary under noise over a basis, not under local noise.

Statement.   noise-invariant   A vector field on the orbit {UρU†} that every unitary keeps is 0.
             noise-pure-2 … 4  Pure states, d = 2, 3, 4, any H: with noise over a basis and σ² = 2ħκk_BT the right-hand
                               side of the Fokker–Planck equation vanishes at w = exp(−Tr ρH/k_BT).
             noise-local       Two spins ½, H = Jσ·σ, noise σ_a/√2 of each alone: it does not vanish at |↑↑⟩.
In words.    Every orbit: the drift ½σ² Σ_a Y_a div Y_a, and the divergence of the bivector in C = ½(ρ̇ − A), are such
             fields, hence 0; so neither changes w, and `noise-balance` is what is left: w is stationary for every
             spectrum, every κ > 0 and every constant H. No other law is, if κk_BT > 0: the Y_a span the tangent space
             at every ρ, so the equation is elliptic, and the orbit is compact and connected.
             For one spin ½ local noise is noise over a basis (noise-pure-2); so it is for each of several pure and
             uncoupled ones, which stay a product. w over all states of a pair is not stationary at J = 0 either.
Hypotheses.  noise-invariant: v = i[ρ, Z] (tangent), and i[ρ, v] = 0, for exp(iρt) leaves ρ as it is. noise-pure:
             ρ = |0⟩⟨0|, for every other pure state has a unitary that brings it there and keeps the noise.
Proof.       tr v² = i tr(v[ρ, Z]) = −i tr([ρ, v]Z). Pure: Y_G = (i[ρ, G] − κ[ρ, [ρ, G]])/(1 + κ²), of divergence
             2κ(d⟨G⟩ − tr G)/(1 + κ²), for ⟨G⟩ − tr G/d is an eigenfunction of the Laplacian. The rest is expansion.
Source.      Own; outlook of PRL 133, 266704 (2024).
"""

from collections.abc import Callable
from fractions import Fraction
from random import Random

from qllg_sym.proof.language import Node, comm, hypothesis, i, let, letters, matrix, scalars, tr
from qllg_sym.proof.numeric import Point
from qllg_sym.proof.random_points import hermitian, rational, state, with_values
from qllg_sym.proof.step import Step, equal, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa, rho

from .dimer import PAULI

SOURCE = "own; PRL 133, 266704 (2024), outlook"
HALF = Fraction(1, 2)
Weighted = list[tuple[Fraction, Node]]
T, strength, J = scalars("T sigma2 J")
THERMAL = hypothesis("thermal", strength - 2 * kappa * T)

# A vector field that every unitary keeps
v, Z = letters("v Z")
TANGENT, INVARIANT = hypothesis("tangent", v - i * comm(rho, Z)), hypothesis("invariant", i * comm(rho, v))
none = zero("none", v, by=tr(v * TANGENT) - tr(INVARIANT * Z))


def unit(d: int, j: int, k: int) -> Node:
    """|j⟩⟨k|."""
    return matrix([[int((a, b) == (j, k)) for b in range(d)] for a in range(d)])


def basis(d: int) -> Weighted:
    """Hermitian matrices whose weighted squares are an orthonormal basis."""
    pairs = [(j, k) for j in range(d) for k in range(j)]
    flat = [(HALF, unit(d, j, k) + unit(d, k, j)) for j, k in pairs]
    turned = [(HALF, i * unit(d, j, k) - i * unit(d, k, j)) for j, k in pairs]
    return [(Fraction(1), unit(d, j, j)) for j in range(d)] + flat + turned


def entries(d: int) -> list[Node]:
    """The real numbers of a Hermitian matrix."""
    return [scalars(f"{'xy'[j < k] if j != k else 'h'}{max(j, k)}{min(j, k)}")[0] for j in range(d) for k in range(d)]


def energy(d: int) -> Node:
    """Any Hermitian matrix."""
    part = entries(d)

    def element(j: int, k: int) -> Node:
        low, high = min(j, k), max(j, k)
        x, y = part[high * d + low], part[low * d + high]
        return x if j == k else x + i * y if j > k else x - i * y

    return matrix([[element(j, k) for k in range(d)] for j in range(d)])


def moved(g: Node, state_: Node, way: Node | None = None) -> Node:
    """(1 + κ²) Y_G = i[ρ, G] − κ[ρ, [ρ, G]] of a pure state, or its derivative along a way."""
    if way is None:
        return i * comm(state_, g) - kappa * comm(state_, comm(state_, g))
    return i * comm(way, g) - kappa * (comm(way, comm(state_, g)) + comm(state_, comm(way, g)))


def spread(g: Node, h: Node, state_: Node, d: int) -> Node:
    """T²(1 + κ²)² div(Y_G div(w Y_G))/w: T(1 + κ²) div(w Y_G)/w squared, and its slope along Y_G."""
    way = moved(g, state_)
    slope = 2 * d * kappa * T * tr(state_ * g) - 2 * kappa * T * tr(g) - tr(way * h)
    bent = 2 * d * kappa * T * tr(way * g) - tr(moved(g, state_, way) * h)
    return slope**2 + T * bent


def parts(h: Node, state_: Node, noise: Weighted) -> tuple[Node, Node]:
    """The two parts of 2T²(1 + κ²)² ∂w/∂t over w: from the drift, and the factor of σ²."""
    d = len(state_.about.args)
    drift = tr(moved(h, state_) * h) - 2 * d * kappa * T * tr(state_ * h) + 2 * kappa * T * tr(h)
    total = [weight * spread(let(f"G{k}", g), h, state_, d) for k, (weight, g) in enumerate(noise)]
    return 2 * T * (1 + kappa**2) * drift, Node("+", tuple(total))


def pure(d: int, noise: Weighted, law: Node) -> list[Step]:
    """Any H, the state |0⟩⟨0|."""
    own, rate = parts(let("H", energy(d)), let("rho", unit(d, 0, 0)), noise)
    return [equal("stationary", own + strength * rate, 0, by=law * rate)]


def any_energy(d: int) -> Callable[[Random], Point]:
    """Return a sampler of H, κ, T, and σ² = 2κT."""
    def draw(rng: Random) -> Point:
        point = Point(scalars={x.name: rational(rng) for x in (*entries(d), kappa, T)})
        return with_values(point, sigma2=2 * kappa * T)
    return draw


def doubled(rng: Random) -> Point:
    """The same with σ² = 4κT."""
    return with_values(any_energy(2)(rng), sigma2=4 * kappa * T)


# Two spins ½ at |↑↑⟩, noise of each alone
sites = [(HALF, PAULI[name]) for a in "xyz" for name in (a + "0", "0" + a)]
up, h = let("rho", unit(4, 0, 0)), let("H", J * (PAULI["xx"] + PAULI["yy"] + PAULI["zz"]))
drift, noise = parts(h, up, sites)


def turning(rng: Random) -> Point:
    """A tangent field that commutes with ρ: for Z = ρ."""
    a = state(rng, 3)
    return with_values(Point({"rho": a, "Z": a}), v=i * comm(rho, Z))


def any_tangent(rng: Random) -> Point:
    """A tangent vector that the unitaries that leave ρ alone do not keep."""
    return with_values(Point({"rho": state(rng, 3), "Z": hermitian(rng, 3)}), v=i * comm(rho, Z))


def not_tangent(rng: Random) -> Point:
    """A function of ρ: kept by every unitary, and not tangent to the orbit."""
    return with_values(Point({"rho": state(rng, 3)}), v=rho**2)


def numbers(rng: Random) -> Point:
    """J, κ, T, and σ² = 2κT."""
    return with_values(Point(scalars={x.name: rational(rng) for x in (J, kappa, T)}), sigma2=2 * kappa * T)


THEOREMS = [
    Theorem(id="noise-invariant", statement=r"v(U\rho U^\dagger) = U v(\rho)U^\dagger,\ v = \tfrac{i}{\hbar}[\rho, Z]"
            r" \Rightarrow v = 0", source=SOURCE, scope="every dimension", sample=turning, steps=[none]),
    *(Theorem(id=f"noise-pure-{d}", statement=rf"\rho = |\psi\rangle\langle\psi|,\ d = {d},\ \sigma^2 = 2\hbar\kappa "
              r"k_BT:\quad e^{-\mathrm{Tr}\,\rho H/k_BT} \text{ is stationary}", source=SOURCE, scope="this dimension",
              sample=any_energy(d), dimension=d, steps=pure(d, basis(d), THERMAL)) for d in (2, 3, 4)),
    Theorem(id="noise-local", statement=r"H = J\,\boldsymbol\sigma_1\cdot\boldsymbol\sigma_2,\ "
            r"\text{noise } \sigma_a/\sqrt2 \text{ of each spin},\ \sigma^2 = 2\hbar\kappa k_BT,\ "
            r"w = e^{-\mathrm{Tr}\,\rho H/k_BT}:\quad \frac{\partial_t w}{w}\Big|_{\uparrow\uparrow} = "
            r"\frac{32\,\kappa^3k_BT}{\hbar(1 + \kappa^2)^2}", source=SOURCE, scope="this dimension", sample=numbers,
            dimension=4, steps=[equal("left", drift + strength * noise, 64 * kappa**3 * T**3, by=THERMAL * noise)])]

BROKEN = [
    THEOREMS[0].twin("a tangent vector that they do not keep", sample=any_tangent, steps=[
        equal("none", v, 0, by=TANGENT)]),
    THEOREMS[0].twin("not tangent", sample=not_tangent, steps=[equal("none", v, 0, by=INVARIANT)]),
    THEOREMS[1].twin("σ² = 4ħκk_BT", sample=doubled, steps=pure(2, basis(2), hypothesis(
        "thermal", strength - 4 * kappa * T))),
    THEOREMS[2].twin("noise that leaves out one direction", steps=pure(3, basis(3)[1:], THERMAL)),
    THEOREMS[3].twin("noise of each of two spins alone", steps=pure(4, sites, THERMAL)),
    THEOREMS[4].twin("local noise is canonical", steps=[equal("left", drift + strength * noise, 0, by=THERMAL)])]
