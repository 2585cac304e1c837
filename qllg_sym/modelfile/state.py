"""The [state] table: how an integration begins."""

from collections.abc import Callable
from typing import Any

import numpy as np

from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model import states
from qllg_sym.model.model import Model
from qllg_sym.modelfile.parts import choose
from qllg_sym.modelfile.tables import Table

Reader = Callable[[Table, Model], Any]


def read_state(table: Table, model: Model) -> Any:
    """Return the state that a table describes, as `solve` takes it.

    Raises:
        ModelError: an unknown kind, a wrong key, or what the state itself refuses.
    """
    keys, reader = choose(table, READERS)
    table.only(["kind", *keys])
    try:
        return reader(table, model)
    except (InputError, InputTypeError) as error:
        place = "" if str(error).startswith(table.place) else f"{table.place}: "
        raise ModelError(f"{place}{error}") from None


def _product(table: Table, model: Model) -> Any:
    """Spins by name, such as "up" and "down"."""
    spins = table.items("spins")
    if not all(isinstance(spin, str) for spin in spins):
        raise table.wrong("spins", "an array of names such as \"up\"", spins)
    return states.product(*spins)


def _eta(table: Table, model: Model) -> Any:
    """The state of PRL 4 with the model's ħ."""
    if not model.hbar.is_number:
        raise ModelError(f"{table.place} of kind eta must have a numeric `hbar`, but has {model.hbar}; "
                         "give it in [system].")
    return states.eta(model.space, table.numbers("eta"), float(model.hbar))


def _random(table: Table, model: Model) -> Any:
    """A random state; rank and seed may be left out."""
    given = {key: table.integer(key) for key in ("rank", "seed") if key in table}
    return states.random(model.space, **given)


def _ket(table: Table, model: Model) -> Any:
    """Amplitudes in the product basis, site 0 leftmost."""
    return np.array([table.amplitude("amplitudes", item) for item in table.items("amplitudes")])


def _density(table: Table, model: Model) -> Any:
    """A density matrix, row by row."""
    rows = table.items("matrix")
    if any(not isinstance(row, list) or len(row) != len(rows) for row in rows):
        raise table.wrong("matrix", "a square array of rows", rows)
    return np.array([[table.amplitude("matrix", item) for item in row] for row in rows])


def _moments(table: Table, _: Model) -> Any:
    """Classical moments, one row a site."""
    rows = table.rows("moments")
    if any(len(row) != 3 for row in rows):
        raise table.wrong("moments", "an array of rows [x, y, z]", rows)
    return np.array(rows)


READERS: dict[str, tuple[tuple[str, ...], Reader]] = {
    "product": (("spins",), _product),
    "bell": (("name",), lambda table, _: states.bell(table.text("name"))),
    "werner": (("name", "p"), lambda table, _: states.werner(table.text("name"), table.number("p"))),
    "coherent": (("directions",), lambda table, model: states.coherent(model.space, table.rows("directions"))),
    "eta": (("eta",), _eta),
    "thermal": (("beta",), lambda table, model: states.thermal(model, table.number("beta"))),
    "ground": ((), lambda table, model: states.ground(model)),
    "random": (("rank", "seed"), _random),
    "ket": (("amplitudes",), _ket),
    "density": (("matrix",), _density),
    "moments": (("moments",), _moments),
}
