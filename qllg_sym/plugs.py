"""The one way in which folders of plugs are found: a plug is a file, its folder is listed, nothing is registered.

Importing a plug must change nothing elsewhere, so that files may come, go and be tested one by one. Files that begin
with an underscore are shared by the plugs of a folder and are none.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

_CLASS = re.compile(r"^class ([A-Z]\w*)[(:]", re.MULTILINE)
_FUNCTION = r"^def {}\("
_KIND = re.compile(r"^    kind: ClassVar\[str\] = \"([^\"]+)\"", re.MULTILINE)


def names(folder: str, prefix: str = "") -> list[str]:
    """Return the names of the plugs of a folder, sorted.

    Args:
        folder: the package that holds them, such as "qllg_sym.equations.laws".
        prefix: that their names begin with.

    >>> names("qllg_sym.equations.laws", "quantum_")
    ['quantum_ll', 'quantum_llg']
    """
    found = (entry.name for entry in iter_modules(import_module(folder).__path__))
    return sorted(name for name in found if name.startswith(prefix) and not name.startswith("_"))


def module(folder: str, name: str) -> ModuleType:
    """Return one plug.

    >>> module("qllg_sym.equations.laws", "dephasing").__name__
    'qllg_sym.equations.laws.dephasing'
    """
    return import_module(f"{folder}.{name}")


def modules(folder: str, prefix: str = "") -> list[ModuleType]:
    """Return the plugs of a folder, in order of their names.

    >>> [module.Dephasing.kind for module in modules("qllg_sym.equations.laws", "deph")]
    ['dephasing']
    """
    return [module(folder, name) for name in names(folder, prefix)]


def functions(folder: str) -> dict[str, Any]:
    """Return the functions that have the names of their files; files without one are left out.

    >>> functions("qllg_sym.flow.states.kinds")["bell"]("psi+").p
    1.0
    """
    found = ((module.__name__.rpartition(".")[2], module) for module in modules(folder))
    return {name: getattr(module, name) for name, module in found if hasattr(module, name)}


def classes(folder: str, attribute: str) -> Iterator[type]:
    """Yield the classes that the plugs of a folder define and that have an attribute, such as `kind`.

    >>> [law.__name__ for law in classes("qllg_sym.equations.laws", "kind")][:2]
    ['ClassicalLL', 'ClassicalLLG']
    """
    for module in modules(folder):
        for item in vars(module).values():
            if isinstance(item, type) and item.__module__ == module.__name__ and hasattr(item, attribute):
                yield item


def classes_written(folder: str) -> Iterator[tuple[str, str]]:
    """Yield (class, module) of the public classes that the files of a folder define, read and not imported.

    >>> dict(classes_written("qllg_sym.equations.laws"))["Dephasing"]
    'qllg_sym.equations.laws.dephasing'
    """
    for stem, text in _texts(folder):
        for name in _CLASS.findall(text):
            yield name, f"{folder}.{stem}"


def kinds_written(folder: str) -> list[str]:
    """Return the `kind` of every class that the files of a folder define, read and not imported, sorted.

    >>> kinds_written("qllg_sym.equations.laws")[:2]
    ['dephasing', 'lindblad']
    """
    return sorted(kind for _, text in _texts(folder) for kind in _KIND.findall(text))


def functions_written(folder: str) -> list[str]:
    """Return the names of the files of a folder that define a function of that name, read and not imported, sorted.

    >>> functions_written("qllg_sym.flow.states.kinds")[:2]
    ['bell', 'coherent']
    """
    return [stem for stem, text in _texts(folder) if re.search(_FUNCTION.format(stem), text, re.MULTILINE)]


def _texts(folder: str) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of the files of a folder."""
    spec = find_spec(folder)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(place).glob("[!_]*.py")):
            yield path.stem, path.read_text(encoding="utf-8")
