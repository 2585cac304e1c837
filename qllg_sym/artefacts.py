"""What the generator writes into `generated/`: C, NumPy and LaTeX of the paper's equations, and 30-digit values.

Everything here is derived anew from `derivations/eq_*.py`; the tests compare it byte for byte with the files.
"""

import ast
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import mpmath
import sympy as sp

from qllg_sym import plugs
from qllg_sym.codegen import targets
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.passes import optimise
from qllg_sym.equations.components import Components
from qllg_sym.flow import states
from qllg_sym.observables import observables
from qllg_sym.observables.arguments import Hamiltonian

DIGITS = 30
CODE = ("c", "numpy")


def sources() -> Iterator[tuple[str, str, Callable[[], Components]]]:
    """Yield (derivation file, artefact name, components) of every `derivations/eq_*.py`.

    >>> sorted(name for _, name, _ in sources())
    ['dimer_llg', 'dimer_q_ll', 'dimer_q_llg', 'spin_q_llg']
    """
    for module in plugs.modules("qllg_sym.derivations", "eq_"):
        for name, components in module.GENERATED.items():
            yield module.__name__.rpartition(".")[2], name, components


def render() -> dict[str, str]:
    """Return {path below generated/: text} of every artefact and the manifest.

    >>> "MANIFEST.json" in render()
    True
    """
    files: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    for source, name, derive in sources():
        components = derive()
        kernel = optimise(components.kernel())
        texts: dict[str, str] = {}
        for target in map(targets.find, CODE):
            by_ending = {target.suffix: target.emit(kernel), **target.beside(kernel)}
            texts |= {f"{target.name}/{name}{ending}": text for ending, text in by_ending.items()}
        texts[f"latex/{name}.tex"] = components.latex() + "\n"
        texts[f"values/{name}.json"] = values(components.kernel())
        about = {"derivation": f"derivations/{source}.py", "kernel": kernel.digest, "operations": kernel.operations}
        manifest |= {path: about for path in texts}
        files |= texts
    text = {"sympy": sp.__version__, "files": dict(sorted(manifest.items()))}
    return {**files, "MANIFEST.json": json.dumps(text, indent=1) + "\n"}


def rational_point(kernel: Kernel) -> dict[str, Fraction]:
    """Return the rational point at which values are kept: state k is ±1/(k + 4), parameter k is 1 + 1/(k + 3).

    >>> from qllg_sym.codegen.kernel import Kernel
    >>> rational_point(Kernel("k", ("a",), ("b",), (), ()))
    {'a': Fraction(1, 4), 'b': Fraction(4, 3)}
    """
    states = {name: Fraction((-1)**k, k + 4) for k, name in enumerate(kernel.states)}
    return states | {name: 1 + Fraction(1, k + 3) for k, name in enumerate(kernel.parameters)}


def values(kernel: Kernel) -> str:
    """Return the 30-digit values of a kernel at its rational point, as JSON text."""
    at = rational_point(kernel)
    outputs = kernel.evaluate(at, DIGITS)
    record = {"at": {name: str(x) for name, x in at.items()}, "digits": DIGITS,
              "velocities": {name: mpmath.nstr(v, DIGITS) for name, v in outputs.items()}}
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def stub() -> str:
    """Return the text of `qllg_sym/__init__.pyi`: where each public name is defined, for editors and type checkers.

    The package itself resolves its names on first use, which no type checker can follow.

    >>> "from qllg_sym.flow.solve import solve as solve" in stub()
    True
    """
    homes = import_module("qllg_sym").homes()
    placed = sorted((home, name) for name, home in homes.items())
    lines = [f"from {home} import {name} as {name}" for home, name in placed]
    ordered = sorted(homes, key=lambda name: (not name.isupper(), name[0].islower(), name))
    listed = [f'    "{name}",' for name in ordered]
    head = '"""Where the public names are defined. Generated: pytest tests/test_public.py --update."""'
    return "\n".join([head, "", *lines, "", "__version__: str", "__all__ = [", *listed, "]", "",
                      "def homes() -> dict[str, str]: ...", ""])


def states_stub() -> str:
    """Return the text of `flow/states/__init__.pyi`: the functions of `qllg_sym.states`, found when asked for.

    >>> "from qllg_sym.flow.states.kinds.bell import bell as bell" in states_stub()
    True
    """
    names = plugs.names(states.KINDS)
    lines = [f"from {states.KINDS}.{name} import {name} as {name}" for name in names]
    head = '"""Descriptions of states. Generated: pytest tests/test_public.py --update."""'
    return "\n".join([head, "", *lines, "", "KINDS: str", ""])


def readings_stub() -> str:
    """Return the text of `flow/results/readings.pyi`: every observable as a member, typed as in its own file.

    The class itself is filled by a loop, which no type checker can follow.

    >>> "def bloch(self, i: int) -> NDArray[np.float64]:" in readings_stub()
    True
    """
    imports, members = {"from collections.abc import Mapping", "from typing import Any"}, list[str]()
    for file, observable in observables().items():
        tree = ast.parse(inspect.getsource(sys.modules[observable.read.__module__]))
        function = next(x for x in tree.body if isinstance(x, ast.FunctionDef) and x.name == file)
        function.args.args[0] = ast.arg("self")
        if observable.is_described:
            added = ast.parse("def f(values: Mapping[Any, Any] | None = None): ...").body[0]
            assert isinstance(added, ast.FunctionDef)
            optional = len(observable.of_type(Hamiltonian))
            function.args.defaults = [ast.Constant(None)] * optional + function.args.defaults + added.args.defaults
            function.args.args += added.args.args
        used = {node.id for part in (function.args, function.returns) if part is not None for node in ast.walk(part)
                if isinstance(node, ast.Name)}
        imports |= {ast.unparse(alone) for alone in _single_imports(tree)
                    if (alone.names[0].asname or alone.names[0].name) in used}
        members += ["    @property"] * observable.is_property
        returned = ast.unparse(function.returns or ast.Name("Any"))
        summary = (ast.get_docstring(function) or "").splitlines()[0]
        members += [f"    def {observable.name}({ast.unparse(function.args)}) -> {returned}:",
                    f'        r"""{summary}"""']
    head = '"""The observables as members. Generated: pytest tests/test_public.py --update."""'
    return "\n".join(["# ruff: noqa: E501, I001", head, "", "from abc import ABCMeta", *sorted(imports),
                      "from qllg_sym.flow.results.reading import Readable", "",
                      "class Readings(Readable, metaclass=ABCMeta):", *members, ""])


def _single_imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports of a file, one name each."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (ast.Import([name]) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (ast.ImportFrom(node.module, [name], node.level) for name in node.names)


def write(folder: Path) -> list[str]:
    """Write every artefact below `folder`; returns the paths whose text changed.

    Args:
        folder: created if it does not exist.
    """
    changed = []
    for name, text in render().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
