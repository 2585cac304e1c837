"""DOP853 compiled: whole trajectories in C, one alone or many in SIMD lanes and threads.

Python is entered every few milliseconds, for progress, Ctrl-C and `halt`.
"""

import ctypes
from collections.abc import Callable
from functools import cache
from threading import Thread
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.compiler import shared_library
from qllg_sym.codegen.native import integrator
from qllg_sym.errors import CodegenError
from qllg_sym.flow.steps.field import Field, MemoryLayout, Native
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.flow.steps.paths import INTERRUPTED, Halt, Paths, Watch, check_arrays, lost, running

Array = NDArray[Any]
NAME, ORDER, DENSE = "dop853-c", 8, 7
OVERHEAD = 1e-6         # seconds a step beyond those of the slopes
FIRST, LONGEST, PATIENCE = 4, 2**40, 0.02       # steps of the first call and of any; seconds of a call that is long
RUNNING, DONE, NOT_FINITE, TOO_SMALL = range(4)
HEADER = 128            # doubles of memory before the arrays


class Job(ctypes.Structure):
    """`job` of common.c."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("slope", "project", "prepare", "field")),
        *((name, ctypes.c_int64) for name in ("size", "row", "stride", "blocks", "width", "count", "points")),
        *((name, ctypes.c_double) for name in ("rtol", "atol", "largest")),
        *((name, ctypes.c_void_p) for name in ("firsts", "ends", "caps", "times", "starts", "data", "samples",
                                               "reached", "smallest", "counts", "steps", "evaluations", "status",
                                               "queue")),
    )


def integrate(field: Field, data: Array, starts: Array, times: Array, rtol: float, atol: float,
              watch: Watch | None = None, halt: Halt | None = None, threads: int = 1,
              limits: Limits | None = None) -> Paths:
    """Integrate m trajectories in C; see `steppers` for the arguments.

    Raises:
        CodegenError: no C compiler works.
        InputError: arrays of other shapes, which C would read beyond their ends.

    >>> from qllg_sym.codegen.build import load
    >>> from qllg_sym.codegen.builder import Builder
    >>> from qllg_sym.flow.steps.field import kernel_field
    >>> b = Builder("decay", ["n"], ["rate"])
    >>> decay = kernel_field(load(b.kernel({"n": b.neg(b.mul(b.parameter(0), b.state(0)))}), "c"), 1, 1)
    >>> rates, ones = np.array([[1.0], [2.0], [3.0]]), np.ones((3, 1))
    >>> paths = integrate(decay, rates, ones, np.array([0.0, 1.0]), 1e-10, 1e-12)
    >>> bool(abs(paths.samples[:, 1] - np.exp(-rates)).max() < 1e-10)
    True
    """
    check_arrays(field, data, starts, times)
    assert field.native is not None
    run = _Run(field, field.native, data, starts, times, (rtol, atol), limits, threads)
    interrupted = False
    try:
        run.all(watch, halt)
    except KeyboardInterrupt:
        interrupted = True
    return run.paths(interrupted)


def refuses(field: Field) -> str | None:
    """Return why this stepper cannot be used, or None."""
    if field.native is None:
        return "the right-hand side has no C text"
    try:
        require_compiler(field.native)
    except CodegenError as error:
        return str(error)
    return None


def require_compiler(native: Native | None = None) -> None:
    """Compile the stepper for one trajectory, with a right-hand side, or take them from the cache.

    Raises:
        CodegenError: no C compiler works.

    >>> require_compiler()
    """
    _driver(1)
    if native is not None:
        _addresses(1, native.single)


class _Run:
    """The arrays of one integration, and the threads that fill them."""

    def __init__(self, field: Field, native: Native, data: Array, starts: Array, times: Array,
                 tolerances: tuple[float, float], limits: Limits | None, threads: int) -> None:
        count, points = len(starts), len(times)
        lanes, layout = native.layout(count)
        blocks = layout.doubles if lanes > 1 else layout.doubles // 8
        self._times, self._native, self._count = np.array(times, dtype=float), native, count
        self._inputs = [np.array(a, dtype=float, order="C") for a in (starts, data)]
        self.samples = np.empty((count, points, field.size))
        # One array for all counts: reached, smallest; counts, steps, evaluations, status; the queue.
        words = np.zeros(6 * count + 1, dtype=np.int64)
        self._reals = words[:2 * count].view(float).reshape(2, count)
        self._reals.fill(np.nan)
        self._words = words[2 * count:-1].reshape(4, count)
        self._advance = _driver(lanes)
        functions = _addresses(lanes, layout)
        shared = None if native.shared is None else ctypes.addressof(native.shared)
        self._job = Job(*functions, shared, field.size, layout.row, layout.stride, blocks, field.width, count, points,
                        *tolerances, *self._limited(limits, count),
                        *map(_data, (self._times, *self._inputs, self.samples)),
                        *(_data(words) + 8 * count * k for k in range(7)))
        doubles = HEADER + 22 * 8 * blocks + layout.room
        self._rooms = [_aligned(doubles) for _ in range(max(1, min(threads, -(-count // lanes))))]
        self._over = False

    def _limited(self, limits: Limits | None, count: int) -> tuple[float, int | None, int | None, int | None]:
        """Return the longest step, and where the limits of the trajectories lie."""
        if limits is None:
            return np.inf, None, None, None
        if limits.free:
            return limits.longest, None, None, None
        self._tables = [np.array(np.broadcast_to(limits.firsts, count)), np.array(limits.ends), np.array(limits.caps)]
        firsts, ends, caps = map(_data, self._tables)
        return limits.longest, firsts, ends, caps

    def all(self, watch: Watch | None, halt: Halt | None) -> None:
        """Advance until every trajectory is done, in this thread and helpers."""
        helpers = [Thread(target=self._loop, args=(room, lambda: None), daemon=True) for room in self._rooms[1:]]
        for helper in helpers:
            helper.start()
        seen = 0

        def look() -> None:
            """Show progress, and stop where `halt` says so."""
            nonlocal seen
            if halt is not None:
                for k in range(seen, int(self._words[0, 0])):
                    if halt(float(self._times[k]), self.samples[0, k]):
                        self._words[0, 0], self._words[3, 0], self._over = k + 1, DONE, True
                        return
                seen = int(self._words[0, 0])
            if watch is not None:
                watch(self._shown())

        try:
            self._loop(self._rooms[0], look)
            for helper in helpers:
                while helper.is_alive():
                    helper.join(PATIENCE)
                    look()
        finally:
            self._over = True
            for helper in helpers:
                helper.join()

    def _loop(self, room: Array, look: Callable[[], None]) -> None:
        """Advance the lanes of one thread, a few milliseconds at a time."""
        budget, memory, busy = FIRST, _data(room), True
        while busy and not self._over:
            started = perf_counter()
            busy = bool(self._advance(ctypes.byref(self._job), memory, budget))
            passed = perf_counter() - started
            more = budget + (budget + 3) // 4 if passed < PATIENCE / 2 else int(budget * PATIENCE / passed)
            budget = min(max(more, 1), LONGEST)
            look()

    def _shown(self) -> float:
        """Return the time reached by one trajectory, or the like of many."""
        if self._count == 1:
            return float(self._reals[0, 0])
        return running(float(self._times[0]), float(self._times[-1]),
                       np.count_nonzero(self._words[3]) / max(self._count, 1))

    def paths(self, interrupted: bool) -> Paths:
        """Return what was reached."""
        counts, steps, evaluations, status = self._words
        for row in np.nonzero(counts < len(self._times))[0]:
            self.samples[row, counts[row]:] = np.nan
        reached, smallest = self._reals
        failures = [None if s == DONE else _failure(s, t, h)
                    for s, t, h in zip(status.tolist(), reached.tolist(), smallest.tolist(), strict=True)]
        return Paths(self.samples, counts, reached, steps, evaluations, failures, interrupted, "c")


def _failure(status: int, t: float, h: float) -> str:
    """Return why a trajectory ended early."""
    if status == NOT_FINITE:
        return lost(t)
    return f"it needs steps as small as {h:.1g}" if status == TOO_SMALL else INTERRUPTED


@cache
def _library(text: str) -> ctypes.CDLL:
    """Return the compiled driver, or right-hand sides that have a text of their own."""
    return shared_library(text, flags=integrator.FLAGS)


@cache
def _driver(lanes: int) -> Any:
    """Return `advance`, callable."""
    advance = _library(_text(lanes))["advance"]
    advance.argtypes, advance.restype = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64], ctypes.c_int
    return advance


@cache
def _text(lanes: int) -> str:
    """Return the source of the driver, the same object every time."""
    return integrator.advance_source(lanes)


def _addresses(lanes: int, layout: MemoryLayout) -> list[int | None]:
    """Return where the functions of a right-hand side lie."""
    text = layout.text or _text(lanes)
    return [_address(text, name) for name in (layout.slope, layout.project, layout.prepare)]


@cache
def _address(text: str, name: str | None) -> int | None:
    """Return where a function of a library lies."""
    return None if name is None else ctypes.cast(_library(text)[name], ctypes.c_void_p).value


def _data(array: Array) -> int:
    """Return where the numbers of a writable array lie; `array.ctypes.data` takes four times as long."""
    return ctypes.addressof(ctypes.c_char.from_buffer(array.data)) if array.size else 0


def _aligned(count: int) -> Array:
    """Return zeros that begin at a whole vector."""
    room = np.zeros(count + 8)
    return room[-(_data(room) // 8) % 8:][:count]
