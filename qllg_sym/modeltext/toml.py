"""Plain values as TOML."""

import json
from collections.abc import Mapping
from typing import Any


def toml(table: Mapping[str, Any], header: str = "") -> str:
    """Return the lines of one table: numbers, text, arrays and tables within, which stay on one line.

    >>> print(toml({"J": "2*J0", "sites": [0, 1], "κ": 0.5, "on": {"x": True}}, "[[term]]"))
    [[term]]
    J = "2*J0"
    sites = [0, 1]
    "κ" = 0.5
    on = {x = true}
    """
    return "\n".join([*([header] if header else []), *(f"{_key(key)} = {_value(item)}" for key, item in table.items())])


def _key(key: str) -> str:
    """A bare key, or one in quotes."""
    return key if key.isascii() and key.replace("_", "a").replace("-", "a").isalnum() else _text(key)


def _text(text: str) -> str:
    """Text in quotes: TOML escapes as JSON does, but for one more character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    """One value."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return _text(value) if isinstance(value, str) else repr(value)
