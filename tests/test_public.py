"""The public names: each resolves, and none is hidden by a room of the same name once everything is loaded."""

import pkgutil
from importlib import import_module

import pytest

import qllg_sym as q

FUNCTIONS = ["solve", "solve_many", "qllgsolve", "exact", "closed_form", "theorems", "chain", "ring", "square",
             "from_edges"]
CLASSES = ["Space", "Model", "Zeeman", "Exchange", "DMI", "Anisotropy", "Bilinear", "Biquadratic", "Pauli", "Operator",
           "VonNeumann", "QuantumLL", "QuantumLLG", "Dephasing", "ClassicalLLG", "ClassicalLL", "LowRank", "Trajectory",
           "Trajectories", "Equation", "Units", "QllgError", "InputError", "InputTypeError", "ModelError", "StateError",
           "DerivationError", "FileError", "CodegenError", "SolveInterrupted", "ProofError", "QllgWarning",
           "IntegrationError"]
OTHERS = ["t", "gap", "states"]
STATES = ["product", "bell", "werner", "coherent", "eta", "thermal", "ground", "random"]


@pytest.fixture(scope="module", autouse=True)
def everything_loaded():
    for module in pkgutil.walk_packages(q.__path__, "qllg_sym."):
        if not module.name.startswith("qllg_sym.generated"):
            import_module(module.name)


@pytest.mark.parametrize("name", FUNCTIONS + CLASSES)
def test_names_resolve_to_what_they_say(name):
    found = getattr(q, name)
    assert callable(found)
    assert isinstance(found, type) == (name in CLASSES)
    assert found.__doc__


@pytest.mark.parametrize("name", STATES)
def test_states(name):
    assert callable(getattr(q.states, name))


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="qllg_sym"):
        _ = q.NoSuchTerm


@pytest.mark.parametrize(("wrong", "meant"), [
    ("slove", "solve"), ("Exchnage", "Exchange"), ("QuantumLLg", "QuantumLLG"), ("Trajectoris", "Trajectories")])
def test_misspelt_names_say_what_was_meant(wrong, meant):
    with pytest.raises(AttributeError, match=rf"'{wrong}'; did you mean .*\b{meant}\b"):
        getattr(q, wrong)
    assert not hasattr(q, "__wrapped__")


def test_dir_star_and_all_are_the_public_names_and_nothing_else():
    names = set(dir(q))
    assert names == set(q.__all__) == {*FUNCTIONS, *CLASSES, *OTHERS}
    space: dict[str, object] = {}
    exec("from qllg_sym import *", space)
    assert {name for name in space if name != "__builtins__"} == names
    assert all(space[name] is getattr(q, name) for name in names)


def test_a_new_plug_is_public_without_being_listed(tmp_path, monkeypatch):
    (tmp_path / "new_terms").mkdir()
    (tmp_path / "new_terms" / "spiral.py").write_text("class Spiral:\n    pass\n\nclass _Helper:\n    pass\n")
    (tmp_path / "new_terms" / "_shared.py").write_text("class Shared:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(q, "_PLUGS", ("new_terms",))
    q._plugs.cache_clear()
    try:
        assert q._plugs() == {"Spiral": "new_terms.spiral"}
    finally:
        q._plugs.cache_clear()


def test_dir_of_states_is_what_users_call():
    assert dir(q.states) == sorted(STATES)
