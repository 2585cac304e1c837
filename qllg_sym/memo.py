"""Memories that belong to the object they are about: what was made of it is kept in it, and ends with it."""

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_PLACE = "_made"
_MAKING = RLock()       # threads that miss the same thing wait for the first of them, instead of repeating it


def kept(make: Callable[P, R]) -> Callable[P, R]:
    """Return `make(owner, *key)` with its results kept in the owner, one for each key; what it raises is not kept.

    Args:
        make: a function of an immutable object and of hashable arguments, all given by place.

    >>> from types import SimpleNamespace
    >>> @kept
    ... def square(owner, power=2):
    ...     print("made")
    ...     return owner.side**power
    >>> four = SimpleNamespace(side=4)
    >>> square(four), square(four, 2), square(four, 3)
    made
    made
    (16, 16, 64)
    """
    name = f"{make.__module__}.{make.__qualname__}"
    defaults: tuple[Any, ...] = getattr(make, "__defaults__", None) or ()
    width = make.__code__.co_argcount - 1

    @wraps(make)
    def remembered(owner: Any, *key: Any) -> R:
        whole = key + defaults[len(defaults) - width + len(key):] if len(key) < width else key
        place = name, *whole
        try:
            return owner.__dict__[_PLACE][place]
        except KeyError:
            pass
        with _MAKING:
            made = owner.__dict__.setdefault(_PLACE, {})
            if place not in made:
                made[place] = make(owner, *whole)   # type: ignore[call-arg]
            return made[place]

    return remembered       # type: ignore[return-value]
