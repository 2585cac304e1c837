r"""Theorems 55. A thermometer on the orbit: k_BT = ⟨‖[ρ, H]‖²⟩/(2(Tr H − d⟨E⟩)), and its limits.

Statement.   virial-parts     Along ρ̇ = i[ρ, G], with E = tr ρH and w = exp(−βE):
                              d/dt(wĖ) = w(tr(i[i[ρ, G], G]H) − βĖ²).
             virial-2 … 4     d = 2, 3, 4, any Hermitian ρ: over a basis tr(i[i[ρ, G], G]H) sums to 2(tr ρ tr H −
                              d tr ρH), and Ė² to |[ρ, H]|².
             virial-bound     ρ = s†s: |[ρ, H]|² ≤ 2 tr ρ²H².
             canonical-spin   Z = sinh x/x: d ln Z/dx = coth x − 1/x, which is 1 − 1/x + 2e⁻ˣ/(eˣ − e⁻ˣ).
In words.    The flow ρ̇ = i[ρ, G] keeps the unitarily invariant measure, so the average of d/dt(wĖ) is 0. Summed:
             2(Tr H − d⟨E⟩) = β⟨‖[ρ, H]‖²⟩ for w, the canonical density. Hot: ⟨E⟩ − Tr H/d is between −β Tr H²/d and 0.
             Cold: ⟨‖[ρ, H]‖²⟩ falls to 0 with k_BT, the state commutes with H. canonical-spin is one pure spin ½,
             x = ½βB: the quotient of determinants for E = ∓½B and the spectrum (1, 0).
Hypotheses.  H and G constant. virial-d: in the eigenbasis of H. canonical-spin: u = eˣ, v = e⁻ˣ by their derivatives,
             r = 1/(2x).
Proof.       Product rule; expansion; tr(ρHρH) = |sHs†|².
Source.      Own; PRL 133, 266704 (2024), outlook.
"""

from collections.abc import Callable
from random import Random

from qllg_sym.proof.language import D, Node, comm, hypothesis, i, let, letters, matrix, node, pair, scalars, sq, tr
from qllg_sym.proof.numeric import Point, dagger, gaussian, times
from qllg_sym.proof.random_points import diagonal, hermitian, operator, rational, state
from qllg_sym.proof.step import Step, equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, rho

from .dimer import any_numbers
from .thm_54_noise_stationary import Weighted, basis, energy, entries, sites

SOURCE = "own; PRL 133, 266704 (2024), outlook"
G, = letters("G")
w, beta = scalars("w beta")
turn = i * comm(rho, G)
slope = tr(turn * H)


def parts(share: int) -> list[Step]:
    """The derivative of w dE/dt; the share 1 of the square is right."""
    return [equal("energy", D(tr(rho * H)), slope),
            equal("parts", D(w * slope), w * (tr(i * comm(turn, G) * H) - share * beta * slope**2))]


def along(rng: Random) -> Point:
    """A state, H, a direction G, and numbers for w and β."""
    return Point({"rho": state(rng, 3), "H": hermitian(rng, 3), "G": hermitian(rng, 3)},
                 {"w": rational(rng), "beta": rational(rng)})


def levels(d: int) -> list[Node]:
    """The energies."""
    return [scalars(f"E{k}")[0] for k in range(d)]


def summed(d: int, noise: Weighted) -> list[Step]:
    """Both sums over the basis, any Hermitian matrix for ρ."""
    own = let("rho", energy(d))
    h = let("H", matrix([[e if j == k else 0 for k in range(d)] for j, e in enumerate(levels(d))]))
    named = [(weight, let(f"G{k}", g)) for k, (weight, g) in enumerate(noise)]
    turns = [(weight, i * comm(own, g), g) for weight, g in named]
    bent = Node("+", tuple(weight * tr(i * comm(way, g) * h) for weight, way, g in turns))
    square = Node("+", tuple(weight * tr(way * h)**2 for weight, way, _ in turns))
    return [equal("laplacian", bent, 2 * tr(own) * tr(h) - 2 * d * tr(own * h)),
            equal("square", square, sq(comm(own, h)))]


s, s_dag = pair("s", "s_dag")
ROOT = hypothesis("root", rho - s_dag * s)


def rooted(root: Callable[[Random], Point]) -> Callable[[Random], Point]:
    """A sampler with ρ = s†s."""
    def draw(rng: Random) -> Point:
        point = root(rng)
        a = point.letters["s"]
        return Point({**point.letters, "s_dag": dagger(a), "rho": times(dagger(a), a)})
    return draw


def any_root(rng: Random) -> Point:
    """Any s and H."""
    return Point({"s": operator(rng, 3), "H": hermitian(rng, 3)})


def flipped(rng: Random) -> Point:
    """A pure state and an H without a diagonal."""
    zero, size = gaussian(0), rational(rng)
    return Point({"s": diagonal([gaussian(1), zero]), "H": ((zero, size), (size, zero))})


bound = nonnegative("bound", 2 * tr(rho**2 * H**2) - sq(comm(rho, H)), 2 * sq(s * H * s_dag),
                    by=2 * tr(ROOT * H * rho * H) + 2 * tr(s_dag * s * H * ROOT * H))

x, u, v, r = scalars("x u v r")
Z, INVERSE = let("Z", (u - v) * r), hypothesis("inverse", 2 * x * r - 1)
EXPONENTIALS = {x: node(1), u: u, v: -v, r: -2 * r**2}


def spin(rng: Random) -> Point:
    """Numbers for x, eˣ, e⁻ˣ, and r = 1/(2x)."""
    point = any_numbers(x, u, v)(rng)
    return Point(scalars={**point.scalars, "r": gaussian(1) / (point.scalars["x"] * 2)})


def langevin(shift: int) -> list[Step]:
    """The slope of ln Z, (x(u + v) − (u − v))/(x(u − v)); the shift 0 is right."""
    top = x * (u + v) + (shift - 1) * (u - v)
    return [equal("langevin", x * (u - v) * D(Z), top * Z, by=-(u - v)**2 * r * INVERSE),
            equal("cold", x * (u + v) - (u - v), (x - 1) * (u - v) + 2 * x * v)]


THEOREMS = [
    Theorem(id="virial-parts", statement=r"\dot\rho = \tfrac{i}{\hbar}[\rho, G],\ w = e^{-\beta E}:\quad "
            r"\frac{d}{dt}(w\dot E) = w\,(\mathrm{Tr}\,\ddot\rho H - \beta\dot E^2)", source=SOURCE,
            scope="every dimension", sample=along, claim_of=("energy", "parts"),
            derivatives={rho: turn, H: node(0), G: node(0), w: -beta * w * slope}, steps=parts(1)),
    *(Theorem(id=f"virial-{d}", statement=rf"d = {d}:\quad -\sum_a \mathrm{{Tr}}\,[[\rho, G_a], G_a]H = "
              r"2(\mathrm{Tr}\,\rho\,\mathrm{Tr}\,H - d\,\mathrm{Tr}\,\rho H),\quad "
              r"\sum_a (\mathrm{Tr}\,i[\rho, G_a]H)^2 = \Vert[\rho, H]\Vert^2",
              note="in words: averaged with `virial-parts`, k_BT is ⟨‖[ρ, H]‖²⟩/(2(Tr H − d⟨E⟩)).",
              source=SOURCE, scope="this dimension", dimension=d,
              sample=any_numbers(*entries(d), *levels(d)), claim_of=("laplacian", "square"),
              steps=summed(d, basis(d))) for d in (2, 3, 4)),
    Theorem(id="virial-bound", statement=r"\rho = s^\dagger s:\quad \Vert[\rho, H]\Vert^2 \le "
            r"2\,\mathrm{Tr}\,\rho^2H^2",
            source=SOURCE, scope="every dimension", sample=rooted(any_root), steps=[bound]),
    Theorem(id="canonical-spin", statement=r"Z = \frac{e^x - e^{-x}}{2x}:\quad \frac{d\ln Z}{dx} = \frac{x(e^x + "
            r"e^{-x}) - (e^x - e^{-x})}{x(e^x - e^{-x})} = 1 - \frac1x + \frac{2e^{-x}}{e^x - e^{-x}}",
            source=SOURCE, scope="this dimension", sample=spin, derivatives=EXPONENTIALS,
            claim_of=("langevin", "cold"), steps=langevin(0))]

BROKEN = [
    THEOREMS[0].twin("twice the square", claim_of=("parts",), steps=parts(2)),
    THEOREMS[1].twin("σ for G, norm 2 for 1", steps=summed(2, [(2 * weight, g) for weight, g in basis(2)])),
    THEOREMS[2].twin("without one direction", steps=summed(3, basis(3)[:-1])),
    THEOREMS[3].twin("a basis of each of two spins alone", steps=summed(4, sites)),
    THEOREMS[4].twin("half the bound", sample=rooted(flipped), steps=[
        nonnegative("bound", tr(rho**2 * H**2) - sq(comm(rho, H)), 2 * sq(s * H * s_dag), by=bound.by)]),
    THEOREMS[5].twin("coth x alone", claim_of=("langevin",), steps=langevin(1))]
