"""Exact solutions with symbols: readings as expressions, held against integrated ones, balls and closed forms."""

from functools import cache

import mpmath
import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow.exact.symbolic.short import Rates, in_short
from qllg_sym.observables import observables

B, J, kappa = sp.symbols("B J kappa", positive=True)
D = sp.Symbol("D", real=True)
hbar, p = sp.symbols("hbar p", positive=True)
PAIR, HALF, ONE = q.Space("1/2", "1/2"), q.Space("1/2"), q.Space("1")
ALONG_X = q.Model(PAIR, [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1)])
ALONG_Z = q.Model(PAIR, [q.Zeeman((0, 0, B)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
UP_DOWN = q.states.product("up", "down")
RANK_TWO = np.diag([0.5, 0.5, 0, 0]).tolist()
VALUES = {"B": 0.6, "J": 0.3, "D": -0.4, "kappa": 0.5, "hbar": 1.3, "p": 0.7}
CASES = {
    "along x": (ALONG_X, q.QuantumLLG(kappa), UP_DOWN),
    "rank two": (ALONG_Z, q.QuantumLL(kappa), RANK_TWO),
    "undamped": (ALONG_X, q.VonNeumann(), q.states.product("+y", "-x")),
    "units": (q.Model(PAIR, ALONG_Z.terms, hbar=hbar), q.QuantumLLG(kappa), UP_DOWN),
    "spin 1": (q.Model(ONE, [q.Zeeman((B, 0, J))]), q.QuantumLL(kappa), q.states.coherent(ONE, [(0, 0.6, 0.8)])),
    "mixed qubit": (q.Model(HALF, [q.Zeeman((B, 0, D))]), q.QuantumLLG(kappa), q.states.eta(HALF, (0.6, 0, -0.8))),
    "most mixed": (ALONG_X, q.QuantumLLG(kappa), q.states.werner("psi+", 0)),
}
# Observables that have no short expression for these states; "concurrence" has one for pure pairs, and takes seconds.
WITHOUT = {"fidelity", "concurrence", "mutual_information", "entanglement"}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    model, law, state = CASES[request.param]
    solution = q.exact(model, law, state)
    values = {s.name: VALUES[s.name] for s in law.derive(model).parameters}
    times = [0.0, 0.8, 2.1]
    integrated = q.solve(model, law, state, times, values=values, method="frame", rtol=1e-12, atol=1e-13)
    return solution, values, times, integrated, (model, law, state)


@cache
def along_x():
    return q.exact(ALONG_X, q.QuantumLLG(kappa), UP_DOWN)


def numbers(expression, values, times):
    """A nested expression in 25 digits at times: its doubles, with the time first."""
    symbols = (q.t, *(sp.Symbol(name) for name in values))
    named = sp.sympify(expression).subs({s: sp.Symbol(s.name) for s in sp.sympify(expression).free_symbols - {q.t}})
    read = sp.lambdify(symbols, named, "mpmath", cse=True)
    with mpmath.workdps(25):
        given = [mpmath.mpf(str(x)) for x in values.values()]
        found = [read(mpmath.mpf(str(time)), *given) for time in times]
    return np.array([np.array(x.tolist() if isinstance(x, mpmath.matrix) else x, dtype=complex) for x in found])


def arguments(item, space):
    """Arguments that fit a space, or None where the observable does not."""
    if item.name in ("correlation", "correlations", "nonlocality") and space.sites < 2:
        return None
    if item.name in ("pauli", "T", "nonlocality") and not space.is_half:
        return None
    if item.name in ("expectation", "variance"):
        return (np.diag(np.arange(space.dimension)) + np.eye(space.dimension)[::-1],)
    if item.name == "reduced":
        return (0,)
    if item.name == "population":
        return (np.eye(space.dimension)[:, :1],)
    return item.example


def test_every_observable(case):
    """Each is what integration gives, at times of its own; those without an expression are named."""
    solution, values, times, integrated, _ = case
    for item in observables().values():
        if item.name in WITHOUT or (given := arguments(item, solution.space)) is None:
            continue
        if item.name == "nonlocality" and solution.kets.cols != 1:
            continue
        found = solution.expression_of(item.name, *given)
        read = getattr(integrated, item.name)
        expected = read if item.is_property else read(*given)
        few = 1e-7 if item.name == "nonlocality" else 3e-9              # it has lost half its digits near 0
        assert np.allclose(numbers(found, values, times), np.array(expected), atol=few), item.name


def test_energy_and_states(case):
    solution, values, times, integrated, _ = case
    energy, states = solution.expression_of("energy"), solution.expression_of("states")
    assert np.allclose(numbers(energy, values, times), integrated.energy, atol=1e-9)
    assert np.allclose(numbers(states, values, times), integrated.states, atol=1e-9)


def test_late_times(case):
    """The limit is what the integration comes to; where it comes to no rest there is none."""
    solution, values, _, _, given = case
    if solution.b != 0 and not solution.c.has(kappa):
        with pytest.raises(q.InputError, match="`limit` must be of a reading that comes to rest"):
            solution.expression_of("bloch", 0, limit=True)
        return
    found = solution.expression_of("states", limit=True, assuming=[4 * J - B])
    late = q.exact(*given, values=values).at(200, 20)
    assert np.allclose(numbers(found, values, [0])[0],
                       np.array(late.tolist(), complex).reshape(found.shape), atol=1e-9)


def test_the_dimer_along_x_in_short_form():
    rate = kappa / (kappa**2 + 1)
    x, y, z = along_x().expression_of("bloch", 0)
    low = sp.cosh(2 * rate * B * q.t) + sp.exp(8 * rate * J * q.t)
    assert x == sp.sinh(2 * rate * B * q.t) / low
    assert x != sp.sinh(2 * rate * B * q.t) / (sp.cosh(2 * rate * B * q.t) + sp.exp(7 * rate * J * q.t))
    assert all(sp.denom(e) == low for e in (y, z))


def test_numbers_keep_the_short_form():
    """A common factor that is taken out must shorten."""
    values = {"B": 1, "J": 1, "kappa": sp.Rational(1, 2)}
    x = q.exact(ALONG_X, q.QuantumLLG(kappa), UP_DOWN, values).expression_of("bloch", 0)[0]
    assert x == sp.sinh(4 * q.t / 5) / (sp.cosh(4 * q.t / 5) + sp.exp(16 * q.t / 5))
    late = along_x().expression_of("energy", limit=True, assuming=4 * J > B)
    assert late == -3 * J


def test_pure_pairs():
    """B is the concurrence of a pure pair; with DMI along the field it comes to 1."""
    pair = along_x()
    rate, turn = 8 * J * kappa / (kappa**2 + 1) * q.t, sp.cos(8 * J * q.t / (1 + kappa**2))
    low = sp.exp(rate) + sp.cosh(2 * B * kappa / (kappa**2 + 1) * q.t)
    assert pair.expression_of("nonlocality") == sp.sqrt(sp.exp(2 * rate) - 2 * sp.exp(rate) * turn + 1) / low
    solution = q.exact(ALONG_Z, q.QuantumLLG(kappa), UP_DOWN)
    assert solution.expression_of("nonlocality", limit=True) == 1
    assert solution.expression_of("energy", limit=True) == -J - 2 * sp.sqrt(D**2 + J**2)
    assert solution.expression_of("correlation", limit=True)[0][1] == -D / sp.sqrt(D**2 + J**2)


@pytest.mark.slow
def test_late_times_need_only_what_decides_who_leads():
    """With DMI along the field: which of the levels that do not lead is second, is left open."""
    low = 2 * sp.sqrt(D**2 + J**2)
    found = q.exact(q.Model(PAIR, [*ALONG_X.terms, q.DMI((D, 0, 0), 0, 1)]), q.QuantumLLG(kappa), UP_DOWN)
    assert found.expression_of("energy", limit=True, assuming=2 * J + low > B) == -J - low
    assert found.expression_of("energy", limit=True, assuming=2 * J + low < B) == J - B
    assert found.expression_of("bloch", 0, limit=True, assuming=2 * J + low < B) == (1, 0, 0)
    with pytest.raises(q.InputError, match=r"`assuming` must say whether .*B - 2\*J - 2\*sqrt"):
        found.expression_of("energy", limit=True)
    assert repr(found) == ("<ExactSolution on Space('1/2', '1/2'): 1 of 4 populations 1, the others 0, parameters "
                           "B, D, J, kappa; at(t), enclose(t), expression_of(reading)>")


def test_assumptions_that_contradict_each_other_are_refused():
    """Singlet below triplet below its middle level below singlet."""
    real = sp.Symbol("J", real=True)
    found = q.exact(ALONG_X.subs({J: real}), q.QuantumLLG(kappa), q.states.product("+y", "up"))
    assert found.expression_of("energy", limit=True, assuming=[4 * real - B]) == -3 * real     # so J > 0, since B > 0
    with pytest.raises(q.InputError, match=r"must be free of contradictions, but -B \+ 4\*J, -J cannot all be"):
        found.expression_of("energy", limit=True, assuming=[4 * real - B, -real])


@pytest.mark.slow
def test_concurrence_of_a_pure_pair():
    found = along_x()
    assert found.expression_of("concurrence") == found.expression_of("nonlocality")


def test_werner_with_a_symbol():
    solution = q.exact(ALONG_X, q.QuantumLLG(kappa), q.states.werner("psi+", p))
    angle = 2 * B * kappa * p / (kappa**2 * p**2 + 1) * q.t
    assert solution.expression_of("bloch", 0) == (p * sp.sinh(angle) / sp.cosh(angle), 0, 0)
    assert solution.expression_of("bloch", 0, limit=True) == (p, 0, 0)
    assert solution.expression_of("purity") == 3 * p**2 / 4 + sp.Rational(1, 4)
    with pytest.raises(q.StateError, match="`p` must be a number where states are numbers, but is p"):
        q.solve(ALONG_X, q.QuantumLLG(0.5), q.states.werner("psi+", p), [0, 1], values={"B": 1, "J": 1})


@pytest.mark.parametrize(("B_", "J_", "kappa_"), [
    pytest.param("3/7", "2/5", "1/3", marks=pytest.mark.slow), ("-5/3", "1/9", "4"), ("0", "-2/3", "7/2")])
def test_in_balls(B_, J_, kappa_):
    pytest.importorskip("flint")
    values = {"B": sp.Rational(B_), "J": sp.Rational(J_), "kappa": sp.Rational(kappa_)}
    real = [sp.Symbol(name, real=True) for name in values]
    model = q.Model(PAIR, [q.Zeeman((real[0], 0, 0)), q.Exchange(real[1], 0, 1)])
    found = q.exact(model, q.QuantumLLG(real[2]), UP_DOWN).expression_of("pauli")
    balls = q.exact(model, q.QuantumLLG(real[2]), UP_DOWN, values).enclose(sp.Rational(7, 5), 40, observe="pauli")
    for value, ball in zip(found, balls.values(), strict=True):
        number = sp.N(value.subs({**dict(zip(real, values.values(), strict=True)), q.t: sp.Rational(7, 5)}), 50)
        assert abs(sp.Float(ball.str(45, radius=False), 50) - number) < sp.Float("1e-38")


def test_a_wrong_rate_is_seen():
    """Exponents that grow by another rate than H's give another expression."""
    density = along_x()._own_readings.density
    right, wrong = (in_short(density.rho[1, 1], Rates(factor * density.growth, density.turn)) for factor in (1, 2))
    assert (right - wrong).subs({B: 1, J: 1, kappa: 1, q.t: 1}).evalf() != 0


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda s: s.at(1), q.InputError, "every parameter a number for at\\(\\), but 'B' is unbound"),
    (lambda s: s.enclose(1), q.InputError, "every parameter a number for enclose"),
    (lambda s: s.expression_of("blochs", 0), q.InputError, "must be one of T, bloch, .* but is 'blochs'"),
    (lambda s: s.expression_of("bloch"), q.InputTypeError, "must be those of bloch, but there is missing a required"),
    (lambda s: s.expression_of("bloch", 2), q.InputError, "must be a site from 0 to 1, but is 2"),
    (lambda s: s.expression_of("energy", 1), q.InputTypeError, "must be none for energy, but are 1"),
    (lambda s: s.expression_of("expectation", np.eye(2)), q.InputError, r"must have shape \(4, 4\), not \(2, 2\)"),
    (lambda s: s.expression_of("fidelity", [1, 0, 0, 0]), q.InputError, "fidelity compares states"),
    (lambda s: s.expression_of("mutual_information", 0, 1), q.InputError, "mutual_information has none"),
    (lambda s: s.expression_of("energy", limit=True, assuming=["J"]), q.InputTypeError, "positive, but has 'J'"),
    (lambda s: s.expression_of("bloch", 0, limit=True), q.InputError, "`assuming` must say whether .*B - 4\\*J"),
])
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call(along_x())


def test_eigenvalues_that_are_no_square_roots():
    model = q.Model(PAIR, [*ALONG_X.terms, q.DMI((0, 0, D), 0, 1)])
    with pytest.raises(q.InputError, match=r"eigenvalues made of square roots .* of degree 3 and irreducible"):
        q.exact(model, q.QuantumLLG(kappa), UP_DOWN).expression_of("bloch", 0)
    chain = q.Model(q.Space.half(7), [q.Zeeman((0, 0, B))])
    with pytest.raises(q.InputError, match="dimension 64 at most for an expression, but has 128"):
        q.exact(chain, q.QuantumLLG(kappa), q.states.product(*["+x"] * 7)).expression_of("bloch", 0)
    with pytest.raises(q.StateError, match="two distinct eigenvalues at most"):
        q.exact(ALONG_X, q.QuantumLLG(kappa), np.diag([0.5, 0.3, 0.2, 0]))
    with pytest.raises(q.InputError, match="constant in time"):
        q.exact(q.Model(HALF, [q.Zeeman((sp.cos(q.t), 0, B))]), q.QuantumLLG(kappa), q.states.product("up"))
    with pytest.raises(q.StateError, match="must have numbers, but B, J is a symbol"):
        q.exact(ALONG_X, q.QuantumLLG(kappa), q.states.thermal(ALONG_X, 1))


def test_operators_of_terms_and_spins_are_in_the_units_of_the_model():
    """ħ of the model beside S: ⟨−B·S⟩, ⟨S₊/ħ⟩, which is complex, and a sum, as a trajectory reads them."""
    model, law, start = q.Model(PAIR, ALONG_Z.terms, hbar=hbar), q.QuantumLLG(kappa), q.states.product("+x", "down")
    S = PAIR.spin(0)
    values = {s.name: VALUES[s.name] for s in law.derive(model).parameters}
    run = q.solve(model, law, start, [0, 0.8], values=values, rtol=1e-12, atol=1e-13)
    solution = q.exact(model, law, start)
    for op in (q.Zeeman((1, 0, 2)), S.plus, S.x - q.Zeeman((0, 1, 0)), {"ZX": 1}):
        found = numbers(solution.expression_of("expectation", op), values, [0.8])[0]
        assert abs(found - run.expectation(op)[-1]) < 3e-9, op
