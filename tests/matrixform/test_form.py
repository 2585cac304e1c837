"""The matrix form: its conversions, and the same numbers as the unrolled program and as the printed law."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
import qllg_sym as q
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.errors import InputError
from strategies import density, models, quantum_laws, random_density, random_hermitian, seeds, values

SPACES = (("1/2",), ("1",), ("5/2",), ("1/2", "1/2"), ("1/2", "1"), ("1", "3/2"), ("1/2",) * 3)


def arguments(equation, numbers):
    """The parameters as the matrix form takes them."""
    return np.array([float(numbers[s]) for s in equation.parameters])


@pytest.mark.parametrize("spins", SPACES, ids=str)
def test_coordinates_and_matrices_are_inverse(spins):
    space = q.Space(*spins)
    function = matrix_function(q.VonNeumann().derive(q.Model(space)))
    rho = random_density(np.random.default_rng(0), space.dimension, space.dimension)[0]
    y = function.coordinates(rho)
    assert y.shape == (space.dimension**2 - 1,)
    assert np.abs(function.density(y) - rho).max() < 1e-13
    assert np.abs(function.density(0 * y) - np.eye(space.dimension) / space.dimension).max() < 1e-15


def test_coordinates_are_traces_with_the_basis():
    components = q.VonNeumann().derive(q.Model(q.Space("1", "1/2"))).coefficients()
    rho = random_density(np.random.default_rng(1), 6, 2)[0]
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    assert np.abs(matrix_function(components.equation).coordinates(rho) - oracle.coordinates(basis, rho)).max() < 1e-13


@settings(max_examples=25)
@given(models(spaces=(("1/2",), ("1",), ("1/2", "1/2"))), quantum_laws(), values(), st.data())
def test_velocity_is_that_of_the_printed_law(model, law, numbers, data):
    equation = law.derive(model)
    numbers = {s: float(v) for s, v in numbers.items()}
    rho = data.draw(density(model.space.dimension))
    function = matrix_function(equation)
    expected = function.coordinates(oracle.velocity(law, model, rho, numbers))
    found = function(numbers[q.t], function.coordinates(rho), arguments(equation, numbers))
    assert np.abs(found - expected).max() < 1e-12 * (1 + np.abs(expected).max())


@settings(max_examples=10)
@given(models(spaces=(("1/2",), ("1",), ("1/2", "1/2"))), quantum_laws(), values(), st.data())
def test_unrolled_and_matrix_agree_in_values_and_slopes(model, law, numbers, data):
    equation = law.derive(model)
    components, function = equation.coefficients(), matrix_function(equation)
    y = function.coordinates(data.draw(density(model.space.dimension)))
    p, t = arguments(equation, numbers), float(numbers[q.t])
    rhs = components.compile("numpy").bind({s: float(numbers[s]) for s in equation.parameters})
    expected, slope = rhs(t, y), rhs.jac(t, y)
    assert np.abs(function(t, y, p) - expected).max() < 1e-12 * (1 + np.abs(expected).max())
    assert np.abs(function.jacobian(t, y, p) - slope).max() < 1e-12 * (1 + np.abs(slope).max())


@settings(max_examples=6)
@given(seeds, st.sampled_from([("1/2", "3/2"), ("1/2",) * 3, ("1", "1")]), st.sampled_from([0.5, 10.0]))
def test_large_spaces_against_the_eigenbasis_formula(seed, spins, kappa):
    """The law a second time on purpose: its velocity in the eigenbasis of ρ."""
    rng = np.random.default_rng(seed)
    space = q.Space(*spins)
    h = random_hermitian(rng, space.dimension)
    equation = q.QuantumLLG(kappa).derive(q.Model(space, [q.Operator(h)]))
    function = matrix_function(equation)
    for rank in (1, 3, space.dimension):
        rho = random_density(rng, space.dimension, rank)[0]
        p, v = np.linalg.eigh(rho)
        gaps = p[:, None] - p
        drho = v @ (1j * gaps / (1 - 1j * kappa * gaps) * (v.conj().T @ h @ v)) @ v.conj().T
        expected = function.coordinates(drho)
        found = function(0.0, function.coordinates(rho), np.empty(0))
        assert np.abs(found - expected).max() < 1e-12 * (1 + np.abs(expected).max())


def test_jacobian_of_a_large_space_against_differences():
    kappa = sp.Symbol("kappa", real=True)
    model = q.Model(q.Space.half(3), [q.Zeeman((0.3, sp.sin(q.t), 1)), q.Exchange(1, 0, 1), q.DMI((0, 0.5, 0), 1, 2)])
    for law in (q.QuantumLLG(kappa), q.QuantumLL(kappa), q.Dephasing(kappa)):
        rhs = law.derive(model).pauli().compile().bind(kappa=0.8)
        assert law.kind != "q-llg" or rhs.compiled.target == "matrix"
        y = matrix_function(law.derive(model)).coordinates(random_density(np.random.default_rng(3), 8, 8)[0])
        direction = np.random.default_rng(4).normal(size=63)
        step = 1e-5
        slope = (rhs(0.4, y + step * direction) - rhs(0.4, y - step * direction)) / (2 * step)
        assert np.abs(rhs.jac(0.4, y) @ direction - slope).max() < 1e-7


def test_batches_take_one_state_a_column():
    a = sp.Symbol("a", real=True)
    equation = q.QuantumLLG(0.5).derive(q.Model(q.Space("1"), [q.Zeeman((a, 0, 1))]))
    function = matrix_function(equation)
    states = np.array([function.coordinates(random_density(np.random.default_rng(k), 3, 2)[0]) for k in range(3)]).T
    swept = function.batch(0.0, states, [[0.1, 0.2, 0.3]])
    expected = [function(0.0, y, [p]) for y, p in zip(states.T, (0.1, 0.2, 0.3), strict=True)]
    assert np.array_equal(swept.T, expected)
    assert np.array_equal(function.batch(0.0, states, [0.2])[:, 1], expected[1])
    assert function.batch(0.0, states[:, :0], [0.2]).shape == (8, 0)


@pytest.mark.parametrize("y", [np.zeros(7), np.zeros((8, 1)), 1.0, ["a"] * 8, np.zeros(8) * 1j], ids=str)
def test_wrong_states_are_refused(y):
    function = matrix_function(q.QuantumLLG(0.5).derive(q.Model(q.Space("1"), [q.Zeeman((0, 0, 1))])))
    with pytest.raises(InputError, match=r"^`y` must [^\n]*\.$"):
        function(0.0, y, np.empty(0))


@pytest.mark.parametrize("law", [q.QuantumLLG(0.5), q.QuantumLL(0.5)], ids=lambda law: law.kind)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_infinity_and_nan_come_through(law, bad):
    """As in compiled code, without an error or a warning; the twin, a finite state, stays finite."""
    function = matrix_function(law.derive(q.Model(q.Space("1"), [q.Zeeman((0.3, 0.2, 1))])))
    y, v = np.full(8, 0.01), np.ones(8)
    for call in (lambda: function(0.0, y, []), lambda: function.jacobian(0.0, y, np.empty(0)),
                 lambda: function.tangent(0.0, y, v, np.empty(0)), lambda: function.batch(0.0, y[:, None], [])):
        y[2] = 0.01
        assert np.isfinite(call()).all()
        y[2] = bad
        assert not np.isfinite(call()).all()


LARGE = q.QuantumLLG(sp.Rational(1, 2)).derive(q.Model(q.Space("1", "1/2"), [q.Bilinear(1, 0, 1)])).coefficients()


@pytest.mark.parametrize("options", [{"target": "cobol"}, {"target": None}, {"digits": 30},
                                     {"target": "mpmath", "digits": 0}], ids=str)
def test_large_components_refuse_what_small_ones_do(options):
    with pytest.raises(InputError, match=r"^`(target|digits)` must [^\n]*\.$"):
        LARGE.compile(**options)


def test_large_components_keep_the_digits_asked_for():
    """mpmath runs the unrolled program at any size; doubles go through matrices."""
    assert LARGE.compile("numpy").target == "matrix"
    rhs, y = LARGE.compile("mpmath", digits=40).bind(), [sp.Rational(1, 7 + k) for k in range(35)]
    found, doubles = rhs(0, y), LARGE.compile("numpy").bind()(0.0, [float(x) for x in y])
    assert np.abs(doubles - found.astype(float)).max() < 1e-13 * (1 + np.abs(doubles).max())
    assert any(abs(x - float(x)) > 1e-25 for x in found)                    # more than a double holds
