"""A batch as arrays and plain metadata, and back; and as a labelled Dataset."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.shapes import check_shapes
from qllg_sym.flow.results.stack import Stack
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
KIND = "trajectories"
AXIS = "trajectory"
_PARTS = ("rows", "counts", "samples", "weights", "background")


def pack(record: Record) -> tuple[dict[str, Array], dict[str, Any], dict[str, tuple[str, ...]]]:
    """Return the arrays of a record, its metadata, and the names of the arrays' axes.

    >>> record = Record(np.zeros(1), np.ones(1, dtype=int), np.ones(1), ("1/2",), methods=["moments"], stats=[{}])
    >>> sorted(pack(record)[0])
    ['counts', 'hbars', 'times']
    """
    arrays = {"times": record.times, "counts": record.counts, "hbars": record.hbars}
    if record.energy is not None:
        arrays["energy"] = record.energy
    for k, block in enumerate(record.stacks):
        arrays |= {f"block_{k}_{part}": a for part in _PARTS if (a := getattr(block, part)) is not None}
    # Names of parameters and observables are any text: they go into the metadata, never into names of entries.
    for label, entries in (("value", record.values), ("observed", record.observed)):
        arrays |= {f"{label}_{k}": np.asarray(a) for k, a in enumerate(entries.values())}
    axes = {"times": ("time",), "counts": (AXIS,), "hbars": (AXIS,), "energy": (AXIS, "time")}
    metadata = {
        "spins": list(record.spins), "labels": list(record.labels), "values": list(record.values),
        "observed": list(record.observed), "complete": record.complete, "methods": record.methods,
        "stats": [{name: _plain(count) for name, count in each.items()} for each in record.stats],
        "blocks": [list(block.dims) for block in record.stacks], "seconds": record.seconds,
        "failures": [[row, why, reached] for row, (why, reached) in record.failures.items()],
        "interrupted": record.interrupted, "grid": list(record.grid),
    }
    return arrays, metadata, {name: names for name, names in axes.items() if name in arrays}


def _plain(count: Any) -> Any:
    """Return an entry of `stats` as JSON can hold it."""
    plain = count.item() if isinstance(count, np.generic) else count
    return plain if isinstance(plain, bool | int | float | str | None) else str(plain)


def unpack(arrays: Mapping[str, Array], metadata: Mapping[str, Any]) -> Record:
    """Return a record; a part that is missing or does not fit raises what Python raises.

    >>> record = Record(np.zeros(1), np.ones(1, dtype=int), np.ones(1), ("1/2",), methods=["moments"], stats=[{}])
    >>> unpack(*pack(record)[:2]).methods
    ['moments']
    """
    blocks = []
    for k, dims in enumerate(metadata["blocks"]):
        parts: dict[str, Any] = {part: arrays.get(f"block_{k}_{part}") for part in _PARTS}
        blocks.append(Stack(dims=tuple(map(int, dims)), **parts))
    record = Record(
        arrays["times"], arrays["counts"], arrays["hbars"], tuple(map(str, metadata["spins"])),
        tuple(map(str, metadata["labels"])),
        {str(name): _number(arrays[f"value_{k}"]) for k, name in enumerate(metadata["values"])},
        bool(metadata["complete"]), arrays.get("energy"), list(map(str, metadata["methods"])),
        [dict(each) for each in metadata["stats"]], blocks,
        {str(name): arrays[f"observed_{k}"] for k, name in enumerate(metadata["observed"])},
        {int(row): (str(why), float(reached)) for row, why, reached in metadata["failures"]},
        bool(metadata["interrupted"]), float(metadata["seconds"]), tuple(map(int, metadata.get("grid", ()))))
    _check(record)
    return record


def _number(array: Array) -> Any:
    """Return a parameter as a number or as one a row."""
    return float(array) if array.ndim == 0 else array


def _check(record: Record) -> None:
    """Refuse parts whose shapes do not fit together."""
    m, n = record.shape
    dims = tuple(int(2 * Fraction(spin)) + 1 for spin in record.spins)
    fits = [len(record.methods) == m, not record.grid or prod(record.grid) == m, len(record.stats) == m,
            record.hbars.shape == (m,),
            record.energy is None or record.energy.shape == (m, n),
            record.counts.min() >= 0, record.counts.max() <= n,
            *(v.shape[:2] == (m, n) for v in record.observed.values()),
            *(np.shape(v) in ((), (m,)) for v in record.values.values()),
            *(block.dims in ((), dims) for block in record.stacks)]
    if not all(fits):
        raise ValueError("shapes do not fit together")
    for stack in record.stacks:
        for row in {int(stack.rows[0]), int(stack.rows[-1])} & set(np.flatnonzero(record.counts).tolist()):
            held, count = record.held(row), int(record.counts[row])
            quantum, moments = (held, None) if isinstance(held, Ensemble) else (None, held)
            check_shapes(record.times[:count], record.spins, quantum, moments, None, {})


def to_dataset(many: Any) -> Any:
    """Return an xarray Dataset of `Trajectories`: what one trajectory gives, with a leading axis "trajectory".

    Raises:
        InputError: xarray is not installed.
    """
    longest = many[int(np.argmax(many.counts))]
    one = longest.to_xarray()
    names = {name: {"bloch": _bloch}.get(name, lambda each, name=name: getattr(each, name)) for name in one.data_vars
             if name not in many.observed}
    values = {name: read(many) for name, read in names.items()} | many.observed
    variables = {name: ([AXIS, *one[name].dims], array) for name, array in values.items()}
    coordinates = {**one.coords, "time": many.times, AXIS: np.arange(len(many))}
    coordinates |= {f"value_{name}": (AXIS, v) for name, v in many.values.items() if np.ndim(v)}
    kept = {name: text for name, text in one.attrs.items() if not name.startswith("stats_")}
    return type(one)(variables, coordinates, kept)


def _bloch(many: Any) -> Array:
    """Return the Bloch vectors of all sites, (m, n, N, 3)."""
    return np.stack([many.bloch(i) for i in range(len(many.spins))], axis=2)
