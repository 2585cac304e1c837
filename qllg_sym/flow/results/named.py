"""Observables by their names: "purity", "bloch0", "nonlocality(0, 2)", as a trajectory has them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, meant
from qllg_sym.flow.results.stack import Held
from qllg_sym.observables import Observable, observables
from qllg_sym.observables.ensemble import Ensemble

_FORM = re.compile(r"([A-Za-z_]+)(?:(\d+)|\(([\w\s.,-]*)\))?")


@dataclass(frozen=True)
class NamedReading:
    """An observable of the folder with its arguments.

    Attributes:
        observable: what is read.
        arguments: after the states.
    """

    observable: Observable
    arguments: tuple[Any, ...] = ()

    def of(self, states: Held) -> NDArray[Any]:
        """Return the observable of each state, (n, …).

        >>> reading_named("purity").of(Ensemble((2,), density=np.eye(2)[None] / 2)).tolist()
        [0.5]
        """
        if isinstance(states, Ensemble):
            return np.asarray(self.observable.read(states, *self.arguments))
        assert self.observable.of_moments is not None       # `reading_named` was told that the states are moments
        return np.asarray(self.observable.of_moments(states, *self.arguments))


@lru_cache(maxsize=256)
def reading_named(text: str, classical: bool = False) -> NamedReading:
    """Return the observable that a text names: its name, the number of a site, or arguments in brackets.

    Args:
        text: such as "purity", "bloch0", "nonlocality(0, 2)", "profile(z)".
        classical: whether it is to be read off moments.

    Raises:
        InputError: no such observable, none of moments, one that needs an operator or a state, or wrong arguments.

    >>> reading_named("bloch1").arguments, reading_named("renyi(2)").arguments
    ((1,), (2,))
    """
    known = {item.name: item for item in observables().values() if not item.is_described}
    match = _FORM.fullmatch(text.strip())
    found = known.get(match[1]) if match else None
    if match is None or found is None:
        raise InputError(f"`observe` must name an observable of a trajectory, but {text!r} is none"
                         f"{meant(match[1] if match else text, known)}; choose among {', '.join(known)}.")
    if classical and found.of_moments is None:
        able = ", ".join(name for name, item in known.items() if item.of_moments is not None)
        raise InputError(f"`observe` must name an observable of moments for a classical law, but {text!r} is none; "
                         f"choose among {able}, or give a function.")
    arguments = tuple(map(_argument, (match[2] or match[3] or "").split(","))) if match[2] or match[3] else ()
    least = sum(item.default is item.empty for item in found.arguments)
    if not least <= len(arguments) <= len(found.arguments):
        example = f"{found.name}({', '.join(str(x) for x in found.example)})"
        raise InputError(f"`observe` must give an observable its arguments, but {text!r} has {len(arguments)}; "
                         f"write {example!r}, say.")
    return NamedReading(found, arguments)


def _argument(text: str) -> Any:
    """Return a number, or a word."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text.strip()
