"""netCDF-4 (HDF5): xarray reads it without this package.

Variables have named dimensions and units; complex arrays are real and imaginary parts along a last dimension `part`.
What this package reads back stands in a group of its own, which other readers do not see, and the file ends in a
checksum of all that is before it, which HDF5 does not see: no damaged byte comes to a reader.
"""

import hashlib
import json
import os
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import FileError
from qllg_sym.formats.content import LARGEST_HEADER, Content, Damaged
from qllg_sym.formats.forgiving import Forgiving

GROUP, HEADER = "qllg_sym", "header"
PART, PARTS = "part", ("real", "imag")
LONGEST = 30_000            # characters of an attribute: HDF5 holds 64 kB
MARK = b"qllg_sym sha256 "  # before the checksum, which ends the file
PIECE = 1 << 20


def write_content(path: Path, content: Content) -> None:
    """Write a file.

    Raises:
        FileError: h5netcdf is not installed.
        OSError: as the system does.
    """
    h5netcdf = door("h5netcdf")
    with Forgiving(path, "w+b") as stream:
        with h5netcdf.File(stream, "w") as stored:
            _fill(stored, content)
        if stream.failure is not None:
            raise stream.failure
    digest = _digest(path, path.stat().st_size)
    with open(path, "ab") as end:
        end.write(MARK + digest)


def door(name: str) -> Any:
    """Return a module that .nc files need, or say how to get it."""
    try:
        for needed in ("h5py", name):
            module = import_module(needed)
        return module
    except ImportError:
        raise FileError(
            f"`path` may end in .nc where {name} is installed, but it is missing; "
            "run pip install qllg_sym[io], or use .npz."
        ) from None


def _fill(stored: Any, content: Content) -> None:
    """Put everything into an open file."""
    for name, array in content.arrays.items():
        names = list(content.axes.get(name, [f"{name}_{k}" for k in range(array.ndim)]))
        if array.dtype.kind == "c":
            array, names = _part(array), [*names, PART]
        _put(stored, name, _dimensions(stored, name, names, array.shape), array, content.attributes.get(name, {}))
    for name, labels in {**content.labels, PART: PARTS}.items():
        if name in stored.variables or not len(labels):
            continue
        own, values = list(content.axes.get(name, (name,))), np.array(labels)
        if name in content.axes or (name in stored.dimensions and len(labels) == stored.dimensions[name].size):
            text = values.astype(door("h5py").string_dtype()) if values.dtype.kind == "U" else values
            _put(stored, name, _dimensions(stored, name, own, values.shape), text,
                 content.attributes.get(name, {}))
    stored.attrs.update({name: _short(value) for name, value in content.attributes.get("", {}).items()})
    group = stored.create_group(GROUP)
    header = np.frombuffer(content.header.encode(), np.uint8)
    group.dimensions = {"bytes": len(header)}
    group.create_variable(HEADER, ("bytes",), np.uint8, data=header)


def _dimensions(stored: Any, name: str, names: list[str], shape: tuple[int, ...]) -> tuple[str, ...]:
    """Return the dimensions of an array, made where they are new; one of another length has the array's name, too."""
    found: list[str] = []
    for axis, size in zip(names, shape, strict=True):
        known = axis in stored.dimensions and stored.dimensions[axis].size != size
        axis = f"{name}_{axis}" if known or axis in found else axis
        if axis not in stored.dimensions:
            stored.dimensions[axis] = size
        found.append(axis)
    return tuple(found)


def _put(stored: Any, name: str, dimensions: tuple[str, ...], values: Any, attributes: Any) -> None:
    """Put one variable."""
    variable = stored.create_variable(name, dimensions, values.dtype, data=values)
    variable.attrs.update({key: _short(value) for key, value in attributes.items()})


def _short(value: Any) -> Any:
    """An attribute; a text that HDF5 cannot hold is cut, and says so."""
    if not isinstance(value, str) or len(value.encode()) <= LONGEST:
        return value
    return f"{value[:LONGEST // 4]}\n… {len(value)} characters, all of them in the group {GROUP}"


def read_content(path: str | os.PathLike[str]) -> tuple[dict[str, NDArray[Any]], str]:
    """Return the arrays and the header.

    Raises:
        Damaged: a checksum differs, or an array is not what this package writes.
        OSError, KeyError, …: as HDF5 finds damage in files from before the checksum at the end.
    """
    size = os.stat(path).st_size
    sealed = _sealed(path, size)
    with door("h5py").File(path, "r") as stored:
        return _content(stored, size) if sealed else old(stored, size)


def _sealed(path: str | os.PathLike[str], size: int) -> bool:
    """Return whether a file ends in its checksum.

    Raises:
        Damaged: it ends in another one.
    """
    length = len(MARK) + hashlib.sha256().digest_size
    with open(path, "rb") as stream:
        stream.seek(max(size - length, 0))
        end = stream.read(length)
    if not end.startswith(MARK):
        return False
    if _digest(path, size - length) != end[len(MARK):]:
        raise Damaged("the checksum differs")
    return True


def _digest(path: str | os.PathLike[str], size: int) -> bytes:
    """Return the SHA-256 of the first bytes of a file."""
    total, left = hashlib.sha256(), size
    with open(path, "rb") as stream:
        while left and (piece := stream.read(min(PIECE, left))):
            total.update(piece)
            left -= len(piece)
    return total.digest()


def _content(stored: Any, size: int) -> tuple[dict[str, NDArray[Any]], str]:
    """Return what a file with a checksum at its end holds."""
    header = _text(_inside(_inside(stored, GROUP, "Group"), HEADER, "Dataset"), size)
    kinds = json.loads(header)["arrays"]
    arrays = {name: _numbers(_inside(stored, name, "Dataset"), size) for name in kinds}
    return {name: _join(array) if kinds[name] == "c" else array for name, array in arrays.items()}, header


def old(stored: Any, size: int) -> tuple[dict[str, NDArray[Any]], str]:
    """Return what a file of format 1 or 2 holds: the header beside the arrays, in 2 with a checksum of their own."""
    raw = _numbers(_inside(stored, HEADER, "Dataset"), size)
    about = json.loads(raw.tobytes().decode())
    if about["version"] not in (1, 2):
        raise Damaged("the end of the file is missing")
    arrays = {name: _numbers(_inside(stored, name, "Dataset"), size) for name in about["arrays"]}
    if about["version"] > 1 or "checksum" in stored:
        total = hashlib.sha256()
        for name, array in sorted({HEADER: raw, **arrays}.items()):
            total.update(repr((name, array.dtype.str, array.shape)).encode())
            total.update(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
        if total.digest() != np.asarray(stored["checksum"][()]).tobytes():
            raise Damaged("the checksum differs")
    kinds = about["arrays"]
    return {name: _join(array) if kinds[name] == "c" else array for name, array in arrays.items()}, \
        raw.tobytes().decode()


def _inside(group: Any, name: str, kind: str) -> Any:
    """Return a dataset or a group that lies in this very group: links lead to other files, and in circles."""
    h5py = door("h5py")
    if not isinstance(name, str) or "/" in name or not isinstance(group.get(name, getlink=True), h5py.HardLink):
        raise Damaged("a link")
    found = group[name]
    if not isinstance(found, getattr(h5py, kind)):
        raise Damaged("an array is none")
    return found


def _numbers(dataset: Any, size: int) -> NDArray[Any]:
    """Return an array whose bytes stand in the file, one after the other."""
    if dataset.dtype.kind not in "iuf" or dataset.shape is None or dataset.is_virtual or dataset.external:
        raise Damaged("an array of no numbers, or of another file")
    if dataset.nbytes > size or dataset.id.get_storage_size() != dataset.nbytes:
        raise Damaged("an array of another length than it says")
    return np.asarray(dataset[()])


def _text(dataset: Any, size: int) -> str:
    """Return text that is kept as bytes."""
    if dataset.nbytes > LARGEST_HEADER:
        raise Damaged("no header")
    return _numbers(dataset, size).tobytes().decode()


def _part(array: NDArray[Any]) -> NDArray[Any]:
    """Return complex numbers with a last axis of real and imaginary parts, without a copy where they are contiguous."""
    pairs = np.ascontiguousarray(array).view(array.real.dtype)
    return pairs.reshape(*array.shape, 2)


def _join(parts: NDArray[Any]) -> NDArray[Any]:
    """Return complex numbers from a last axis of real and imaginary parts, bit by bit."""
    if parts.shape[-1:] != (2,):
        raise ValueError("no pairs of real and imaginary parts")
    return np.ascontiguousarray(parts).view(np.result_type(parts.dtype, np.complex64))[..., 0]
