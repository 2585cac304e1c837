r"""Theorem 45. At one state the velocities of q-LL and q-LLG differ by O(κ²), in every dimension.

Statement.   At one state, X by q-LLG and Y by q-LL differ by X − Y = −κ²[ρ, [ρ, X]], and |X − Y| ≤ κ²|[ρ, H]| ≤ κ²|H|,
             |a|² = tr(a†a).
In words.    Grönwall, both fields being smooth on the compact set of states: two solutions from one start differ by
             O(κ²) at any fixed time. This consequence is not part of the formal claim, and no rate in t is claimed.
Hypotheses.  R: X solves q-LLG; S: Y solves q-LL; 0 ≤ ρ ≤ 1, that is ρ = s†s and 1 − ρ = u†u.
Proof.       R + iκ[ρ, R] − S = X − Y + κ²[ρ, [ρ, X]].  For Hermitian or anti-Hermitian a, |a|² − |[ρ, a]|² is a sum of
             squares, since 1 − (p − q)² = (1 − p)(1 − q) + pq + p(1 − p) + q(1 − q); and |X|² + κ²|[ρ, X]|² = |[ρ, H]|²
             (Theorem 40).
Source.      Own.
"""

from random import Random

from qllg_sym.proof.language import Node, comm, hypothesis, i, letters, pair, sq, star, tr
from qllg_sym.proof.numeric import Point, dagger, gaussian, times
from qllg_sym.proof.samples import diagonal, hermitian, rational, unitary, velocity, with_values
from qllg_sym.proof.step import Step, equal, nonnegative
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, q_ll, rho

Y, = letters("Y")
s, sd = pair("s", "s_dag")
u, ud = pair("u", "u_dag")
S = q_ll(Y, "S")
low, high = hypothesis("low", rho - sd * s), hypothesis("high", 1 - rho - ud * u)


def both(rng: Random, divisor: int = 1) -> Point:
    """A state with rational roots of ρ and 1 − ρ: eigenvalues 4/49, 9/49, 36/49; κ over `divisor`; both velocities."""
    v, h, k = unitary(rng, 3), hermitian(rng, 3), rational(rng) / gaussian(divisor)
    root = diagonal([gaussian(x) / gaussian(7) for x in (2, 3, 6)])
    rest = diagonal([gaussian(*x) / gaussian(7) for x in ((6, 3), (6, 2), (3, 2))])
    a, b = times(root, dagger(v)), times(rest, dagger(v))
    r = times(dagger(a), a)
    point = Point({"rho": r, "H": h, "X": velocity(r, h, k), "s": a, "s_dag": dagger(a), "u": b, "u_dag": dagger(b)},
                  {"kappa": k})
    return with_values(point, Y=i * comm(rho, H) - kappa * comm(rho, comm(rho, H)))


def contraction(name: str, a: Node) -> Step:
    """|a|² − |[ρ, a]|² ≥ 0, since all eigenvalues of ρ are from 0 to 1."""
    b, h = star(a), 1 - rho
    squares = sq(u * a * ud) + sq(s * a * sd) + sq(s * h * a) + sq(u * rho * a) + sq(a * h * sd) + sq(a * rho * ud)
    by = tr(b * high * a * h + b * h * a * high - b * high * a * high
            + b * low * a * rho + b * rho * a * low - b * low * a * low)
    inner = h * low * h + rho * high * rho
    return nonnegative(name, sq(a) - sq(comm(rho, a)), squares, by=by + tr(b * inner * a) + tr(b * a * inner))


def difference(sign: int) -> list[Step]:
    """The gap between the laws and its bounds; sign + is right."""
    double = comm(rho, comm(rho, X))
    gap = equal("gap", X - Y, -sign * kappa**2 * double, by=R + i * kappa * comm(rho, R) - S)
    first, second, third = contraction("first", X), contraction("second", comm(rho, X)), contraction("third", H)
    a, t, f = X - i * kappa * comm(rho, X), -kappa**2 * double, gap.fact
    norms = tr(star(a) * R) + tr(star(R) * a) - sq(R)                   # Theorem 40
    bound = nonnegative("bound", kappa**4 * sq(comm(rho, H)) - sq(X - Y), (
        sq(kappa)**3 * sq(comm(rho, X)) + sq(kappa)**2 * first.fact + sq(kappa)**2 * second.fact), by=(
        -kappa**4 * norms - tr(star(t) * f) - tr(star(f) * t) - sq(f)))
    return [gap, first, second, third, bound,
            nonnegative("field", kappa**4 * sq(H) - sq(X - Y), sq(kappa)**2 * third.fact + bound.fact)]


THEOREMS = [Theorem(
    id="kappa-squared", statement=r"\text{at one } \rho,\ 0 \le \rho \le 1:\quad "
    r"\dot\rho_{\text{q-LLG}} - \dot\rho_{\text{q-LL}} = "
    r"-\kappa^2[\rho, [\rho, \dot\rho_{\text{q-LLG}}]],\quad |\dot\rho_{\text{q-LLG}} - \dot\rho_{\text{q-LL}}| \le "
    r"\kappa^2|[\rho, H]|/\hbar \le \kappa^2|H|/\hbar",
    source="own; PRL 133, 266704 (2024), eq. 3", scope="every dimension", sample=both,
    claim_of=("gap", "bound", "field"), steps=difference(1),
    note="in words: by Grönwall's lemma two solutions from one start differ by O(κ²) at any fixed time; the formal "
         "claim is about the velocities at one common state, with squared norms.")]

BROKEN = [
    THEOREMS[0].twin("a sign", claim_of=("gap",), steps=difference(-1)[:1]),
    THEOREMS[0].twin("a difference of third order", claim_of=("third_order",), sample=lambda rng: both(rng, 1000),
                     steps=[nonnegative("third_order", kappa**6 * sq(comm(rho, H)) - sq(X - Y), 0)])]
