"""Where compiled libraries are kept: one self-checking file each, in the user's cache folder or a private one."""

import atexit
import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import platformdirs

CHECKSUM_LENGTH = 32
MOST_STORED = 2048  # libraries in a folder, about 60 MiB
ROOM = 2**22  # bytes, more than a library and what the compiler writes beside it
FORGOTTEN = 3600.0  # seconds after which nobody builds any more


def folders() -> Iterator[Path]:
    """The folders to keep libraries in, best first: the user's if it is safe and writable, then a private one.

    The private folder is made when it is asked for, not before.
    """
    if folder := _user_folder():
        yield folder
    if folder := _private_folder(os.getpid()):
        yield folder


def fetch(folder: Path, key: str) -> Path | None:
    """The library stored under `key`, if there is one whose content still has the checksum in its name.

    Loading a truncated library can kill the process, so the content is checked before anything else touches it.
    """
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob(f"{key}-*")):
            if path.stem.endswith(f"-{_checksum(path)}"):
                with contextlib.suppress(OSError):      # a cache that is not ours to write still serves
                    os.utime(path)                      # the least used go first
                return path
    return None


def store(folder: Path, key: str, built: Path) -> Path:
    """Move a finished file to its place in one step; whoever looks sees all of it or nothing."""
    path = folder / f"{key}-{_checksum(built)}{built.suffix}"
    os.replace(built, path)
    _prune(folder)
    return path


def _prune(folder: Path) -> None:
    """Remove the libraries that were not used for the longest time, beyond the number that is kept."""
    used = []
    for path in folder.glob("*-*.*"):
        with contextlib.suppress(OSError):          # another process may be at the same work
            if path.is_file():
                used.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(used)[:-MOST_STORED]:
        with contextlib.suppress(OSError):
            path.unlink()


def has_room(folder: Path) -> bool:
    """Whether a library can be written to a folder: disks, quotas and limits are asked by writing."""
    try:
        with tempfile.TemporaryFile(dir=folder, prefix="build-") as probe:
            probe.write(bytes(ROOM))
            probe.flush()
    except OSError:
        return False
    return True


@cache
def remove_forgotten(folder: Path) -> None:
    """Remove what processes that were killed while they built have left, once a process."""
    with contextlib.suppress(OSError):
        for path in folder.glob("build-*"):
            if time.time() - path.stat().st_mtime > FORGOTTEN:
                shutil.rmtree(path, ignore_errors=True)


def _checksum(path: Path) -> str:
    """The start of the SHA-256 of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:CHECKSUM_LENGTH]


def _user_folder() -> Path | None:
    """`qllg_sym` in the user's cache folder, or None if it cannot be written or others can write to it."""
    base = _user_base()
    if base is None:
        return None
    folder = base / "qllg_sym"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    # A library runs with the user's rights, so nobody else may be able to put one here.
    is_shared = hasattr(os, "getuid") and (
        status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )
    return None if is_shared or not os.access(folder, os.W_OK | os.X_OK) else folder


def _user_base() -> Path | None:
    """The operating system's folder for caches of the user; None where there is no such user."""
    try:
        base, home = platformdirs.user_cache_path(), Path.home()
    except RuntimeError:  # nobody's
        return None
    # A home folder that is missing is not ours to make.
    is_missing = base.is_relative_to(home) and not home.is_dir()
    return base if base.is_absolute() and not is_missing else None


@cache
def _private_folder(process: int) -> Path | None:
    """A temporary folder (mode 0700) of this process, removed when it ends; None if there is no room for one."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="qllg_sym-"))
    except OSError:
        return None
    atexit.register(_remove, folder, process)
    return folder


def _remove(folder: Path, process: int) -> None:
    """Remove the private folder, unless this is a fork of the process that made it."""
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
