"""What type checkers and editors see of names that are found by reading folders: stubs, made from the same folders."""

import ast
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module

from qllg_sym import operations, plugs
from qllg_sym.flow import states
from qllg_sym.observables import observables
from qllg_sym.observables.arguments import Hamiltonian

_GENERATED = "Generated: pytest tests/test_public.py --update."


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
    head = f'"""Where the public names are defined. {_GENERATED}"""'
    return "\n".join([head, "", *lines, "", "__version__: str", "__all__ = [", *listed, "]", "",
                      "def homes() -> dict[str, str]: ...", ""])


def states_stub() -> str:
    """Return the text of `flow/states/__init__.pyi`: the functions of `qllg_sym.states`, found when asked for.

    >>> "from qllg_sym.flow.states.kinds.bell import bell as bell" in states_stub()
    True
    """
    names = plugs.names(states.KINDS)
    lines = [f"from {states.KINDS}.{name} import {name} as {name}" for name in names]
    head = f'"""Descriptions of states. {_GENERATED}"""'
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
        imports |= _used(tree, function, observable.read.__module__)
        members += ["    @property"] * observable.is_property
        members += _member(function, observable.name)
    head = f'"""The observables as members. {_GENERATED}"""'
    return "\n".join(["# ruff: noqa: E501, I001", head, "", "from abc import ABCMeta", *sorted(imports),
                      "from qllg_sym.flow.results.reading import Readable", "",
                      "class Readings(Readable, metaclass=ABCMeta):", *members, ""])


def operations_stub() -> str:
    """Return the text of `operations.pyi`: every operation as a method of its class, typed as in its own file.

    >>> "class ComponentsOperations:" in operations_stub()
    True
    """
    imports, classes = set[str](), list[str]()
    for cls, folder in operations.FOLDERS.items():
        classes += ["", f"class {cls.__name__}:"]
        found = plugs.functions_written(folder)
        for file in found:
            tree = ast.parse(inspect.getsource(plugs.module(folder, file)))
            function = next(x for x in tree.body if isinstance(x, ast.FunctionDef) and x.name == file)
            function.args.args[0] = ast.arg("self")
            imports |= _used(tree, function, f"{folder}.{file}")
            classes += _member(function, file)
        classes += [] if found else ["    ..."]
    head = f'"""Operations as methods. {_GENERATED}"""'
    shared = ["", "HOME: str", "FOLDERS: dict[type, str]", "", "class FileMethod:", "    file: str"]
    return "\n".join(["# ruff: noqa", "# mypy: ignore-errors", head, "", *sorted(imports), *shared, *classes, ""])


def _member(function: ast.FunctionDef, name: str) -> list[str]:
    """A function as a member of a class: its head, and the first line of its docstring."""
    returned = ast.unparse(function.returns or ast.Name("Any"))
    summary = (ast.get_docstring(function) or "").splitlines()[0]
    return [f"    def {name}({ast.unparse(function.args)}) -> {returned}:", f'        r"""{summary}"""']


def _used(tree: ast.Module, function: ast.FunctionDef, home: str) -> set[str]:
    """The imports of what the head of a function names, be it imported in its file or a class or type of the file."""
    used = {node.id for part in (function.args, function.returns) if part is not None for node in ast.walk(part)
            if isinstance(node, ast.Name)}
    own = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    own |= {x.id for node in tree.body if isinstance(node, ast.Assign) for x in node.targets if isinstance(x, ast.Name)}
    return {f"from {home} import {name}" for name in used & own} | {
        ast.unparse(alone) for alone in _single_imports(tree) if (alone.names[0].asname or alone.names[0].name) in used}


def _single_imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports of a file, one name each."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (ast.Import([name]) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (ast.ImportFrom(node.module, [name], node.level) for name in node.names)
