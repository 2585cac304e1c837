"""One method a file, found by itself: NAME, refuses(problem) -> reason or None, run(problem, watch) -> Solution."""

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType


def names() -> tuple[str, ...]:
    """Return the names of all methods.

    >>> "frame" in names()
    True
    """
    return tuple(sorted(module.NAME for module in _modules()))


def find(name: str) -> ModuleType:
    """Return the method of a name in `names()`.

    >>> find("exact").NAME
    'exact'
    """
    return next(module for module in _modules() if name == module.NAME)


@cache
def _modules() -> tuple[ModuleType, ...]:
    """Return the modules of this folder."""
    stems = sorted(p.stem for p in Path(__file__).parent.glob("*.py") if p.stem != "__init__")
    return tuple(import_module(f"{__name__}.{stem}") for stem in stems)
