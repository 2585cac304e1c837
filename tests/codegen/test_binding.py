"""Bound right-hand sides: integrators, array layouts, batches, Jacobians, hostile names, accuracy, refusals."""

from itertools import product

import numpy as np
import pytest
import sympy as sp
from mpmath import mp
from scipy.integrate import solve_ivp

import oracle
import qllg_sym as q
from qllg_sym.codegen.binding import Compiled
from qllg_sym.codegen.values import checked_values, real_array
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.errors import InputError, InputTypeError, QllgError
from strategies import random_density, random_hermitian
from systems import DampedMoment, DampedSpin, IsotropicDimer

J, D, KAPPA = sp.symbols("J D kappa", real=True)
SCALE = sp.Symbol("w", positive=True)
HOSTILE = ("I", "E", "int", "lambda", "x'", "B''", "{a}", "\"quoted\"", "a\nb", "*/", "//", "\\", "%s", "a b", "", "π",
           "0", "system(\"false\")", "__import__('os')", "double", "class", "p0", "y0", "x0", "y", "out", "sqrt",
           "None")


def dimer(kappa=KAPPA):
    return q.QuantumLLG(kappa).derive(q.Model(q.Space.half(2), [q.Zeeman((0.3, 0.1, 0.2)), q.Exchange(J, 0, 1),
                                                                 q.DMI((0, 0, D), 0, 1)])).pauli()


@pytest.fixture(scope="module")
def dimer_rhs():
    return dimer().compile("numpy").bind(J=1.0, D=0.4, kappa=0.5)


def vector(components, rho):
    """The states of components at a density matrix."""
    return oracle.coordinates([np.array(a.tolist(), dtype=complex) for a in components.basis], rho)


def point(seed=0, d=4, rank=4):
    return vector(dimer(), random_density(np.random.default_rng(seed), d, rank)[0])


@pytest.mark.parametrize("method", ["RK45", "RK23", "DOP853", "Radau", "BDF", "LSODA"])
@pytest.mark.parametrize("target", ["numpy", "auto"])
@pytest.mark.parametrize("system", [DampedSpin(), IsotropicDimer(), DampedMoment()], ids=repr)
def test_every_method_of_scipy_runs_it_unchanged(system, target, method):
    equation = system.law.derive(system.model)
    components = equation.moments() if system.law.classical else equation.pauli()

    def coordinates(state):
        return state.ravel() if system.law.classical else vector(components, state)

    rhs = components.compile(target).bind()
    found = solve_ivp(rhs, (0.0, 1.5), coordinates(system.state), method=method, rtol=1e-6, atol=1e-8)
    assert found.success
    assert np.abs(found.y[:, -1] - coordinates(system.exact(1.5))).max() < 1e-4
    if method in ("Radau", "BDF", "LSODA"):
        sloped = solve_ivp(rhs, (0.0, 1.5), coordinates(system.state), method=method, jac=rhs.jac, rtol=1e-6, atol=1e-8)
        assert np.abs(sloped.y[:, -1] - coordinates(system.exact(1.5))).max() < 1e-4


@pytest.mark.parametrize("target", ["numpy", "auto"])
def test_layouts_of_a_state(target):
    rhs = dimer().compile(target).bind(J=1.0, D=0.4, kappa=0.5)
    y = point()
    expected = rhs(0.0, y)
    wide, table = np.full((15, 3), np.nan), np.full((3, 15), np.nan, order="F")
    wide[:, 1], table[1] = y, y
    readonly = y.copy()
    readonly.setflags(write=False)
    for same in (list(y), tuple(y), wide[:, 1], table[1], y[::-1].copy()[::-1], y.astype(">f8"), y.astype(object),
                 readonly, y.astype(np.longdouble)):
        assert np.array_equal(rhs(0.0, same), expected)
    assert np.array_equal(rhs(np.float32(0), y), expected)
    single = y.astype(np.float32)
    assert np.array_equal(rhs(0.0, single), rhs(0.0, single.astype(float)))
    assert np.array_equal(rhs(0, np.ones(15, dtype=int)), rhs(0.0, np.ones(15)))


@pytest.mark.parametrize("target", ["numpy", "auto"])
def test_results_are_fresh_and_inputs_untouched(target):
    rhs = dimer().compile(target).bind(J=1.0, D=0.4, kappa=0.5)
    y, z = point(0), point(1)
    kept = y.copy()
    first = rhs(0.0, y)
    copy = first.copy()
    rhs(0.0, z)
    assert np.array_equal(first, copy)
    first[:] = np.nan
    assert np.array_equal(rhs(0.0, y), copy)
    assert np.array_equal(y, kept)


def test_it_never_judges_the_state(dimer_rhs):
    assert np.isfinite(dimer_rhs(0.0, np.full(15, 7.0))).all()
    assert np.isnan(dimer_rhs(0.0, np.full(15, np.nan))).any()


@pytest.mark.parametrize(("law", "form"), [
    *product((q.QuantumLLG(KAPPA), q.QuantumLL(KAPPA), q.VonNeumann()), ("any", "two-level")),
    (q.Dephasing(KAPPA), "any")], ids=lambda value: getattr(value, "kind", value))
def test_jacobian_against_differences_at_fifty_digits(law, form):
    """Differences of step 1e-20 at 50 digits know the slope to 1e-19; at κ → 2κ it must be another one."""
    model = q.Model(q.Space("1"), [q.Zeeman((J, 0.5, sp.sin(q.t))), q.Anisotropy(np.diag([0, 0, D]), 0)])
    components = law.derive(model).coefficients()
    numbers = {s: v for s, v in ((J, 0.7), (D, -0.4), (KAPPA, 1.5)) if s in components.parameters}
    numbers |= {q.gap: 0.8} if form == "two-level" else {}
    rhs = components.compile(form=form).bind(numbers)
    sharp = components.compile("mpmath", form=form, digits=50).bind(numbers)
    y = vector(components, random_density(np.random.default_rng(2), 3, 3)[0])
    with mp.workdps(50):
        step = mp.mpf(10)**-20
        columns = [(sharp(0.3, [a + step * (k == n) for k, a in enumerate(y)]) - sharp(0.3, list(y))) / step
                   for n in range(len(y))]
    expected = np.array(columns, dtype=float).T
    assert np.abs(rhs.jac(0.3, y) - expected).max() < 1e-13 * (1 + np.abs(expected).max())
    assert np.abs(rhs.jac(0.3, list(y)) - rhs.jac(0.3, y)).max() == 0
    if KAPPA in numbers:
        other = components.compile(form=form).bind({**numbers, KAPPA: 3.0})
        assert np.abs(other.jac(0.3, y) - expected).max() > 1e-2


def test_jacobian_of_moments_against_differences():
    system = DampedMoment()
    rhs = system.law.derive(system.model).moments().compile("numpy").bind()
    y, h = np.array([0.6, -0.3, 0.7]), 1e-6
    differences = np.array([(rhs(0, y + h * e) - rhs(0, y - h * e)) / (2 * h) for e in np.eye(3)]).T
    assert np.abs(rhs.jac(0, y) - differences).max() < 1e-9


@pytest.mark.parametrize("target", ["numpy", "auto"])
def test_batches(target):
    compiled = dimer().compile(target)
    Y = np.array([point(k) for k in range(4)])
    fixed = compiled.bind(J=1.0, D=0.4, kappa=0.5)
    assert fixed.batch(Y).shape == (4, 15)
    assert np.array_equal(fixed.batch(Y), [fixed(0.0, y) for y in Y])
    assert np.array_equal(fixed.batch(np.asfortranarray(Y)[::-1]), fixed.batch(Y)[::-1])
    assert fixed.batch(Y.tolist(), t=2.0).flags.c_contiguous
    assert fixed.batch(np.empty((0, 15))).shape == (0, 15)
    values = np.array([0.0, 0.4, -1.0, 2.0])
    swept = compiled.bind({"J": 1.0, KAPPA: [0.5, 0.1, 0.5, 3.0]}, D=values)
    expected = [compiled.bind(J=1.0, D=d, kappa=k)(0.0, y)
                for d, k, y in zip(values, (0.5, 0.1, 0.5, 3.0), Y, strict=True)]
    assert np.array_equal(swept.batch(Y), expected)


def test_time_reaches_every_entry_point():
    model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, sp.cos(3 * q.t)))])
    for target in ("numpy", "auto"):
        rhs = q.VonNeumann().derive(model).pauli().compile(target).bind()
        for t in (0.0, 0.4, 1.7):
            expected = [0.0, -np.cos(3 * t), 0.0]               # n' = n × B at n = x
            assert rhs(t, [1, 0, 0]) == pytest.approx(expected, abs=1e-15)
            assert rhs.batch([[1, 0, 0]], t=t)[0] == pytest.approx(expected, abs=1e-15)
            assert rhs.jac(t, [1, 0, 0])[1, 0] == pytest.approx(-np.cos(3 * t), abs=1e-15)


@pytest.mark.parametrize("target", ["numpy", "auto"])
@pytest.mark.parametrize("names", [HOSTILE[k:k + 4] for k in range(0, len(HOSTILE), 4)], ids=repr)
def test_hostile_names_end_to_end(names, target):
    """User symbols of any spelling, through source text, binding and solve; the plain twin gives the numbers."""
    symbols = [sp.Symbol(name, real=True) for name in names]
    numbers = [0.3 + 0.2 * k for k in range(4)]
    space = q.Space.half(1)

    def build(coefficients):
        a, b, c, kappa = coefficients
        return q.Model(space, [q.Zeeman((a, b * sp.sin(q.t), c))]), q.QuantumLLG(kappa)

    model, law = build(symbols)
    bound = dict(zip(names, numbers, strict=True))
    rhs = law.derive(model).pauli().compile(target).bind(bound)
    plain_model, plain_law = build([sp.Rational(str(round(x, 1))) for x in numbers])
    plain = plain_law.derive(plain_model).pauli().compile(target).bind()
    y = [0.1, 0.2, 0.3]
    assert rhs(0.7, y) == pytest.approx(plain(0.7, y), abs=1e-15)
    assert rhs.jac(0.7, y) == pytest.approx(plain.jac(0.7, y), abs=1e-15)
    assert set(rhs.compiled.parameters) == set(names)
    by_symbol = law.derive(model).pauli().compile(target).bind(dict(zip(symbols, numbers, strict=True)))
    assert np.array_equal(by_symbol(0.7, y), rhs(0.7, y))
    found = q.solve(model, law, q.states.product("+x"), [0, 0.5], bound, method="pauli")
    twin = q.solve(plain_model, plain_law, q.states.product("+x"), [0, 0.5], method="pauli")
    assert np.abs(found.states - twin.states).max() < 1e-12
    assert repr(rhs)


EVERY_SCALE = [*product((0.0, 0.5, 3.0, 10.0), (1e-6, 1.0, 1e6))]
SOME_SCALES = [(0.0, 1.0), (0.5, 1e-6), (0.5, 1.0), (3.0, 1e6), (10.0, 1e-6), (10.0, 1.0)]


@pytest.mark.parametrize(("law", "spins", "scales"), [
    *((q.QuantumLLG, spins, SOME_SCALES) for spins in (("1/2",), ("1",), ("1/2", "1/2"))),
    (q.QuantumLL, ("1",), SOME_SCALES),
    *(pytest.param(law, spins, EVERY_SCALE, marks=pytest.mark.slow) for law in (q.QuantumLLG, q.QuantumLL)
      for spins in (("1/2",), ("1",), ("3/2",), ("1/2", "1/2")))])
def test_doubles_are_within_the_promised_error(law, spins, scales):
    """Form "any" within 1e-13 (1 + max|ẏ|) of the value at 50 digits, on states of every rank, pure ones among them."""
    rng = np.random.default_rng(5)
    space = q.Space(*spins)
    rows = np.round(random_hermitian(rng, space.dimension), 3)
    components = law(KAPPA).derive(q.Model(space, [q.Operator(rows)], hbar=SCALE)).coefficients()
    sharp = components.compile("mpmath", digits=50)
    fast = [*(components.compile(target) for target in ("numpy", "auto")), in_matrices(components)]
    worst = 0.0
    for kappa, scale in scales:
        numbers = {KAPPA: kappa, SCALE: 1 / scale}
        for rank in range(1, space.dimension + 1):
            y = vector(components, random_density(rng, space.dimension, rank)[0])
            exact = sharp.bind(numbers)(0.0, list(y))
            for compiled in fast:
                error = max(abs(a - b) for a, b in zip(compiled.bind(numbers)(0.0, y), exact, strict=True))
                worst = max(worst, float(error / (1 + max(abs(exact)))))
    assert 0 < worst < 1e-13


def in_matrices(components):
    """The same right-hand side in matrix form."""
    function = matrix_function(components.equation)
    names = [s.name for s in components.parameters]
    states = [s.name for s in components.states]
    return Compiled(function, states, names, lambda: function.jacobian, lambda: function.tangent)


@pytest.mark.parametrize("kappa", [0.5, 10.0])
def test_fifty_digits_are_those_of_the_implicit_law(kappa):
    """The reference of the test above against a dense solve at 60 digits: 16 unknowns of ρ̇ − iκ[ρ, ρ̇] = i[ρ, H]."""
    components = dimer(KAPPA)
    y = point(3, rank=1)
    sharp = components.compile("mpmath", digits=50).bind(J=1.0, D=0.5, kappa=kappa)(0.0, list(y))
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    with mp.workdps(60):
        rho = mp.eye(4) / 4 + sum((mp.mpf(c) / 4 * mp.matrix(a.tolist()) for c, a in zip(y, basis, strict=True)),
                                  mp.zeros(4))
        pauli = dict(oracle.pauli_strings(2))
        h = mp.matrix((pauli["xx"] + pauli["yy"] + pauli["zz"] + 0.5 * (pauli["xy"] - pauli["yx"])).tolist())
        for tenths, axis in zip((3, 1, 2), "xyz", strict=True):
            h -= mp.mpf(tenths) / 20 * mp.matrix((pauli["0" + axis] + pauli[axis + "0"]).tolist())
        torque = mp.j * (rho * h - h * rho)
        system = mp.matrix(16, 16)
        for r in range(4):
            for c in range(4):
                system[4 * r + c, 4 * r + c] += 1
                for k in range(4):
                    system[4 * r + c, 4 * k + c] -= mp.j * kappa * rho[r, k]
                    system[4 * r + c, 4 * r + k] += mp.j * kappa * rho[k, c]
        solved = mp.lu_solve(system, mp.matrix([torque[r, c] for r in range(4) for c in range(4)]))
        drho = mp.matrix([[solved[4 * r + c] for c in range(4)] for r in range(4)])
        for value, a in zip(sharp, basis, strict=True):
            product = mp.matrix(a.tolist()) * drho
            assert abs(value - sum(product[k, k] for k in range(4)).real) < mp.mpf(10)**-45


def test_names_and_representations():
    compiled = dimer().compile("numpy")
    assert compiled.parameters == ("D", "J", "kappa")
    assert compiled.states[:3] == ("T_0x", "T_0y", "T_0z")
    assert compiled.kernel.states == compiled.states
    assert "def " in compiled.source
    assert repr(compiled) == "<Compiled: 15 states, parameters D, J, kappa, numpy>"
    rhs = compiled.bind({J: 1}, D=2, kappa=[1, 2])
    assert repr(rhs) == "<Rhs: 15 states, numpy, J=1, D=2, kappa=[…]>"
    assert rhs.states == compiled.states
    assert rhs.values["D"] == 2.0


@pytest.mark.parametrize("values", [
    {"J": 1.0}, {"J": 1.0, "D": 1.0, "kappa": 1.0, "K": 1.0}, {"J": np.nan, "D": 1.0, "kappa": 1.0},
    {"J": np.inf, "D": 1.0, "kappa": 1.0}, {"J": 10**400, "D": 1.0, "kappa": 1.0},
    {"J": [1.0, np.nan], "D": 1, "kappa": 1}, {"J": [1.0, 2.0], "D": [1.0, 2.0, 3.0], "kappa": 1},
    {"J": 1, J: 1, "D": 1, "kappa": 1}], ids=str)
def test_wrong_values_are_refused_in_a_sentence(values):
    with pytest.raises(InputError, match=r"^`values[^`]*` must [^\n]*\.$"):
        dimer().compile("numpy").bind(values)


@pytest.mark.parametrize("value", ["1", True, None, 1j, J, [[1.0]], ["a"], [None], {}, sp.I], ids=repr)
def test_values_of_other_types_are_refused(value):
    with pytest.raises(InputTypeError, match=r"^`values\['J'\]` must be a real number, but is [^\n]*\.$"):
        dimer().compile("numpy").bind({"J": value}, D=1, kappa=1)
    with pytest.raises(InputTypeError, match=r"^`values` must map names"):
        dimer().compile("numpy").bind([1.0])


def test_numbers_of_every_kind_are_taken():
    numbers = [1, 1.0, np.float32(1), np.int8(1), np.array(1.0), sp.Integer(1), sp.Rational(2, 2), mp.mpf(1)]
    assert [checked_values(["J"], {J: n}) for n in numbers] == [{"J": 1.0}] * len(numbers)
    assert real_array([10**400, -10**400]).tolist() == [np.inf, -np.inf]


@pytest.mark.parametrize("call", [
    lambda f: f(0.0, np.zeros(14)), lambda f: f(0.0, np.zeros((15, 1))), lambda f: f(0.0, 1.0),
    lambda f: f("x", np.zeros(15)), lambda f: f(0.0, ["a"] * 15), lambda f: f(0.0, np.zeros(15) * 1j),
    lambda f: f(0.0, None), lambda f: f.jac(0.0, np.zeros(3)),
    lambda f: f.jac(0.0, ["a"] * 15), lambda f: f.jac("a", np.zeros(15)), lambda f: f.jac(0.0, np.zeros(15) * 1j),
    lambda f: f.batch(np.zeros(15)), lambda f: f.batch(np.zeros((15, 4))), lambda f: f.batch(np.zeros((2, 15)) * 1j),
    lambda f: f.batch([["a"] * 15]), lambda f: f.batch(np.zeros((1, 15)), t="x"),
    lambda f: f.batch(np.zeros((1, 15)), t=[0]), lambda f: f.batch(np.zeros((4, 15)), layout="columns"),
    lambda f: f.batch(np.zeros((15, 4)), layout="row")])
def test_wrong_shapes_and_types_of_a_state(dimer_rhs, call):
    with pytest.raises(InputError, match=r"^[^\n]* must [^\n]*\.$"):
        call(dimer_rhs)


def test_arrays_belong_to_batches():
    rhs = dimer().compile("numpy").bind(J=1, D=[1, 2, 3], kappa=1)
    y = np.zeros(15)
    for call in (lambda: rhs(0.0, y), lambda: rhs.jac(0.0, y), lambda: rhs.batch(np.stack([y, y]))):
        with pytest.raises(QllgError, match=r"^`\w+` must "):
            call()
