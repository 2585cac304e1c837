"""Studies as files: netCDF that xarray reads without this package, or .npz without pickle with the same content."""

import io
import json
import os
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym import files
from qllg_sym.errors import FileError
from qllg_sym.studies.dataset import need_xarray
from qllg_sym.studies.fingerprint import fingerprint

KIND = "study"
PART = "part"           # netCDF has no complex numbers: a last dimension of real and imaginary parts
PARTS = ("real", "imaginary")
_FAULTS = (ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, TypeError,
           ValueError, zipfile.BadZipFile)


def save_study(ds: Any, path: str | os.PathLike[str]) -> None:
    """Write a Dataset that `sweep` gave, at once.

    Args:
        ds: the Dataset.
        path: ends in .nc (complex arrays get a last dimension "part": real, imaginary) or .npz.

    Raises:
        FileError: the ending is unknown or the place is not writable.
    """
    suffix = files.check_writable(path, files.SUFFIXES).suffix.lower()
    plain = _without_complex(ds)
    plain.attrs |= {"format": files.FORMAT, "kind": KIND, "checksum": _checksum(plain)}
    if suffix == ".nc":
        files.atomic_write(path, bytes(plain.to_netcdf(engine="h5netcdf")))
        return
    texts = {name: v.values.ravel().tolist() for name, v in plain.variables.items() if v.dtype.kind not in "iufb"}
    about = {name: {"dims": list(v.dims), "shape": list(v.shape), "attrs": dict(v.attrs)}
             for name, v in plain.variables.items()}
    arrays = {name: v.values for name, v in plain.variables.items() if name not in texts}
    files.save(path, KIND, arrays, {"variables": about, "texts": texts, "coordinates": list(plain.coords),
                                    "attributes": dict(plain.attrs)})


def holds_study(path: str | os.PathLike[str]) -> bool:
    """Return whether a file says that it holds a study; what is no file of ours says nothing.

    >>> holds_study("no.nc")
    False
    """
    try:
        if Path(path).suffix.lower() == ".npz":
            with zipfile.ZipFile(path) as archive, archive.open("header.npy") as entry:
                header = np.lib.format.read_array(entry, allow_pickle=False).tobytes()
            return bool(json.loads(header)["kind"] == KIND)
        with import_module("h5py").File(path, "r") as stored:
            return bool(stored.attrs.get("kind") == KIND)
    except (ImportError, *_FAULTS):
        return False


def load_study(path: str | os.PathLike[str]) -> Any:
    """Return the Dataset that `save_study` wrote.

    Raises:
        FileError: damaged, or of another kind.
    """
    xarray = need_xarray()
    try:
        if Path(path).suffix.lower() == ".npz":
            plain = _from_arrays(xarray, *files.load_arrays(path, KIND))
        else:
            plain = xarray.load_dataset(io.BytesIO(Path(path).read_bytes()), engine="h5netcdf")
        if plain.attrs["kind"] != KIND or plain.attrs["checksum"] != _checksum(plain):
            raise ValueError("the checksum differs")
        return _with_complex(plain)
    except FileError:
        raise
    except _FAULTS as error:
        raise FileError(f"`{path}` must be a complete study saved by qllg_sym, but is damaged or foreign; "
                        "sweep anew.") from error


def _from_arrays(xarray: Any, arrays: dict[str, NDArray[Any]], metadata: dict[str, Any]) -> Any:
    """Return a Dataset from what an .npz holds."""
    def values(name: str, about: dict[str, Any]) -> Any:
        """Return the array of a variable."""
        found = arrays[name] if name in arrays else np.array(metadata["texts"][name], dtype=object)
        return found.reshape(about["shape"])

    variables = {name: (about["dims"], values(name, about), about["attrs"])
                 for name, about in metadata["variables"].items()}
    ds = xarray.Dataset({name: v for name, v in variables.items() if name not in metadata["coordinates"]},
                        {name: v for name, v in variables.items() if name in metadata["coordinates"]})
    ds.attrs = dict(metadata["attributes"])
    return ds


def _without_complex(ds: Any) -> Any:
    """Return a copy in which complex arrays have a last dimension of two parts."""
    changed = {name: ([*v.dims, PART], np.stack([v.values.real, v.values.imag], axis=-1), v.attrs)
               for name, v in ds.data_vars.items() if v.dtype.kind == "c"}
    return ds.assign(changed).assign_coords({PART: list(PARTS)}) if changed else ds.copy()


def _with_complex(ds: Any) -> Any:
    """Return the same with complex arrays again."""
    changed = {name: (v.dims[:-1], v.values[..., 0] + 1j * v.values[..., 1], v.attrs)
               for name, v in ds.data_vars.items() if v.dims[-1:] == (PART,)}
    ds = ds.assign(changed).drop_vars(PART) if changed else ds
    for name in ("format", "kind", "checksum"):
        ds.attrs.pop(name, None)
    return ds


def _checksum(ds: Any) -> str:
    """Return a digest of all numbers and texts."""
    return fingerprint({str(name): [list(v.dims), v.values.tolist() if v.dtype.kind not in "iuf" else
                                    np.ascontiguousarray(v.values, dtype=v.dtype.newbyteorder("<"))]
                        for name, v in ds.variables.items()})
