"""The door for coefficients: exact, real, no reserved names."""

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import qllg_sym as q
from qllg_sym.algebra.scalars import atoms_in, exact_float, make_ring, real_coefficient, symbols_in, to_expr, to_ring
from qllg_sym.algebra.symbols import RESERVED_NAME

J, a = sp.symbols("J a", real=True)
p = sp.Symbol("p", positive=True)
f = sp.Function("f", real=True)

ACCEPTED = {
    "float": (0.7, sp.Rational(7, 10)), "integer": (3, sp.Integer(3)), "fraction": (Fraction(2, 6), sp.Rational(1, 3)),
    "NumPy float": (np.float64(0.1), sp.Rational(1, 10)), "NumPy integer": (np.int32(-4), sp.Integer(-4)),
    "decimal": (Decimal("0.7"), sp.Rational(7, 10)),
    "tiny float": (1e-20, sp.Rational(1, 10**20)), "negative zero": (-0.0, sp.Integer(0)),
    "float inside": (0.25 * J + 1.5, J / 4 + sp.Rational(3, 2)), "float power": (J**2.0, J**2),
    "root": (sp.sqrt(3), sp.sqrt(3)), "reciprocal": (1 / a, 1 / a),
    "product, as it is written": ((J + 1) * (J - 1), (J + 1) * (J - 1)),
    "function of time": (sp.sin(2 * q.t) * J, J * sp.sin(2 * q.t)), "opaque function": (f(q.t), f(q.t)),
    "root of a positive symbol": (sp.sqrt(p), sp.sqrt(p)), "reciprocal of a sum": (1 / (1 + a), 1 / (1 + a)),
    "pi": (2 * sp.pi, 2 * sp.pi), "exponential": (sp.exp(-q.t), sp.exp(-q.t)),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted_exactly(case):
    value, expected = ACCEPTED[case]
    found = real_coefficient(value, "J")
    assert found == expected
    assert not found.atoms(sp.Float)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_becomes_the_rational_that_it_prints_as(x):
    assert exact_float(x, "x") == sp.Rational(Fraction(repr(x)))
    assert float(exact_float(x, "x")) == x


BAD_VALUES = {
    "complex": (1 + 2j, "must be real"), "complex with no imaginary part": (1 + 0j, "real"),
    "imaginary unit": (J * sp.I, "real"), "NaN": (float("nan"), "finite"), "inf": (float("inf"), "finite"),
    "minus inf": (-np.inf, "finite"), "SymPy nan": (sp.nan, "finite"), "SymPy oo": (sp.oo, "finite"),
    "zoo": (sp.zoo, "finite"), "oo inside": (J + sp.oo, "finite"), "Float inf inside": (J * sp.Float("inf"), "finite"),
    "root of a real symbol": (sp.sqrt(a), "declare the symbols positive"), "log": (sp.log(a), "real for all values"),
    "root of a negative number": (sp.sqrt(-2), "real"), "undeclared function": (sp.Function("g")(q.t), "real"),
    "imaginary symbol": (sp.Symbol("w", imaginary=True), "real"),
}


@pytest.mark.parametrize("case", BAD_VALUES)
def test_refused_values(case):
    value, words = BAD_VALUES[case]
    with pytest.raises(q.ModelError, match=words) as caught:
        real_coefficient(value, "J")
    assert "`J`" in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("value", ["0.7", None, True, [1], {}, np.ones(2), sp.Matrix([1])], ids=repr)
def test_refused_types(value):
    with pytest.raises(q.InputTypeError, match="`J` must be a number or a SymPy expression"):
        real_coefficient(value, "J")


def test_plain_symbol_is_refused_with_the_line_to_write():
    with pytest.raises(q.ModelError) as caught:
        q.Exchange(sp.Symbol("J"), 0, 1)
    line = str(caught.value).split("`")[-2]
    assert line == "J = sympy.Symbol('J', real=True)"


@pytest.mark.parametrize("name", ["t", "gap", "e2", "e17", "T_xx", "T_0z", "dT_xy", "T_x", "eta_x", "deta_z", "m0_x",
                                  "dm12_z", "c_20", "c_1m1", "dc_x_20"])
def test_reserved_names_are_refused(name):
    with pytest.raises(q.ModelError, match=f"`{name}`") as caught:
        real_coefficient(sp.Symbol(name, real=True) * J, "J")
    todo = {"t": "qllg_sym.t", "gap": "qllg_sym.gap"}.get(name, "choose another name")
    assert todo in str(caught.value)
    with pytest.raises(q.ModelError, match=f"`{name}`"):
        q.Space(sp.Symbol(name, positive=True))


@pytest.mark.parametrize("name", ["J", "T", "eta", "m", "m_x", "c", "e", "e_2", "t0", "gap_0", "kappa", "B_x", "Ω",
                                  "m0", "dt", "T_1", "lambda", "}{", "*/", "a'b"])
def test_other_names_are_free(name):
    symbol = sp.Symbol(name, real=True)
    assert real_coefficient(symbol, "J") == symbol
    assert not RESERVED_NAME.fullmatch(name)


@pytest.mark.parametrize("symbol", [q.t, q.gap], ids=str)
def test_own_symbols_equal_no_symbol_made_by_name(symbol):
    name = symbol.name
    others = [sp.Symbol(name), sp.Symbol(name, real=True), sp.Symbol(name, positive=True), sp.Dummy(name, real=True),
              sp.Dummy(name, dummy_index=symbol.dummy_index, real=True), sp.Symbol(str(symbol), real=True)]
    for other in others:
        assert symbol != other
        assert sp.expand(symbol - other) != 0
    assert str(symbol) == name
    assert symbol.is_real
    assert q.t != q.gap


@pytest.mark.parametrize("symbol", [q.t, q.gap], ids=str)
def test_own_symbols_survive_pickle_and_copy(symbol):
    for twin in (pickle.loads(pickle.dumps(symbol)), copy.copy(symbol), copy.deepcopy(symbol),
                 pickle.loads(pickle.dumps(symbol**2 + J)).subs(J, 0) / symbol):
        assert twin == symbol
        assert hash(twin) == hash(symbol)
    assert pickle.loads(pickle.dumps(sp.sin(symbol))).diff(symbol) == sp.cos(symbol)


def test_time_is_accepted_and_is_no_parameter():
    assert symbols_in([J * sp.cos(q.t), a]) == (J, a)
    model = q.Model(q.Space("1/2"), [q.Zeeman((J * sp.cos(q.t), 0, a))])
    assert model.parameters == (J, a)
    assert model.time_dependent
    assert not q.Model(q.Space("1/2"), [q.Zeeman((J, 0, a))]).time_dependent


EXPRESSIONS = [J**2 * a - sp.Rational(1, 3), sp.sqrt(3) * J + sp.sin(q.t)**2, J / a**2 + 1 / (1 + a), sp.Integer(0),
               sp.exp(q.t) * f(q.t), sp.pi * J, sp.sqrt(p) * p, p**sp.Rational(3, 2)]


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_ring_and_expression_are_inverse(expression):
    ring = make_ring(sorted(atoms_in(expression), key=sp.default_sort_key))
    assert to_expr(to_ring(ring, expression)) == expression
    assert to_expr(to_ring(ring, expression) + ring.one) != expression


def test_functions_of_time_stay_opaque():
    comp = q.QuantumLLG(J).derive(q.Model(q.Space("1/2"), [q.Zeeman((f(q.t), 0, sp.cos(q.t) / a))])).pauli()
    for equation in comp.residual:
        assert equation.is_polynomial(*comp.states, *comp.velocities, J, f(q.t), sp.cos(q.t), 1 / a)
        assert not equation.has(sp.Derivative)
