"""Substitution in models, equations and components: explicit matrices, laws of substitution, and what is refused."""

import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import oracle
import qllg_sym as q
import strategies

J, D, K, a = sp.symbols("J D K a", real=True)
B, kappa = sp.symbols("B kappa", real=True)
h = sp.Symbol("h", positive=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((B, 0, 0)), q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1)])
EQUATION = q.QuantumLLG(kappa).derive(DIMER)
VALUES = st.one_of(strategies.rationals(), st.sampled_from([D, a, J - 2 * D, a**2, a * sp.sin(q.t), 0.3]))


def changed(values, replacements):
    """Values of the old symbols where the new ones have `values`."""
    return {**values, **{key: oracle.number(sp.nsimplify(sp.S(value), rational=True), values)
                         for key, value in replacements.items()}}


@strategies.examples(40)
@given(strategies.models(), st.dictionaries(st.sampled_from([J, D, a]), VALUES), strategies.values())
def test_the_hamiltonian_is_the_old_one_at_the_replaced_values(model, replacements, values):
    occurring = {key: value for key, value in replacements.items() if key in model.parameters}
    found = model.subs(occurring)
    assert type(found) is q.Model
    expected = oracle.hamiltonian(model, changed(values, occurring))
    assert np.allclose(oracle.hamiltonian(found, values), expected, rtol=1e-9, atol=1e-9)


def test_at_once_and_not_one_after_the_other():
    swapped = DIMER.subs({J: D, "D": J})
    assert swapped.terms == (q.Zeeman((B, 0, 0)), q.Exchange(D, 0, 1), q.DMI((0, 0, J), 0, 1))
    assert swapped != DIMER.subs({J: D}).subs({D: J})           # the broken twin
    assert swapped.subs({J: D, D: J}) == DIMER


def test_what_vanishes_is_no_term_and_nothing_is_multiplied_out():
    assert DIMER.subs({D: 0, "B": 0.0}).describe() == q.Model(DIMER.space, [q.Exchange(J, 0, 1)]).describe()
    assert DIMER.subs({D: 0, B: 0, J: 0}).terms == ()
    written = q.Model(q.Space("1/2"), [q.Pauli((J - K)**6, "Z"), q.Pauli(J + K, "X")]).subs({J: 2 * B, K: B + a})
    assert written.terms[0].c == (B - a)**6
    assert written.terms[1].c == 3 * B + a
    near = q.Model(q.Space("1/2"), [q.Pauli((J - K)**6, "Z")]).subs({K: 1000})
    assert q.solve(near, q.VonNeumann(), q.states.product("up"), [0.0], values={"J": 1000.5}).energy[0] == 0.5**6


def test_matrices_sites_constants_and_functions():
    f = sp.Function("f", real=True)(q.t)
    matrix = np.array([[J, 1 - 0.5j * J], [1 + 0.5j * J, 0.25]], dtype=object)
    for given_ in (matrix, matrix.tolist(), sp.Matrix(matrix)):
        found = q.Model(q.Space("1/2"), [q.Operator(given_)]).subs({J: 2})
        assert found.terms[0].rows == ((2, 1 - sp.I), (1 + sp.I, sp.Rational(1, 4)))
    model = q.Model(q.Space("1", "1"), [q.Zeeman((0, 0, f * B), sites=[1], g=2)], hbar=h, gamma=a)
    found = model.subs({"f": sp.cos(q.t), h: 3, a: K})
    assert (found.hbar, found.gamma, found.terms) == (3, K, (q.Zeeman((0, 0, B * sp.cos(q.t)), sites=[1], g=2),))
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize("law", [lambda k: q.VonNeumann(), q.QuantumLL, q.QuantumLLG, q.Dephasing, q.ClassicalLLG,
                                 lambda k: q.ClassicalLL(k, field="mean", rescaled=False)])
def test_equations_change_in_law_and_model_alike(law):
    model = q.Model(DIMER.space, [q.Zeeman((B, 0, 0)), q.Exchange(kappa * J, 0, 1)])
    found = law(kappa).derive(model).subs({kappa: J, J: kappa, "B": 0.5})
    assert found == law(J).derive(q.Model(DIMER.space, [q.Zeeman((0.5, 0, 0)), q.Exchange(kappa * J, 0, 1)]))


@pytest.mark.parametrize("form", ["pauli", "coefficients", "moments"])
def test_components_of_the_new_equation_are_the_new_components(form):
    law = q.ClassicalLLG(kappa) if form == "moments" else q.QuantumLLG(kappa)
    equation, replacements = law.derive(DIMER), {J: 2 * B, D: J - kappa, kappa: 0.5, B: J**2}
    one, two = getattr(equation, form)().subs(replacements), getattr(equation.subs(replacements), form)()
    assert one == two
    assert one.residual == two.residual
    naive = [sp.expand(r.subs({sp.Symbol(k.name, real=True): v for k, v in replacements.items()}, simultaneous=True))
             for r in getattr(equation, form)().residual]
    assert [sp.expand(sp.nsimplify(n)) for n in naive] == [*one.residual]
    again = getattr(equation, form)().subs({J: B, D: 0})
    assert again.residual != getattr(equation, form)().subs({J: B}).residual
    assert set(again.parameters) == {B, kappa}


def test_a_spin_without_a_number_keeps_it():
    s = sp.Symbol("s", positive=True)
    eta = q.QuantumLLG(kappa).derive(q.Model(q.Space(s), [q.Zeeman((0, 0, B))])).eta()
    assert eta.subs({kappa: (2 * s + 1) / s, B: 0.5}).parameters == (s,)
    with pytest.raises(q.InputError, match="leave the spin alone, but has s"):
        eta.subs({s: 2})


def test_results_compile_print_and_solve():
    found = EQUATION.pauli().subs({J: 2 * B, D: 0})
    explicit = EQUATION.pauli().compile("numpy").bind(J=3.0, D=0.0, B=1.5, kappa=0.5)
    y = np.linspace(-0.2, 0.2, 15)
    assert np.allclose(found.compile("numpy").bind(B=1.5, kappa=0.5)(0, y), explicit(0, y), atol=1e-15)
    assert "D" not in found.latex()
    assert repr(found).endswith("parameters B, kappa>")


WRONG = [
    ({sp.Symbol("Q", real=True): 1}, r"of symbols that occur \(B, D, J\w*(, kappa)?\), but has Q"),
    ({"": 1}, "but has ;"),
    ({q.t: 1}, "leave time alone"),
    ({"t": 1}, "leave time alone"),
    ({J: sp.I}, "`J` must be real"),
    ({J: 1j}, "`J` must be real"),
    ({J: sp.Symbol("z")}, "`z` is not declared real"),
    ({J: sp.oo}, "`J` must be finite"),
    ({J: float("nan")}, "`J` must be finite|`J` must be a finite"),
    ({J: "1"}, "`J` must be a number"),
    ({J: None}, "`J` must be a number"),
    ({J: [1]}, "`J` must be a number"),
    ({J: 1, "J": 2}, "name each symbol once, but has J twice"),
    ({3: 1}, "symbols or names for keys, but one is of type int"),
    ({J * 2: 1}, "symbols or names for keys, but one is of type Mul"),
    ([(J, 1)], "must be a mapping, but is of type list"),
    ({J: sp.Symbol("T_0x", real=True)}, "reserved"),
    ({J: sp.Symbol("B", positive=True)}, "`B` must be declared in one way"),
]


@pytest.mark.parametrize(("replacements", "message"), WRONG, ids=[m for _, m in WRONG])
def test_wrong_input_is_refused_in_one_sentence(replacements, message):
    for target in (DIMER, EQUATION, EQUATION.pauli()):
        with pytest.raises(q.QllgError, match=message) as caught:
            target.subs(replacements)
        assert "\n" not in str(caught.value)
        assert str(caught.value).count("; ") == 1


def test_more_is_refused():
    with pytest.raises(q.InputError, match="has the velocity dT_0x"):
        EQUATION.pauli().subs({"dT_0x": 0})
    with pytest.raises(q.ModelError, match="`J` must be finite"):
        q.Model(DIMER.space, [q.Exchange(1 / K, 0, 1)]).subs({K: 0})
    with pytest.raises(q.ModelError, match="`J` must be real"):
        q.Model(DIMER.space, [q.Exchange(sp.sqrt(h), 0, 1)]).subs({h: K})
    with pytest.raises(q.InputError, match="`h` must be positive, as it was declared, but is -1"):
        q.Model(DIMER.space, hbar=h).subs({h: -1})
    with pytest.raises(q.ModelError, match="`rate` must not be negative"):
        q.Dephasing(kappa).derive(DIMER).subs({kappa: -1})


T = {s.name: s for s in EQUATION.pauli().states}


def fractions(seed, names):
    rng = np.random.default_rng(seed)
    return {name: sp.Rational(int(rng.integers(-9, 10)), 7) for name in names}


@pytest.mark.parametrize("replacements", [
    {"J": 2 * B, "T_0x": 0},
    {"T_0x": T["T_x0"], "T_0y": -T["T_y0"] / 3 + a},
    {"T_0x": T["T_x0"], "T_x0": T["T_0x"]},
    {"T_0x": T["T_x0"], "T_x0": 0, "kappa": 0.5},
    {"T_xy": 2 * T["T_xy"]},
    {"T_xy": T["T_xy"] + T["T_yx"], "T_yx": T["T_xy"] - T["T_yx"]},
    {"J": D, "D": J, "T_zz": J},
])
def test_states_replaced_leave_the_residual_at_the_replaced_point(replacements):
    full, found = EQUATION.pauli(), EQUATION.pauli().subs(replacements)
    values = fractions(3, [*(s.name for s in (*found.states, *found.velocities)), "J", "D", "B", "a", "kappa"])
    at = {sp.Symbol(name, real=True): x for name, x in values.items()}
    inner = {T.get(k, sp.Symbol(k, real=True)): sp.nsimplify(v) for k, v in replacements.items()}
    point = {s: inner.get(s, s).subs(at) for s in (*full.states, *full.parameters)}
    velocity = {s: sp.Symbol("d" + s.name, real=True) for s in full.states}
    for s in full.states:                               # by the chain rule: the values are affine and constant
        e = inner.get(s, s)
        point[velocity[s]] = sum(sp.diff(e, u) * at.get(velocity[u], 0) for u in full.states)
    rows = {s: r.xreplace(point) for s, r in zip(full.states, full.residual, strict=True)}
    chosen = [rows[p] for p in found.projection]
    assert [r.xreplace(at) for r in found.residual] == chosen
    assert len({*found.projection}) == len(found.states)
    used = {*replacements} - {name for v in replacements.values() for name in map(str, sp.S(v).free_symbols)}
    assert not used & {s.name for s in found.states}


def test_a_swap_of_states_and_back_changes_nothing():
    components = EQUATION.pauli()
    swap = {"T_0x": T["T_x0"], T["T_x0"]: T["T_0x"]}
    assert components.subs(swap).subs(swap).residual == components.residual
    assert components.subs(swap).residual != components.residual


def test_replacing_in_what_is_restricted():
    one = EQUATION.pauli().subs({"T_0x": a * T["T_x0"], "T_zz": K}).subs({a: 2, "J": B, K: 0})
    two = EQUATION.pauli().subs({"J": B, "T_zz": 0, "T_0x": 2 * T["T_x0"]})
    assert one.residual == two.residual
    assert set(one.parameters) == {B, D, kappa}
    three = two.subs({"T_x0": 0})
    assert (len(three.states), three.map[T["T_0x"]]) == (12, 0)
    y = np.linspace(-0.2, 0.2, 12)
    values = {"B": 1.5, "D": 0.3, "kappa": 0.5}
    full = EQUATION.pauli().compile("numpy").bind(J=1.5, **values)
    assert three.compile("numpy").bind(values)(0, y).shape == (12,)
    assert full(0, np.zeros(15)).shape == (15,)
    with pytest.raises(q.InputError, match="but has K"):
        one.subs({K: 1})


@pytest.mark.parametrize(("value", "message"), [
    (T["T_x0"]**2, r"affine in states and constant in time, but its value is T_x0\*\*2"),
    (sp.sin(T["T_x0"]), "affine in states"),
    (T["T_x0"] * T["T_y0"], "affine in states"),
    (1 / T["T_x0"], "affine in states"),
    (sp.sin(q.t), "constant in time"),
    (sp.Symbol("dT_x0", real=True), "the velocity dT_x0"),
    (sp.Symbol("T_xq", real=True) * sp.I, "real"),
    (sp.Symbol("eta_x", real=True), "reserved"),
    (1j, "`T_0x` must be real"),
    ("T_x0", "`T_0x` must be a number"),
])
def test_states_replaced_by_what_is_no_value_are_refused(value, message):
    with pytest.raises(q.QllgError, match=message):
        EQUATION.pauli().subs({"T_0x": value})


def test_states_that_are_lost_are_refused():
    with pytest.raises(q.InputError, match="must leave a state, but all of them have values"):
        EQUATION.pauli().subs(dict.fromkeys(T, 0))
    with pytest.raises(q.InputError, match="independent states, but T_0x, T_x0 can no more be told apart"):
        EQUATION.pauli().subs({"T_0x": T["T_0x"] + T["T_x0"], "T_x0": 0})


def test_terms_of_every_form_are_made_anew():
    space = q.Space("1", "1/2")
    S0, S1 = space.spin(0), space.spin(1)
    one = q.Model(space, [J * S0.dot(S1) + D * S0.cross(S1).z, q.Stevens({(2, 0): J, (2, 2): D}, 0),
                          q.Operator([[J, 1j * D], [-1j * D, 0]], [1]), q.ZeroField(J, 0, E=D),
                          K * q.Zeeman((0, 0, J))])
    two = one.subs({J: D, D: a - 1, K: 2})
    b = a - 1
    assert two == q.Model(space, [D * S0.dot(S1) + b * S0.cross(S1).z, q.Stevens({(2, 0): D, (2, 2): b}, 0),
                                  q.Operator([[D, 1j * b], [-1j * b, 0]], [1]), q.ZeroField(D, 0, E=b),
                                  q.Zeeman((0, 0, 2 * D))])
    assert [type(x).__name__ for x in one.subs({J: 0, K: 0}).terms] == ["SpinTerm", "Stevens", "Operator", "ZeroField"]
