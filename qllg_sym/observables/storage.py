"""How much memory there is, asked before a large array is made."""

import math
import os
from collections.abc import Sequence
from pathlib import Path

from qllg_sym.errors import InputError

_CONTROL_GROUP = Path("/sys/fs/cgroup")
_SMALL = 2**20  # bytes: asking the system costs more than arrays of this size


def available_memory() -> int | None:
    """Return the bytes that this process may still take, or None where the system does not say.

    >>> available = available_memory()
    >>> available is None or available > 0
    True
    """
    known = [size for size in (_free_in_machine(), _free_in_container()) if size is not None]
    return min(known, default=None)


def require_memory(what: str, shape: Sequence[int], remedy: str, itemsize: int = 16) -> None:
    """Refuse an array that does not fit into memory, before any work.

    Args:
        what: the name of the array in the message.
        shape: its shape.
        remedy: what to do instead, the end of the sentence.
        itemsize: bytes an entry (16: complex doubles).

    Raises:
        InputError: the array is larger than the memory available; the sentence names the GiB needed.

    >>> require_memory("states", (2**30, 2**30), "use `reduced`")
    Traceback (most recent call last):
        ...
    qllg_sym.errors.InputError: `states` must fit into memory, but needs 17179869184 GiB; use `reduced`.
    """
    needed = math.prod(shape) * itemsize
    available = available_memory() if needed > _SMALL else None
    if available is not None and needed > available:
        size = "over 10^18" if needed >= 2**90 else f"{needed >> 30}" if needed > 2**34 else f"{needed / 2**30:.3g}"
        raise InputError(f"`{what}` must fit into memory, but needs {size} GiB; {remedy}.")


def _free_in_machine() -> int | None:
    """Return what the operating system counts as available."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:  # the whole memory: an upper bound, better than none
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _free_in_container() -> int | None:
    """Return what the control group of a container or batch job leaves."""
    try:
        limit, used = (int((_CONTROL_GROUP / name).read_text()) for name in ("memory.max", "memory.current"))
        statistics = dict(line.split() for line in (_CONTROL_GROUP / "memory.stat").read_text().splitlines())
        return max(limit - used + int(statistics["inactive_file"]), 1)  # cached files give way
    except (OSError, ValueError, KeyError):
        return None
