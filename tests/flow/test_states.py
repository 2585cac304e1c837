"""Kinds of states: one contract for every file of the folder, and what one more file gives."""

import copy
import inspect
import pickle
from collections.abc import Sequence

import numpy as np
import pytest
import sympy as sp

import oracle
import qllg_sym as q
from definitions import defined
from qllg_sym import plugs
from qllg_sym.flow import states
from qllg_sym.flow.exact.states import exact_levels
from qllg_sym.flow.states.state import Hbar, State
from qllg_sym.model.space import Space
from qllg_sym.modelfile.read import parse_document
from qllg_sym.modelfile.state import BY_TYPE

FOLDER = states.KINDS
SPACES = [("1/2",), ("1",), ("1/2", "1/2"), ("1/2", "1")]
J, HBAR = sp.Symbol("J", real=True), sp.Rational(2, 3)
VALUES = {"J": 0.7}


def model_on(spins):
    """A model without degenerate levels."""
    terms = [q.Zeeman((0.3 * J, 0.2, 1))]
    terms += [q.Exchange(J, 0, 1), q.Zeeman((0, 0.4, 0), sites=0)] if len(spins) > 1 else []
    terms += [q.Anisotropy(np.diag([0.5, 0, 0]), spins.index("1"))] if "1" in spins else []
    return q.Model(q.Space(*spins), terms, hbar=HBAR)


def examples(module):
    """Every (state, model, arguments) that the file's example gives."""
    make = getattr(module, module.__name__.rpartition(".")[2])
    for spins in SPACES:
        model = model_on(spins)
        given, rest = {}, list(module.EXAMPLE)
        by_place = []
        for item in inspect.signature(make).parameters.values():
            own = {Space: model.space, q.Model: model, Hbar: float(HBAR)}
            if item.kind is inspect.Parameter.VAR_POSITIONAL:
                by_place, rest = rest, []
            elif item.annotation in own:
                given[item.name] = own[item.annotation]
            else:
                given[item.name] = rest.pop(0)
        assert not rest, "EXAMPLE has more than the function takes"
        try:
            state = make(*by_place, **given)
            q.solve(model, q.VonNeumann(), state, [0.0], VALUES)
        except q.QllgError:
            continue
        variadic = [i.name for i in inspect.signature(make).parameters.values() if i.kind.name == "VAR_POSITIONAL"]
        yield make, state, model, given | dict.fromkeys(variadic, by_place)


def check_contract(module):
    """What every kind is held to, a newcomer's too."""
    name = module.__name__.rpartition(".")[2]
    found = list(examples(module))
    assert found, f"EXAMPLE of {name} fits none of {SPACES}"
    for make, state, model, given in found:
        assert make is getattr(q.states, name)
        assert name in dir(q.states)
        assert all(word in make.__doc__ for word in ("Definition:", ">>>"))
        assert isinstance(state, State)
        assert inspect.signature(make).return_annotation is type(state), "the function must say what it returns"
        names = {key: value for key, value in given.items() if not isinstance(value, q.Model | Space)}
        values = {J: VALUES["J"]}
        wanted = defined(make, model.space.dimensions, names | {"H": oracle.hamiltonian(model, values)})
        run = q.solve(model, q.VonNeumann(), state, [0.0, 1.0], VALUES)
        np.testing.assert_allclose(run.states[0], wanted, atol=1e-12, err_msg=f"{name} is not what it is defined to be")
        many = q.solve_many(model, q.VonNeumann(), [state, state], [0.0, 1.0], VALUES)
        np.testing.assert_allclose(many.states, np.stack([run.states] * 2), atol=1e-10)
        check_exactly(state, model, wanted)
        for twin in (pickle.loads(pickle.dumps(state)), copy.deepcopy(state)):
            assert twin == state
        assert repr(state).startswith(type(state).__name__)
        assert "\n" not in repr(state)
        check_file(name, state, model, make, given)
        with pytest.raises(q.QllgError):
            q.solve(q.Model(q.Space("3/2", "3/2", "3/2")), q.VonNeumann(), state, [0.0], VALUES)


def check_exactly(state, model, wanted):
    """Exact data, where there are such, are those of the same matrix."""
    numbers = {J: sp.Rational(7, 10)}
    if len(np.unique(np.linalg.eigvalsh(wanted).round(9))) > 2:
        with pytest.raises(q.StateError, match="two distinct eigenvalues at most"):
            exact_levels(state, model, numbers)
        return
    a, b, kets = exact_levels(state, model, numbers)
    columns = np.array(kets.evalf().tolist(), dtype=complex).reshape(kets.shape)
    projector = columns @ np.linalg.pinv(columns)
    np.testing.assert_allclose(complex(a) * np.eye(len(wanted)) + complex(b) * projector, wanted, atol=1e-9)


def check_file(name, state, model, make, given):
    """A model file says the same in the function's own words."""
    own = {item.name: item.annotation for item in inspect.signature(make).parameters.values()}
    table = {"kind": name, **{key: as_toml(value) for key, value in given.items()
                              if own[key] not in (Space, q.Model, Hbar)}}
    assert all(own[key] in BY_TYPE for key in table if key != "kind"), "an argument's type is none that files have"
    system = {"spins": list(map(str, model.space.spins)), "hbar": "2/3", "symbols": ["J"]}
    field = {"kind": "zeeman", "B": ["0.3*J", 0.2, 1]}
    read = parse_document({"system": system, "term": [field], "state": table}, "m").state
    assert type(read) is type(state)
    if not state.models:
        assert read == state
    for key in table.keys() - {"kind"}:
        wrong = {**table, key + "x": table[key]}
        with pytest.raises(q.ModelError, match=r"\[state\] must have known keys alone"):
            parse_document({"system": system, "state": wrong}, "m")


def as_toml(value):
    return [as_toml(x) for x in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def test_the_folder_is_listed():
    assert set(dir(q.states)) >= {"bell", "coherent", "eta", "ground", "product", "random", "thermal", "werner"}


@pytest.mark.parametrize("module", plugs.modules(FOLDER), ids=lambda module: module.__name__.rpartition(".")[2])
def test_contract(module):
    check_contract(module)


def test_a_new_kind_of_state_is_one_file(drop):
    """In Python, exactly, in batches, as a target of `fidelity`, and in model files."""
    check_contract(drop(FOLDER, "states/ghz.py"))
    space = q.Space.half(3)
    model = q.Model(space, [q.Zeeman((0, 0, J))])
    ghz = q.states.ghz(space, phase=0.4)
    run = q.solve(model, q.VonNeumann(), ghz, [0.0, 2.0], {"J": 0.5})
    assert run.fidelity(q.states.ghz(space, 0.4 - 3 * 0.5 * 2)) == pytest.approx([np.cos(1.5)**2, 1])
    found = q.exact(model, q.QuantumLLG(sp.Rational(1, 2)), ghz, {"J": sp.Rational(1, 2)}).at(0, digits=30)
    assert abs(complex(found[0, 7]) - np.exp(-0.4j) / 2) < 1e-15
    with pytest.raises(q.StateError, match="`state` must belong to"):
        q.solve(q.Model(q.Space.half(2)), q.VonNeumann(), ghz, [0.0])
    with pytest.raises(q.StateError, match="`space` must have two sites at least"):
        q.states.ghz(q.Space("1/2"))
    document = {"system": {"spins": ["1/2", "1"]}, "state": {"kind": "ghz", "phase": "pi/2"}}
    assert parse_document(document, "m").state == q.states.ghz(q.Space("1/2", "1"), np.pi / 2)


BROKEN = {
    "a sign": [("cmath.exp(1j * self.phase)", "cmath.exp(-1j * self.phase)")],
    "a wrong norm": [("ket[0], ket[-1] = 0.5**0.5, 0.5**0.5", "ket[0], ket[-1] = 0.5, 0.5")],
    "a wrong component": [("ket[0], ket[-1] = 0.5", "ket[1], ket[-1] = 0.5")],
    "other exact data": [("sp.exp(sp.I * exact", "sp.exp(-sp.I * exact")],
    "another definition": [("np.exp(1j * phase)", "np.exp(2j * phase)")],
    "no definition": [("Definition:", "In words:")],
    "no example": [("EXAMPLE = (0.6,)", "")],
    "no example of an argument": [("EXAMPLE = (0.6,)", "EXAMPLE = ()")],
    "an argument without a type": [("phase: float = 0.0", "phase=0.0")],
    "no class of states": [("class Ghz(State)", "class Ghz")],
    "another name": [("def ghz(", "def cat("), (">>> ghz(", ">>> cat(")],
    "no returned type": [(" -> Ghz:", ":")],
}


@pytest.mark.parametrize("case", BROKEN)
def test_the_contract_catches_a_state_with(case, drop):
    with pytest.raises((AssertionError, AttributeError, LookupError, TypeError, ValueError)):
        check_contract(drop(FOLDER, "states/ghz.py", *BROKEN[case]))
