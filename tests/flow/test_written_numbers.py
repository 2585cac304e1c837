"""Random coefficients with offsets up to 10⁶ against 50 digits, wherever they become numbers."""

import random

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.codegen import build
from qllg_sym.equations.lowering import frequency_kernel
from qllg_sym.flow.hamiltonians.action import Action
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.modelfile.read import parse_document

R, t = sp.Rational, q.t
J, K = sp.symbols("J K", real=True)
ONE, STATE, MOMENT = q.Space("1/2"), (0.125, 0.25, 0.5), (0.6, 0.0, 0.8)
PROMISE = 1e-13
FAMILIES = {        # of x, which is small where it is asked for, and of a factor k
    "power": lambda x, k: k * x**4, "sixth": lambda x, k: x**6 / k, "polynomial": lambda x, k: x * ((k * x)**2 - 1)**2,
    "Lorentzian": lambda x, k: 1 / (1 + x**2), "square": lambda x, k: k / (k**2 + x**2)**2,
    "dispersion": lambda x, k: x / (1 + x**2), "logistic": lambda x, k: 1 / (1 + sp.exp(-k * x)),
    "quotient": lambda x, k: sp.exp(k * x) / (1 + sp.exp(k * x)),
    "slope": lambda x, k: sp.exp(k * x) / (1 + sp.exp(k * x))**2, "Gaussian": lambda x, k: sp.exp(-x**2),
    "tanh": lambda x, k: (1 + sp.tanh(k * x)) / 2, "sine": lambda x, k: sp.sin(k * x),
    "carrier": lambda x, k: x * sp.cos(k * x) + 1, "root": lambda x, k: sp.sqrt(1 + x**2) - 1,
    "line": lambda x, k: k * x + R(1, 10),
}


def drawn(family, seed):
    """An expression, its values with J, K and t near what makes x small, and its value to 50 digits."""
    rng = random.Random(f"{family} {seed}")
    offset = R(str(round(rng.uniform(-1e6, 1e6), rng.choice([0, 1, 3]))))
    near = float(offset) + rng.choice([-1, 1]) * 10**rng.uniform(-3, 0.2)
    values = {"J": rng.uniform(-2, 2), "K": rng.uniform(-2, 2), "t": rng.uniform(-2, 2)}
    x, moved = [(t - offset, {"t": near}), (J - K, {"J": near, "K": float(offset)}),
                (t - J, {"t": near, "J": float(offset)}), (K - offset - t, {"K": near, "t": 0.25}),
                (t - J + K, {"t": near, "J": float(offset), "K": 1e-5})][seed % 5]
    expression = FAMILIES[family](x, R(rng.choice(["1", "3", "10", "0.7", "100"])))
    return expression, values | moved


def digits(expression, values):
    """The value to 50 digits; doubles are what they are."""
    known = {symbol: R(values[symbol.name]) for symbol in expression.free_symbols}
    return sp.N(expression.xreplace(known), 50, maxn=2000)


def close(found, exact, size=0):
    return abs(sp.Float(float(found), 60) - exact) <= PROMISE * (1 + max(abs(exact), size))


def implicit(state, field, damping):
    """v with v = s × B − damping · s × v."""
    s, B = [R(x) for x in state], field
    cross = [s[1] * B[2] - s[2] * B[1], s[2] * B[0] - s[0] * B[2], s[0] * B[1] - s[1] * B[0]]
    return sp.Matrix([[1, -damping * s[2], damping * s[1]], [damping * s[2], 1, -damping * s[0]],
                      [-damping * s[1], damping * s[0], 1]]).LUsolve(sp.Matrix(cross))


CASES = [pytest.param(seeds, marks=marks, id=name) for seeds, marks, name in (
    (range(2), (), "some"), (range(2, 60), pytest.mark.slow, "many"))]


@pytest.mark.parametrize("seeds", CASES)
@pytest.mark.parametrize("family", FAMILIES)
def test_offsets_cost_no_digits(family, seeds):
    for seed in seeds:
        expression, values = drawn(family, seed + list(FAMILIES).index(family))
        model = q.Model(ONE, [q.Pauli(expression, "Z"), q.Zeeman((1, 0, 0))])
        exact, numbers = digits(expression, values), {s.name: values[s.name] for s in model.parameters}
        time = values["t"]
        h = matrix_of(model, numbers, time)
        assert close(h[0, 0].real, exact), (expression, values)
        assert close(Action(model, numbers, target="numpy").apply([1, 0], time)[0].real, exact)
        run = q.solve(model, q.QuantumLLG(0.5), q.states.product("up"), [time], values=numbers)
        assert close(run.energy[0], exact)
        assert close(run.expectation(model, numbers)[0], exact)


@pytest.mark.parametrize("family", FAMILIES)
def test_right_hand_sides_keep_their_promise(family):
    expression, values = drawn(family, list(FAMILIES).index(family))
    damping = (J - K)**2 / ((J - K)**2 + 1)
    model = q.Model(ONE, [q.Pauli(expression, "Z"), q.Zeeman((1, 0, 0))])
    exact, kappa = digits(expression, values), digits(damping, values)
    for law, state, field in ((q.QuantumLLG(damping), STATE, [sp.S.One, 0, -2 * exact]),
                              (q.ClassicalLLG(damping, field="mean"), MOMENT, [sp.S.One, 0, -2 * exact])):
        equation = law.derive(model)
        components = equation.moments() if law.classical else equation.pauli()
        rhs = components.compile("numpy").bind({s.name: values[s.name] for s in equation.parameters})
        expected = implicit(state, field, kappa)
        found = rhs(values["t"], state)
        size = max(map(abs, expected))
        assert all(close(a, b, size) for a, b in zip(found, expected, strict=True)), (expression, values)


def test_model_files_and_c_agree():
    drawn_ones = [drawn(family, 5 * k) for k, family in enumerate(FAMILIES)]           # all of one kind: t − offset
    strings = [a + b for a in "IXYZ" for b in "IXYZ"][1:]
    for expression, values in drawn_ones[:3]:
        text = {"kind": "pauli", "c": str(expression), "letters": "Z"}
        file = parse_document({"system": {"spins": ["1/2"]}, "term": [text]}, "file")
        assert close(matrix_of(file.model, {}, values["t"])[0, 0].real, digits(expression, values))
    model = q.Model(q.Space.half(2), [q.Pauli(e, s) for (e, _), s in zip(drawn_ones, strings, strict=True)])
    program, groups, _ = frequency_kernel(model)
    place = {string: (g, float(c)) for g, group in enumerate(groups) for string, c in group}
    for target in ("c", "numpy"):
        function = build.load(program, target)
        for (expression, values), letters in zip(drawn_ones, strings, strict=True):
            g, c = place[tuple("IXYZ".index(letter) for letter in letters)]
            found = function(values["t"], np.empty(0), np.empty(0))[g] * c
            assert close(found, digits(expression, values)), (target, expression)


@pytest.mark.parametrize("family", ["Lorentzian", "square", "dispersion", "logistic", "quotient", "slope", "Gaussian",
                                    "tanh"])
def test_far_from_the_offset_there_is_a_limit(family):
    """Overflow inside a coefficient that has a limit gives the limit."""
    for seed in range(3):
        expression, values = drawn(family, seed)
        for far in (-1e9, 2e6):
            moved = values | {"t": far, "J": 0.5 * far}
            model = q.Model(ONE, [q.Pauli(expression, "Z")])
            numbers = {s.name: moved[s.name] for s in model.parameters}
            assert close(matrix_of(model, numbers, far)[0, 0].real, digits(expression, moved)), (expression, moved)


def test_the_expanded_form_would_fail():
    """The broken twin: what the exact ring makes of a coefficient loses every digit in doubles."""
    from qllg_sym.algebra.scalars import expanded
    expression, values = drawn("sixth", 0)
    numbers = {"t": values["t"]}
    assert not close(float(sp.lambdify([t], expanded(expression), "math")(numbers["t"])), digits(expression, values))


def test_one_time_of_a_drive_is_enough():
    for field in (sp.sqrt(t), 1 / (1 + sp.exp(800 - 10 * t))):
        run = q.solve(q.Model(ONE, [q.Pauli(field, "Z")]), q.QuantumLLG(0.5), q.states.product("up"), [1000.5])
        assert close(run.energy[0], digits(field, {"t": 1000.5}))
