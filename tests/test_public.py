"""The public names: each resolves, and none is hidden by a room of the same name once everything is loaded."""

import inspect
import os
import pkgutil
import pydoc
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import qllg_sym as q
from qllg_sym import operations, plugs, stubs
from qllg_sym.equations.components import Components
from qllg_sym.equations.equation import Equation

FUNCTIONS = ["solve", "solve_many", "signal", "sweep", "qllgsolve", "qllsolve", "llgsolve", "exact", "closed_form",
             "structure_factor", "energy_levels", "epr", "symbolic_response", "neutron_spectrum",
             "canonical", "langevin", "theorems", "chain", "ring", "square", "from_edges", "load", "save",
             "response", "lowest", "fit", "cubic", "triangular", "from_sites", "dipolar"]
CLASSES = ["Space", "Model", "Zeeman", "Exchange", "DMI", "Anisotropy", "Bilinear", "Biquadratic", "Pauli", "Operator",
           "VonNeumann", "QuantumLL", "QuantumLLG", "Dephasing", "ClassicalLLG", "ClassicalLL", "LowRank", "Trajectory",
           "StructureFactor", "MagneticResonance", "SymbolicResponse", "NeutronSpectrum",
           "Trajectories", "Equation", "Units", "QllgError", "InputError", "InputTypeError", "ModelError", "StateError",
           "DerivationError", "FileError", "CodegenError", "SolveInterrupted", "ProofError", "QllgWarning",
           "IntegrationError", "Bath", "ThermalEnsemble", "Hybrid", "Response", "HybridState", "HybridTrajectory",
           "HybridTrajectories", "GaussianTrajectory", "GaussianState", "LowestLevels", "MatrixProductTrajectory",
           "ChainTrajectories", "MatrixProductState", "Fit", "DataSet"]
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
    assert names == set(q.__all__)
    plugged = {name for name, home in q.homes().items() if home.startswith(q._PLUGS)}       # newcomers' too
    assert names >= {*FUNCTIONS, *CLASSES, *OTHERS}
    assert names - plugged == {*FUNCTIONS, *CLASSES, *OTHERS} - plugged
    space: dict[str, object] = {}
    exec("from qllg_sym import *", space)
    assert {name for name in space if name != "__builtins__"} == names
    assert all(space[name] is getattr(q, name) for name in names)


def test_help_begins_with_every_name_and_its_line_and_nothing_else():
    text = pydoc.render_doc(q, renderer=pydoc.plaintext).partition("PACKAGE CONTENTS")[0]
    shown = re.findall(r"^ {6}(\w+)  +(\S.*)$", text, re.MULTILINE)
    assert sorted(name for name, _ in shown) == sorted(dir(q))
    for name, line in shown:
        if name in FUNCTIONS + CLASSES:
            assert getattr(q, name).__doc__.splitlines()[0] == line, name


def test_help_loads_nothing():
    code = "import sys, qllg_sym; text = qllg_sym.__doc__; assert 'Exchange' in text; print('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


ROOT = Path(__file__).parent.parent
STUB = Path(q.__file__).with_suffix(".pyi")
STUBS = {STUB: stubs.stub, STUB.parent / "flow" / "results" / "readings.pyi": stubs.readings_stub,
         STUB.parent / "flow" / "states" / "__init__.pyi": stubs.states_stub,
         STUB.parent / "operations.pyi": stubs.operations_stub}
USER = """
import qllg_sym as q
model: q.Model = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
run: q.Trajectory = q.solve(model, q.QuantumLLG(0.5), q.states.product("up"), [0, 1])
reveal_type(run.bloch(0))
reveal_type(q.solve_many(model, q.QuantumLLG(0.5), q.states.product("up"), [0, 1]).bloch(0))
{wrong}
"""


@pytest.mark.parametrize("path", STUBS, ids=lambda path: path.parent.name)
def test_the_stub_is_current(path, request):
    if request.config.getoption("--update"):
        path.write_text(STUBS[path](), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == STUBS[path](), "pytest tests/test_public.py --update"


@pytest.mark.slow
def test_a_strict_type_checker_sees_the_public_signatures(tmp_path):
    """It reveals real types, and each wrong line is an error of its own."""
    wrong = ["q.slove", "q.Space(1).sitess", "q.solve(model)", "run.purity + 'a'", "run.bloch('0')", "run.blch(0)",
             "q.states.bel('psi+')", "q.states.bell(0)"]
    script = tmp_path / "user.py"
    script.write_text(USER.format(wrong="\n".join(wrong)))
    installed = tmp_path / "installed" / "qllg_sym"         # as a wheel lays it out
    installed.mkdir(parents=True)
    for path in (*STUB.parent.iterdir(), ROOT / "derivations", ROOT / "benchmarks"):
        (installed / path.name).symlink_to(path)
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(script)],
                          capture_output=True, text=True, check=False, cwd=tmp_path,
                          env={**os.environ, "MYPYPATH": str(installed.parent)})
    lines = done.stdout.splitlines()
    first = USER.splitlines().index("{wrong}") + 1
    found = {int(line.split(":")[1]) for line in lines if ": error:" in line}
    assert found == set(range(first, first + len(wrong))), done
    assert sum("Revealed type" in line and "ndarray" in line for line in lines) == 2
    assert any("solve" in line and "maybe" in line for line in lines)


def test_a_new_plug_is_public_without_being_listed(tmp_path, monkeypatch):
    (tmp_path / "new_terms").mkdir()
    (tmp_path / "new_terms" / "spiral.py").write_text("class Spiral:\n    pass\n\nclass _Helper:\n    pass\n")
    (tmp_path / "new_terms" / "_shared.py").write_text("class Shared:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(q, "_PLUGS", ("new_terms",))
    q.homes.cache_clear()
    try:
        assert q.homes()["Spiral"] == "new_terms.spiral"
        assert "Shared" not in q.homes()
        assert "from new_terms.spiral import Spiral as Spiral" in stubs.stub()
    finally:
        q.homes.cache_clear()


def test_a_new_operation_is_a_method_by_being_there(tmp_path, monkeypatch):
    (tmp_path / "new_operations").mkdir()
    (tmp_path / "new_operations" / "size.py").write_text("def size(thing, factor=1):\n    return factor * thing.n\n")
    (tmp_path / "new_operations" / "helper.py").write_text("def other():\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert plugs.functions_written("new_operations") == ["size"]
    thing = type("Thing", (), {"size": operations.FileMethod("new_operations.size"), "n": 3})
    assert thing().size(factor=2) == 6
    assert list(inspect.signature(thing.size).parameters) == ["thing", "factor"]


@pytest.mark.parametrize("cls", operations.FOLDERS, ids=lambda cls: cls.__name__)
def test_operations_are_documented_methods_of_their_class(cls):
    """Each says what it takes, gives and refuses, has a source and an example; its first argument is the instance."""
    owner = next(owner for owner in (q.Model, Equation, Components) if issubclass(owner, cls))
    for name in plugs.functions_written(operations.FOLDERS[cls]):
        function = getattr(owner, name)
        first = next(iter(inspect.signature(function).parameters.values()))
        assert first.annotation is owner, name
        assert all(part in function.__doc__ for part in ("Raises:", "Source", ">>> ")), name


def test_dir_of_states_is_what_users_call():
    assert set(STATES) <= set(dir(q.states))
    assert all(callable(getattr(q.states, name)) for name in dir(q.states))
    with pytest.raises(AttributeError, match="no attribute 'coherant'"):
        _ = q.states.coherant
