"""Symbols replaced by expressions: what may be replaced by what, and how a record is made anew of changed fields."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.algebra.symbols import t
from qllg_sym.errors import InputError, InputTypeError

Replacements = Mapping[Any, Any]
DECLARED = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer", "rational", "irrational")


def replaceable(parameters: Iterable[sp.Symbol], coefficients: Iterable[sp.Expr]) -> dict[str, sp.Expr]:
    """Return what can be replaced, by name: parameters, and unknown functions of time in coefficients.

    >>> B, f = sp.Symbol("B", real=True), sp.Function("f", real=True)
    >>> replaceable([B], [B * f(t)])
    {'B': B, 'f': f(t)}
    """
    functions = set().union(*(c.atoms(AppliedUndef) for c in coefficients))
    return {p.name: p for p in parameters} | {f.func.__name__: f for f in sorted(functions, key=str)}


def by_symbol(replacements: Replacements, known: Mapping[str, sp.Expr], spins: Iterable[Any] = ()) -> dict[Any, Any]:
    """Return {symbol: what was given} of replacements whose keys are symbols or names.

    Args:
        replacements: what was given.
        known: what can be replaced, by name.
        spins: of the space; a symbol among them is refused in its own sentence.

    Raises:
        InputTypeError: no mapping, or a key that is no symbol and no name.
        InputError: a name that does not occur, or one symbol twice.

    >>> J = sp.Symbol("J", real=True); by_symbol({"J": 0}, {"J": J})
    {J: 0}
    """
    chosen: dict[Any, Any] = {}
    for key, value in check_mapping(replacements).items():
        symbol = _symbol(key, known, spins)
        if symbol in chosen:
            raise InputError(f"`replacements` must name each symbol once, but has {symbol} twice; leave one out.")
        chosen[symbol] = value
    return chosen


def check_mapping(replacements: Any) -> Replacements:
    """Return what is a mapping, and refuse what is not.

    >>> check_mapping({"J": 0})
    {'J': 0}
    """
    if isinstance(replacements, Mapping):
        return replacements
    raise InputTypeError(f"`replacements` must be a mapping, but is of type {type(replacements).__name__}; "
                         "write {J: 0}.")


def _symbol(key: Any, known: Mapping[str, sp.Expr], spins: Iterable[Any]) -> sp.Expr:
    """The symbol that a key means."""
    if not isinstance(key, (str, sp.Symbol, AppliedUndef)):
        raise InputTypeError(f"`replacements` must have symbols or names for keys, but one is of type "
                             f"{type(key).__name__}; write {{J: 0}} or {{\"J\": 0}}.")
    name = key.func.__name__ if isinstance(key, AppliedUndef) else str(key)
    if name in known:
        return known[name]
    if key == t or name == "t":
        raise InputError("`replacements` must leave time alone, but has t; replace parameters, or solve for a time.")
    if any(name == str(s) for s in spins if isinstance(s, sp.Symbol)):
        raise InputError(f"`replacements` must leave the spin alone, but has {name}; make the space with a number: "
                         "its operators are others.")
    names = ", ".join(known) or "none"
    raise InputError(f"`replacements` must be of symbols that occur ({names}), but has {name}; choose among these.")


def exact_values(chosen: Mapping[Any, Any]) -> dict[Any, sp.Expr]:
    """Return {symbol: exact real expression}; a float becomes the rational that it prints as.

    What a symbol was declared to be was used when its expressions were made, √(h²) = h for a positive h, so a value
    that is known to be something else is refused.

    Raises:
        ModelError: a value that is not real or not finite, or has a reserved name in it.
        InputError: a value that is not what the symbol was declared to be.

    >>> J = sp.Symbol("J", real=True); exact_values({J: 0.7})
    {J: 7/10}
    """
    values = {symbol: real_coefficient(value, getattr(symbol, "name", str(symbol)))
              for symbol, value in chosen.items()}
    for symbol, value in values.items():
        for trait in DECLARED:
            if getattr(symbol, f"is_{trait}") and getattr(value, f"is_{trait}") is False:
                raise InputError(f"`{symbol}` must be {trait}, as it was declared, but is {value}; "
                                 "give another value, or make the model with a symbol that is only real.")
    return values


def replaced(value: Any, values: Mapping[Any, sp.Expr]) -> Any:
    """Return a value with symbols replaced, all at once, in every expression inside; itself where none occurs.

    A dataclass (a term, a law) is made anew from its fields, so that it checks what it has become.

    >>> a, b = sp.symbols("a b"); replaced((a, [b, 1]), {a: b, b: a})
    (b, [a, 1])
    """
    if isinstance(value, sp.MatrixBase):
        return value.applyfunc(lambda entry: entry.xreplace(values)) if value.free_symbols & {*values} else value
    if isinstance(value, sp.Basic):
        return value.xreplace(values)       # not `subs`: at once, by structure, nothing evaluated
    if isinstance(value, (tuple, list)):
        return _rebuilt(value, [replaced(item, values) for item in value])
    if isinstance(value, dict):
        changed = {key: replaced(item, values) for key, item in value.items()}
        return value if all(changed[key] is value[key] for key in value) else changed
    if is_dataclass(value) and not isinstance(value, type):
        before = {item.name: getattr(value, item.name) for item in fields(value) if item.init}
        after = {name: replaced(item, values) for name, item in before.items()}
        return value if all(after[name] is before[name] for name in before) else type(value)(**after)
    if str(getattr(value, "dtype", "")) == "object":
        rows = value.tolist()
        changed_rows = replaced(rows, values)
        return value if changed_rows is rows else changed_rows
    return value


def _rebuilt(value: Any, items: list[Any]) -> Any:
    """A list or tuple of other items, itself where they are the same."""
    if all(a is b for a, b in zip(items, value, strict=True)):
        return value
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
