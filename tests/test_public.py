"""The public names: each resolves, and none is hidden by a room of the same name once everything is loaded."""

import pkgutil
from importlib import import_module

import pytest

import qllg_sym as q

FUNCTIONS = ["solve", "solve_many", "qllgsolve", "exact", "closed_form", "theorems"]
CLASSES = ["Space", "Model", "Zeeman", "Exchange", "DMI", "Anisotropy", "Bilinear", "Biquadratic", "Pauli", "Operator",
           "VonNeumann", "QuantumLL", "QuantumLLG", "Dephasing", "ClassicalLLG", "ClassicalLL", "LowRank", "Trajectory",
           "Units", "QllgError", "ProofError", "QllgWarning", "IntegrationError"]
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
