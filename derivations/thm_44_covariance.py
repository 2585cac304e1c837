r"""Theorem 44. Both laws are covariant under every constant unitary, and symmetries of H commute with the flow.

Statement.   If ρ solves q-LLG (q-LL) with H, then UρU† solves it with UHU†.
             Any constant operator C that commutes with H and with ρ commutes with dρ/dt: ρ keeps the symmetries that it
             shares with H, at all times, and is confined to its sectors.
Hypotheses.  U†U = 1, U constant; R: X = dρ/dt solves q-LLG; S: Y solves q-LL. Symmetry: [C, ρ] = [C, H] = 0.
Proof.       The residual at (UρU†, UXU†, UHU†) is U R U†, after U†U = 1 inside.
             Z = [C, X] obeys Z − iκ[ρ, Z] = [C, R] by the Jacobi identity, and as in Theorem 4 tr(Z†Z) = 0.
Source.      Own; used by PRL 133, 266704 (2024), Fig. 3 at D = 0 (the exchange of the two spins).
"""

from fractions import Fraction
from random import Random

from qllg_sym.proof.language import D, Node, comm, hypothesis, i, let, letters, node, pair, star, tr
from qllg_sym.proof.numeric import Point, dagger, gaussian, plus, times
from qllg_sym.proof.random_points import (
    diagonal,
    hermitian,
    mixed,
    operator,
    rational,
    state,
    unitary,
    velocity,
    with_values,
)
from qllg_sym.proof.step import Step, equal, zero
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, R, X, kappa, q_ll, q_llg, rho

U, Ud = pair("U", "U_dag")
C, Cd = pair("C", "C_dag")
Y, = letters("Y")
S, one = q_ll(Y, "S"), hypothesis("one", Ud * U - 1)
turned_rho = let("turned_rho", U * rho * Ud)


def inside(a: Node, b: Node) -> Node:
    """[UaU†, UbU†] − U[a, b]U†, which U†U = 1 makes zero."""
    return U * (a * one * b - b * one * a) * Ud


def moved(rng: Random, same: bool = True) -> Point:
    """A random state, its two velocities, and a unitary, or any operator in its place."""
    point = mixed(rng)
    u = unitary(rng, 3) if same else operator(rng, 3)
    point = Point({**point.letters, "U": u, "U_dag": dagger(u)}, point.scalars)
    return with_values(point, Y=i * comm(rho, H) - kappa * comm(rho, comm(rho, H)))


def laws(turned_energy: Node) -> list[Step]:
    """Both residuals for the turned state in the turned field."""
    velocity, other = D(turned_rho), let("turned_Y", U * Y * Ud)
    field = let("turned_H", turned_energy)
    double = inside(rho, comm(rho, H))
    twice = comm(turned_rho, inside(rho, H))
    return [equal("llg", q_llg(velocity, "turned_R", field, turned_rho).about[1], 0, by=(
                U * R * Ud - i * inside(rho, H) - i * kappa * inside(rho, X))),
            equal("ll", q_ll(other, "turned_S", field, turned_rho).about[1], 0, by=(
                U * S * Ud - i * inside(rho, H) + kappa * (double + twice)))]


def symmetric(rng: Random) -> Point:
    """ρ and H that share the symmetry C: blocks of two and one dimensions, turned by a random unitary."""
    u = unitary(rng, 3)
    even = diagonal([gaussian(1), gaussian(1), gaussian(-1)])
    half = times(state(rng, 3), gaussian(1) / gaussian(2))
    r, h = (times(times(u, plus(a, times(times(even, a), even))), dagger(u)) for a in (half, hermitian(rng, 3)))
    c = times(times(u, diagonal([rational(rng) + gaussian(0, 2)] * 2 + [gaussian(5, 1)])), dagger(u))
    k = rational(rng)
    return Point({"rho": r, "H": h, "X": velocity(r, h, k), "C": c, "C_dag": dagger(c)}, {"kappa": k})


def unrelated(rng: Random) -> Point:
    """A C that commutes with H, but not with ρ."""
    point = mixed(rng)
    c = times(point.letters["H"], point.letters["H"])
    return Point({**point.letters, "C": c, "C_dag": dagger(c)}, point.scalars)


CR, CH = hypothesis("CR", comm(C, rho)), hypothesis("CH", comm(C, H))
Z = comm(C, X)
inner = comm(C, R) + i * (comm(CR, H) + comm(rho, CH)) + i * kappa * comm(CR, X)
kept = zero("kept", Z, by=Fraction(1, 2) * (tr(star(Z) * inner) + tr(star(inner) * Z)))

THEOREMS = [
    Theorem(id="covariance",
            statement=r"\dot U = 0,\ U^\dagger U = 1:\ \rho \mapsto U\rho U^\dagger,\ H \mapsto UHU^\dagger "
                      r"\text{ maps solutions to solutions, of q-LLG and of q-LL}",
            source="own; PRL 133, 266704 (2024), eq. 3", scope="every dimension", sample=moved, claim_of=("llg", "ll"),
            derivatives={rho: X, U: node(0), Ud: node(0)}, steps=laws(U * H * Ud)),
    Theorem(id="symmetry", statement=r"[C, H] = 0,\ [C, \rho] = 0 \Rightarrow [C, \dot\rho] = 0",
            source="own; PRL 133, 266704 (2024), Fig. 3", scope="every dimension", sample=symmetric, steps=[kept])]

BROKEN = [
    THEOREMS[0].twin("any operator for the unitary", sample=lambda rng: moved(rng, same=False), claim_of=("llg",),
                     steps=[equal("llg", laws(U * H * Ud)[0].lhs, 0, by=U * R * Ud)]),
    THEOREMS[0].twin("the field turned the other way", claim_of=("llg",), steps=laws(Ud * H * U)),
    THEOREMS[1].twin("a symmetry of H alone", sample=unrelated, steps=[zero("kept", Z, by=0)])]
