"""What is read off a quantum trajectory: arrays in, arrays out; one observable a file, found by listing the folder.

An observable is a file whose name is also the name of a public function in it; the function takes an `Ensemble` first
and returns an array whose first axis is time. The file's `EXAMPLE` holds further arguments that fit two spins ½: the
contract test runs every observable with them, once on density matrices and once on the same states as weighted kets.
"""

from collections.abc import Callable
from typing import Any

from qllg_sym import plugs


def observables() -> dict[str, Callable[..., Any]]:
    """Return every observable of this folder by name.

    >>> sorted(observables())[:3]
    ['bloch', 'concurrence', 'correlation']
    """
    found = ((module.__name__.rpartition(".")[2], module) for module in plugs.modules(__name__))
    return {name: getattr(module, name) for name, module in found if hasattr(module, name)}
