"""A record as arrays and plain metadata, and back: of many trajectories, or of one without the axis of rows."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.shapes import check_shapes, dimensions
from qllg_sym.flow.results.stack import Stack
from qllg_sym.observables.ensemble import Ensemble

Arrays = dict[str, NDArray[Any]]
Axes = dict[str, tuple[str, ...]]
ONE, MANY = "trajectory", "trajectories"        # kinds of files
AXIS = "trajectory"
_PARTS = ("rows", "counts", "samples", "weights", "background")
_AXES = {"density": ("time", "row", "column"), "kets": ("time", "basis", "ket"), "moments": ("time", "site", "axis")}


def to_arrays(record: Record, kind: str) -> tuple[Arrays, dict[str, Any], Axes]:
    """Return the arrays of a record, its metadata, and the names of the arrays' axes.

    >>> record = Record(np.zeros(1), np.ones(1, dtype=int), np.ones(1), ("1/2",), methods=["moments"], stats=[{}],
    ...                 stacks=[Stack.of(0, np.ones((1, 1, 3)))])
    >>> sorted(to_arrays(record, ONE)[0]), sorted(to_arrays(record, MANY)[0])[:4]
    (['moments', 'times'], ['block_0_counts', 'block_0_rows', 'block_0_samples', 'counts'])
    """
    lead = () if kind == ONE else (AXIS,)
    arrays: Arrays = {"times": record.times}
    axes: Axes = {"times": ("time",)}
    if record.energy is not None:
        arrays["energy"], axes["energy"] = record.energy, (*lead, "time")
    # Names of observables are any text at all: they go into the metadata, never into names of entries.
    for k, values in enumerate(record.observed.values()):
        arrays[name := f"observed_{k}"] = values
        axes[name] = (*lead, "time", *(f"{name}_{axis}" for axis in range(1, values.ndim - 1)))
    metadata = {"spins": list(record.spins), "labels": list(record.labels), "observed": list(record.observed)}
    return (_pack_one if kind == ONE else _pack_many)(record, arrays, axes, metadata)


def _pack_one(record: Record, arrays: Arrays, axes: Axes,
              metadata: dict[str, Any]) -> tuple[Arrays, dict[str, Any], Axes]:
    """Return what is written of one trajectory."""
    arrays = {name: array if name == "times" else array[0] for name, array in arrays.items()}
    metadata |= {"method": record.methods[0], "stats": _plain(record.stats[0]), "hbar": float(record.hbars[0]),
                 "background": 0.0}
    for stack in record.stacks:
        name = "moments" if not stack.dims else "density" if stack.weights is None else "kets"
        arrays[name], axes[name] = stack.samples[0], _AXES[name] if record.complete else ("last", *_AXES[name][1:])
        if stack.weights is not None:
            arrays["weights"], axes["weights"] = stack.weights[0], ("ket",)
            metadata["background"] = float(stack.background[0])
    return arrays, metadata, axes


def _pack_many(record: Record, arrays: Arrays, axes: Axes,
               metadata: dict[str, Any]) -> tuple[Arrays, dict[str, Any], Axes]:
    """Return what is written of many trajectories."""
    arrays |= {"counts": record.counts, "hbars": record.hbars}
    axes |= {"counts": (AXIS,), "hbars": (AXIS,)}
    for k, stack in enumerate(record.stacks):
        arrays |= {f"block_{k}_{part}": a for part in _PARTS if (a := getattr(stack, part)) is not None}
    arrays |= {f"value_{k}": np.asarray(a) for k, a in enumerate(record.values.values())}
    metadata |= {
        "values": list(record.values), "complete": record.complete, "methods": record.methods,
        "stats": [_plain(each) for each in record.stats], "blocks": [list(stack.dims) for stack in record.stacks],
        "seconds": record.seconds, "interrupted": record.interrupted, "grid": list(record.grid),
        "failures": [[row, why, reached] for row, (why, reached) in record.failures.items()]}
    return arrays, metadata, axes


def from_arrays(arrays: Arrays, metadata: Mapping[str, Any], kind: str) -> Record:
    """Return a record; a part that is missing or does not fit raises what Python raises, or an InputError.

    >>> metadata = dict(spins=["1/2"], labels=[], method="exact", stats={}, hbar=1.0, background=0.0, observed=[])
    >>> from_arrays({"times": np.zeros(1), "moments": np.ones((1, 1, 3))}, metadata, ONE).spins
    ('1/2',)
    """
    record = (_unpack_one if kind == ONE else _unpack_many)(arrays, metadata)
    _check(record)
    return record


def _unpack_one(arrays: Arrays, metadata: Mapping[str, Any]) -> Record:
    """Return the record of one trajectory."""
    spins, times, stacks, complete = tuple(map(str, metadata["spins"])), arrays["times"], list[Stack](), True
    held: Any = arrays.get("moments")
    if "density" in arrays or "kets" in arrays:
        if held is not None:
            raise ValueError("a trajectory is of one kind")
        density, kets, weights = (arrays.get(name) for name in ("density", "kets", "weights"))
        held = Ensemble(dimensions(spins), density, kets, weights, float(metadata["background"]))
    if held is not None:
        stacks, complete = [Stack.of(0, held)], len(held) == len(times)
    return Record(
        times, np.array([len(times)]), np.array([float(metadata["hbar"])]), spins, _labels(metadata), {}, complete,
        None if (energy := arrays.get("energy")) is None else energy[None], [str(metadata["method"])],
        [dict(metadata["stats"])], stacks, {name: values[None] for name, values in _observed(arrays, metadata)})


def _unpack_many(arrays: Arrays, metadata: Mapping[str, Any]) -> Record:
    """Return the record of many trajectories."""
    stacks = []
    for k, dims in enumerate(metadata["blocks"]):
        parts: dict[str, Any] = {part: arrays.get(f"block_{k}_{part}") for part in _PARTS}
        stacks.append(Stack(dims=tuple(map(int, dims)), **parts))
    return Record(
        arrays["times"], arrays["counts"], arrays["hbars"], tuple(map(str, metadata["spins"])), _labels(metadata),
        {str(name): _number(arrays[f"value_{k}"]) for k, name in enumerate(metadata["values"])},
        bool(metadata["complete"]), arrays.get("energy"), list(map(str, metadata["methods"])),
        [dict(each) for each in metadata["stats"]], stacks, dict(_observed(arrays, metadata)),
        {int(row): (str(why), float(reached)) for row, why, reached in metadata["failures"]},
        bool(metadata["interrupted"]), float(metadata["seconds"]), tuple(map(int, metadata.get("grid", ()))))


def _labels(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the states."""
    return tuple(map(str, metadata["labels"]))


def _observed(arrays: Arrays, metadata: Mapping[str, Any]) -> list[tuple[str, NDArray[Any]]]:
    """Return what was observed, with its names."""
    return [(str(name), arrays[f"observed_{k}"]) for k, name in enumerate(metadata["observed"])]


def _number(array: NDArray[Any]) -> Any:
    """Return a parameter as a number or as one a row."""
    return float(array) if array.ndim == 0 else array


def _check(record: Record) -> None:
    """Refuse parts whose shapes do not fit together."""
    m, n = record.shape
    fits = [len(record.methods) == m, not record.grid or math.prod(record.grid) == m, len(record.stats) == m,
            record.hbars.shape == (m,), record.energy is None or record.energy.shape == (m, n),
            record.counts.min() >= 0, record.counts.max() <= n,
            *(v.shape[:2] == (m, n) for v in record.observed.values()),
            *(np.shape(v) in ((), (m,)) for v in record.values.values()),
            *(stack.dims in ((), dimensions(tuple(record.spins))) for stack in record.stacks)]
    if not all(fits):
        raise ValueError("shapes do not fit together")
    for row in {int(row) for stack in record.stacks for row in stack.rows[[0, -1]]} or {0}:
        if count := int(record.counts[row]):
            held = record.held(row)
            quantum, moments = (held, None) if isinstance(held, Ensemble) else (None, held)
            check_shapes(record.times[:count], record.spins, quantum, moments, None, {})


def _plain(value: Any) -> Any:
    """Return a value of `stats` as JSON can hold it: numbers of NumPy become Python's, anything unknown its text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(entry) for entry in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, (bool, int, float, str, type(None))) else str(value)
