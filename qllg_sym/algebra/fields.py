"""Records that pickle, copy and print by their fields, without what was computed from them."""

from collections.abc import Iterable
from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol

LONGEST, MOST = 80, 6       # characters of a field, and entries of a tuple, that a repr shows


class Dataclass(Protocol):
    """One of any kind."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class ByFields:
    """A dataclass whose pickles and copies hold its fields alone, and whose `repr` is one short line.

    What a `cached_property` keeps is left behind: it is made again on first use, and some of it (compiled code,
    polynomial rings) cannot travel.
    """

    def __getstate__(self: Dataclass) -> dict[str, Any]:
        """Return the fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def __repr__(self: Dataclass) -> str:
        """Return the fields as a call, long ones cut."""
        shown = (f"{field.name}={short(getattr(self, field.name))}" for field in fields(self) if field.repr)
        return f"{type(self).__name__}({', '.join(shown)})"


class Nested(ByFields):
    """A record that stands in a field of another, and whose own fields are the other's as well."""


def short(value: Any) -> str:
    """Return the `repr` of a value on one line of bounded length; of a tuple, its first entries.

    >>> short(tuple(range(100))), short("a" * 100)[-5:]
    ('(0, 1, 2, 3, 4, 5, … 94 more)', 'aaaa…')
    """
    if isinstance(value, tuple) and type(value).__repr__ is tuple.__repr__:
        return f"({listed(map(short, value[:MOST]), len(value))}{',' if len(value) == 1 else ''})"
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST or isinstance(value, ByFields) else f"{text[:LONGEST - 1]}…"


def listed(texts: Iterable[str], count: int) -> str:
    """Return the first of `count` texts with commas, and how many more there are.

    >>> listed(["a", "b"], 3)
    'a, b, … 1 more'
    """
    found = list(texts)
    return ", ".join([*found, *([f"… {count - len(found)} more"] if count > len(found) else [])])
