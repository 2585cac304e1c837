"""Right-hand sides of m trajectories, as steppers take them: functions of a row of data, and C where there is some."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import NDArray

from qllg_sym.codegen.build import Function
from qllg_sym.codegen.derivatives import Vectorfield
from qllg_sym.codegen.native.integrator import LANES

Array = NDArray[Any]
_WORD, _REAL, _PLACE = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p


class MemoryLayout(NamedTuple):
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
class Native:
    """A right-hand side in C.

    Attributes:
        single: layout of one state.
        lanes: layout of eight in lockstep, or None where that gains nothing.
        shared: what all trajectories need, as a C structure, or None.
        kept: what must live as long as it.
        prepare: what is to be done before lanes are first used, or None.
    """

    single: MemoryLayout
    lanes: MemoryLayout | None = None
    shared: ctypes.Structure | None = None
    kept: tuple[Any, ...] = ()
    prepare: Callable[[], None] | None = None

    def layout(self, count: int) -> tuple[int, MemoryLayout]:
        """Return the number of lanes for so many trajectories, and the layout, ready for use.

        Raises:
            CodegenError: the compiler fails at what lanes need.
        """
        if count < 2 or self.lanes is None:
            return 1, self.single
        if self.prepare is not None:
            self.prepare()
        return LANES, self.lanes


@dataclass(frozen=True)
class Field:
    """A right-hand side y' = f(t, y; data), each trajectory with data of its own.

    Attributes:
        size: doubles of a state.
        width: doubles of data of one trajectory.
        slope: data (width,) ↦ (t, y) ↦ y', (size,).
        project: brings a state back to its manifold where it is, at rounding level; or None.
        native: the same in C, or None where there is none.
    """

    size: int
    width: int
    slope: Callable[[Array], Callable[[float, Array], Array]]
    project: Callable[[Array], object] | None = None
    native: Native | None = None


class _KernelField(ctypes.Structure):
    """`kernel_field` of kernel.c."""

    _fields_ = (("single", _PLACE), ("batch", _PLACE), ("size", _WORD), ("width", _WORD), ("timed", _WORD))


def kernel_field(function: Vectorfield, size: int, width: int) -> Field:
    """Return a generated right-hand side, in C where it was compiled; the data of a trajectory are its parameters.

    Args:
        function: (t, y, p) ↦ y'.
        size: of y.
        width: of p.

    >>> import numpy as np
    >>> from qllg_sym.codegen.builder import Builder
    >>> from qllg_sym.codegen.build import load
    >>> b = Builder("decay", ["n"], ["rate"])
    >>> field = kernel_field(load(b.kernel({"n": b.neg(b.mul(b.parameter(0), b.state(0)))}), "numpy"), 1, 1)
    >>> field.slope(np.array([2.0]))(0.0, np.array([3.0])).tolist(), field.native
    ([-6.0], None)
    """
    native = _native(function) if isinstance(function, Function) and function.address is not None else None
    return Field(size, width, lambda p: lambda t, y: function(t, y, p), None, native)


def _native(function: Function) -> Native:
    """Return a compiled kernel as the C stepper takes it."""
    kernel = function.kernel
    n, k = len(kernel.states), len(kernel.parameters)
    timed = any("t" in step.args for step in kernel.steps) or any(operand == "t" for _, operand in kernel.outputs)
    shared = _KernelField(function.address, None, n, k, timed)
    single = MemoryLayout("kernel_slope_1", None, "kernel_prepare", n, whole_vectors(n), whole_vectors(n),
                          whole_vectors(k))
    lanes = MemoryLayout("kernel_slope_8", None, "kernel_prepare", n, n, n, whole_vectors(LANES * k + 2 * n + k))

    def prepare() -> None:
        """Compile the function for a batch, which one state never calls."""
        if not timed:
            shared.batch = function.batch_address

    return Native(single, lanes, shared, (function,), prepare)


def whole_vectors(count: int) -> int:
    """Return a number of doubles rounded up to whole vectors.

    >>> whole_vectors(9)
    16
    """
    return -(-count // 8) * 8
