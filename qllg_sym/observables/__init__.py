"""What is read off a quantum trajectory: arrays in, arrays out; one observable a file, found by listing the folder.

An observable is a file whose name is also the name of a public function in it; the function takes an `Ensemble` first
and returns an array whose first axis is time. The file's `EXAMPLE` holds further arguments that fit two spins ½: the
contract test runs every observable with them, once on density matrices and once on the same states as weighted kets.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def observables() -> dict[str, Callable[..., Any]]:
    """Return every observable of this folder by name.

    >>> sorted(observables())[:3]
    ['bloch', 'concurrence', 'correlation']
    """
    found = {}
    for entry in iter_modules(__path__):
        module = import_module(f"{__name__}.{entry.name}")
        if hasattr(module, entry.name):
            found[entry.name] = getattr(module, entry.name)
    return found
