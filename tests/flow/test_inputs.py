"""Every bad input: the right class, one sentence, and the name of the argument in it; before any work."""

import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from qllg_sym.flow import methods
from systems import DampedMoment, IsotropicDimer

J, K = sp.symbols("J K", real=True)
SYSTEM, MOMENT = IsotropicDimer(), DampedMoment()
HALF = q.Space("1/2")
NAMED = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.Zeeman((0, 0, 1))])
UNITS = q.Model(HALF, [q.Zeeman((0, 0, 1))], hbar=sp.Symbol("h", positive=True))
SKEW = np.array([[0.5, 0.1], [0.2, 0.5]])


def dimer(state=None, times=(0, 1), **options):
    law = options.pop("law", SYSTEM.law)
    return lambda: q.solve(SYSTEM.model, law, SYSTEM.state if state is None else state, times, **options)


def spin(state, model=None, **options):
    return lambda: q.solve(model or q.Model(HALF, [q.Zeeman((0, 0, 1))]), q.QuantumLLG(0.5), state, [0, 1], **options)


def named(values):
    return lambda: q.solve(NAMED, q.QuantumLLG(K), SYSTEM.state, [0, 1], values)


def moments(state, **options):
    return lambda: q.solve(MOMENT.model, MOMENT.law, state, [0, 1], **options)


STATES = {
    "not Hermitian": (spin(SKEW), q.StateError, "state"),
    "trace two": (spin(np.eye(2)), q.StateError, "state"),
    "negative eigenvalue": (spin(np.diag([1.1, -0.1])), q.StateError, "state"),
    "just negative": (spin(np.diag([1 + 2e-10, -2e-10])), q.StateError, "state"),
    "long ket": (spin([1.0, 1.0]), q.StateError, "state"),
    "zero ket": (spin([0.0, 0.0]), q.StateError, "state"),
    "wrong size": (spin(np.eye(3) / 3), q.StateError, "state"),
    "wrong ket": (spin([1.0, 0, 0]), q.StateError, "state"),
    "a bra": (spin([[1.0, 0]]), q.StateError, "state"),
    "a stack": (spin(np.zeros((1, 2, 2))), q.StateError, "state"),
    "a number": (spin(1.0), q.StateError, "state"),
    "NaN": (spin(np.diag([np.nan, 1])), q.StateError, "state"),
    "infinite": (spin([np.inf, 0]), q.StateError, "state"),
    "text": (spin("up"), q.InputTypeError, "state"),
    "texts": (spin(["1", "0"]), q.InputTypeError, "state"),
    "none": (spin(None), q.InputTypeError, "state"),
    "object": (spin(object()), q.InputTypeError, "state"),
    "ragged": (spin([[1.0], [0.0, 1.0]]), q.InputTypeError, "state"),
    "symbolic": (spin(sp.Matrix([[J, 0], [0, 1 - J]])), q.InputTypeError, "state"),
    "bell of one spin": (spin(q.states.bell("psi+")), q.StateError, "state"),
    "product of two": (spin(q.states.product("up", "up")), q.StateError, "state"),
    "coherent elsewhere": (spin(q.states.coherent(q.Space("1"), [(0, 0, 1)])), q.StateError, "state"),
    "random elsewhere": (spin(q.states.random(q.Space("1"))), q.StateError, "state"),
    "eta elsewhere": (spin(q.states.eta(q.Space("1"), (0, 0, 0.1))), q.StateError, "state"),
    "thermal elsewhere": (spin(q.states.thermal(SYSTEM.model, 1)), q.StateError, "state"),
    "degenerate ground": (spin(q.states.ground(q.Model(HALF))), q.StateError, "ground"),
    "eta units": (spin(q.states.eta(HALF, (0, 0, 1)), UNITS, values={"h": 2.0}), q.StateError, "hbar"),
    "low rank size": (spin(q.LowRank([1.0], [[1], [0], [0]])), q.StateError, "kets"),
    "low rank trace": (spin(q.LowRank([0.5], [[1], [0]])), q.StateError, "state"),
    "low rank negative": (spin(q.LowRank([1.2, -0.2], np.eye(2))), q.StateError, "state"),
    "long eta": (lambda: q.states.eta(q.Space("1"), (0, 0, 1.01)), q.StateError, "eta"),
    "eta of two spins": (lambda: q.states.eta(q.Space.half(2), (0, 0, 1)), q.StateError, "space"),
    "two components": (lambda: q.states.eta(HALF, (0, 1)), q.StateError, "eta"),
    "werner": (lambda: q.states.werner("psi+", 1.1), q.StateError, "p"),
    "werner NaN": (lambda: q.states.werner("psi+", np.nan), q.StateError, "p"),
    "bell name": (lambda: q.states.bell("psi"), q.StateError, "name"),
    "label": (lambda: q.states.product("left"), q.StateError, "spins"),
    "labels in a list": (lambda: q.states.product(["up", "down"]), q.StateError, "spins"),
    "no label": (lambda: q.states.product(), q.StateError, "spins"),
    "zero direction": (lambda: q.states.coherent(HALF, [(0, 0, 0)]), q.StateError, "directions"),
    "long direction": (lambda: q.states.coherent(HALF, [(0, 0, 1 + 1e-9)]), q.StateError, "directions"),
    "directions": (lambda: q.states.coherent(HALF, [(0, 0, 1)] * 2), q.StateError, "directions"),
    "no directions": (lambda: q.states.coherent(HALF, None), q.InputTypeError, "directions"),
    "direction by name": (lambda: q.states.coherent(HALF, ["up"]), q.StateError, "directions"),
    "eta of one number": (lambda: q.states.eta(HALF, 1), q.InputTypeError, "eta"),
    "eta without hbar": (lambda: q.states.eta(HALF, (0, 0, 1), hbar=0), q.StateError, "hbar"),
    "rank": (lambda: q.states.random(HALF, rank=3), q.StateError, "rank"),
    "rank zero": (lambda: q.states.random(HALF, rank=0), q.StateError, "rank"),
    "beta": (lambda: q.states.thermal(NAMED, np.nan), q.StateError, "beta"),
    "beta text": (lambda: q.states.thermal(NAMED, "hot"), q.InputTypeError, "beta"),
    "thermal of a space": (lambda: q.states.thermal(HALF, 1), q.InputTypeError, "model"),
    "weights": (lambda: q.LowRank([1.0, 2.0], [[1], [0]]), q.StateError, "weights"),
    "weights NaN": (lambda: q.LowRank([np.nan], [[1], [0]]), q.StateError, "weights"),
    "weights matrix": (lambda: q.LowRank([[1.0]], [[1], [0]]), q.StateError, "weights"),
    "weights text": (lambda: q.LowRank(["1"], [[1], [0]]), q.InputTypeError, "weights"),
    "weights complex": (lambda: q.LowRank([1j], [[1], [0]]), q.InputTypeError, "weights"),
    "kets text": (lambda: q.LowRank([1.0], "kets"), q.InputTypeError, "kets"),
    "kets ragged": (lambda: q.LowRank([1.0], [[1], [0, 1]]), q.InputTypeError, "kets"),
    "kets flat": (lambda: q.LowRank([1.0], [1, 0]), q.StateError, "kets"),
    "kets NaN": (lambda: q.LowRank([1.0], [[np.nan], [0]]), q.StateError, "kets"),
    "kets infinite": (lambda: q.LowRank([1.0], [[1j * np.inf], [0]]), q.StateError, "kets"),
    "more kets than dimensions": (lambda: q.LowRank([0.3] * 3, np.eye(2, 3)), q.StateError, "kets"),
    "background NaN": (lambda: q.LowRank([1.0], [[1], [0]], np.nan), q.StateError, "background"),
    "background text": (lambda: q.LowRank([1.0], [[1], [0]], "0"), q.InputTypeError, "background"),
    "background array": (lambda: q.LowRank([1.0], [[1], [0]], [0.0]), q.StateError, "background"),
    "low rank background": (spin(q.LowRank([1.2], [[1], [0]], -0.1)), q.StateError, "state"),
    "low rank over one": (spin(q.LowRank([0.5], [[1], [0]], 0.5)), q.StateError, "state"),
    "random beyond memory": (lambda: q.solve(q.Model(q.Space.half(40)), q.QuantumLLG(1),
                                             q.states.random(q.Space.half(40), rank=2), [0, 1]), q.InputError, "kets"),
    "product beyond memory": (lambda: q.solve(q.Model(q.Space.half(40)), q.QuantumLLG(1),
                                              q.states.product(*["up"] * 40), [0, 1]), q.InputError, "state"),
    "a ket of too few spins": (lambda: q.solve(q.Model(q.Space.half(12)), q.QuantumLLG(1), np.eye(2048)[0], [0, 1]),
                               q.StateError, "state"),
}
TIMES = {str(bad): (dimer(times=bad), kind, "times") for bad, kind in [
    ((), q.InputError), ((1, 0), q.InputError), ((0, 0), q.InputError), ((0, np.nan), q.InputError),
    ((0, np.inf), q.InputError), (0.0, q.InputError), (((0, 1),), q.InputError), ((0, 10**400), q.InputError),
    ("ab", q.InputTypeError), ((0, 1j), q.InputTypeError), (("0", "1"), q.InputTypeError), (None, q.InputTypeError),
    ((0, None), q.InputTypeError), ((False, True), q.InputTypeError), (((0,), (0, 1)), q.InputTypeError)]}
VALUES = {
    "unbound": (named({}), q.InputError, "values"),
    "no values": (named(None), q.InputError, "values"),
    "unknown": (named({"J": 1, "K": 1, "L": 1}), q.InputError, "values"),
    "twice": (named({"J": 1, J: 1, "K": 1}), q.InputError, "values"),
    "NaN": (named({"J": np.nan, "K": 1}), q.InputError, "values"),
    "infinite": (named({"J": -np.inf, "K": 1}), q.InputError, "values"),
    "too large": (named({"J": 10**400, "K": 1}), q.InputError, "values"),
    "an array": (named({"J": [1.0, 2.0], "K": 1}), q.InputError, "values"),
    "complex": (named({"J": 1j, "K": 1}), q.InputTypeError, "values"),
    "text": (named({"J": "1", "K": 1}), q.InputTypeError, "values"),
    "none": (named({"J": None, "K": 1}), q.InputTypeError, "values"),
    "a list": (named([1, 2]), q.InputTypeError, "values"),
    "negative hbar": (spin([1, 0], UNITS, values={"h": -1.0}), q.InputError, "values"),
    "zero hbar": (spin([1, 0], UNITS, values={"h": 0}), q.InputError, "values"),
}
OPTIONS = {
    "method": (dimer(method="euler"), q.InputError, "method"),
    "method none": (dimer(method=None), q.InputError, "method"),
    "exact of three levels": (dimer(np.diag([0.5, 0.3, 0.2, 0]), method="exact"), q.InputError, "method"),
    "exact of dephasing": (dimer(law=q.Dephasing(0.1), method="exact"), q.InputError, "method"),
    "frame of dephasing": (dimer(law=q.Dephasing(0.1), method="frame"), q.InputError, "method"),
    "moments of a quantum law": (dimer(method="moments"), q.InputError, "method"),
    "frame of a classical law": (moments([[1, 0, 0]], method="frame"), q.InputError, "method"),
    "no method left": (lambda: q.solve(q.Model(q.Space.half(7)), q.Dephasing(1), q.states.product(*["up"] * 7), [0, 1]),
                       q.InputError, "method"),
    "rtol": (dimer(rtol=0.0), q.InputError, "rtol"),
    "rtol beyond doubles": (dimer(rtol=1e-16), q.InputError, "rtol"),
    "rtol NaN": (dimer(rtol=np.nan), q.InputError, "rtol"),
    "rtol text": (dimer(rtol="1e-8"), q.InputError, "rtol"),
    "atol": (dimer(atol=-1e-8), q.InputError, "atol"),
    "atol large": (dimer(atol=2.0), q.InputError, "atol"),
    "keep": (dimer(keep="some"), q.InputError, "keep"),
    "progress": (dimer(progress="yes"), q.InputTypeError, "progress"),
    "stop": (dimer(stop=3), q.InputTypeError, "stop"),
    "observe": (dimer(observe=[np.eye(4)]), q.InputTypeError, "observe"),
    "observe text": (dimer(observe={"a": "x"}), q.InputError, "observe"),
    "observe class": (dimer(observe={"a": q.Pauli}), q.InputTypeError, "observe"),
    "observe small": (dimer(observe={"a": np.eye(2)}), q.InputTypeError, "observe"),
    "observe NaN": (dimer(observe={"a": np.full((4, 4), np.nan)}), q.InputTypeError, "observe"),
    "observe of moments": (moments([[1, 0, 0]], observe={"a": np.eye(2)}), q.InputTypeError, "observe"),
    "law": (lambda: q.solve(SYSTEM.model, "q-llg", SYSTEM.state, [0, 1]), q.InputTypeError, "law"),
    "law class": (lambda: q.solve(SYSTEM.model, q.QuantumLLG, SYSTEM.state, [0, 1]), q.InputTypeError, "law"),
    "model": (lambda: q.solve(HALF, SYSTEM.law, SYSTEM.state, [0, 1]), q.InputTypeError, "model"),
    "symbolic spin": (lambda: q.solve(q.Model(q.Space(sp.Symbol("s", positive=True))), SYSTEM.law, [1, 0], [0, 1],
                                      {"s": 1}), q.InputError, "model"),
}
MOMENTS = {
    "two rows": (moments([[1, 0, 0]] * 2), q.StateError, "state"),
    "flat": (moments([1, 0, 0]), q.StateError, "state"),
    "long": (moments([[1, 1, 0]]), q.StateError, "state"),
    "NaN": (moments([[np.nan, 0, 0]]), q.StateError, "state"),
    "a density matrix": (moments(np.eye(2) / 2), q.StateError, "state"),
    "complex": (moments([[1j, 0, 0]]), q.InputTypeError, "state"),
    "a description": (moments(q.states.product("up")), q.InputTypeError, "state"),
    "text": (moments("up"), q.InputTypeError, "state"),
}


@pytest.mark.parametrize(("call", "kind", "argument"), [
    pytest.param(*case, id=f"{group}: {name}") for group, cases in
    {"state": STATES, "times": TIMES, "values": VALUES, "option": OPTIONS, "moments": MOMENTS}.items()
    for name, case in cases.items()])
def test_bad_input_is_refused_in_one_sentence(call, kind, argument, monkeypatch):
    for name in methods.names():
        monkeypatch.setattr(methods.find(name), "run", lambda *_: pytest.fail("work was begun"))
    with pytest.raises(kind) as caught:
        call()
    text = str(caught.value)
    assert isinstance(caught.value, TypeError if kind is q.InputTypeError else ValueError)
    assert f"`{argument}" in text
    assert " must " in text
    assert " but " in text
    assert text.endswith(".")
    assert "\n" not in text
    assert not any(mark in text for mark in (". ", "! ", "? ")), "one sentence"
    assert len(text) < 400
    assert caught.value.__cause__ is None                              # no traceback of NumPy's in front of it


def test_what_is_within_tolerance_is_accepted():
    """The broken twin: the same checks let these through."""
    for state in (np.diag([1 + 5e-11, -5e-11]), np.array([[0.5, 0.1 + 9e-11], [0.1, 0.5]]), [1 + 5e-11, 0]):
        assert len(spin(state)()) == 2
    assert len(moments([[1 + 5e-11, 0, 0]])()) == 2
    assert len(dimer(rtol=np.float32(1e-6), atol=0.5)()) == 2
    assert len(dimer(rtol=3e-14)()) == 2                              # the bound that the refusal names


@pytest.mark.parametrize("given", [["late"], "late", [1, None]])
def test_breakpoints_that_are_no_times_are_shown(given):
    with pytest.raises(q.InputTypeError, match="`breakpoints` must be a list of times") as caught:
        dimer(breakpoints=given)()
    assert f"but is {given!r};" in str(caught.value)


def test_a_product_state_is_told_its_directions():
    model, law, state = q.Model(q.Space.half(2)), q.ClassicalLLG(0.1), q.states.product("+x", "down")
    with pytest.raises(q.InputTypeError, match="such as its `directions`"):
        q.solve(model, law, state, [0, 1])
    assert np.array_equal(q.solve(model, law, state.directions, [0, 1]).moments[0], [[1, 0, 0], [0, 0, -1]])


@pytest.mark.parametrize(("law", "state", "method"), [
    (q.QuantumLLG(0.1), q.states.product("up"), "pauli"), (q.ClassicalLLG(0.1), np.array([[0, 0, 1.0]]), "moments")])
def test_coefficients_that_are_not_finite_are_refused_alone_and_told_of_a_row(law, state, method):
    """Of one row alone before the work; among others that row is a failure, and spoils none."""
    model = q.Model(HALF, [q.Zeeman((1 / (J - K), 0, 1))])
    with pytest.raises(q.InputError, match=r"^`values` must make every coefficient real and finite, [^\n]*J=1, K=1"):
        q.solve(model, law, state, [0, 1], {"J": 1, "K": 1}, method=method)
    with pytest.raises(q.IntegrationError, match=r"number 1 after t = 0: .* not finite near t = 0; change") as caught:
        q.solve_many(model, law, [state] * 3, [0, 1], {"J": [2, 1, 3], "K": 1}, method=method)
    assert caught.value.partial.counts.tolist() == [2, 1, 2]
