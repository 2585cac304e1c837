"""The frame form in C, as right-hand sides that the compiled stepper takes."""

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.build import Function
from qllg_sym.codegen.native import integrator
from qllg_sym.codegen.native.integrator import LANES
from qllg_sym.errors import CodegenError
from qllg_sym.flow.native import source
from qllg_sym.flow.steps.field import Field, Layout, whole_vectors

Array = NDArray[Any]
SMALL = (2, 3, 4)       # dimensions whose frame form is compiled by itself
_WORD, _PLACE = ctypes.c_int64, ctypes.c_void_p


class _FrameField(ctypes.Structure):
    """`frame_field` of frame_blocks.c."""

    _fields_ = (("d", _WORD), ("pad", _WORD), ("parts", _WORD), ("width", _WORD), ("h", _PLACE), ("amplitudes", _PLACE))


def frame_field(d: int) -> Field:
    r"""Return $\dot V = V X$, $X_{jk} = W_{jk} (V^\dagger \mathrm{diag}(E) V)_{jk}$, for V of shape (d, d).

    A state is V as rows [re | im], (d, 2, d); the data are E, (d,), and the real and imaginary parts of W, (2, d, d),
    with W_jj = 0. V is brought back to the unitary group after each step.

    >>> frame_field(4).size, frame_field(4).width
    (32, 36)
    >>> from qllg_sym.flow.steppers.drive import drive_compiled
    >>> y = np.array([1.0, 0, 0, 0, 0, 1, 0, 0])                # V = 1 stays where W = 0
    >>> path = drive_compiled(frame_field(2), np.zeros(10), y, np.array([0.0, 1.0]), 1e-10, 1e-12, lambda t: None)
    >>> path.samples[-1].tolist() == y.tolist(), path.stats["driver"]
    (True, 'c')
    """
    size, width, room = 2 * d * d, d + 2 * d * d, pad(d)
    if d not in SMALL:
        return Field(size, width, _blocks(d, d), None, _FrameField(d, room, 0, 0, None, None))
    single = Layout(f"frame_slope_{d}", f"frame_project_{d}", f"frame_prepare_{d}", d, room,
                    whole_vectors(2 * d * room), whole_vectors(8 + 4 * d * room), text(1))
    lanes = Layout(f"frame_slope_lanes_{d}", f"frame_project_lanes_{d}", f"frame_prepare_lanes_{d}", d, d, size,
                   LANES * width, text(LANES))
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
    shared = _FrameField(d, whole_vectors(d), len(matrices), width, matrices.ctypes.data, amplitudes.addresses[0])
    layout = _blocks(d, width, len(matrices))
    return Field(2 * d * d, width + 2 * d * d, layout, None, shared, (amplitudes, matrices))


def _blocks(d: int, numbers: int, parts: int = 0) -> Layout:
    """Return the layout of the frame form in blocks: W, numbers, two matrices of scratch, H(t) and its amplitudes."""
    row = whole_vectors(d)
    whole = 2 * d * row
    return Layout("frame_slope", "frame_project", "frame_prepare", d, row, whole,
                  4 * whole + whole_vectors(numbers) + whole_vectors(parts), text(1))


def pad(d: int) -> int:
    """Return to what length the rows of a state of dimension d are padded without lanes.

    >>> [pad(d) for d in (2, 3, 4, 5, 9)]
    [2, 4, 4, 8, 16]
    """
    return (0, 0, 2, 4, 4)[d] if d in SMALL else whole_vectors(d)


@cache
def text(lanes: int) -> str:
    """Return the C source of the frame form: of small dimensions, and without lanes in blocks for all others.

    Args:
        lanes: 1 or LANES.

    >>> "#define D 4" in text(1), "frame_blocks" in text(LANES)
    (True, False)
    """
    forms = [_rows(d) for d in SMALL] if lanes == 1 else [_lanes(d) for d in SMALL]
    blocks = [source("frame_blocks.c")] if lanes == 1 else []
    return "\n".join([integrator.head(lanes), *forms, *blocks])


def _rows(d: int) -> str:
    """Return the frame form of one state of small dimension."""
    width = pad(d)
    order = [*range(width, 2 * width), *range(width)]
    defines = {"D": d, "PAD": width, "ROW_ORDER": ", ".join(map(str, order)),
               "ROW_SIGNS": ", ".join(["-1"] * width + ["1"] * width)}
    return _defined(defines, source("frame_rows.c"))


def _lanes(d: int) -> str:
    """Return the frame form of eight states of small dimension."""
    return _defined({"D": d}, source("frame_lanes.c"))


def _defined(names: dict[str, object], body: str) -> str:
    """Return a text between definitions of its macros and their end."""
    return "\n".join([*(f"#define {name} {value}" for name, value in names.items()), body,
                      *(f"#undef {name}" for name in names)])
