"""What `help(qllg_sym)` shows: every public name with the first line of its docstring, read from the files alone."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

KINDS = {"qllg_sym.model.terms.": "Terms of a Hamiltonian", "qllg_sym.equations.laws.": "Laws of motion",
         "qllg_sym.equations.hybrid.": "Laws of motion",
         "qllg_sym.errors": "Errors"}
ORDER = ("Laws of motion", "Terms of a Hamiltonian", "Functions", "Classes", "Modules and symbols", "Errors")
Defined = ast.FunctionDef | ast.ClassDef


def overview(title: str, homes: dict[str, str]) -> str:
    """Return the public names by kind, each with its line.

    Args:
        title: what stands first.
        homes: {public name: module or package in which it is found}.

    >>> print(overview("Laws.", {"Dephasing": "qllg_sym.equations.laws.dephasing"}).splitlines()[2])
    Laws of motion
    """
    kinds: dict[str, list[tuple[str, str]]] = {}
    for name, home in sorted(homes.items()):
        kind, line = _told(name, home)
        kinds.setdefault(kind, []).append((name, line))
    return "\n".join([title.strip(), *(line for kind in ORDER if kind in kinds for line in _table(kind, kinds[kind]))])


def _table(kind: str, entries: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of one kind of name."""
    width = max(len(name) for name, _ in entries)
    yield from ("", kind)
    for name, line in entries:
        yield f"  {name:{width}}  {line}".rstrip()


def _told(name: str, home: str) -> tuple[str, str]:
    """Return the kind of a name, and the first line of what stands written about it."""
    tree = ast.parse(_path(home).read_text(encoding="utf-8"))
    # the last of that name: those before it are overloads, which say nothing
    found = next((node for node in reversed(tree.body) if isinstance(node, Defined) and node.name == name), None)
    known = next((kind for start, kind in KINDS.items() if home.startswith(start)), None)
    if found is not None:
        usual = "Classes" if isinstance(found, ast.ClassDef) else "Functions"
        return known or usual, _first(ast.get_docstring(found))
    inside = (_path(home).with_name(f"{name}.py"), _path(home).with_name(name) / "__init__.py")
    for inner in filter(Path.exists, inside):
        return "Modules and symbols", _first(ast.get_docstring(ast.parse(inner.read_text(encoding="utf-8"))))
    return "Modules and symbols", _remark(name, home)


def _remark(name: str, home: str) -> str:
    """Return the remark that follows the assignment of a name."""
    lines = _path(home).read_text(encoding="utf-8").splitlines()
    return next(line.partition("#")[2].strip() for line in lines if line.startswith((f"{name} = ", f"{name}: ")))


def _path(home: str) -> Path:
    """Return the file of a module or package."""
    spec = find_spec(home)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin)


def _first(text: str | None) -> str:
    """Return the first line of a docstring."""
    return (text or "").partition("\n")[0]
