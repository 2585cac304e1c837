r"""Theorem 19. In PRL 4 ħs|η| ≤ 1, so the Gilbert damping of `eta-gilbert` is at most κ/(s(2s + 1)).

Statement.   If η·S E = −ħs e E, tr E = 1 and tr(Eρ) ≥ 0, then 1 − ħse ≥ 0 and κħe/(2s + 1) ≤ κ/(s(2s + 1)), κ ≥ 0;
             for symbolic s.
In words.    With e = |η| there is such an E for every η: the projector on the lowest state of the spin along η, of the
             eigenvalue −ħs; and ρ ≥ 0 gives tr(Eρ) ≥ 0.
Hypotheses.  ρ = p(1 + η·S), p(2s + 1) = 1, s ≥ 0, p ≥ 0, r = 1/s ≥ 0; those on E.
Proof.       1 − ħse = (2s + 1) tr(Eρ); the second is κpr times the first.
Source.      Own proof; PRL 133, 266704 (2024), eqs. 4 and 8.
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import hypothesis, let, letters, scalars, tr
from qllg_sym.proof.numeric import Point, gaussian, times, trace
from qllg_sym.proof.random_points import rational, with_values
from qllg_sym.proof.step import nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import kappa_plus

from .spin import HALF, S, dot, eta, frame, spin_matrices

E, = letters("E")
s, p, r = scalars("s p r", "nonnegative")
hbar, e = scalars("hbar e")
rho = let("rho", p * (1 + dot(eta, S)))
P, U = hypothesis("P", p * (2 * s + 1) - 1), hypothesis("U", r * s - 1)
LOWEST, ONE = hypothesis("W", dot(eta, S) * E + hbar * s * e * E), hypothesis("N", tr(E) - 1)
POSITIVE = hypothesis("F", tr(E * rho), "nonnegative")
by = -P * (tr(E) + tr(E * dot(eta, S))) - ONE + hbar * s * e * ONE - tr(LOWEST)
bound = nonnegative("bound", 1 - hbar * s * e, (2 * s + 1) * POSITIVE, by=by)
damping = nonnegative("damping", kappa_plus * p * r - kappa_plus * hbar * p * e, kappa_plus * p * r * bound.fact,
                      by=kappa_plus * hbar * p * e * U)


def _normalised(a: Point) -> Point:
    """The point with tr E = 1."""
    share = gaussian(1) / trace(a.letters["E"])
    return Point({**a.letters, "E": times(a.letters["E"], share)}, a.scalars)


def spin(rng: Random, reach: Fraction = Fraction(9, 10)) -> Point:
    """A spin ½ or 1 with |η| = reach/(ħs), and the lowest state along η."""
    size, unit, first = rng.choice([HALF, Fraction(1)]), gaussian(abs(rational(rng).x)), frame(rng)
    spins, n = [times(a, unit) for a in spin_matrices(size)], first[2]
    length = gaussian(reach / size) / unit
    named = {**{x.name: length * a for x, a in zip(eta, n, strict=True)}, "hbar": unit, "e": length,
             "s": gaussian(size), "p": gaussian(1 / (2 * size + 1)), "r": gaussian(1 / size),
             "kappa": gaussian(abs(rational(rng).x))}
    a = Point(dict(zip(("Sx", "Sy", "Sz"), spins, strict=True)), named)
    top = hbar * e * s - dot(eta, S)            # ħe(s − m): 0 at m = s
    return _normalised(with_values(a, E=top if size == HALF else top * (top - hbar * e)))


THEOREMS = [Theorem(
    id="eta-bound", statement=r"\boldsymbol\eta\cdot\mathbf S\,E = -\hbar s e E,\ \mathrm{Tr}\,E = 1,\ "
    r"\mathrm{Tr}\,E\rho \ge 0,\ \rho = \frac{1}{2s+1}(1 + \boldsymbol\eta\cdot\mathbf S) \Rightarrow "
    r"\hbar s e \le 1,\quad \frac{\kappa\hbar e}{2s+1} \le \frac{\kappa}{s(2s+1)}\ (\kappa \ge 0)",
    source="own proof; PRL 133, 266704 (2024), eq. 4",
    scope="every dimension", sample=spin, claim_of=("bound", "damping"),
    note="in words: the component of a spin along η has the eigenvalue −ħs, so there is an E with e = |η|, and ρ ≥ 0 "
         "gives Tr Eρ ≥ 0: |η| ≤ 1/(ħs).", steps=[bound, damping])]

BROKEN = [
    THEOREMS[0].twin("without ρ ≥ 0", claim_of=("bound",), sample=lambda rng: spin(rng, Fraction(3, 2)), steps=[
        nonnegative("bound", 1 - hbar * s * e, 0, by=by)]),
    THEOREMS[0].twin("a bound twice as sharp", claim_of=("damping",), steps=[bound, nonnegative(
        "damping", HALF * kappa_plus * p * r - kappa_plus * hbar * p * e, kappa_plus * p * r * bound.fact,
        by=damping.by)])]
