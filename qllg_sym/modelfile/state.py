"""The [state] table: how an integration begins."""

from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym import plugs
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.flow import states
from qllg_sym.flow.states.hybrid_state import HybridState
from qllg_sym.flow.states.state import Hbar, State
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.modeltext import keys
from qllg_sym.modeltext.tables import Table
from qllg_sym.modeltext.terms_and_laws import of_kind

Array = NDArray[Any]
Reader = Callable[[Table, Model], State | Array]
OfModel = Callable[[Table, Model], Space | Model | float]


def read_state(table: Table, model: Model) -> State | Array:
    """Return the state that a table describes, as `solve` takes it.

    Raises:
        ModelError: an unknown kind, a wrong key, or what the state itself refuses.
    """
    keys, reader = of_kind(table, kinds_of_state())
    table.only(["kind", *keys])
    try:
        return reader(table, model)
    except (InputError, InputTypeError) as error:
        place = "" if str(error).startswith(table.place) else f"{table.place}: "
        raise ModelError(f"{place}{error}") from None


def read_hybrid_state(parts: Table, model: Model, law: Hybrid) -> HybridState | None:
    """Return the state that [hybrid] describes: [[hybrid.states]], one a cluster as [state], and moments.

    None where it speaks of neither.

    Raises:
        ModelError: an unknown or wrong key, or what a state itself refuses.
    """
    parts.only(keys.HYBRID)
    if "states" not in parts and "moments" not in parts:
        return None
    try:
        law.check(model)
    except (InputError, InputTypeError) as error:
        raise ModelError(f"{parts.place}: {error}") from None
    spaces = Partition(model.space, law.clusters, law.classical).spaces
    given = parts.items("states") if "states" in parts else []
    if len(given) != len(spaces):
        raise ModelError(f"{parts.place} must have a table [[hybrid.states]] for each of {len(spaces)} clusters, but "
                         f"has {len(given)}; write them in the order of `clusters`.")
    homes = [Model(space, (), model.hbar, model.gamma, model.units) for space in spaces]
    states = [read_state(Table(f"[[hybrid.states]] {k}", item, parts.names), home)
              for k, (item, home) in enumerate(zip(given, homes, strict=True), 1)]
    return HybridState(states, _moments(parts, model) if "moments" in parts else ())


def kinds_of_state() -> dict[str, tuple[tuple[str, ...], Reader]]:
    """Return the keys and the reader of every kind.

    >>> kinds_of_state()["werner"][0]
    ('name', 'p')
    """
    return {**{name: _described(name) for name in plugs.names(states.KINDS)}, **ARRAYS}


def _described(name: str) -> tuple[tuple[str, ...], Reader]:
    """Return the keys of a kind of state, which are the arguments of its function, and what reads them."""
    make: Callable[..., State] = getattr(states, name)
    arguments = signature(make).parameters.values()
    keys = tuple(item.name for item in arguments if item.annotation not in OF_THE_MODEL)

    def read(table: Table, model: Model) -> State:
        given: list[str] = []
        named: dict[str, Any] = {}
        for item in arguments:
            if item.annotation in OF_THE_MODEL:
                named[item.name] = OF_THE_MODEL[item.annotation](table, model)
            elif item.kind is Parameter.VAR_POSITIONAL:
                given += _words(table, item.name)
            elif item.name in table or item.default is Parameter.empty:
                named[item.name] = BY_TYPE[item.annotation](table, item.name)
        return make(*given, **named)

    return keys, read


def _words(table: Table, key: str) -> list[str]:
    """An array of names, such as "up" and "down"."""
    words = table.items(key)
    if not all(isinstance(word, str) for word in words):
        raise table.wrong(key, "an array of names such as \"up\"", words)
    return words


def _hbar(table: Table, model: Model) -> float:
    """The model's ħ."""
    if not model.hbar.is_number:
        raise ModelError(f"{table.place} of kind {table.text('kind')} must have a numeric `hbar`, but has "
                         f"{model.hbar}; give it in [system].")
    return float(model.hbar)


OF_THE_MODEL: dict[Any, OfModel] = {Space: lambda _, model: model.space, Model: lambda _, model: model, Hbar: _hbar}
BY_TYPE: dict[Any, Callable[[Table, str], Any]] = {
    str: Table.text, float: Table.number, int: Table.integer, int | None: Table.integer, bool: Table.flag,
    Sequence[float]: Table.numbers, Sequence[Sequence[float]]: Table.rows, Sequence[str]: _words}


def _ket(table: Table, model: Model) -> Array:
    """Amplitudes in the product basis, site 0 leftmost."""
    return np.array([table.amplitude("amplitudes", item) for item in table.items("amplitudes")])


def _density(table: Table, model: Model) -> Array:
    """A density matrix, row by row."""
    rows = table.items("matrix")
    if any(not isinstance(row, list) or len(row) != len(rows) for row in rows):
        raise table.wrong("matrix", "a square array of rows", rows)
    return np.array([[table.amplitude("matrix", item) for item in row] for row in rows])


def _moments(table: Table, _: Model) -> Array:
    """Classical moments, one row a site."""
    rows = table.rows("moments")
    if any(len(row) != 3 for row in rows):
        raise table.wrong("moments", "an array of rows [x, y, z]", rows)
    return np.array(rows)


ARRAYS: dict[str, tuple[tuple[str, ...], Reader]] = {
    "ket": (("amplitudes",), _ket), "density": (("matrix",), _density), "moments": (("moments",), _moments)}
