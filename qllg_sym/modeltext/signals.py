"""[signals]: functions of time by name, with their samples in the file or in one beside it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from qllg_sym.algebra.signals import Signal
from qllg_sym.codegen.samples import checked_samples
from qllg_sym.errors import InputError, InputTypeError, ModelError
from qllg_sym.model.expressions import check_declared
from qllg_sym.model.signal import signal
from qllg_sym.modeltext import keys
from qllg_sym.modeltext.sample_file import read_samples
from qllg_sym.modeltext.tables import Table, shown

Samples = tuple[Any, Any]
Content = dict[str, Any]
MOST_WRITTEN = 1000     # samples that are kept in a text


def read_signals(table: Table, folder: Path | None) -> tuple[list[Signal], dict[str, Samples]]:
    """Return the signals of a file, and the times and samples of those that have them.

    Args:
        table: [signals].
        folder: what paths are relative to; None where no file may be read.

    Raises:
        FileError: a file of samples that is not there, too large or damaged.
        ModelError: an unknown, missing or wrong key, or samples that no spline goes through.

    >>> content = {"pulse": {"times": [0, 1, 2, 3], "samples": [0, 1, 1, 0]}}
    >>> signals, values = read_signals(Table("[signals]", content), None); signals, values["pulse"][1].tolist()
    ([pulse(t)], [0.0, 1.0, 1.0, 0.0])
    """
    found, values = list[Signal](), dict[str, Samples]()
    for name in table:
        if not isinstance(entry := table.raw(check_declared(name)), dict):
            raise ModelError(f"[signals] `{name}` must be a table, but is {shown(entry)}; write {name} = {{file = "
                             f"\"{name}.csv\"}}.")
        one = Table(f"[signals] `{name}`", entry)
        one.only(keys.SIGNAL)
        found.append(_signal(name, one))
        if (samples := _samples(one, folder)) is not None:
            values[name] = samples
    return found, values


def _signal(name: str, table: Table) -> Any:
    """The signal itself."""
    support: Any = table.rows("support") if "support" in table else None
    resolution = table.number("resolution") if "resolution" in table else None
    try:
        return signal(name, support, resolution)
    except (InputError, InputTypeError, ModelError) as error:
        raise ModelError(f"{table.place}: {error}") from None


def _samples(table: Table, folder: Path | None) -> Samples | None:
    """Its times and samples; None where neither is given, for what is solved elsewhere."""
    lists = [key for key in ("times", "samples") if key in table]
    if "file" not in table and not lists:
        return None
    if "file" in table and lists:
        raise ModelError(f"{table.place} must have either `file` or `times` and `samples`, but has `file` and "
                         f"`{lists[0]}`; leave one of them out.")
    if "file" not in table:
        given = table.numbers("times"), table.numbers("samples")
    elif folder is None:
        raise ModelError(f"{table.place} must have `times` and `samples` where no files stand beside the text, but has "
                         "`file`; write the numbers.")
    else:
        given = read_samples(folder / table.text("file"), table.place)
    try:
        return checked_samples(table.place, given)
    except (InputError, InputTypeError) as error:
        raise ModelError(str(error)) from None


def signals_table(signals: list[Signal], values: Mapping[str, Any]) -> tuple[Content, dict[str, str]]:
    """Return the table of signals, and why one has no samples, by name.

    >>> signals_table([signal("pulse")], {"pulse": abs})
    ({'pulse': {}}, {'pulse': 'they were no samples'})
    """
    table, missing = Content(), dict[str, str]()
    for each in signals:
        entry: Content = {}
        given = values.get(each.name, each.values)
        if isinstance(given, tuple) and len(given[0]) <= MOST_WRITTEN:
            entry = {key: np.asarray(part, dtype=float).tolist() for key, part in
                     zip(("times", "samples"), given, strict=True)}
        elif given is not None or each.name in values:
            missing[each.name] = f"{len(given[0])} samples are more than {MOST_WRITTEN}" \
                if isinstance(given, tuple) else "they were no samples"
        if each.support:
            entry["support"] = [list(pair) for pair in each.support]
        if each.resolution:
            entry["resolution"] = each.resolution
        table[each.name] = entry
    return table, missing
