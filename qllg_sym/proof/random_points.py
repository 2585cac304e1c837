"""Random exact points for theorems: states, Hamiltonians, velocities that solve a law, all in Gaussian rationals."""

from random import Random

from qllg_sym.proof.language import Node
from qllg_sym.proof.numeric import Matrix, Number, Numeric, Point, dagger, gaussian, identity, plus, times, trace


def rational(rng: Random, size: int = 5) -> Number:
    """Return a random non-zero rational p/q, |p| ≤ size, q ≤ 3.

    >>> bool(rational(Random(1)))
    True
    """
    return gaussian(rng.choice([-1, 1]) * rng.randint(1, size)) / gaussian(rng.randint(1, 3))


def operator(rng: Random, d: int, columns: int | None = None) -> Matrix:
    """Return a random d × columns matrix of Gaussian integers.

    >>> len(operator(Random(1), 3))
    3
    """
    return tuple(tuple(gaussian(rng.randint(-3, 3), rng.randint(-3, 3)) for _ in range(columns or d)) for _ in range(d))


def hermitian(rng: Random, d: int) -> Matrix:
    """Return a random Hermitian matrix.

    >>> h = hermitian(Random(1), 3); h == dagger(h)
    True
    """
    a = operator(rng, d)
    return plus(a, dagger(a))


def inverse(a: Matrix) -> Matrix:
    """Return the inverse of an invertible matrix.

    >>> a = ((gaussian(2), gaussian(1)), (gaussian(1), gaussian(1))); times(inverse(a), a) == identity(2)
    True
    """
    return linear_solution(a, identity(len(a)))


def linear_solution(a: Matrix, b: Matrix) -> Matrix:
    """Return the X with aX = b for an invertible a.

    >>> a = ((gaussian(0), gaussian(2)), (gaussian(1), gaussian(1))); times(a, linear_solution(a, a)) == a
    True
    """
    rows = [[*left, *right] for left, right in zip(a, b, strict=True)]
    for k in range(len(a)):
        pivot = next(j for j in range(k, len(a)) if rows[j][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        one = gaussian(1) / rows[k][k]
        rows[k] = [x * one for x in rows[k]]
        for j, row in enumerate(rows):
            if j != k and (factor := row[k]):
                rows[j] = [x - factor * y if y else x for x, y in zip(row, rows[k], strict=True)]
    return tuple(tuple(row[len(a):]) for row in rows)


def state(rng: Random, d: int, rank: int | None = None) -> Matrix:
    """Return a random density matrix of a rank (d if None): positive, trace 1.

    >>> trace(state(Random(1), 3)) == gaussian(1)
    True
    """
    a = operator(rng, d, rank)
    rho = times(a, dagger(a))
    norm = trace(rho)
    return times(rho, gaussian(1) / norm) if norm else state(rng, d, rank)


def pure(rng: Random, d: int) -> Matrix:
    """Return a random pure state, ρ² = ρ.

    >>> rho = pure(Random(1), 3); times(rho, rho) == rho
    True
    """
    return state(rng, d, 1)


def unitary(rng: Random, d: int) -> Matrix:
    """Return a random unitary matrix, the Cayley transform (1 − iA)⁻¹(1 + iA) of a Hermitian one.

    >>> u = unitary(Random(1), 3); times(u, dagger(u)) == identity(3)
    True
    """
    turn = times(hermitian(rng, d), gaussian(0, 1))
    return times(inverse(plus(identity(d), turn, -1)), plus(identity(d), turn))


def diagonal(values: list[Number]) -> Matrix:
    """Return a diagonal matrix.

    >>> diagonal([gaussian(1), gaussian(1)]) == identity(2)
    True
    """
    return tuple(tuple(x if j == k else gaussian(0) for k in range(len(values))) for j, x in enumerate(values))


def projector(rng: Random, d: int, rank: int) -> Matrix:
    """Return a random projector of a rank.

    >>> p = projector(Random(1), 3, 2); times(p, p) == p, trace(p) == gaussian(2)
    (True, True)
    """
    u = unitary(rng, d)
    return times(times(u, diagonal([gaussian(int(k < rank)) for k in range(d)])), dagger(u))


def two_valued(rng: Random, d: int, rank: int) -> tuple[Matrix, Number, Number]:
    """Return (P, a, b) of a state ρ = a·1 + b·P with tr ρ = 1, a > 0 and a + b > 0.

    >>> p, a, b = two_valued(Random(1), 3, 1); 3 * a + b == gaussian(1)
    True
    """
    b = gaussian(1) / gaussian(rng.randint(rank + 1, rank + 5))
    return projector(rng, d, rank), (gaussian(1) - b * gaussian(rank)) / gaussian(d), b


def kronecker(a: Matrix, b: Matrix) -> Matrix:
    """Return the Kronecker product a ⊗ b.

    >>> kronecker(identity(2), identity(3)) == identity(6)
    True
    """
    return tuple(tuple(x * y for x in r for y in s) for r in a for s in b)


def velocity(rho: Matrix, h: Matrix, kappa: Number) -> Matrix:
    """Return the one X with X − i[ρ, H] − iκ[ρ, X] = 0 (PRL 133, 266704 (2024), eq. 3), by an exact linear solve.

    >>> x = velocity(pure(Random(1), 2), hermitian(Random(2), 2), gaussian(1)); bool(trace(x))
    False
    """
    d, zero, ik = len(rho), gaussian(0), times(kappa, gaussian(0, 1))
    pairs = [(j, k) for j in range(d) for k in range(d)]
    rows = [[gaussian(int((j, k) == (m, n))) - ik * ((rho[j][m] if k == n else zero) - (rho[n][k] if j == m else zero))
             for m, n in pairs] for j, k in pairs]
    right = times(plus(times(rho, h), times(h, rho), -1), gaussian(0, 1))
    flat = [x for x, in linear_solution(tuple(map(tuple, rows)), tuple((right[j][k],) for j, k in pairs))]
    return tuple(tuple(flat[d * j:d * j + d]) for j in range(d))


def mixed(rng: Random, d: int = 3, rank: int | None = None) -> Point:
    """Return a random state `rho`, `H`, `kappa` and the `X` = dρ/dt of q-LLG, and an exponent n from 1 to 5.

    >>> sorted(mixed(Random(1)).letters)
    ['H', 'X', 'rho']
    """
    rho, h, kappa = state(rng, d, rank), hermitian(rng, d), rational(rng)
    return Point({"rho": rho, "H": h, "X": velocity(rho, h, kappa)}, {"kappa": kappa}, {"n": rng.randint(1, 5)})


def lawless(rng: Random, d: int = 3) -> Point:
    """Return a point like `mixed`, but with an X that obeys no law: for twins that drop one.

    >>> sorted(lawless(Random(1)).letters)
    ['H', 'X', 'rho']
    """
    point = mixed(rng, d)
    return Point({**point.letters, "X": hermitian(rng, d)}, point.scalars, point.exponents)


def with_values(point: Point, **nodes: Node) -> Point:
    """Return the point with further letters or scalars, each the value of an expression in those that it has.

    >>> from qllg_sym.proof.language import letters
    >>> rho, = letters("rho"); point = with_values(mixed(Random(1)), square=rho * rho)
    >>> point.letters["square"] == times(point.letters["rho"], point.letters["rho"])
    True
    """
    for name, x in nodes.items():
        value = Numeric(point, {}).value(x)
        target = "letters" if isinstance(value, tuple) else "scalars"
        point = Point(**{**vars(point), target: {**getattr(point, target), name: value}})
    return point
