"""Reading and writing: arrays with metadata (.npz without pickle, .nc), columns (.csv), any text or bytes; all atomic.

A file is written under a temporary name in its own folder and then moved over the final name, so that a reader never
sees half of it and a failure leaves what was there.
"""

import csv
import hashlib
import io
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.errors import FileError, InputError, InputTypeError

FORMAT = "qllg_sym"
VERSION = 2  # 2: .nc files carry a checksum
SUFFIXES = (".npz", ".nc")
ARTICLES = {"trajectory": "a ", "trajectories": ""}  # kinds that are classes with a `load`
_HEADER = "header"  # the entry that holds format, version, kind and metadata as JSON bytes
_CHECKSUM = "checksum"  # in .nc alone: a zip checks its own entries
_PARTS = "re_im"  # netCDF has no complex numbers: a last axis of length 2 holds the two parts
# the libraries raise all of these for a damaged file; to the user each means the same
_PYTHON = (ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, RuntimeError, SyntaxError, TypeError)
_DAMAGE = (*_PYTHON, ValueError, zipfile.BadZipFile, zlib.error)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path in the same folder; move it to `path` when the block ends well, else remove it.

    Args:
        path: the final name; its folder must exist. A link is followed.

    Raises:
        FileError: the folder is missing or not writable, the path is not that of an ordinary file, or writing fails.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a.txt") as temporary:
    ...         size = temporary.write_text("whole")
    ...     (Path(folder) / "a.txt").read_text()
    'whole'
    """
    final = check_writable(path)
    temporary = final.with_name(f".{final.name[:80]}.{os.getpid()}.{secrets.token_hex(4)}.tmp{final.suffix[:20]}")
    try:
        yield temporary
        os.replace(temporary, final)
    except OSError as error:
        raise FileError(f"`{path}` cannot be written, because {_reason(error)}; choose another place.") from error
    finally:
        temporary.unlink(missing_ok=True)


def check_writable(path: str | os.PathLike[str], suffixes: Sequence[str] = ()) -> Path:
    """Return the path of a file that can be written, links followed; call it before long work.

    Args:
        path: the file's name.
        suffixes: the endings allowed; none means any.

    Raises:
        FileError: the folder is missing or not writable, or the path is not that of an ordinary file.

    >>> check_writable("result.txt", suffixes=(".npz", ".nc"))
    Traceback (most recent call last):
        ...
    qllg_sym.errors.FileError: `path` must end in .npz or .nc, but is result.txt; choose one of these endings.
    """
    try:
        final = Path(os.path.realpath(path))
        final.is_dir()
    except (TypeError, ValueError):
        raise FileError(f"`path` must be the name of a file, but is {path!r}; give text such as run.npz.") from None
    except OSError as error:            # a name longer than the system allows
        raise FileError(f"`path` must be a usable name, but {_reason(error)}; choose another name.") from None
    if suffixes and final.suffix.lower() not in suffixes:
        allowed = " or ".join(suffixes)
        raise FileError(f"`path` must end in {allowed}, but is {path}; choose one of these endings.")
    if not final.parent.is_dir():
        raise FileError(f"`path` must lie in a folder that exists, but {final.parent} is none; create it first.")
    if final.is_dir() or (final.exists() and not final.is_file()):
        raise FileError(f"`path` must be an ordinary file, but {path} is a folder or a device; add a file name.")
    if not os.access(final.parent, os.W_OK):
        raise FileError(f"`path` must lie in a writable folder, but {final.parent} is not; choose another place.")
    return final


def atomic_write(path: str | os.PathLike[str], content: bytes | str) -> None:
    """Write a whole file at once; text as UTF-8 with the line ends it has.

    Raises:
        FileError: as `replacing`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     atomic_write(Path(folder) / "a.txt", "κ = 1/2")
    ...     (Path(folder) / "a.txt").read_text(encoding="utf-8")
    'κ = 1/2'
    """
    data = content.encode() if isinstance(content, str) else content
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_csv(path: str | os.PathLike[str], header: Sequence[str], columns: Sequence[ArrayLike]) -> None:
    """Write columns of numbers or text, one header line first; numbers read back exactly.

    Args:
        path: the file's name.
        header: a name a column.
        columns: one-dimensional, all of one length; complex numbers as two columns.

    Raises:
        InputError: names and columns do not fit together.
        FileError: as `replacing`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_csv(Path(folder) / "a.csv", ["t", "E"], [[0.0, 0.1], [-1.0, -1.5]])
    ...     (Path(folder) / "a.csv").read_text().split()
    ['t,E', '0.0,-1.0', '0.1,-1.5']
    """
    arrays = [np.asarray(column) for column in columns]
    if len(header) != len(arrays):
        raise InputError(f"`header` must name {len(arrays)} columns, but has {len(header)} names; give one a column.")
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1 or any(array.ndim != 1 or array.dtype.kind == "c" for array in arrays):
        raise InputError(f"`columns` must be real, 1-D and of one length, but are {sorted(shapes)}; split them.")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(zip(*(array.tolist() for array in arrays), strict=True))  # Python's repr of a float is exact
    atomic_write(path, text.getvalue())


def save(
    path: str | os.PathLike[str],
    kind: str,
    arrays: Mapping[str, NDArray[Any]],
    metadata: Mapping[str, Any],
    axes: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write named arrays and metadata; the ending of the name chooses the format.

    Args:
        path: ends in .npz (no pickle inside) or .nc (netCDF-4; needs xarray and h5netcdf).
        kind: what the file holds, such as "trajectory"; `load` asks for it.
        arrays: real, complex or integer arrays by name.
        metadata: values that JSON can hold.
        axes: names of the axes of an array, for .nc.

    Raises:
        FileError: the ending is unknown, the place is not writable, or xarray is missing; nothing is written then.
        InputTypeError: an array or the metadata cannot be stored without pickle.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Path(folder) / "a.npz", "demo", {"t": np.arange(3.0)}, {"kappa": "1/2"})
    ...     load_arrays(Path(folder) / "a.npz", "demo")
    ({'t': array([0., 1., 2.])}, {'kappa': '1/2'})
    """
    suffix = check_writable(path, SUFFIXES).suffix.lower()
    plain = {name: np.asarray(array) for name, array in arrays.items()}
    for name, array in plain.items():
        if array.dtype.kind not in "iufc":
            raise InputTypeError(f"`{name}` must hold numbers to be saved, but holds {array.dtype}; convert it first.")
    try:
        kinds = {name: array.dtype.kind for name, array in plain.items()}
        about = {"format": FORMAT, "version": VERSION, "kind": kind, "arrays": kinds, "metadata": dict(metadata)}
        header = json.dumps(about)
    except (TypeError, ValueError) as error:
        raise InputTypeError(f"`metadata` must be text and numbers to be saved, but {error}; convert it.") from None
    if suffix == ".npz":
        _save_npz(path, plain, header)
    else:
        _save_nc(path, plain, header, axes or {})


def load_arrays(path: str | os.PathLike[str], kind: str) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Read what `save` wrote.

    Args:
        path: a .npz or .nc file.
        kind: what it must hold.

    Returns:
        Arrays by name, and the metadata.

    Raises:
        FileError: the file is missing, damaged, foreign, of another kind or of a newer format.
    """
    try:
        suffix = Path(os.fspath(path)).suffix.lower()
    except TypeError:
        raise FileError(f"`path` must be the name of a file, but is {path!r}; give text such as run.npz.") from None
    if suffix not in SUFFIXES:
        raise FileError(f"`path` must end in {' or '.join(SUFFIXES)}, but is {path}; give a file that `save` wrote.")
    try:
        if not Path(path).is_file():
            raise FileNotFoundError(2, "there is no such file")
        arrays, header = _load_npz(path) if suffix == ".npz" else _load_nc(path)
        return arrays, _metadata(path, kind, json.loads(header))
    except FileError:
        raise
    except OSError as error:
        if error.errno is None or "signature" in str(error):  # from the reader, not from the system
            raise _damaged(path) from error
        raise FileError(f"`{path}` cannot be read, because {_reason(error)}; check the name.") from error
    except _DAMAGE as error:
        raise _damaged(path) from error


def _damaged(path: str | os.PathLike[str]) -> FileError:
    """Return the error for a file that is no result of ours or only part of one."""
    return FileError(f"`{path}` must be a complete file saved by qllg_sym, but is damaged or foreign; save anew.")


def _metadata(path: str | os.PathLike[str], kind: str, header: Any) -> dict[str, Any]:
    """Return the metadata once the header is known to be ours, of this kind and not newer."""
    if not isinstance(header, dict) or header.get("format") != FORMAT or not isinstance(header.get("version"), int):
        raise _damaged(path)
    if header["version"] > VERSION:
        version = header["version"]
        raise FileError(f"`{path}` must be of format {VERSION} or older, but has format {version}; update qllg_sym.")
    if (other := header.get("kind")) != kind or not isinstance(header.get("metadata"), dict):
        todo = f"write {str(other).capitalize()}.load(…)" if other in ARTICLES else "load it as that"
        wanted, found = (f"{ARTICLES.get(name, 'a ')}{name}" for name in (kind, str(other)))
        raise FileError(f"`{path}` must hold {wanted}, but holds {found}; {todo}.")
    return dict(header["metadata"])


def _save_npz(path: str | os.PathLike[str], arrays: Mapping[str, NDArray[Any]], header: str) -> None:
    """Write a zip of .npy entries with a fixed date, so that the same content gives the same bytes."""
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        for name, array in {_HEADER: np.frombuffer(header.encode(), np.uint8), **arrays}.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)


def _load_npz(path: str | os.PathLike[str]) -> tuple[dict[str, NDArray[Any]], str]:
    """Read the entries of a zip, refusing pickles."""
    with open(path, "rb") as stream, np.load(stream, allow_pickle=False) as archive:  # closes a damaged file, too
        arrays = {name: archive[name] for name in archive.files}
    header = arrays.pop(_HEADER).tobytes().decode()
    return arrays, header


def _module(name: str) -> Any:
    """Return a module that .nc files need, or say how to get it."""
    try:
        return import_module(name)
    except ImportError:
        raise FileError(
            f"`path` may end in .nc where {name} is installed, but it is missing; "
            "run pip install qllg_sym[io], or use .npz."
        ) from None


def _save_nc(
    path: str | os.PathLike[str], arrays: Mapping[str, NDArray[Any]], header: str, axes: Mapping[str, Sequence[str]]
) -> None:
    """Write a netCDF-4 file that every netCDF reader accepts."""
    xarray, *_ = (_module(name) for name in ("xarray", "h5netcdf", "h5py"))  # each works by the next
    # the header is a variable, because HDF5 limits an attribute to 64 kB
    variables: dict[str, Any] = {_HEADER: ([_HEADER + "_bytes"], np.frombuffer(header.encode(), np.uint8))}
    for name, array in arrays.items():
        names = list(axes.get(name, [f"{name}_{k}" for k in range(array.ndim)]))
        if array.dtype.kind == "c":
            array, names = _part(array), [*names, _PARTS]
        variables[name] = (names, array)
    stored = {name: array for name, (_, array) in variables.items()}
    variables[_CHECKSUM] = ([_CHECKSUM + "_bytes"], np.frombuffer(_digest(stored), np.uint8))
    with replacing(path) as temporary, _Forgiving(temporary, "w+b") as stream:
        xarray.Dataset(variables).to_netcdf(stream, engine="h5netcdf")
        if stream.failure is not None:
            raise stream.failure


class _Forgiving(io.FileIO):
    """A file that keeps its first failure to itself: HDF5 would end the process where a disk is full.

    From then on it only counts, as if it were written; whoever opened it raises the failure once HDF5 has let go.
    """

    failure: OSError | None = None
    _at = _size = 0

    def write(self, data: Any) -> int:
        """Write all of it or, after a failure, nothing; return how much it is."""
        whole = memoryview(data).cast("B")
        start, done = self.tell(), 0
        try:
            while self.failure is None and done < len(whole):
                done += super().write(whole[done:])
        except OSError as error:
            self.failure, self._size = error, os.fstat(self.fileno()).st_size
        self._at, self._size = start + len(whole), max(self._size, start + len(whole))
        return len(whole)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move, and return where to."""
        if self.failure is None:
            return super().seek(offset, whence)
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return super().tell() if self.failure is None else self._at

    def truncate(self, size: int | None = None) -> int:
        """Set the size, which may need room."""
        size = self.tell() if size is None else size
        try:
            return super().truncate(size) if self.failure is None else size
        except OSError as error:
            self.failure, self._at = error, size
            return size
        finally:
            self._size = size


def _load_nc(path: str | os.PathLike[str]) -> tuple[dict[str, NDArray[Any]], str]:
    """Read every variable, joining real and imaginary parts; other readers leave noise behind on damaged files."""
    with _module("h5py").File(path, "r") as stored:
        header = np.asarray(stored[_HEADER][()])
        about = json.loads(header.tobytes().decode())
        kinds = about["arrays"]
        arrays = {name: np.asarray(stored[name][()]) for name in kinds}
        checked = about["version"] > 1 or _CHECKSUM in stored
        if checked and _digest({_HEADER: header, **arrays}) != np.asarray(stored[_CHECKSUM][()]).tobytes():
            raise ValueError("the checksum differs")
    return {name: _join(array) if kinds[name] == "c" else array for name, array in arrays.items()}, \
        header.tobytes().decode()


def _digest(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the SHA-256 of named arrays: their names, types, shapes and bytes."""
    total = hashlib.sha256()
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        total.update(repr((name, array.dtype.str, array.shape)).encode())
        total.update(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
    return total.digest()


def _part(array: NDArray[Any]) -> NDArray[Any]:
    """Return complex numbers with a last axis of real and imaginary parts, without a copy where they are contiguous."""
    pairs = np.ascontiguousarray(array).view(array.real.dtype)
    return pairs.reshape(*array.shape, 2)


def _join(parts: NDArray[Any]) -> NDArray[Any]:
    """Return complex numbers from a last axis of real and imaginary parts, bit by bit."""
    if parts.shape[-1:] != (2,):
        raise ValueError("no pairs of real and imaginary parts")
    return np.ascontiguousarray(parts).view(np.result_type(parts.dtype, np.complex64))[..., 0]


def _reason(error: OSError) -> str:
    """Return the system's reason as the end of a clause."""
    reason = error.strerror or str(error) or type(error).__name__
    return reason[0].lower() + reason[1:]
