r"""One spin s in the letters of proofs: hypotheses, traces, states and exact points for PRL 1, 2 and 4–8.

Operators.   S_x, S_y, S_z of any dimension: [S_x, S_y] = iħS_z and cyclic, S·S = s(s + 1)ħ², tr 1 = 2s + 1; s is a
             symbol.
State.       ρ = p(1 + η·S), p = 1/(2s + 1); dη/dt = v.
Vectors.     Three scalars; a classical law is read as a vector, or with a·σ/2 for a.
"""

from fractions import Fraction
from random import Random

import sympy as sp

from qllg_sym.algebra.element import Element
from qllg_sym.algebra.spin import ladder
from qllg_sym.algebra.words import WordAlgebra
from qllg_sym.equations.laws.classical_llg import ClassicalLLG
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.terms.zeeman import Zeeman
from qllg_sym.proof.language import Node, Operand, comm, hypothesis, i, letters, matrix, node, scalars, tr
from qllg_sym.proof.laws import from_words
from qllg_sym.proof.numeric import Matrix, Number, Point, dagger, gaussian, identity, plus, times
from qllg_sym.proof.random_points import rational, unitary
from qllg_sym.proof.step import Step, cancel

Vector = tuple[Node, ...]
Numbers = tuple[Number, ...]
AXES, HALF, THIRD = "xyz", Fraction(1, 2), Fraction(1, 3)

S = letters("Sx Sy Sz")
eta, v, B = scalars("etax etay etaz"), scalars("vx vy vz"), scalars("Bx By Bz")
p, gamma = scalars("p gamma")
s, = scalars("s")
s_plus, = scalars("s", "positive")              # the same name where s > 0 is needed; use one of the two in a theorem
hbar, = scalars("hbar", "positive")
SIGMA = matrix([[0, 1], [1, 0]]), matrix([[0, -i], [i, 0]]), matrix([[1, 0], [0, -1]])


def dot(a: Vector, b: Vector) -> Node:
    """Return a·b."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """Return a × b, with factors in this order."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def combined(a: Vector, b: Vector, factor: Operand = 1) -> Vector:
    """Return a + factor · b."""
    return tuple(x + factor * y for x, y in zip(a, b, strict=True))


def vector(a: Vector) -> Node:
    """Return a·σ/2, an explicit matrix."""
    return HALF * dot(a, SIGMA)


def classical(law: ClassicalLLG, images: dict[str, Vector], known: dict[str, Node]) -> Vector:
    """Return the residual of PRL 1 as a vector: its commutators i(ab − ba) stand for −a × b.

    >>> m, dm, b = scalars("m1 m2 m3"), scalars("d1 d2 d3"), scalars("b1 b2 b3")
    >>> str(classical(ClassicalLLG(0), {"m": m, "dm": dm, "B": b}, {})[0])
    'd1 - (m2*b3 - m3*b2)'
    """
    found = law.derive(Model(Space("1/2"))).residual
    total = images["dm"]
    for (_, word), c in found.terms.items():
        if word[0] == "m":                      # the reversed word is there too, with −c
            factor = from_words(Element(found.algebra, {(0, ()): c}), {}, known)
            total = combined(total, cross(images["m"], images[word[1]]), -factor)
    return total


def zeeman(spins: Vector) -> Node:
    """Return −γ B·S of the model in given spin operators.

    >>> str(zeeman(S))
    '-Bx*gamma*Sx - By*gamma*Sy - Bz*gamma*Sz'
    """
    field = [sp.Symbol(x.name, real=True) for x in B]
    size, ratio = sp.Symbol("s", positive=True), sp.Symbol("gamma", real=True)
    found = Model(Space(size), [Zeeman(field)], gamma=ratio).hamiltonian
    words = {(k, tuple(name for name, n in zip(AXES, powers, strict=True) for _ in range(n))): c
             for (k, powers), c in found.terms.items()}
    return from_words(Element(WordAlgebra(found.algebra.ring), words), dict(zip(AXES, spins, strict=True)),
                      {x.name: x for x in (*B, gamma)})


def matrices(size: Fraction) -> Vector:
    """Return S_x, S_y, S_z over ħ of a spin as explicit matrices, in the rational basis of the package."""
    z, up, down = ladder(size)
    places, none = range(int(2 * size) + 1), Fraction(0)
    x, y = ([[half * (up.get((j, k), none) + sign * down.get((j, k), none)) for k in places] for j in places]
            for half, sign in ((HALF, 1), (-HALF * i, -1)))
    return matrix(x), matrix(y), matrix([[z.get((j, k), none) for k in places] for j in places])


def commutators(unit: Operand = hbar) -> Vector:
    """Return the hypotheses [S_y, S_z] − iħS_x and cyclic: [a·S, b·S] − iħ(a × b)·S is a × b times these."""
    return tuple(hypothesis(f"C{AXES[k]}", comm(S[k - 2], S[k - 1]) - i * unit * S[k]) for k in range(3))


C = commutators()


def casimir(size: Node = s, unit: Operand = hbar) -> Node:
    """Return the hypothesis S·S = s(s + 1)ħ²."""
    return hypothesis("Q", dot(S, S) - size * (size + 1) * node(unit)**2)


def dimension(size: Node = s) -> Node:
    """Return the hypothesis tr 1 = 2s + 1."""
    return hypothesis("T", tr(1) - (2 * size + 1))


def normalisation(size: Node = s) -> Node:
    """Return the hypothesis p = 1/(2s + 1)."""
    return hypothesis("P", p * (2 * size + 1) - 1)


def norm(size: Node = s) -> Node:
    """Return s(s + 1)(2s + 1)ħ²/3, the trace of S_x²."""
    return THIRD * size * (size + 1) * (2 * size + 1) * hbar**2


def traces(size: Node = s) -> dict[str, Step]:
    """Return the steps tr S_k = 0 ("x" …) and PRL 6 ("xx", "xy", …), from the commutators and S·S.

    ħ tr S_k = i tr C_k; ħ tr S_k S_l = i tr S_k C_l for k ≠ l; ħ(tr S_k² − tr S_l²) = i tr C_k S_k − i tr C_l S_l.
    """
    own = [tr(C[k] * S[k]) for k in range(3)]
    total = hbar * (tr(casimir(size)) + size * (size + 1) * hbar**2 * dimension(size))
    steps = {a: cancel(f"t{a}", tr(S[k]), hbar, by=i * tr(C[k])) for k, a in enumerate(AXES)}
    for k, a in enumerate(AXES):
        spread = i * (2 * own[k] - own[k - 1] - own[k - 2])
        steps[a + a] = cancel(f"t{a}{a}", tr(S[k] * S[k]) - norm(size), hbar, by=THIRD * (spread + total))
    for k, m in ((0, 1), (0, 2), (1, 2)):
        steps[AXES[k] + AXES[m]] = cancel(f"t{AXES[k]}{AXES[m]}", tr(S[k] * S[m]), hbar, by=i * tr(S[k] * C[m]))
    return steps


def linear(a: Vector, steps: dict[str, Step]) -> Node:
    """Return tr(a·S) in the facts of `traces`."""
    return dot(a, tuple(steps[x].fact for x in AXES))


def bilinear(a: Vector, b: Vector, steps: dict[str, Step]) -> Node:
    """Return tr(a·S b·S) − norm a·b in the facts of `traces`."""
    return dot(a, tuple(dot(b, tuple(steps[min(x, y) + max(x, y)].fact for y in AXES)) for x in AXES))


# Exact points ----------------------------------------------------------------------------------------------------


def numbers_dot(a: Numbers, b: Numbers) -> Number:
    """Return a·b of numbers."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def numbers_cross(a: Numbers, b: Numbers) -> Numbers:
    """Return a × b of numbers."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def gilbert(m: Numbers, torque: Numbers, damping: Number) -> Numbers:
    """Return the v with v + damping m × v = torque, for a torque normal to m."""
    turned, scale = numbers_cross(m, torque), gaussian(1) / (gaussian(1) + damping * damping * numbers_dot(m, m))
    return tuple((x - damping * y) * scale for x, y in zip(torque, turned, strict=True))


def frame(rng: Random) -> tuple[Numbers, Numbers, Numbers]:
    """Return a random right-handed orthonormal frame of rationals, from a quaternion."""
    a, b, c, d = (gaussian(rng.randint(1, 4)) for _ in range(4))
    size, two = a * a + b * b + c * c + d * d, gaussian(2)
    rows = ((a * a + b * b - c * c - d * d, two * (b * c - a * d), two * (b * d + a * c)),
            (two * (b * c + a * d), a * a - b * b + c * c - d * d, two * (c * d - a * b)),
            (two * (b * d - a * c), two * (c * d + a * b), a * a - b * b - c * c + d * d))
    first, second, third = (tuple(x / size for x in row) for row in rows)
    return first, second, third


def spin_matrices(size: Fraction) -> tuple[Matrix, ...]:
    """Return Hermitian spin matrices of Gaussian rationals, ħ = 1: σ_k/2, or (S_k)_lm = −iε_klm for s = 1."""
    zero, unit, half = gaussian(0), gaussian(0, 1), gaussian(HALF)
    if size == HALF:
        return ((zero, half), (half, zero)), ((zero, -half * unit), (half * unit, zero)), ((half, zero), (zero, -half))
    return (((zero, zero, zero), (zero, zero, -unit), (zero, unit, zero)),
            ((zero, zero, unit), (zero, zero, zero), (-unit, zero, zero)),
            ((zero, -unit, zero), (unit, zero, zero), (zero, zero, zero)))


def spin_point(rng: Random, size: Fraction | None = None) -> Point:
    """Return a point of spin ½ or 1 in a random basis: S, ħ, s, p, κ, γ, B, η of any length, v by PRL 8, H = −γ B·S/ħ.

    >>> sorted(spin_point(Random(1)).letters)
    ['H', 'Sx', 'Sy', 'Sz']
    """
    size = size or rng.choice([HALF, Fraction(1)])
    d, unit, damping, ratio = int(2 * size) + 1, gaussian(abs(rational(rng).x)), rational(rng), rational(rng)
    turn, share = unitary(rng, d), gaussian(Fraction(1, d))
    spins = [times(times(times(turn, a), dagger(turn)), unit) for a in spin_matrices(size)]
    field, state = (tuple(rational(rng) for _ in range(3)) for _ in range(2))
    velocity = gilbert(state, tuple(ratio * x for x in numbers_cross(state, field)), damping * unit * share)
    energy = times(identity(d), gaussian(0))
    for b, a in zip(field, spins, strict=True):
        energy = plus(energy, a, -ratio * b / unit)
    named = {**dict(zip((x.name for x in (*eta, *v, *B)), (*state, *velocity, *field), strict=True)),
             "hbar": unit, "s": gaussian(size), "p": share, "kappa": damping, "gamma": ratio}
    return Point({"Sx": spins[0], "Sy": spins[1], "Sz": spins[2], "H": energy}, named)
