"""Tables of a model file, read key by key: every key is known, of the right kind, and named where it is not."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp

from qllg_sym.algebra.signals import Signal
from qllg_sym.errors import ModelError, meant
from qllg_sym.model.expressions import parse

_KINDS = {bool: "true or false", int: "an integer", float: "a number", str: "a string in quotes",
          list: "an array in brackets", dict: "a table"}


class Table:
    """One table of a file, with its place in the file for messages.

    Args:
        place: how to name it: "[time]", "[[term]] 2".
        content: what TOML made of it.
        names: the names that expressions in it may use, and signals.
    """

    def __init__(self, place: str, content: Any, names: Iterable[str | Signal] = ()) -> None:
        self.place, self.names = place, tuple(names)
        if not isinstance(content, dict):
            raise ModelError(f"{place} must be a table, but is {shown(content)}; write {place} on a line of its own.")
        self._content = content

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse every key that is not among `allowed`.

        >>> Table("[time]", {"stop": 1}).only(["stop", "points"])
        """
        known = list(allowed)
        for key in self._content:
            if key not in known:
                todo = f"use {', '.join(known)}" if known else "leave it out"
                raise ModelError(f"{self.place} must have known keys alone, but has {key[:40]!a}"
                                 f"{meant(key, known)}; {todo}.")

    def raw(self, key: str) -> Any:
        """The value of a key that must be there."""
        if key not in self._content:
            raise ModelError(f"{self.place} must have the key `{key}`, but has {self._keys()}; add it.")
        return self._content[key]

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number, given as one or as a constant expression such as "pi/2".

        >>> Table("[time]", {"stop": "8*pi"}).number("stop") > 25
        True
        """
        value = default if default is not None and key not in self else self.raw(key)
        if isinstance(value, str):
            return float(self._parsed(key, value, (), constant=True))
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "a number", value)
        return float(self._finite(key, value))

    def integer(self, key: str, default: int | None = None) -> int:
        """An integer."""
        value = default if default is not None and key not in self else self.raw(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, "an integer", value)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A string."""
        value = default if default is not None and key not in self else self.raw(key)
        if not isinstance(value, str):
            raise self.wrong(key, _KINDS[str], value)
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.raw(key)
        if not isinstance(value, bool):
            raise self.wrong(key, _KINDS[bool], value)
        return value

    def items(self, key: str) -> list[Any]:
        """An array."""
        value = self.raw(key)
        if not isinstance(value, list):
            raise self.wrong(key, _KINDS[list], value)
        return value

    def numbers(self, key: str) -> list[float]:
        """An array of numbers.

        >>> Table("[state]", {"eta": [0, "1/2", 0.1]}).numbers("eta")
        [0.0, 0.5, 0.1]
        """
        return [Table(self.place, {key: item}).number(key) for item in self.items(key)]

    def rows(self, key: str) -> list[list[float]]:
        """An array of arrays of numbers.

        >>> Table("[state]", {"directions": [[0, 0, 1], [0.5, "1/2"]]}).rows("directions")
        [[0.0, 0.0, 1.0], [0.5, 0.5]]
        """
        if not all(isinstance(row, list) for row in self.items(key)):
            raise self.wrong(key, "an array of rows in brackets", self.raw(key))
        return [Table(self.place, {key: row}).numbers(key) for row in self.items(key)]

    def integers(self, key: str) -> list[int]:
        """An array of integers; a single one may stand alone."""
        value = self.raw(key)
        values = value if isinstance(value, list) else [value]
        if any(isinstance(item, bool) or not isinstance(item, int) for item in values):
            raise self.wrong(key, "an array of integers such as [0, 1]", value)
        return values

    def coefficient(self, key: str) -> Any:
        """A number or an expression, or an array of them (vectors and matrices), exact."""
        return self._coefficient(key, self.raw(key))

    def _coefficient(self, key: str, value: Any) -> Any:
        """One entry of an array, or a whole array."""
        if isinstance(value, list):
            return [self._coefficient(key, item) for item in value]
        if isinstance(value, str):
            return self._parsed(key, value, self.names)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "a number or an expression in quotes", value)
        exact = self._finite(key, value)
        return exact if isinstance(exact, int) else sp.Rational(repr(exact))

    def amplitude(self, key: str, value: Any) -> complex:
        """A complex number: a number, a constant expression, or a pair [re, im] of them.

        >>> Table("[state]", {}).amplitude("amplitudes", ["1/sqrt(2)", -1])
        (0.7071067811865476-1j)
        """
        parts = value if isinstance(value, list) else [value]
        if len(parts) not in (1, 2) or any(isinstance(part, list) for part in parts):
            raise self.wrong(key, "made of numbers, constant expressions or pairs [re, im]", value)
        return complex(*(Table(self.place, {key: part}).number(key) for part in parts))

    def _parsed(self, key: str, text: str, names: Iterable[str | Signal], constant: bool = False) -> sp.Expr:
        """An expression, or a refusal that says where it stands."""
        try:
            value = parse(text, names)
        except ModelError as error:
            raise ModelError(f"{self.place} `{key}`: {error}") from None
        if constant and value.free_symbols:
            raise self.wrong(key, "a constant", text)
        return value

    def _finite(self, key: str, value: float) -> float:
        """A number that a double holds."""
        if abs(value) > 1e308 or not math.isfinite(value):
            raise self.wrong(key, "a finite number below 1e308 in size", value)
        return value

    def wrong(self, key: str, must: str, value: Any) -> ModelError:
        """The refusal of a value."""
        return ModelError(f"{self.place} `{key}` must be {must}, but is {shown(value)}; mend it.")

    def _keys(self) -> str:
        """The keys that are there, for messages."""
        return ", ".join(f"`{key[:40]}`" for key in list(self._content)[:8]) or "none"


def shown(value: Any) -> str:
    """A value on one line, cut.

    >>> shown("a" * 99) == "'" + "a" * 57 + "…"
    True
    """
    text = ascii(value)
    return text if len(text) <= 60 else text[:58] + "…"
