"""Any word in components is the trace of its matrices, at random rational points."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
import strategies
from qllg_sym.algebra.scalars import make_ring
from qllg_sym.algebra.words import words
from qllg_sym.equations.operator_word import OperatorWord
from qllg_sym.model.expansion import standard_string

HALF, ONE = Fraction(1, 2), Fraction(1)
a, b = sp.symbols("a b", real=True)
RHO, DRHO, H, X = words("rho", "drho", "H", "X", scalars=[a])
A, I2 = RHO.algebra.scalar(a), sp.QQ(1, 2)


def hermitian(word):
    """A word plus its adjoint: what is the same from the other side."""
    mirror = type(word)(word.algebra, {(k, letters[::-1]): -c if k else c for (k, letters), c in word.terms.items()})
    return word + mirror


WORDS = {       # Hermitian; their trace is left out below
    "rho": RHO, "one letter": H + DRHO, "torque": (RHO * H - H * RHO).times_i(),
    "double commutator": RHO * RHO * H - RHO * H * RHO * 2 + H * RHO * RHO,
    "triple": (RHO * RHO * RHO * DRHO - RHO * RHO * DRHO * RHO * 3 + RHO * DRHO * RHO * RHO * 3
               - DRHO * RHO * RHO * RHO).times_i(),
    "no commutator": hermitian(A * RHO * RHO * H * RHO), "anticommutator": hermitian(RHO * DRHO) * I2,
    "between constants": X * RHO * X - hermitian(X * X * RHO) * I2, "powers": RHO * RHO * RHO,
    "two places": hermitian(H * RHO * X * RHO), "everything": hermitian(A * (X * RHO * DRHO * H).times_i() + RHO * X),
    "two velocities": DRHO * RHO * DRHO, "constants": X * H * X,
}


@pytest.mark.parametrize(("name", "spins"), [*product(WORDS, [(HALF, HALF), (ONE,)]),
                                             *product(["double commutator", "two places"], [(HALF, ONE)])], ids=str)
def test_a_word_is_the_trace_of_its_matrices(name, spins):
    rng = np.random.default_rng(7)
    space = q.Space(*map(str, spins))
    algebra = space.algebra(make_ring([a, b]))
    strings = [tuple(int(i) for i in rng.integers(0, [int(2 * s + 1)**2 for s in spins])) for _ in range(6)]
    given = {"H": sum((algebra.string(s) * algebra.ring.gens[k % 2] for k, s in enumerate(strings[:3])),
                      algebra.one * sp.QQ(2, 3)),
             "X": sum((algebra.string(s) * sp.QQ(k + 1, 3) for k, s in enumerate(strings[3:])), algebra.one * 0)}
    numbers = {a: 0.7, b: -1.3}
    d, count = space.dimension, space.dimension**2
    states = sp.symbols(f"s1:{count} v1:{count}", real=True)
    rho, drho = (strategies.random_hermitian(rng, d) for _ in range(2))
    rho += np.eye(d) * (1 - np.trace(rho)) / d
    drho -= np.eye(d) * np.trace(drho) / d

    def matrix(element):
        return sum(oracle.number(c.as_expr(), numbers) * 1j**k
                   * np.array(standard_string(spins, s).tolist(), dtype=complex)
                   for (k, s), c in element.terms.items())

    letters = {"1": np.eye(d), "rho": rho, "drho": drho, **{key: matrix(x) for key, x in given.items()}}
    word = OperatorWord.of(WORDS[name], given, (a, b), states, spins)
    word.__dict__["_check_rest"] = lambda image: None                  # of the identity
    basis = [np.array(standard_string(spins, word.constants.string(k)).tolist(), dtype=complex)
             for k in range(1, count)]
    point = dict(zip(states, (*oracle.coordinates(basis, rho), *oracle.coordinates(basis, drho)), strict=True))
    found = oracle.numbers(word.polynomials().expressions(), {**numbers, **point})
    value = oracle.word_matrix(WORDS[name], letters, numbers)
    assert found == pytest.approx(oracle.coordinates(basis, value), abs=1e-9)
    assert name == "constants" or np.abs(found).max() > 1e-3


@pytest.mark.parametrize("word", [RHO * DRHO, RHO * RHO, RHO.times_i(), X], ids=["skew", "trace", "imaginary", "X"])
def test_what_is_not_hermitian_or_not_traceless_is_refused(word):
    algebra = q.Space("1/2").algebra(make_ring([]))
    symbols = sp.symbols("x y z u v w", real=True)
    with pytest.raises(q.DerivationError, match="must be Hermitian and traceless, but has the part"):
        OperatorWord.of(word, {"X": algebra.one}, (a,), symbols, (HALF,)).polynomials()


@pytest.mark.parametrize("law", [q.QuantumLLG(a), q.QuantumLL(a)], ids=lambda law: law.kind)
def test_four_spins_at_random_points(law):
    """255 states: every term of every equation is evaluated, in dense matrices and in the residual."""
    model = q.Model(q.Space.half(4), [*q.chain(4, q.Exchange, 1), q.Zeeman((0.3, 0, b))])
    components, rng, values = law.derive(model).pauli(), np.random.default_rng(3), {a: 0.7, b: 1.1}
    rho, drho = strategies.random_hermitian(rng, 16), strategies.random_hermitian(rng, 16)
    rho, drho = (x - np.eye(16) * (np.trace(x) - trace) / 16 for x, trace in ((rho, 1), (drho, 0)))
    basis = [m for _, m in oracle.pauli_strings(4)]
    point = dict(zip((*components.states, *components.velocities),
                     (*oracle.coordinates(basis, rho), *oracle.coordinates(basis, drho)), strict=True))
    numbers = np.array([*point.values()])
    found = [sum(float(c) / components.sparse.denominator * np.prod(numbers[components.sparse.keys.generators(key)])
                 * np.prod([values[atom]**e for atom, e in zip(components.sparse.atoms,
                                                               components.sparse.keys.exponents(key), strict=True)])
                 for key, c in p.items()) for p in components.sparse.terms[::17]]
    expected = oracle.coordinates(basis, oracle.residual(law, model, rho, drho, values))
    assert found == pytest.approx(expected[::17], abs=1e-9)
