"""Right-hand sides in C, as the compiled stepper takes them: generated kernels and the frame form."""

import ctypes
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.build import Function
from qllg_sym.codegen.native.integrator import LANES, SMALL, pad
from qllg_sym.errors import CodegenError

Array = NDArray[Any]
_WORD, _REAL, _PLACE = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p


class Layout(NamedTuple):
    """The C functions of a right-hand side and how its numbers lie in memory.

    Attributes:
        slope, project, prepare: names of functions; `project` may be None.
        row, stride: a state has rows of `row` doubles, `stride` apart.
        doubles: of one lane's state, with what pads it.
        room: doubles for the data and the scratch of all lanes.
    """

    slope: str
    project: str | None
    prepare: str
    row: int
    stride: int
    doubles: int
    room: int


@dataclass(frozen=True)
class Field:
    """A right-hand side in C.

    Attributes:
        size: doubles of a state.
        width: doubles of data of one trajectory.
        single: layout of one state.
        lanes: layout of eight in lockstep, or None where that gains nothing.
        shared: what all trajectories need, as a C structure, or None.
        kept: what must live as long as it.
    """

    size: int
    width: int
    single: Layout
    lanes: Layout | None = None
    shared: ctypes.Structure | None = None
    kept: tuple[Any, ...] = ()

    def layout(self, count: int) -> tuple[int, Layout]:
        """Return the number of lanes for so many trajectories, and the layout."""
        return (1, self.single) if count < 2 or self.lanes is None else (LANES, self.lanes)


class _KernelField(ctypes.Structure):
    """`kernel_field` of kernel.c."""

    _fields_ = (("single", _PLACE), ("batch", _PLACE), ("size", _WORD), ("width", _WORD), ("timed", _WORD))


class _FrameField(ctypes.Structure):
    """`frame_field` of frame_blocks.c."""

    _fields_ = (("d", _WORD), ("pad", _WORD), ("parts", _WORD), ("width", _WORD), ("h", _PLACE), ("amplitudes", _PLACE))


def kernel_field(function: Function) -> Field:
    """Return a generated kernel as right-hand side; the data of a trajectory are its parameters.

    Raises:
        CodegenError: the kernel was not compiled as C.

    >>> from qllg_sym.codegen.builder import Builder
    >>> from qllg_sym.codegen.build import load
    >>> b = Builder("decay", ["n"], ["rate"])
    >>> field = kernel_field(load(b.kernel({"n": b.neg(b.mul(b.parameter(0), b.state(0)))}), "c"))
    >>> field.size, field.width
    (1, 1)
    """
    if function.addresses is None:
        raise CodegenError(f"A right-hand side in C must be compiled, but the target is {function.target!r}; "
                           "load it with target='c'.")
    kernel = function.kernel
    n, k = len(kernel.states), len(kernel.parameters)
    timed = any("t" in step.args for step in kernel.steps) or any(operand == "t" for _, operand in kernel.outputs)
    shared = _KernelField(*function.addresses, n, k, timed)
    single = Layout("kernel_slope_1", None, "kernel_prepare", n, _whole(n), _whole(n), _whole(k))
    lanes = Layout("kernel_slope_8", None, "kernel_prepare", n, n, n, _whole(LANES * k + 2 * n + k))
    return Field(n, k, single, lanes, shared, (function,))


def frame_field(d: int) -> Field:
    r"""Return $\dot V = V X$, $X_{jk} = W_{jk} (V^\dagger \mathrm{diag}(E) V)_{jk}$, for V of shape (d, d).

    A state is V as rows [re | im], (d, 2, d); the data are E, (d,), and the real and imaginary parts of W, (2, d, d),
    with W_jj = 0. V is brought back to the unitary group after each step.

    >>> frame_field(4).size, frame_field(4).width
    (32, 36)
    """
    size, width, room = 2 * d * d, d + 2 * d * d, pad(d)
    if d not in SMALL:
        return Field(size, width, _blocks(d, d), None, _FrameField(d, room, 0, 0, None, None))
    single = Layout(f"frame_slope_{d}", f"frame_project_{d}", f"frame_prepare_{d}", d, room, _whole(2 * d * room),
                    _whole(8 + 4 * d * room))
    lanes = Layout(f"frame_slope_lanes_{d}", f"frame_project_lanes_{d}", f"frame_prepare_lanes_{d}", d, d, size,
                   LANES * width)
    return Field(size, width, single, lanes)


def driven_field(d: int, amplitudes: Function, parts: Array) -> Field:
    r"""Return $\dot V = V X$, $X_{jk} = W_{jk} (V^\dagger H(t) V)_{jk}$ with $H(t) = \sum_g f_g(t; p)\, H_g$.

    The data of a trajectory are p, (k,), and the real and imaginary parts of W, (2, d, d), with W_jj = 0.

    Args:
        d: dimension.
        amplitudes: f as a compiled kernel without states.
        parts: H_g, (g, d, d), complex.

    Raises:
        CodegenError: the kernel was not compiled as C.

    >>> from qllg_sym.codegen.builder import Builder
    >>> from qllg_sym.codegen.build import load
    >>> b = Builder("swing", [], [])
    >>> driven_field(2, load(b.kernel({"f": b.call("sin", b.time)}), "c"), np.diag([1.0, -1.0])[None]).size
    8
    """
    if amplitudes.addresses is None:
        raise CodegenError(f"Amplitudes in C must be compiled, but the target is {amplitudes.target!r}; "
                           "load them with target='c'.")
    matrices = np.ascontiguousarray(parts, dtype=complex)
    width = len(amplitudes.kernel.parameters)
    shared = _FrameField(d, -(-d // 8) * 8, len(matrices), width, matrices.ctypes.data, amplitudes.addresses[0])
    layout = _blocks(d, width, len(matrices))
    return Field(2 * d * d, width + 2 * d * d, layout, None, shared, (amplitudes, matrices))


def _blocks(d: int, numbers: int, parts: int = 0) -> Layout:
    """Return the layout of the frame form in blocks: W, numbers, two matrices of scratch, H(t) and its amplitudes."""
    row = -(-d // 8) * 8
    whole = 2 * d * row
    return Layout("frame_slope", "frame_project", "frame_prepare", d, row, whole,
                  4 * whole + _whole(numbers) + _whole(parts))


def _whole(count: int) -> int:
    """Return a number of doubles rounded up to whole vectors."""
    return -(-count // 8) * 8
