r"""Theorems 59. Quantum clusters among classical moments: what is kept, how the energy falls, and what noise sees.

Statement.   hybrid-spectrum   d/dt tr(ρⁿ) = 0 for the ρ of a cluster, n = 1, 2, …, and d/dt |m|² = 0 for a moment.
             hybrid-energy     dE/dt = −κ Σ tr(ρ̇²) − α Σ s |ṁ|² for constant H.
             hybrid-conserved  dE/dt = 0 at κ = α = 0.
             hybrid-spin       tr(ρJ) + s m_z is constant at κ = α = 0 where H_c and the coupling Σ m_k C_k turn with J.
             hybrid-noise      A noise G on ρ and a noise field g on m change the one E at the rate tr(L†H_c G) −
                               2s tr(L†F g), L: G ↦ Y the velocity by each law.
In words.    E = tr(ρH) + tr(τG) + tr(ρA)tr(τB) + tr(ρC)tr(MS) + tr(MP): two clusters ρ, τ and a moment, one operator
             for each coupling. Further clusters, moments and couplings add like terms to every sum. Letters of
             different parts stand in no common trace, so that their dimensions may differ. With hybrid-noise the
             balance of friction and noise (`noise-balance`) holds for each part with the slope of the one E, and H_c
             holds nothing of its own ρ, so that the law that stays under noise on all parts is exp(−E/k_BT).
Hypotheses.  ħ = 1. M = m·S of a spin ½, of which |m|² = 2 tr(M²), and N = dM/dt. X and Y solve q-LLG with H_c = H +
             tr(τB)A + tr(MS)C and G + tr(ρA)B; N solves LLG with the field F, 2sF = −∂E/∂M = −P − tr(ρC)S.
             hybrid-spin: [S_x, S_y] = iS_z and cyclic; [J, C_x] = iC_y, [J, C_y] = −iC_x, [J, C_z] = [J, H] = 0;
             H_c = H + 2 Σ tr(MS_k)C_k, sF = −Σ tr(ρC_k)S_k.
             hybrid-noise: A = −i[ρ, H_c] − iκ[ρ, A] and Am = i[M, F] − iα[M, Am] are the adjoints L†H_c and L†F.
Proof.       With R the residuals: tr((H_c + κX)R), and −2s tr((F − αN)R) for the moment, leave the rates and the
             losses, for tr(K[ρ, K]) = 0. The torques on ρ and on m are opposite.
Source.      PRL 133, 266704 (2024), eqs. 1 and 3, and its outlook; own proof.
"""

from random import Random
from typing import Any

import sympy as sp

from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.proof.language import D, Node, comm, hypothesis, i, letters, node, scalars, tr
from qllg_sym.proof.laws import residual
from qllg_sym.proof.numeric import Matrix, Point, gaussian, plus, times
from qllg_sym.proof.random_points import hermitian, rational, state, velocity, with_values
from qllg_sym.proof.step import equal
from qllg_sym.proof.theorem import Theorem
from qllg_sym.proof.vocabulary import H, X, kappa, n, q_llg, rho

tau, Y, G, A, B, C = letters("tau Y G A B C")
M, N, F, P, S = letters("M N F P S")
alpha, twice = scalars("alpha twice_s")                 # twice: 2s of the moment
SOURCE = "PRL 133, 266704 (2024), eqs. 1 and 3, outlook; own proof"


def cluster(velocity: Node, name: str, hamiltonian: Node, at: Node, damped: bool = True) -> Node:
    """q-LLG as a hypothesis, read from the law; without damping, of κ = 0."""
    if damped:
        return q_llg(velocity, name, hamiltonian, at)
    return hypothesis(name, residual(QuantumLLG(0), {"rho": at, "drho": velocity, "H": hamiltonian}))


def moment(damped: bool = True) -> Node:
    """LLG as a hypothesis, for vectors as a·S of a spin ½, read from the law."""
    law = ClassicalLLG(sp.Symbol("alpha", real=True) if damped else 0, field="mean")
    return hypothesis("Rm", residual(law, {"m": M, "dm": N, "B": F}, {"alpha": alpha}))


first, second = H + tr(tau * B) * A + tr(M * S) * C, G + tr(rho * A) * B            # H_c of each cluster
FIELD = hypothesis("field", twice * F + P + tr(rho * C) * S)
ENERGY = tr(rho * H) + tr(tau * G) + tr(rho * A) * tr(tau * B) + tr(rho * C) * tr(M * S) + tr(M * P)
MOVING = {rho: X, tau: Y, M: N, **dict.fromkeys((H, G, A, B, C, P, S), node(0))}
LOSSES = -kappa * tr(X**2) - kappa * tr(Y**2) - alpha * twice * tr(N**2)            # |ṁ|² = 2 tr(N²)


def laws(damped: bool = True) -> tuple[Node, Node, Node]:
    """The laws of ρ, τ and m, with damping or without."""
    return cluster(X, "R1", first, rho, damped), cluster(Y, "R2", second, tau, damped), moment(damped)


def balance(damped: bool = True) -> Node:
    """What the energy law follows from."""
    r1, r2, rm = laws(damped)
    found = tr(first * r1) + tr(second * r2) - twice * tr(F * rm) + tr(N * FIELD)
    return found + kappa * tr(X * r1) + kappa * tr(Y * r2) + alpha * twice * tr(N * rm) if damped else found


def moving(rng: Random, damped: bool = True) -> Point:
    """Two states and a vector with all couplings, and their velocities."""
    named = {"rho": state(rng, 3), "tau": state(rng, 3), **{x: hermitian(rng, 3) for x in "HGABCMPS"}}
    numbers = {name: rational(rng) for name in ("kappa", "alpha", "twice_s")}
    point = Point(named, numbers, {"n": rng.randint(1, 5)})
    inverse = gaussian(1) / numbers["twice_s"]
    whole = with_values(point, h1=first, h2=second, field=-P - tr(rho * C) * S)
    f = times(whole.letters["field"], inverse)
    k, a = (numbers["kappa"], numbers["alpha"]) if damped else (gaussian(0), gaussian(0))
    found = {"X": velocity(named["rho"], whole.letters["h1"], k), "Y": velocity(named["tau"], whole.letters["h2"], k),
             "N": velocity(named["M"], times(f, gaussian(-1)), a), "F": f}
    return Point({**named, **found}, numbers, point.exponents)


def undamped(rng: Random) -> Point:
    """The same at κ = α = 0."""
    return moving(rng, damped=False)


SPINS, VECTOR = letters("Sx Sy Sz"), letters("Cx Cy Cz")
J, = letters("J")                                       # the z component of a cluster's spin


def turned(a: tuple[Node, ...]) -> tuple[Node, ...]:
    """[a_x, J] and [a_y, J] of a vector."""
    return -i * a[1], i * a[0]


def pull() -> Node:
    """∂E/∂M of the coupling, 2 Σ tr(ρC_k)S_k."""
    parts = [2 * tr(rho * c) * s for c, s in zip(VECTOR, SPINS, strict=True)]
    return parts[0] + parts[1] + parts[2]


OWN = [hypothesis(f"spin_{k}", comm(s, SPINS[2]) - t) for k, s, t in zip("xy", SPINS, turned(SPINS), strict=False)]
VECTORS = [hypothesis(f"vector_{k}", comm(c, J) - t) for k, c, t in zip("xy", VECTOR, turned(VECTOR), strict=False)]
VECTORS.append(hypothesis("vector_z", comm(VECTOR[2], J)))
SCALAR = hypothesis("scalar", comm(H, J))
coupled = H + 2 * (tr(M * SPINS[0]) * VECTOR[0] + tr(M * SPINS[1]) * VECTOR[1] + tr(M * SPINS[2]) * VECTOR[2])
MEAN = hypothesis("mean", twice * F + pull())
FREE = cluster(X, "R1", coupled, rho, damped=False)
TOTAL = D(tr(rho * J) + twice * tr(M * SPINS[2]))       # s m_z = 2s tr(M S_z)
TURNS = {rho: X, M: N, **dict.fromkeys((J, SPINS[2]), node(0))}


def exchange() -> Node:
    """What conservation of the spin follows from but for the symmetry of H: the laws, the field and every coupling."""
    total = tr(J * FREE) + twice * tr(SPINS[2] * moment(damped=False)) - i * tr(M * comm(MEAN, SPINS[2]))
    for s, v in zip(SPINS, VECTORS, strict=True):
        total = total + 2 * i * tr(M * s) * tr(rho * v)
    for c, o in zip(VECTOR, OWN, strict=False):
        total = total + 2 * i * tr(rho * c) * tr(M * o)
    return total


def rotations() -> tuple[Matrix, ...]:
    """The spin matrices of s = 1 in the basis x, y, z: (S_k)_jl = −iε_kjl."""
    o, a, b = gaussian(0), gaussian(0, 1), gaussian(0, -1)
    return ((o, o, o), (o, o, b), (o, a, o)), ((o, o, a), (o, o, o), (b, o, o)), ((o, b, o), (a, o, o), (o, o, o))


def isotropic(rng: Random, field: bool = False) -> Point:
    """A spin 1 with H = D S_z², or in a field along x besides, coupled to a moment by c S·m."""
    (sx, sy, sz), c, s = rotations(), rational(rng), rational(rng)
    own = times(times(sz, sz), rational(rng))
    named = {"rho": state(rng, 3), "M": hermitian(rng, 3), "J": sz, "H": plus(own, sx) if field else own,
             "Sx": sx, "Sy": sy, "Sz": sz, "Cx": times(sx, c), "Cy": times(sy, c), "Cz": times(sz, c)}
    whole = with_values(Point(named, {"twice_s": s}), h=coupled, pull=pull())
    f = times(whole.letters["pull"], gaussian(-1) / s)
    found = {"X": velocity(named["rho"], whole.letters["h"], gaussian(0)), "F": f,
             "N": velocity(named["M"], times(f, gaussian(-1)), gaussian(0))}
    return Point({**named, **found}, {"twice_s": s})


def in_a_field(rng: Random) -> Point:
    """The same in a field across the axis."""
    return isotropic(rng, field=True)


def lawless_moment(rng: Random) -> Point:
    """The velocity of the moment is any."""
    point = moving(rng)
    return Point({**point.letters, "N": hermitian(rng, 3)}, point.scalars, point.exponents)


Z, Nn, g, gm, A1, Am = letters("Z Nn g gm A1 Am")       # what noise does, its matrices, and the adjoints
NOISE = cluster(Z, "noise", g, rho)
FIELD_NOISE = hypothesis("field_noise", residual(
    ClassicalLLG(sp.Symbol("alpha", real=True), field="mean"), {"m": M, "dm": Nn, "B": gm}, {"alpha": alpha}))
ADJOINT = hypothesis("adjoint", A1 + i * comm(rho, first) + i * kappa * comm(rho, A1))
FIELD_ADJOINT = hypothesis("field_adjoint", Am - i * comm(M, F) + i * alpha * comm(M, Am))
NOISY = {**MOVING, rho: Z, tau: node(0), M: Nn}


def noisy(rng: Random) -> Point:
    """The couplings with a noise matrix and a noise field, what they do, and the adjoints."""
    point, minus = moving(rng), gaussian(-1)
    a, k, x = point.letters, point.scalars["kappa"], point.scalars["alpha"]
    b, h = {name: hermitian(rng, 3) for name in ("g", "gm")}, with_values(point, h=first).letters["h"]
    found = {"Z": velocity(a["rho"], b["g"], k), "Nn": velocity(a["M"], times(b["gm"], minus), x),
             "A1": times(velocity(a["rho"], h, -k), minus), "Am": velocity(a["M"], a["F"], -x)}
    return Point({**a, **b, **found}, point.scalars, point.exponents)


def slope() -> Node:
    """What the slope of E along a noise follows from."""
    own = tr(first * NOISE) - tr((g + kappa * Z) * ADJOINT) + kappa * tr(A1 * NOISE)
    moments = alpha * tr(Am * FIELD_NOISE) - tr(F * FIELD_NOISE) - tr((alpha * Nn - gm) * FIELD_ADJOINT)
    return own + tr(Nn * FIELD) + twice * moments


def record(name: str, statement: str, **rest: Any) -> Theorem:
    """What all have in common."""
    return Theorem(id=name, statement=statement, source=SOURCE, scope="every dimension", **rest)


RATE, (R1, _, RM) = D(ENERGY), laws()
THEOREMS = [
    record("hybrid-spectrum", r"\frac{d}{dt}\,\mathrm{Tr}\,\rho_c^n = 0,\quad \frac{d}{dt}|\mathbf m_i|^2 = 0",
           derivatives=MOVING, sample=moving, claim_of=("spectrum", "length"), steps=[
               equal("spectrum", D(tr(rho**n)), 0, by=n * tr(rho**(n - 1) * R1)),
               equal("length", D(tr(M * M)), 0, by=2 * tr(M * RM))]),
    record("hybrid-energy", r"\frac{dE}{dt} = -\hbar\kappa\sum_c\mathrm{Tr}\,\dot\rho_c^2 - "
           r"\hbar\alpha\sum_i s_i|\dot{\mathbf m}_i|^2",
           derivatives=MOVING, sample=moving, steps=[equal("balance", RATE, LOSSES, by=balance())]),
    record("hybrid-conserved", r"\kappa = \alpha = 0 \Rightarrow \frac{dE}{dt} = 0", derivatives=MOVING,
           sample=undamped, steps=[equal("conserved", RATE, 0, by=balance(damped=False))]),
    record("hybrid-spin", r"\kappa = \alpha = 0:\quad \frac{d}{dt}\Big(\sum_c\langle\mathbf S\rangle_c + \hbar\sum_i "
           r"s_i\mathbf m_i\Big) = 0 \text{ for isotropic couplings}",
           derivatives=TURNS, sample=isotropic, steps=[equal("spin", TOTAL, 0, by=exchange() + i * tr(rho * SCALAR))]),
    record("hybrid-noise", r"Y = \mathcal L G,\ \mathbf y = \mathcal L\mathbf g:\quad dE = \mathrm{Tr}\,"
           r"(\mathcal L^\dagger H_c)\,G - \hbar\gamma_g s\,(\mathcal L^\dagger\mathbf B)\cdot\mathbf g",
           derivatives=NOISY, sample=noisy, steps=[
               equal("slope", RATE, tr(A1 * g) - twice * tr(Am * gm), by=slope())])]

BROKEN = [
    THEOREMS[0].twin("without the law of the moment", sample=lawless_moment, claim_of=("length",),
                     steps=[equal("length", D(tr(M * M)), 0)]),
    THEOREMS[1].twin("without the spin of the moment", steps=[
        equal("balance", RATE, -kappa * tr(X**2) - kappa * tr(Y**2) - alpha * tr(N**2), by=balance())]),
    THEOREMS[2].twin("with damping", sample=moving, steps=[equal("conserved", RATE, 0, by=balance())]),
    THEOREMS[3].twin("in a field across the axis", sample=in_a_field, steps=[equal("spin", TOTAL, 0, by=exchange())]),
    THEOREMS[4].twin("the law itself for its adjoint", steps=[
        equal("slope", RATE, -tr(X * g) + twice * tr(N * gm), by=slope())])]
