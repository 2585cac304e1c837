"""xarray Datasets, such as parameter studies, in files: numbers as arrays, text and truth values beside them."""

import json
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np

from qllg_sym import files
from qllg_sym.errors import FileError, InputTypeError
from qllg_sym.flow.results.archive import names_of_arrays

KIND = "dataset"
TEXT, FLAGS, NUMBERS = "text", "flags", "numbers"


def save_dataset(dataset: Any, path: str | os.PathLike[str]) -> None:
    """Write an xarray Dataset, so that `qllg_sym.load` and, from .nc, xarray alone read it.

    Args:
        dataset: its variables hold numbers (complex ones, too), text, or true and false.
        path: ends in .npz or .nc.

    Raises:
        FileError: the ending is unknown or the place is not writable.
        InputTypeError: no Dataset, or a variable of another kind.
    """
    if not all(hasattr(dataset, name) for name in ("data_vars", "coords", "variables", "attrs")):
        raise InputTypeError(f"`dataset` must be an xarray Dataset, but is of type {type(dataset).__name__}; save "
                             "trajectories by their own method `save`.")
    arrays: dict[str, Any] = {}
    labels: dict[str, Any] = {}
    told: dict[str, Any] = {"": _plain(dataset.attrs)}
    variables = {str(name): variable for name, variable in dataset.variables.items()}
    axes, described = dict[str, Any](), list[dict[str, Any]]()
    names = _names(dataset, variables)
    for name, variable in variables.items():
        values, array = np.asarray(variable.values), names[name]
        kind = _kind(name, values)
        entry: dict[str, Any] = {"name": name, "array": array, "dims": list(map(str, variable.dims)), "kind": kind,
                 "attrs": _plain(variable.attrs), "coordinate": name in dataset.coords}
        axes[array], told[array] = entry["dims"], {"long_name": name, **entry["attrs"]}
        if kind == TEXT:
            labels[array] = entry["text"] = np.vectorize(str, otypes=[object])(values).tolist() if values.size else []
            entry["shape"] = list(values.shape)
        else:
            arrays[array] = values.astype(np.uint8) if kind == FLAGS else values
        described.append(entry)
    metadata = {"variables": described, "attrs": told[""]}
    files.save(path, KIND, arrays, metadata, axes, labels, told)


def _names(dataset: Any, variables: Mapping[str, Any]) -> dict[str, str]:
    """Return names of arrays: those of axes as they are, others where they are plain."""
    return names_of_arrays(variables, "variable_{}", "{}") | {name: name for name in variables if name in dataset.dims}


def _kind(name: str, values: Any) -> str:
    """Return what a variable holds."""
    if values.dtype.kind in "iufc":
        return NUMBERS
    if values.dtype.kind == "b":
        return FLAGS
    if values.dtype.kind == "U" or all(isinstance(item, str) for item in values.ravel().tolist()):
        return TEXT
    raise InputTypeError(f"`dataset` must hold numbers, text, or true and false, but {name!r} holds {values.dtype}; "
                         "convert it first.")


def _plain(attributes: Mapping[Any, Any]) -> dict[str, Any]:
    """Return attributes as text and numbers; others as JSON, or as they print."""
    found: dict[str, Any] = {}
    for name, value in attributes.items():
        value = value.item() if isinstance(value, np.generic) else value
        found[str(name)] = value if type(value) in (str, int, float) else _text(value)
    return found


def _text(value: Any) -> str:
    """Return what is neither text nor a number as text."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return str(value)


def dataset_of(path: str | os.PathLike[str], arrays: Mapping[str, Any], metadata: Mapping[str, Any]) -> Any:
    """Return the Dataset that a file's arrays make; its name is for messages.

    Raises:
        FileError: xarray is not installed, or the parts do not fit together.
    """
    try:
        xarray = import_module("xarray")
    except ImportError:
        raise FileError(f"`{path}` holds a dataset, for which xarray is needed, but it is not installed; run pip "
                        "install qllg_sym[io].") from None
    try:
        variables, coordinates = dict[str, Any](), dict[str, Any]()
        for entry in metadata["variables"]:
            found = (tuple(map(str, entry["dims"])), _values(arrays, entry), dict(entry["attrs"]))
            (coordinates if entry["coordinate"] else variables)[str(entry["name"])] = found
        return xarray.Dataset(variables, coordinates, dict(metadata["attrs"]))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise FileError(f"`{path}` must hold a whole dataset, but its parts do not fit; save anew.") from None


def _values(arrays: Mapping[str, Any], entry: Mapping[str, Any]) -> Any:
    """Return the values of a variable."""
    if entry["kind"] != TEXT:
        found = arrays[entry["array"]]
        return found.astype(bool) if entry["kind"] == FLAGS else found
    found = np.array(entry["text"], dtype=str)
    if list(found.shape) != entry["shape"] and found.size:
        raise ValueError("text of another shape")
    return found.reshape(entry["shape"])
