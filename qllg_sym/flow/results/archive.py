"""A record as arrays and plain metadata, and back: of many trajectories, or of one without the axis of rows."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.shapes import check_shapes, dimensions
from qllg_sym.flow.results.stack import Stack
from qllg_sym.flow.results.told import AXIS, attributes_of, labels_of
from qllg_sym.observables.ensemble import Ensemble

Arrays = dict[str, NDArray[Any]]
Axes = dict[str, tuple[str, ...]]
Packed = tuple[Arrays, dict[str, Any], Axes, dict[str, Any], dict[str, dict[str, Any]]]
ONE: str = "trajectory"             # kinds of files
MANY: str = "trajectories"
_PARTS = ("rows", "counts", "samples", "weights", "background")
_AXES = {"density": ("time", "row", "column"), "kets": ("time", "basis", "ket"), "moments": ("time", "site", "axis")}
_TAKEN = ("time", "energy", *_AXES, "weights", "background", "reached", "hbar", "site", "axis", "row", "column",
          "basis", "ket", "part", "last", AXIS, "header", "about", "rows", "held")


def to_arrays(record: Record, kind: str) -> Packed:
    """Return arrays, metadata, the names of the arrays' axes, labels along axes, and attributes, as `files.save` takes.

    >>> record = Record(np.zeros(1), np.ones(1, dtype=int), np.ones(1), ("1/2",), methods=["moments"], stats=[{}],
    ...                 stacks=[Stack.of(0, np.ones((1, 1, 3)))])
    >>> sorted(to_arrays(record, ONE)[0]), sorted(to_arrays(record, MANY)[0])[:3]
    (['moments', 'time'], ['hbar', 'held', 'moments'])
    """
    lead = () if kind == ONE else (AXIS,)
    arrays: Arrays = {"time": record.times}
    axes: Axes = {"time": ("time",)}
    if record.energy is not None:
        arrays["energy"], axes["energy"] = record.energy, (*lead, "time")
    observed = names_of_arrays(record.observed, "observed_{}", "{}")
    for name, array in observed.items():
        arrays[array] = values = record.observed[name]
        axes[array] = (*lead, "time", *(f"{array}_{axis}" for axis in range(1, values.ndim - 1)))
    metadata: dict[str, Any] = {"spins": list(record.spins), "labels": list(record.labels), "observed": list(observed),
                                "observed_arrays": list(observed.values())}
    if record.sector is not None:
        metadata["magnetisation"] = str(record.sector.magnetisation)
        if isinstance(record.sector, RingSector):
            metadata |= {"momentum": record.sector.momentum, "reflection": record.sector.reflection}
    if record.provenance is not None:
        metadata["about"] = record.provenance.about(record.values)
    arrays, metadata, axes = (_pack_one if kind == ONE else _pack_many)(record, arrays, axes, metadata)
    return arrays, metadata, axes, labels_of(record), attributes_of(record, observed, metadata)


def names_of_arrays(names: Iterable[str], numbered: str, named: str) -> dict[str, str]:
    """Return a name of an array for every name, which may be any text: itself where it is one, else a number.

    >>> names_of_arrays(["Sz", "S z/2", "time"], "observed_{}", "{}")
    {'Sz': 'Sz', 'S z/2': 'observed_1', 'time': 'observed_2'}
    """
    found: dict[str, str] = {}
    for k, name in enumerate(names):
        plain = name.isascii() and name.isidentifier() and len(name) <= 60 and name not in _TAKEN
        plain &= not name.startswith(("observed_", "value_", *(f"{taken}_" for taken in _TAKEN)))
        found[name] = named.format(name) if plain else numbered.format(k)
    return found


def _sector(metadata: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """Return the total S_z, wave number and reflection of a file, each None where there is none."""
    magnetisation, momentum, reflection = (metadata.get(name) for name in ("magnetisation", "momentum", "reflection"))
    return magnetisation, momentum, reflection


def _pack_one(record: Record, arrays: Arrays, axes: Axes,
              metadata: dict[str, Any]) -> tuple[Arrays, dict[str, Any], Axes]:
    """Return what is written of one trajectory."""
    arrays = {name: array if name == "time" else array[0] for name, array in arrays.items()}
    metadata |= {"method": record.methods[0], "stats": _plain(record.stats[0]), "hbar": float(record.hbars[0]),
                 "background": 0.0, "values": {name: float(v) for name, v in record.values.items() if _is_number(v)}}
    for stack in record.stacks:
        name = _form(stack)
        arrays[name], axes[name] = stack.samples[0], _AXES[name] if record.complete else ("last", *_AXES[name][1:])
        if stack.weights is not None:
            arrays["weights"], axes["weights"] = stack.weights[0], ("ket",)
            metadata["background"] = float(stack.background[0])
    return arrays, metadata, axes


def _pack_many(record: Record, arrays: Arrays, axes: Axes,
               metadata: dict[str, Any]) -> tuple[Arrays, dict[str, Any], Axes]:
    """Return what is written of many trajectories."""
    arrays |= {"reached": record.counts, "hbar": record.hbars}
    axes |= {"reached": (AXIS,), "hbar": (AXIS,)}
    for k, stack in enumerate(record.stacks):
        for part, name in _parts(stack, k, len(record.stacks)).items():
            arrays[name] = getattr(stack, part)
            axes[name] = _axes(stack, part, f"_{k}" if len(record.stacks) > 1 else "", record)
    values = {name: v for name, v in record.values.items() if _is_number(v) or isinstance(v, np.ndarray)}
    named = names_of_arrays(values, "value_{}", "value_{}")
    for name, array in named.items():
        arrays[array] = np.asarray(values[name])
        axes[array] = (AXIS,) if np.ndim(values[name]) else ()
    metadata |= {
        "values": list(values), "value_arrays": list(named.values()), "complete": record.complete,
        "methods": record.methods, "stats": [_plain(each) for each in record.stats],
        "blocks": [list(stack.dims) for stack in record.stacks], "forms": [_form(stack) for stack in record.stacks],
        "seconds": record.seconds, "interrupted": record.interrupted, "grid": list(record.grid),
        "failures": [[row, why, reached] for row, (why, reached) in record.failures.items()]}
    return arrays, metadata, axes


def _is_number(value: Any) -> bool:
    """Whether a value is one number."""
    return isinstance(value, (int, float, np.number))


def _form(stack: Stack) -> str:
    """What a stack holds."""
    return "moments" if not stack.dims else "density" if stack.weights is None else "kets"


def _parts(stack: Stack, k: int, count: int) -> dict[str, str]:
    """Return the names of a stack's arrays, with its number where there are several."""
    names = {"samples": _form(stack), "counts": "held"}
    return {part: f"{names.get(part, part)}{f'_{k}' if count > 1 else ''}" for part in _PARTS
            if getattr(stack, part) is not None}


def _axes(stack: Stack, part: str, end: str, record: Record) -> tuple[str, ...]:
    """Return the names of the axes of one of a stack's arrays."""
    lead = AXIS if np.array_equal(stack.rows, np.arange(len(record.counts))) else f"{AXIS}{end or '_kept'}"
    if part == "samples":
        time, *inner = _AXES[_form(stack)]
        time = time if stack.samples.shape[1] == len(record.times) and record.complete else f"last{end}"
        return (lead, time, *(f"{axis}{end}" if axis == "ket" else axis for axis in inner))
    return (lead, f"ket{end}") if part == "weights" else (lead,)


def from_arrays(arrays: Arrays, metadata: Mapping[str, Any], kind: str) -> Record:
    """Return a record; a part that is missing or does not fit raises what Python raises, or an InputError.

    >>> metadata = dict(spins=["1/2"], labels=[], method="exact", stats={}, hbar=1.0, background=0.0, observed=[])
    >>> from_arrays({"times": np.zeros(1), "moments": np.ones((1, 1, 3))}, metadata, ONE).spins
    ('1/2',)
    """
    if "times" in arrays:               # formats 1 and 2
        arrays, metadata = _renamed(arrays, metadata, kind)
    record = (_unpack_one if kind == ONE else _unpack_many)(arrays, metadata)
    if "about" in metadata:
        record.provenance = Provenance.loaded(metadata["about"], record.spins, _sector(metadata))
    _check(record)
    return record


def _renamed(arrays: Arrays, metadata: Mapping[str, Any], kind: str) -> tuple[Arrays, dict[str, Any]]:
    """Return what formats 1 and 2 have in the names of today."""
    found: Arrays = {"time": arrays["times"], **arrays}
    new = {**metadata, "observed_arrays": [f"observed_{k}" for k in range(len(metadata["observed"]))]}
    if kind == MANY:
        found |= {"reached": arrays["counts"], "hbar": arrays["hbars"]}
        forms, count = list[str](), len(metadata["blocks"])
        for k, dims in enumerate(metadata["blocks"]):
            held: dict[str, Any] = {part: arrays[f"block_{k}_{part}"] for part in _PARTS
                                    if f"block_{k}_{part}" in arrays}
            stack = Stack(dims=tuple(map(int, dims)), **held)
            forms.append(_form(stack))
            found |= {name: held[part] for part, name in _parts(stack, k, count).items()}
        new |= {"forms": forms, "value_arrays": [f"value_{k}" for k in range(len(metadata["values"]))]}
    return found, new


def _unpack_one(arrays: Arrays, metadata: Mapping[str, Any]) -> Record:
    """Return the record of one trajectory."""
    spins, times, stacks, complete = tuple(map(str, metadata["spins"])), arrays["time"], list[Stack](), True
    held: Any = arrays.get("moments")
    if "density" in arrays or "kets" in arrays:
        if held is not None:
            raise ValueError("a trajectory is of one kind")
        density, kets, weights = (arrays.get(name) for name in ("density", "kets", "weights"))
        dims = dimensions(spins, *_sector(metadata))
        held = Ensemble(dims, density, kets, weights, float(metadata["background"]))
    if held is not None:
        stacks, complete = [Stack.of(0, held)], len(held) == len(times)
    values = {str(name): float(value) for name, value in metadata.get("values", {}).items()}
    return Record(
        times, np.array([len(times)]), np.array([float(metadata["hbar"])]), spins, _labels(metadata), values, complete,
        None if (energy := arrays.get("energy")) is None else energy[None], [str(metadata["method"])],
        [dict(metadata["stats"])], stacks, {name: values[None] for name, values in _observed(arrays, metadata)})


def _unpack_many(arrays: Arrays, metadata: Mapping[str, Any]) -> Record:
    """Return the record of many trajectories."""
    stacks, count = [], len(metadata["blocks"])
    for k, (dims, form) in enumerate(zip(metadata["blocks"], metadata["forms"], strict=True)):
        names = {"samples": str(form), "counts": "held"}
        parts: dict[str, Any] = {part: arrays.get(f"{names.get(part, part)}{f'_{k}' if count > 1 else ''}")
                                 for part in _PARTS}
        own = dimensions(tuple(map(str, metadata["spins"])), *_sector(metadata)) if dims and \
            "magnetisation" in metadata else tuple(map(int, dims))
        stacks.append(Stack(dims=own, **parts))
    return Record(
        arrays["time"], arrays["reached"], arrays["hbar"], tuple(map(str, metadata["spins"])), _labels(metadata),
        {str(name): _number(arrays[array])
         for name, array in zip(metadata["values"], metadata["value_arrays"], strict=True)},
        bool(metadata["complete"]), arrays.get("energy"), list(map(str, metadata["methods"])),
        [dict(each) for each in metadata["stats"]], stacks, dict(_observed(arrays, metadata)),
        {int(row): (str(why), float(reached)) for row, why, reached in metadata["failures"]},
        bool(metadata["interrupted"]), float(metadata["seconds"]), tuple(map(int, metadata.get("grid", ()))))


def _labels(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the states."""
    return tuple(map(str, metadata["labels"]))


def _observed(arrays: Arrays, metadata: Mapping[str, Any]) -> list[tuple[str, NDArray[Any]]]:
    """Return what was observed, with its names."""
    return [(str(name), arrays[array])
            for name, array in zip(metadata["observed"], metadata["observed_arrays"], strict=True)]


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
