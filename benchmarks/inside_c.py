"""One evaluation of the right-hand side, timed inside C: a loop around the function's address, no Python in it."""

import ctypes

import numpy as np

from qllg_sym.codegen.compiler import shared_library
from qllg_sym.codegen.native import integrator

from .ours import Posed, frame, pauli
from .problems import Array, DimerProblem
from .reference import velocity
from .timing import least

COUNT = 20_000          # evaluations in a loop
COLUMNS = 1024          # trajectories of a batch: in the cache, and many blocks

SOURCE = """
#include <stddef.h>
typedef void single(double t, const double *y, const double *p, double *dy);
typedef void batch(size_t m, double t, const double *y, const double *p, size_t stride, double *dy);
typedef void slope(const void *field, const double *t, double *data, const double *y, double *dy);

void repeat_single(single *f, const double *y, const double *p, double *dy, size_t count)
{
    while (count--) f(0.0, y, p, dy);
}

void repeat_batch(batch *f, size_t m, const double *y, const double *p, double *dy, size_t count)
{
    while (count--) f(m, 0.0, y, p, 1, dy);
}

void repeat_slope(slope *f, const double *t, double *data, const double *y, double *dy, size_t count)
{
    while (count--) f(NULL, t, data, y, dy);
}
"""


def evaluations(problem: DimerProblem) -> dict[str, tuple[float, str]]:
    """Return {name: (seconds of one evaluation for one trajectory, note)} of a mixed dimer.

    Args:
        problem: problem A.

    Raises:
        CodegenError: no C compiler works.
    """
    h, kappa = problem.h, float(problem.kappa)
    _, python = least(lambda: [velocity(problem.rho, h, kappa) for _ in range(COUNT // 100)])
    numbers, lanes = pauli(problem), integrator.LANES
    function = numbers.native.kept[0]
    return {
        "NumPy, eigendecomposition": (python / (COUNT // 100), "called from Python"),
        "qllg_sym, Pauli components": (_single(function.address, numbers), "in C"),
        "qllg_sym, Pauli components, batch": (_batch(function.batch_address, numbers), f"in C, {COLUMNS} trajectories"),
        "qllg_sym, frame": (_slope(frame(problem), 1), "in C"),
        "qllg_sym, frame, lockstep": (_slope(frame(problem), lanes), f"in C, {lanes} trajectories"),
    }


def _single(address: int, motion: Posed) -> float:
    """Return the seconds of one call for one state."""
    y, p, dy = motion.starts[0].copy(), motion.data[0].copy(), np.empty(motion.field.size)
    return _repeated("repeat_single", address, [y, p, dy], COUNT)


def _batch(address: int, motion: Posed) -> float:
    """Return the seconds of one state of a batch in columns."""
    y, p = (np.repeat(rows[:1].T, COLUMNS, axis=1) for rows in (motion.starts, motion.data))
    return _repeated("repeat_batch", address, [COLUMNS, y, p, np.empty_like(y)], COUNT // COLUMNS) / COLUMNS


def _slope(motion: Posed, lanes: int) -> float:
    """Return the seconds of one state of the frame form, alone or in lanes."""
    address, arrays, count = _laid_out(motion, lanes)
    return _repeated("repeat_slope", address, arrays, COUNT) / count


def _laid_out(motion: Posed, lanes: int) -> tuple[int | None, list[Array | int], int]:
    """Return the address of the slope in its library, its (t, data, y, dy), and how many states they hold."""
    count, layout = motion.native.layout(lanes)
    library = shared_library(layout.text or integrator.advance_source(lanes), flags=integrator.FLAGS)
    data, y, dy = (_aligned(count * max(layout.doubles, layout.room)) for _ in range(3))
    row = np.ascontiguousarray(motion.data[0])
    for lane in range(count):
        library[layout.prepare](None, _place(row), ctypes.c_int(count), ctypes.c_int(lane), _place(data))
    state = motion.starts[0].reshape(-1, layout.row)
    rows = y.reshape(-1, count)[:len(state) * layout.stride].reshape(len(state), layout.stride, count)
    rows[:, :layout.row] = state[:, :, None]
    return ctypes.cast(library[layout.slope], ctypes.c_void_p).value, [np.zeros(count), data, y, dy], count


def _repeated(name: str, address: int | None, arguments: list[Array | int], count: int) -> float:
    """Return the seconds of one of many calls made in C."""
    loop = shared_library(SOURCE)[name]
    places = [_place(x) if isinstance(x, np.ndarray) else ctypes.c_size_t(x) for x in arguments]
    return least(lambda: loop(ctypes.c_void_p(address), *places, ctypes.c_size_t(count)))[1] / count


def _place(array: Array) -> ctypes.c_void_p:
    """Return where an array's numbers lie."""
    return ctypes.c_void_p(array.ctypes.data)


def _aligned(count: int) -> Array:
    """Return zeros that begin at a whole vector of 64 bytes."""
    room = np.zeros(count + 8)
    return room[-(room.ctypes.data // 8) % 8:][:count]
