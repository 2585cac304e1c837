"""Model files: what they say is what is read, and everything else is refused with its place."""

import copy
import tomllib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

import qllg_sym as q
from qllg_sym.algebra.symbols import t
from qllg_sym.errors import FileError, ModelError, QllgError
from qllg_sym.flow import states
from qllg_sym.flow.methods import krylov
from qllg_sym.flow.options import Options
from qllg_sym.model.space import Space
from qllg_sym.modelfile.read import MAX_BYTES, model_named, parse_document, read_file
from strategies import examples

DIMER = Path(__file__).parents[1] / "data" / "dimer.toml"
DOCUMENT = tomllib.loads(DIMER.read_text(encoding="utf-8"))
J0, D0 = sp.symbols("J0 D0", real=True)


def changed(*path, value):
    """The dimer's document with one entry replaced, or removed where the value is `...`."""
    document = copy.deepcopy(DOCUMENT)
    place = document
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document


def test_reads_the_dimer():
    model_file = read_file(DIMER)
    exchange, dmi, zeeman = model_file.model.terms
    assert (exchange.J, exchange.i, exchange.j) == (2 * J0, 0, 1)
    assert dmi.D == (0, 0, D0)
    assert zeeman.B == (1, 0, 0)
    assert model_file.model.space.spins == (Fraction(1, 2), Fraction(1, 2))
    assert (model_file.law.kind, model_file.law.kappa) == ("q-llg", sp.Rational(1, 2))
    assert model_file.times == pytest.approx([8 * i / 40 for i in range(41)], abs=1e-15)
    assert model_file.values == {"J0": -0.5, "D0": 0.4}
    assert model_file.options == Options("auto", rtol=1e-10)
    assert model_file.name == "dimer"
    assert model_file.solvable().values == model_file.values


def test_builtin_models_have_their_symbols():
    dimer = model_named("dimer").with_law(None)
    assert {s.name for s in dimer.model.parameters} == {"J", "D", "B_x", "B_y", "B_z"}
    assert dimer.law.kappa == sp.Symbol("kappa", real=True)
    assert model_named("spin").model.space.symbolic
    assert model_named("dimer").with_law("llg").law.alpha == sp.Symbol("alpha", real=True)


def test_another_law_keeps_the_damping_of_the_file():
    assert read_file(DIMER).with_law("q-ll").law.kappa == sp.Rational(1, 2)
    assert read_file(DIMER).with_law(None) is not None
    with pytest.raises(ModelError, match="q-llg"):
        read_file(DIMER).with_law("no-such-law")
    with pytest.raises(ModelError, match="lindblad takes more; write"):
        read_file(DIMER).with_law("lindblad")


@pytest.mark.parametrize(("law", "attributes"), [
    ({"kind": "von-neumann"}, {}),
    ({"kind": "q-ll", "kappa": "J0/2"}, {"kappa": J0 / 2}),
    ({"kind": "q-llg", "kappa": 0.1}, {"kappa": sp.Rational(1, 10)}),
    ({"kind": "local-gilbert", "alpha": "J0"}, {"alpha": J0}),
    ({"kind": "llg", "alpha": 1, "field": "mean"}, {"alpha": 1, "field": "mean"}),
    ({"kind": "ll", "alpha": 0.5, "rescaled": False}, {"rescaled": False, "field": "paper"}),
    ({"kind": "dephasing", "rate": "D0**2"}, {"rate": D0**2}),
])
def test_reads_every_law(law, attributes):
    found = parse_document(changed("law", value=law), "x").law
    assert found.kind == law["kind"]
    assert {key: getattr(found, key) for key in attributes} == attributes


@pytest.mark.parametrize(("spins", "term", "attributes"), [
    (["1/2", 1], {"kind": "zeeman", "B": [0, "sin(2*t)", "J0"], "sites": [1], "g": 2},
     {"B": (0, sp.sin(2 * t), J0), "sites": (1,), "g": 2}),
    (["1/2", 1], {"kind": "zeeman", "B": [0, 0, 1], "sites": 0}, {"sites": (0,)}),
    (["1"], {"kind": "anisotropy", "A": [[0, 0, 0], [0, 0, 0], [0, 0, "-D0"]], "sites": [0]}, {"i": 0}),
    (["3/2"], {"kind": "anisotropy", "A": [[0, 0, 0], [0, 0, 0], [0, 0, -1]], "i": 0}, {"i": 0}),
    (["1/2", "1/2"], {"kind": "bilinear", "M": "J0", "sites": [1, 0]}, {"i": 1, "j": 0}),
    (["1", "1"], {"kind": "biquadratic", "K": 0.1, "i": 0, "j": 1}, {"K": sp.Rational(1, 10), "i": 0, "j": 1}),
    (["1/2", "1/2"], {"kind": "pauli", "c": "J0", "letters": "XZ"}, {"c": J0, "letters": "XZ"}),
])
def test_reads_every_term(spins, term, attributes):
    document = {"system": {"spins": spins, "symbols": ["J0", "D0"]}, "term": [term]}
    (found,) = parse_document(document, "x").model.terms
    assert {key: getattr(found, key) for key in attributes} == attributes


@pytest.mark.parametrize(("path", "value", "says"), [
    (("sytem",), {}, "'sytem' (did you mean system?); use system, term, values, signals, law, state, time, solver"),
    (("system",), ..., "must have the key `system`"),
    (("system",), 3, "[system] must be a table, but is 3"),
    (("system", "spins"), ..., "[system] must have the key `spins`"),
    (("system", "spins"), "1/2", "[system] `spins` must be an array"),
    (("system", "spins"), ["1/3"], "1/3"),
    (("system", "spin"), 1, "[system] must have known keys alone, but has 'spin'"),
    (("system", "hbar"), "x", "[system] `hbar`"),
    (("system", "symbols"), [1], "[system] `symbols` must be an array of names"),
    (("term",), {"kind": "zeeman"}, "two brackets"),
    (("term", 0, "kind"), ..., "[[term]] 1 must have the key `kind`"),
    (("term", 0, "kind"), "no", "[[term]] 1 `kind` must be one of anisotropy, bilinear"),
    (("term", 1, "sites"), [0], "[[term]] 2 `sites` must be 2 sites"),
    (("term", 1, "sites"), [0, 0.5], "[[term]] 2 `sites` must be an array of integers"),
    (("term", 1, "sites"), ..., "[[term]] 2 must have the key `sites`"),
    (("term", 1, "i"), 0, "`sites` or `i`"),
    (("term", 1, "sites"), [0, 5], "5"),
    (("term", 0, "J"), ..., "[[term]] 1 must have the key `J`"),
    (("term", 0, "J"), True, "[[term]] 1 `J` must be a number or an expression in quotes, but is True"),
    (("term", 0, "J"), "2*J1", "[[term]] 1 `J`: The expression `2*J1` must use known names alone, but `J1`"),
    (("term", 0, "J"), float("nan"), "[[term]] 1 `J` must be a finite number"),
    (("term", 0), {"kind": "anisotropy", "A": -1, "sites": [0]}, "`A` must be a 3×3 matrix, but is a number"),
    (("term", 0, "J"), 10**400, "[[term]] 1 `J` must be a finite number"),
    (("term", 0, "j"), 1, "`sites` or `j`"),
    (("term", 2, "B"), [1, 2], "[[term]] 3: `B` must have three components"),
    (("term", 2, "b"), 1, "[[term]] 3 must have known keys alone, but has 'b' (did you mean B?); use kind, B"),
    (("values", "J0"), "K", "[values] `J0`: The expression `K`"),
    (("values", "J0"), [1], "[values] `J0` must be a number"),
    (("values", "J0"), float("inf"), "[values] `J0` must be a finite number"),
    (("values", "2J"), 1, "2J"),
    (("values", "t"), 1, "`t`"),
    (("law", "kind"), "gilbert", "[law] `kind` must be one of dephasing, "),
    (("law", "kappa"), ..., "[law] must have the key `kappa`"),
    (("law", "alpha"), 1, "[law] must have known keys alone, but has 'alpha' (did you mean kappa?); use kind, kappa"),
    (("law", "kappa"), float("inf"), "[law] `kappa` must be a finite number"),
    (("state", "kind"), "bel", "[state] `kind` must be one of bell, coherent"),
    (("state", "spin"), 1, "[state] must have known keys alone, but has 'spin' (did you mean spins?); use kind, spins"),
    (("state", "spins"), "up", "[state] `spins` must be an array"),
    (("time", "stop"), ..., "[time] must have the key `stop`"),
    (("time", "stop"), "t", "[time] `stop` must be a constant"),
    (("time", "stop"), -1.0, "[time] must have increasing times"),
    (("time", "points"), 1.5, "[time] `points` must be an integer"),
    (("time", "points"), 0, "[time] `points` must be between 1"),
    (("time", "points"), 10**12, "[time] `points` must be between 1"),
    (("solver", "tolerance"), 1, "[solver] must have known keys alone"),
    (("solver", "rtol"), "small", "[solver] `rtol`"),
    (("solver", "rtol"), 2.0, "[solver]: `rtol` must be at least 3e-14 and below 1"),
    (("solver", "bond"), 8, "[solver] must have known keys alone, but has 'bond'"),
])
def test_refuses_with_the_place(path, value, says):
    with pytest.raises(ModelError) as caught:
        parse_document(changed(*path, value=value), "x")
    assert says in str(caught.value)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize(("content", "says"), [
    (b"[system\nspins = 1", "line 1, column 8"),
    (b"[system]\nspins = [\"1/2\"]\nx =", "line 3, column 4"),
    (b"\xff\xfe\x00", "no text"),
    (b"a = " + b"[" * 100_000, "nested too deeply"),
    (b"a = " + b"9" * 5000, "damaged"),
    (b"\x00", "damaged"),
    (b"#" * (MAX_BYTES + 1), "bytes"),
    (b"x = 1\na" + b".a" * 40_000 + b" = 1", "line 2 has more"),      # minutes and gigabytes for tomllib
    (b"[a" + b" . 'a'" * 40_000 + b"]", "at most 16 parts"),
])
def test_refuses_what_is_no_model_file(content, says, tmp_path):
    path = tmp_path / "m.toml"
    path.write_bytes(content)
    with pytest.raises(FileError, match=says) as caught:
        model_named(str(path))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["no-such-file.toml", "", "a\x00b", "no\nsuch"])
def test_refuses_names_that_are_no_files(name):
    with pytest.raises(FileError, match="`MODEL` must be dimer, spin or a TOML file") as caught:
        model_named(name)
    assert str(caught.value).isprintable()


def test_refuses_a_folder(tmp_path):
    with pytest.raises(FileError, match="must be readable"):
        model_named(str(tmp_path))


@pytest.mark.parametrize(("state", "expected"), [
    ({"kind": "ket", "amplitudes": ["1/sqrt(2)", 0, [0, 0.5], [0.0, "-1/2"]]}, [0.5**0.5, 0, 0.5j, -0.5j]),
    ({"kind": "density", "matrix": [[0.5, [0, -0.5]], [[0, "1/2"], 0.5]]}, [[0.5, -0.5j], [0.5j, 0.5]]),
    ({"kind": "moments", "moments": [[0, 0, 1], ["sin(1)", 0, "cos(1)"]]}, [[0, 0, 1], [np.sin(1), 0, np.cos(1)]]),
])
def test_reads_arrays_as_states(state, expected):
    found = parse_document(changed("state", value=state), "x").state
    assert found == pytest.approx(np.array(expected), abs=1e-16)


@pytest.mark.parametrize(("state", "expected"), [
    ({"kind": "product", "spins": ["down", "+x"]}, states.product("down", "+x")),
    ({"kind": "bell", "name": "phi-"}, states.bell("phi-")),
    ({"kind": "werner", "name": "psi+", "p": "9/10"}, states.werner("psi+", 0.9)),
    ({"kind": "coherent", "directions": [[0, 0, 1], ["pi/2", 0.5]]},
     states.coherent(Space("1/2", "1/2"), [(0, 0, 1), (np.pi / 2, 0.5)])),
    ({"kind": "random", "rank": 2, "seed": 7}, states.random(Space("1/2", "1/2"), 2, 7)),
])
def test_reads_described_states(state, expected):
    assert parse_document(changed("state", value=state), "x").state == expected


def test_reads_thermal_ground_and_eta_states():
    model_file = parse_document(changed("state", value={"kind": "thermal", "beta": 2}), "x")
    assert model_file.state == states.thermal(model_file.model, 2)
    model_file = parse_document(changed("state", value={"kind": "ground"}), "x")
    assert model_file.state == states.ground(model_file.model)
    one = {"system": {"spins": ["1"], "hbar": 2}, "state": {"kind": "eta", "eta": [0, 0, 0.4]}}
    assert parse_document(one, "x").state == states.eta(Space("1"), (0, 0, 0.4), 2)


@pytest.mark.parametrize(("state", "says"), [
    ({"kind": "ket", "amplitudes": ["J0"]}, "[state] `amplitudes`: The expression `J0`"),
    ({"kind": "ket", "amplitudes": [[1, 2, 3]]}, "pairs [re, im]"),
    ({"kind": "density", "matrix": [[1, 0]]}, "a square array"),
    ({"kind": "moments", "moments": [[1, 0, 0], [1]]}, "rows [x, y, z]"),
    ({"kind": "moments", "moments": [["x"]]}, "`x`"),
    ({"kind": "moments", "moments": [1, 0, 0]}, "rows in brackets"),
    ({"kind": "product", "spins": ["up", "sideways"]}, "[state]: `spins` must be of up, down"),
    ({"kind": "coherent", "directions": [[0, 0, 1]]}, "2 sites"),
    ({"kind": "coherent", "directions": [1, 2]}, "[state]"),
    ({"kind": "werner", "name": "psi+"}, "must have the key `p`"),
    ({"kind": "random", "seed": 1.5}, "[state] `seed` must be an integer"),
])
def test_refuses_wrong_states(state, says):
    with pytest.raises(ModelError) as caught:
        parse_document(changed("state", value=state), "x")
    assert says in str(caught.value)


@pytest.mark.parametrize("time", [{"stop": 10**23, "points": 3}, {"times": [0, 5 * 10**22, 10**23]}])
def test_integers_beyond_64_bits_are_numbers(time):
    document = changed("time", value=time)
    assert parse_document(document, "x").times.tolist() == [0, 5e22, 1e23]


def test_reads_listed_times_and_constants():
    times = parse_document(changed("time", value={"times": [0, "pi/2", 3.5]}), "x").times
    assert times == pytest.approx([0, np.pi / 2, 3.5])
    later = parse_document(changed("time", value={"start": 1, "stop": "2*pi", "points": 2}), "x").times
    assert later == pytest.approx([1, 2 * np.pi])
    one = parse_document(changed("time", value={"stop": 1, "points": 1, "start": 1}), "x").times
    assert one.tolist() == [1.0]


def test_symbols_without_values_may_be_derived_but_not_solved():
    document = changed("values", "J0", value=...)
    with pytest.raises(ModelError, match="`J0` is not one"):
        parse_document(document, "x")
    document["system"]["symbols"] = ["J0"]
    model_file = parse_document(document, "x")
    assert J0 in model_file.model.parameters
    with pytest.raises(ModelError, match=r"J0 has none; add it under \[values\]"):
        model_file.solvable()


@pytest.mark.parametrize(("table", "says"), [("law", "[law]"), ("state", "[state]"), ("time", "[time]")])
def test_what_is_missing_is_named_when_solving(table, says):
    model_file = parse_document(changed(table, value=...), "x")
    with pytest.raises(ModelError) as caught:
        model_file.solvable()
    assert says in str(caught.value)


def test_values_that_nothing_uses_are_dropped():
    model_file = parse_document(changed("values", value={"J0": 1, "D0": 1, "spare": 3}), "x").solvable()
    assert set(model_file.values) == {"J0", "D0"}


def test_a_classical_law_takes_the_directions_of_a_product():
    model_file = parse_document(changed("law", value={"kind": "llg", "alpha": 0.5}), "x").solvable()
    assert np.array_equal(model_file.state, [[0, 0, 1], [0, 0, -1]])


PLAIN = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
                     lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=6), x, max_size=3),
                     max_leaves=6)


@examples(200)
@given(st.sampled_from([("system",), ("system", "spins"), ("term",), ("term", 0), ("term", 0, "J"),
                        ("term", 1, "sites"), ("term", 2, "B"), ("values",), ("values", "J0"), ("law",),
                        ("law", "kappa"), ("state",), ("state", "spins"), ("time",), ("time", "stop"),
                        ("time", "points"), ("solver",)]), PLAIN)
def test_no_document_raises_anything_else(path, value):
    try:
        parse_document(changed(*path, value=value), "x")
    except QllgError as error:
        message = str(error)
    else:
        message = ""
    assert "\n" not in message


def test_steps_in_the_solver_table():
    found = parse_document({"system": {"spins": ["1/2"]},
                            "solver": {"max_step": "1/4", "breakpoints": [0.5, "pi"], "rtol": 1e-8}}, "m").options
    assert found == Options(max_step=0.25, breakpoints=[0.5, np.pi], rtol=1e-8)
    assert found != Options(max_step=0.25, breakpoints=[0.5, np.pi])


def test_what_a_method_alone_has_stands_in_the_solver_table(monkeypatch):
    document = {"system": {"spins": ["1/2"]}, "solver": {"method": "krylov", "bond": 8}}
    with pytest.raises(ModelError, match="but has 'bond'"):
        parse_document(document, "m")
    monkeypatch.setattr(krylov, "OPTIONS", ("bond",), raising=False)
    assert parse_document(document, "m").options == Options("krylov", own={"bond": 8})


def test_breakpoints_of_the_solver_table_are_an_array():
    with pytest.raises(ModelError, match=r"\[solver\] `breakpoints` must be an array in brackets"):
        parse_document({"system": {"spins": ["1/2"]}, "solver": {"breakpoints": 1.0}}, "m")


def test_unknown_keys_of_a_bond_are_told_of_graphs_too(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text("[system]\nspins = ['1/2', '1/2']\n[[term]]\nkind = 'exchange'\nJ = 1\nedge = [[0, 1]]\n")
    with pytest.raises(ModelError, match="use kind, sites, J, i, j, graph, edges"):
        model_named(str(path))


JUMP = {"rate": "D0**2", "spin": "minus", "site": 1}


@pytest.mark.parametrize(("jump", "matrix"), [
    (JUMP, np.kron(np.eye(2), [[0, 0], [1, 0]])),
    ({"rate": 0.5, "matrix": np.diag([1, 2, 3, 4]).tolist(), "imaginary": np.eye(4)[::-1].tolist()},
     np.diag([1, 2, 3, 4]) + 1j * np.eye(4)[::-1]),
    ({"rate": 1, "matrix": np.eye(4, k=2).tolist()}, np.eye(4, k=2)),
    ({"rate": 1, "kind": "pauli", "c": 2, "letters": "XZ"}, 2 * np.kron([[0, 1], [1, 0]], np.diag([1, -1]))),
])
def test_reads_dissipators(jump, matrix):
    law = parse_document(changed("law", value={"kind": "lindblad", "dissipators": [jump]}), "x").law
    (found,) = law.dissipators
    assert law == q.Lindblad([(sp.sympify(jump["rate"], {"D0": D0}), found.operator)])
    space = q.Space("1/2", "1/2")
    same = q.Lindblad([(found.rate, matrix)]).derive(q.Model(space)).pauli().residual
    assert law.derive(q.Model(space)).pauli().residual == same
    beside = parse_document(changed("law", value={"kind": "q-llg", "kappa": 1, "dissipators": [jump]}), "x").law
    assert beside == q.QuantumLLG(1) + law


@pytest.mark.parametrize(("law", "words"), [
    ({"kind": "lindblad"}, "`dissipators`"), ({"kind": "lindblad", "dissipators": 3}, "an array in brackets"),
    ({"kind": "lindblad", "dissipators": [3]}, "must be a table"),
    ({"kind": "lindblad", "dissipators": [{"spin": "z"}]}, "the key `rate`"),
    ({"kind": "lindblad", "dissipators": [{"rate": -1, "spin": "z"}]}, "`rate` must not be negative"),
    ({"kind": "lindblad", "dissipators": [{"rate": 1, "spin": "w"}]}, "one of minus, plus"),
    ({"kind": "lindblad", "dissipators": [{"rate": 1, "spin": "z", "site": 7}]}, "a site from 0 to 1"),
    ({"kind": "lindblad", "dissipators": [{"rate": 1, "matrix": [[1]]}]}, "must be 4 × 4"),
    ({"kind": "lindblad", "dissipators": [{"rate": 1, "matrix": [[1]], "imaginary": 2}]}, "of the size of `matrix`"),
    ({"kind": "lindblad", "dissipators": [{"rate": 1, "kind": "no-such"}]}, "`kind` must be one of"),
    ({"kind": "lindblad", "kappa": 1, "dissipators": [JUMP]}, "known keys alone"),
    ({"kind": "llg", "alpha": 1, "dissipators": [JUMP]}, "`law` must be quantum"),
])
def test_refuses_wrong_dissipators(law, words):
    with pytest.raises(ModelError, match=words) as caught:
        parse_document(changed("law", value=law), "x")
    assert "\n" not in str(caught.value)
