"""Digests of what a study is made of: equal in every process for equal things, and different for different ones."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra.signals import Signal

_DEEPEST = 60           # levels of nesting: what holds itself has no digest of its own, and ends here


def fingerprint(thing: Any) -> str:
    """Return a SHA-256 of records, numbers, arrays, SymPy expressions and functions (by their code).

    >>> fingerprint({"J": 1.0}) == fingerprint({"J": 1.0}), fingerprint(1) == fingerprint(1.0)
    (True, False)
    """
    total = hashlib.sha256()
    for token in _tokens(thing, 0):
        total.update(len(token).to_bytes(8, "little"))
        total.update(token)
    return total.hexdigest()


def _tokens(thing: Any, depth: int) -> Iterator[bytes]:
    """Yield what makes a thing different from others."""
    yield f"{type(thing).__module__}.{type(thing).__qualname__}".encode()
    if thing is None or isinstance(thing, bool | int | float | complex | str | np.generic):
        yield repr(thing).encode()
    elif isinstance(thing, bytes):
        yield thing
    elif isinstance(thing, np.ndarray) and thing.dtype.kind != "O":
        yield repr((thing.dtype.str, thing.shape)).encode()
        yield thing.tobytes()
    elif isinstance(thing, sp.Basic):
        yield sp.srepr(thing).encode()
        for signal in sorted(thing.atoms(Signal), key=str):     # of which that says the name alone
            yield from _tokens([signal.support, signal.resolution, signal.values], depth + 1)
    elif isinstance(thing, type):
        yield f"{thing.__module__}.{thing.__qualname__}".encode()
    elif depth > _DEEPEST:
        yield b"deeper"
    else:
        for part in _inside(thing):
            yield from _tokens(part, depth + 1)


def _inside(thing: Any) -> list[Any]:
    """Return what a compound thing is made of, in one order."""
    if isinstance(thing, Mapping):
        return [part for key in sorted(thing, key=str) for part in (str(key), thing[key])]
    if isinstance(thing, set | frozenset):
        return sorted(map(fingerprint, thing))
    if isinstance(thing, list | tuple) or (isinstance(thing, np.ndarray)):
        return list(thing.ravel()) if isinstance(thing, np.ndarray) else list(thing)
    if is_dataclass(thing):
        return [part for field in fields(thing) for part in (field.name, getattr(thing, field.name))]
    if isinstance(thing, FunctionType):
        cells = [cell.cell_contents for cell in thing.__closure__ or ()]
        return [thing.__qualname__, thing.__code__, thing.__defaults__, thing.__kwdefaults__, cells]
    if isinstance(thing, CodeType):
        return [thing.co_code, thing.co_names, *thing.co_consts]
    if isinstance(thing, BuiltinFunctionType):
        return [thing.__module__, thing.__qualname__]
    return _state(thing)


def _state(thing: Any) -> list[Any]:
    """Return what an object of another library would be made again from."""
    if hasattr(thing, "full") and callable(thing.full):       # a Qobj, whatever holds its numbers
        return [np.asarray(thing.full())]
    try:
        found = thing.__reduce_ex__(4)
    except TypeError:
        return [repr(thing)]
    return [found] if isinstance(found, str) else [list(part) if hasattr(part, "__next__") else part for part in found]
