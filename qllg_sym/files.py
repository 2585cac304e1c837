"""Reading and writing: arrays with metadata (.npz without pickle, .nc), columns (.csv), any text or bytes; all atomic.

A file is written under a temporary name in its own folder and then moved over the final name, so that a reader never
sees half of it and a failure leaves what was there.
"""

import csv
import hashlib
import io
import json
import os
import platform
import secrets
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.errors import FileError, InputError, InputTypeError, QllgError
from qllg_sym.formats import netcdf, npz
from qllg_sym.formats.content import Content, Damaged

FORMAT = "qllg_sym"
VERSION = 3  # 2: .nc files carry a checksum; 3: named axes, what made the numbers, the checksum at the end
SUFFIXES = (".npz", ".nc")
ARTICLES = {"trajectory": "a ", "hybrid trajectory": "a ", "gaussian trajectory": "a ", "trajectories": "",
            "matrix product trajectory": "a ", "hybrid trajectories": "", "ensemble": "an "}
CLASSES = {"trajectory": "Trajectory", "trajectories": "Trajectories", "ensemble": "ThermalEnsemble",
           "hybrid trajectory": "HybridTrajectory", "hybrid trajectories": "HybridTrajectories",
           "gaussian trajectory": "GaussianTrajectory",
           "matrix product trajectory": "MatrixProductTrajectory"}         # with a `load`
_FORMATS: dict[str, Any] = {".npz": npz, ".nc": netcdf}
# the libraries raise all of these for a damaged file; to the user each means the same
_PYTHON = (ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, RuntimeError, SyntaxError, TypeError)
_DAMAGE = (*_PYTHON, ValueError, Damaged, zipfile.BadZipFile, zlib.error)
_MISFITS = (QllgError, ArithmeticError, AttributeError, LookupError, StopIteration, TypeError, ValueError)


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
    temporary = final.with_name(f"{_begin(final)}{os.getpid()}.{secrets.token_hex(4)}.tmp{final.suffix[:20]}")
    _remove_abandoned(final)
    try:
        yield temporary
        os.replace(temporary, final)
    except OSError as error:
        raise FileError(f"`{path}` cannot be written, because {_reason(error)}; choose another place.") from error
    finally:
        temporary.unlink(missing_ok=True)


def _begin(final: Path) -> str:
    """Return how the temporary names of a file begin on this machine: a dot, its name, and the machine's."""
    return f".{final.name[:80]}.{hashlib.sha256(platform.node().encode()).hexdigest()[:8]}."


def _remove_abandoned(final: Path) -> None:
    """Remove what processes of this machine that were killed left behind of the same file."""
    if os.name != "posix":          # elsewhere a signal 0 is no question
        return
    begin, end = _begin(final), f".tmp{final.suffix[:20]}"
    for name in os.listdir(final.parent):
        writer = name.removeprefix(begin).partition(".")[0]
        if name.startswith(begin) and name.endswith(end) and writer.isdecimal() and not _is_running(int(writer)):
            final.with_name(name).unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    """Return whether a process exists, of any user."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


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
    labels: Mapping[str, Sequence[Any]] | None = None,
    attributes: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Write named arrays and metadata; the ending of the name chooses the format.

    Args:
        path: ends in .npz (no pickle inside) or .nc (netCDF-4; needs h5netcdf).
        kind: what the file holds, such as "trajectory"; `load` asks for it.
        arrays: real, complex or integer arrays by name.
        metadata: values that JSON can hold.
        axes: names of the axes of an array, for other readers.
        labels: text or numbers along an axis, for other readers.
        attributes: text and numbers about an array by its name, about the file by "", for other readers.

    Raises:
        FileError: the ending is unknown, the place is not writable, or h5netcdf is missing; nothing is written then.
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
    if suffix == ".nc":
        netcdf.door("h5netcdf")
    with replacing(path) as temporary:
        _FORMATS[suffix].write_content(temporary, Content(plain, header, axes or {}, labels or {}, attributes or {}))


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
    found, arrays, metadata = load_any(path)
    if found != kind:
        todo = f"write {CLASSES[found]}.load(…)" if found in CLASSES else "load it as that"
        names = (f"{ARTICLES.get(name, 'a ')}{name}" for name in (kind, found))
        wanted, given = names
        raise FileError(f"`{path}` must hold {wanted}, but holds {given}; {todo}.")
    return arrays, metadata


def load_any(path: str | os.PathLike[str]) -> tuple[str, dict[str, NDArray[Any]], dict[str, Any]]:
    """Read what `save` wrote, whatever it is.

    Args:
        path: a .npz or .nc file.

    Returns:
        The kind, arrays by name, and the metadata.

    Raises:
        FileError: the file is missing, damaged, foreign or of a newer format.
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
        arrays, header = _FORMATS[suffix].read_content(path)
        return _checked(path, arrays, json.loads(header))
    except FileError:
        raise
    except OSError as error:
        if error.errno is None or "signature" in str(error):  # from the reader, not from the system
            raise _damaged(path) from None
        raise FileError(f"`{path}` cannot be read, because {_reason(error)}; check the name.") from None
    except _DAMAGE:
        raise _damaged(path) from None


class Saved:
    """A result that files hold, as arrays and plain metadata of one kind; a class says its kind, and how both are made.

    Attributes:
        KIND: what a file says that it holds.
    """

    KIND: ClassVar[str]

    def _packed(self) -> tuple[Any, ...]:
        """Return arrays, metadata, names of the arrays' axes, labels along axes, and attributes, as `save` takes."""
        raise NotImplementedError(f"{type(self).__name__} is not kept in files")

    @classmethod
    def _unpacked(cls, arrays: dict[str, NDArray[Any]], metadata: dict[str, Any]) -> Self:
        """Return what arrays and metadata hold; a part that is missing or does not fit raises what Python raises."""
        raise NotImplementedError(f"{cls.__name__} is not kept in files")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what was found with the model, law and values that made it; loaded, it knows its stored times alone.

        A .nc file opens in xarray without this package: named dimensions, units, complex arrays as real and imaginary
        parts along `part`, and the Hamiltonian, law, values, tolerances and versions as attributes.

        Args:
            path: ends in .npz (no pickle inside) or .nc (needs h5netcdf).

        Raises:
            FileError: the ending is unknown or the place is not writable.
        """
        save(path, self.KIND, *self._packed())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read what `save` wrote.

        Raises:
            FileError: the file is missing, damaged, foreign or of a newer format.
        """
        return cls.of_arrays(path, *load_arrays(path, cls.KIND))

    @classmethod
    def of_arrays(cls, path: str | os.PathLike[str], arrays: dict[str, NDArray[Any]], metadata: dict[str, Any]) -> Self:
        """Return what a file's arrays hold, whose name is for messages.

        Raises:
            FileError: they do not fit together.
        """
        try:
            return cls._unpacked(arrays, metadata)
        except _MISFITS:
            whole = f"{'a ' if ARTICLES[cls.KIND] else ''}whole {cls.KIND}"
            raise FileError(f"`{path}` must hold {whole}, but its parts do not fit; save anew.") from None


def _damaged(path: str | os.PathLike[str]) -> FileError:
    """Return the error for a file that is no result of ours or only part of one."""
    return FileError(f"`{path}` must be a complete file saved by qllg_sym, but is damaged or foreign; save anew.")


def _checked(path: str | os.PathLike[str], arrays: dict[str, NDArray[Any]],
             header: Any) -> tuple[str, dict[str, NDArray[Any]], dict[str, Any]]:
    """Return kind, arrays and metadata once the header is known to be ours and not newer."""
    if not isinstance(header, dict) or header.get("format") != FORMAT or type(header.get("version")) is not int:
        raise _damaged(path)
    if (version := header["version"]) > VERSION:
        raise FileError(f"`{path}` must be of format {VERSION} or older, but has format {version}; update qllg_sym.")
    if not isinstance(header.get("metadata"), dict) or not isinstance(header.get("kind"), str):
        raise _damaged(path)
    return header["kind"], arrays, dict(header["metadata"])


def _reason(error: OSError) -> str:
    """Return the system's reason as the end of a clause."""
    reason = error.strerror or str(error) or type(error).__name__
    return reason[0].lower() + reason[1:]
