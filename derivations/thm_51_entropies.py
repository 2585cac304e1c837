r"""Theorem 51. The Rényi entropies S_δ = ln Tr ρ^δ/(1 − δ) fall with δ, and tend to von Neumann's S for δ → 1.

Statement.   ρ > 0, Tr ρ = 1, Λ = ln ρ, f(δ) = ln Tr ρ^δ; here D is d/dδ.
             renyi-limit   f'(1) = Tr ρΛ; so S_δ = −(f(δ) − f(1))/(δ − 1) → −f'(1) = −Tr ρ ln ρ = S, f(1) being 0.
             renyi-convex  f'' ≥ 0: (Tr ρ^δ)² f'' = Tr ρ^δ · Tr ρ^δ(Λ − f')² at every δ. So S_δ, minus the slope of a
                           chord of f from δ = 1, never rises with δ: S_δ ≥ S for δ < 1, S_δ ≤ S for δ > 1.
In words.    D(ρ^δ) = ρ^δΛ = Λρ^δ is what ρ^δ = e^{δΛ} means, and D f = w Tr ρ^δΛ with w Tr ρ^δ = 1 what ln means. A
             limit of difference quotients is the derivative; chords of a convex function rise. A state with zero
             eigenvalues is one on its own range. q-LLG keeps all these entropies (`renyi`).
Hypotheses.  Q for ρ^δ, Q = s†s; w Tr Q = 1; renyi-limit at δ = 1: Q = ρ and Tr ρ = 1.
Proof.       Product rule; Tr Q Tr QΛ² − (Tr QΛ)² = Tr Q · |s(Λ − f')|².
Source.      PRL 133, 266704 (2024), below eq. 3, states the limit; own proof.
"""

from random import Random

from qllg_sym.proof.language import D, Node, hypothesis, let, letters, node, pair, scalars, sq, tr
from qllg_sym.proof.numeric import Point, dagger, gaussian, times, trace
from qllg_sym.proof.random_points import diagonal, rational, unitary
from qllg_sym.proof.step import Step, equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import rho

SOURCE = "PRL 133, 266704 (2024), below eq. 3; own proof"
Q, L = letters("Q L")                               # ρ^δ and ln ρ
s, s_dag = pair("s", "s_dag")
w, f = scalars("w f")
slope = let("slope", w * tr(Q * L))
inverse, root = hypothesis("inverse", w * tr(Q) - 1), hypothesis("root", Q - s_dag * s)
at_one, unit = hypothesis("at_one", Q - rho), hypothesis("unit", tr(rho) - 1)
RATES: dict[Node, Node] = {Q: (Q * L + L * Q) / 2, L: node(0), w: -w**2 * tr(Q * L), f: w * tr(Q * L)}
gap = s * (L - slope)


def powers(rng: Random, norm: bool = False) -> Point:
    """A power Q of a state and a Hermitian Λ, both diagonal in one basis; with `norm` of trace 1 and ρ beside it."""
    u = unitary(rng, 3)
    root_ = times(times(u, diagonal([gaussian(rng.randint(1, 9)) / gaussian(7) for _ in range(3)])), dagger(u))
    power = times(root_, root_)
    if norm:
        power = times(power, gaussian(1) / trace(power))
    log = times(times(u, diagonal([rational(rng) for _ in range(3)])), dagger(u))
    turned = times(unitary(rng, 3), root_)          # any root: s†s = Q
    letters_ = {"Q": power, "L": log, "s": turned, "s_dag": dagger(turned), "rho": power}
    return Point(letters_, {"w": gaussian(1) / trace(power), "f": gaussian(0)})


def limit(norm: bool = True) -> Step:
    """The slope of f at δ = 1: w = 1 there."""
    short = inverse - w * (tr(at_one) + unit) if norm else inverse
    return equal("limit", D(f), tr(rho * L), by=short * tr(Q * L) + tr(at_one * L))


def convex(sign: int = 1) -> Step:
    """The second slope of f, in the spread of ln ρ."""
    spread = tr(root * L**2) - 2 * slope * tr(root * L) + slope**2 * tr(root)
    by = inverse * tr(Q) * (tr(Q * L**2) - 2 * w * tr(Q * L)**2) + tr(Q) * spread + tr(root) * sq(gap)
    return nonnegative("convex", sign * tr(Q)**2 * D(D(f)), sq(s) * sq(gap), by=by)


THEOREMS = [
    Theorem(id="renyi-limit", statement=r"f(\delta) = \ln \mathrm{Tr}\,\rho^\delta,\ \mathrm{Tr}\,\rho = 1:\quad "
            r"f'(1) = \mathrm{Tr}\,\rho\ln\rho,\quad \lim_{\delta \to 1} S_\delta = -f'(1) = "
            r"-\mathrm{Tr}\,\rho\ln\rho",
            note="in words: Q is ρ^δ and L is ln ρ, D is d/dδ; the limit is the derivative of f at 1, where f is 0.",
            source=SOURCE, scope="every dimension", sample=lambda rng: powers(rng, norm=True), derivatives=RATES,
            steps=[limit()]),
    Theorem(id="renyi-convex", statement=r"f(\delta) = \ln \mathrm{Tr}\,\rho^\delta:\quad "
            r"(\mathrm{Tr}\,\rho^\delta)^2 f'' = "
            r"\mathrm{Tr}\,\rho^\delta\ \mathrm{Tr}\,\rho^\delta(\ln\rho - f')^2 \ge 0",
            note="in words: chords of a convex function rise, so S_δ never rises with δ and S_δ ≤ S for δ > 1.",
            source=SOURCE, scope="every dimension", sample=powers, derivatives=RATES,
            steps=[convex()])]

BROKEN = [
    THEOREMS[0].twin("without Tr ρ = 1", sample=powers, steps=[limit(norm=False)]),
    THEOREMS[1].twin("concave", steps=[convex(-1)])]
