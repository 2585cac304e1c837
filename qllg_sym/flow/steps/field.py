"""Right-hand sides in C, as the compiled stepper takes them; generated kernels are such."""

import ctypes
from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import NDArray

from qllg_sym.codegen.build import Function
from qllg_sym.codegen.native.integrator import LANES
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
        text: C source of these functions; empty where they are the stepper's own.
    """

    slope: str
    project: str | None
    prepare: str
    row: int
    stride: int
    doubles: int
    room: int
    text: str = ""


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
    single = Layout("kernel_slope_1", None, "kernel_prepare", n, whole_vectors(n), whole_vectors(n), whole_vectors(k))
    lanes = Layout("kernel_slope_8", None, "kernel_prepare", n, n, n, whole_vectors(LANES * k + 2 * n + k))
    return Field(n, k, single, lanes, shared, (function,))


def whole_vectors(count: int) -> int:
    """Return a number of doubles rounded up to whole vectors.

    >>> whole_vectors(9)
    16
    """
    return -(-count // 8) * 8
