"""What a picture of a trajectory says above itself: law, spins, terms, values, units; each a few words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qllg_sym.algebra.decimals import written
from qllg_sym.equations.law import Law
from qllg_sym.errors import QllgError
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.results.record import Record
from qllg_sym.model.model import Model
from qllg_sym.model.term import Term, letters_of
from qllg_sym.observables.sites import row

MOST_TERMS = 4          # kinds of terms that are told with their numbers
MOST_VALUES = 6
LONGEST = 44            # characters of a term; longer ones are named alone
_GREEK = {"kappa": "κ", "alpha": "α"}
_NAMES = {"von-neumann": "von Neumann"}


def heading(record: Record) -> tuple[str, ...]:
    """Return what made the numbers of a record of one row, as far as it is known.

    >>> import numpy as np
    >>> heading(Record(np.zeros(1), np.ones(1), np.ones(1), ("1/2", "1")))
    ('spins 1/2, 1',)
    """
    made = record.provenance
    try:
        if made is None:
            return (_spins(record.spins),)
        model, law = made.model, made.law
    except QllgError:
        return (_spins(record.spins), *_values(_plain(record.values)))
    return heading_of(model, law, record.values)


def heading_of(model: Model, law: Law, numbers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the same of a model and a law with numbers for their parameters.

    >>> from qllg_sym import QuantumLLG, Space, Zeeman
    >>> heading_of(Model(Space("1/2"), [Zeeman((0, 0, 1))]), QuantumLLG(0.5), {})
    ('q-LLG, κ = 0.5', 'spin 1/2: Zeeman B = (0, 0, 1)')
    """
    values, spins = _plain(numbers), _spins([str(s) for s in model.space.spins])
    terms, rest = _terms(model, values)
    named = {str(value) for member in law.members for _, value in letters_of(member)}
    left = {name: value for name, value in values.items() if name not in named | rest}
    units = () if model.units is None else (model.units.named.strip("; "),)
    return (_law(law, values), ": ".join(filter(None, (spins, terms))), *_values(left), *units)


def _spins(spins: Sequence[str]) -> str:
    """The sites, in words."""
    return f"spin{'s' * (len(spins) > 1)} {row(spins)}"


def _plain(values: Mapping[str, Any]) -> dict[str, float]:
    """Those that are one number each."""
    return {name: value for name, value in values.items() if isinstance(value, (int, float))}


def _law(law: Law, values: Mapping[str, Any]) -> str:
    """The law by its short name, with its numbers."""
    return " + ".join(", ".join([_short(member.kind), *(f"{_GREEK.get(name, name)} = {_number(value, values)}"
                                                          for name, value in letters_of(member))])
                      for member in law.members)


def _short(kind: str) -> str:
    """A kind of law as it is spoken of: q-LLG, LL, von Neumann.

    >>> _short("q-llg"), _short("dephasing")
    ('q-LLG', 'dephasing')
    """
    return _NAMES.get(kind) or re.sub(r"\bllg?\b", lambda found: found[0].upper(), kind)


def _terms(model: Model, values: Mapping[str, Any]) -> tuple[str, set[str]]:
    """The terms, equal ones counted, and the names of the parameters whose numbers stand in them."""
    told = _counts(model, lambda term: _term(term, values))
    if len(told) <= MOST_TERMS:
        return ", ".join(_counted(told)), {symbol.name for symbol in model.parameters}
    return ", ".join(_counted(_counts(model, lambda term: term.words))), set()


def _counts(model: Model, text: Callable[[Term], str]) -> Counter[str]:
    """How often each text comes among the terms, copies of a lattice one by one."""
    told = Counter[str]()
    for term in model.terms:
        for each, count in term.counted:
            told[text(each)] += count
    return told


def _counted(told: Counter[str]) -> Iterator[str]:
    """Each text once, with how often it comes."""
    for text, count in told.items():
        yield f"{count} × {text}" if count > 1 else text


def _term(term: Term, values: Mapping[str, Any]) -> str:
    """A term with its numbers; what is 0, and a g factor of 1, is left out."""
    name = term.words
    letters = [f"{letter} = {_number(value, values)}" for letter, value in letters_of(term)
               if str(value) != "0" and (letter, str(value)) != ("g", "1")]
    whole = f"{name} {', '.join(letters)}" if letters else name
    return whole if len(whole) <= LONGEST else name


def _number(value: Any, values: Mapping[str, Any]) -> str:
    """A coefficient as a number where it is one, else as it is written; a vector in parentheses."""
    if isinstance(value, tuple):
        return f"({', '.join(_number(entry, values) for entry in value)})"
    try:
        return f"{number_of(value, values):.4g}"
    except (QllgError, AttributeError, KeyError, TypeError):        # it depends on time, or is no number
        return written(value)


def _values(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Numbers by name, at most a few of them, as one text."""
    told = [f"{_GREEK.get(name, name)} = {value:.4g}" for name, value in values.items()]
    more = [f"and {len(told) - MOST_VALUES} more values"] if len(told) > MOST_VALUES else []
    return (", ".join([*told[:MOST_VALUES], *more]),) if told else ()
