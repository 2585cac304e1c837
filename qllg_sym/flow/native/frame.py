"""The frame form as right-hand sides that steppers take: in C, and the same in NumPy."""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.build import Function
from qllg_sym.codegen.native import integrator
from qllg_sym.codegen.native.integrator import LANES
from qllg_sym.flow.native import source
from qllg_sym.flow.native.rotating import pack, unpack
from qllg_sym.flow.steps.field import Field, MemoryLayout, Native, whole_vectors

Array = NDArray[Any]
Generator = Callable[[float, Array], Array]         # (t, V) ↦ X
LARGEST = 128           # dimension above which the products of a threaded BLAS win
NONE = np.empty(0)
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
    >>> from qllg_sym.flow.steppers import integrate
    >>> y = np.array([[1.0, 0, 0, 0, 0, 1, 0, 0]])              # V = 1 stays where W = 0
    >>> paths = integrate(frame_field(2), np.zeros((1, 10)), y, np.array([0.0, 1.0]), 1e-10, 1e-12)
    >>> paths.samples[:, -1].tolist() == y.tolist()
    True
    """
    def generator(data: Array) -> Generator:
        """Return X of a turning frame."""
        energies, factor = data[:d, None], _complex(data[d:], d)
        return lambda t, v: factor * (v.conj().T @ (energies * v))

    return moving(d, d + 2 * d * d, generator, _turning(d) if d <= LARGEST else None)


def _turning(d: int) -> Native:
    """Return the frame form with H = diag(E) in C."""
    size, width, room = 2 * d * d, d + 2 * d * d, pad(d)
    if d not in SMALL:
        return Native(_blocks(d, d), None, _FrameField(d, room, 0, 0, None, None))
    single = MemoryLayout(f"frame_slope_{d}", f"frame_project_{d}", f"frame_prepare_{d}", d, room,
                    whole_vectors(2 * d * room), whole_vectors(8 + 4 * d * room), frame_source(1))
    lanes = MemoryLayout(f"frame_slope_lanes_{d}", f"frame_project_lanes_{d}", f"frame_prepare_lanes_{d}", d, d, size,
                   LANES * width, frame_source(LANES))
    return Native(single, lanes)


def driven_field(d: int, amplitudes: Function, parts: Array) -> Field:
    r"""Return $\dot V = V X$, $X_{jk} = W_{jk} (V^\dagger H(t) V)_{jk}$ with $H(t) = \sum_g f_g(t; p)\, H_g$.

    The data of a trajectory are p, (k,), and the real and imaginary parts of W, (2, d, d), with W_jj = 0.

    Args:
        d: dimension.
        amplitudes: f as a kernel without states.
        parts: H_g, (g, d, d), complex.

    >>> from qllg_sym.codegen.builder import Builder
    >>> from qllg_sym.codegen.build import load
    >>> b = Builder("swing", [], [])
    >>> driven_field(2, load(b.kernel({"f": b.call("sin", b.time)}), "numpy"), np.diag([1.0, -1.0])[None]).size
    8
    """
    matrices = np.ascontiguousarray(parts, dtype=complex)
    width = len(amplitudes.kernel.parameters)

    def generator(data: Array) -> Generator:
        """Return X in the laboratory."""
        p, factor = data[:width], _complex(data[width:], d)
        return lambda t, v: factor * (v.conj().T @ np.tensordot(amplitudes(t, NONE, p), matrices, 1) @ v)

    native = _driven(d, amplitudes, matrices) if d <= LARGEST and amplitudes.address is not None else None
    return moving(d, width + 2 * d * d, generator, native)


def _driven(d: int, amplitudes: Function, matrices: Array) -> Native:
    """Return the frame form with H(t) in C."""
    width = len(amplitudes.kernel.parameters)
    shared = _FrameField(d, whole_vectors(d), len(matrices), width, matrices.ctypes.data, amplitudes.address)
    layout = _blocks(d, width, len(matrices))
    return Native(layout, None, shared, (amplitudes, matrices))


def moving(d: int, width: int, generator: Callable[[Array], Generator], native: Native | None = None) -> Field:
    r"""Return $\dot V = V X$ for a generator X(t, V) of each row of data; V is brought back to the unitary group.

    >>> moving(1, 1, lambda data: lambda t, v: 1j * data[:, None]).slope(np.array([2.0]))(0.0, np.array([1.0, 0.0]))
    array([0., 2.])
    """
    def slope(data: Array) -> Callable[[float, Array], Array]:
        """Return dV/dt of one row."""
        x = generator(data)

        def at(t: float, y: Array) -> Array:
            """Return V X, packed as V is."""
            v = unpack(y)
            return pack(v @ x(t, v))

        return at

    def project(y: Array) -> None:
        """Bring V one Newton step nearer to the unitary group."""
        v = unpack(y)
        y[:] = pack(v @ (1.5 * np.eye(d) - 0.5 * (v.conj().T @ v)))

    return Field(2 * d * d, width, slope, project, native)


def _complex(parts: Array, d: int) -> Array:
    """Return −iW of its real and imaginary parts."""
    re, im = parts.reshape(2, d, d)
    return np.asarray(re + 1j * im)


def _blocks(d: int, numbers: int, parts: int = 0) -> MemoryLayout:
    """Return the layout of the frame form in blocks: W, numbers, two matrices of scratch, H(t) and its amplitudes."""
    row = whole_vectors(d)
    whole = 2 * d * row
    return MemoryLayout("frame_slope", "frame_project", "frame_prepare", d, row, whole,
                  4 * whole + whole_vectors(numbers) + whole_vectors(parts), frame_source(1))


def pad(d: int) -> int:
    """Return to what length the rows of a state of dimension d are padded without lanes.

    >>> [pad(d) for d in (2, 3, 4, 5, 9)]
    [2, 4, 4, 8, 16]
    """
    return (0, 0, 2, 4, 4)[d] if d in SMALL else whole_vectors(d)


@cache
def frame_source(lanes: int) -> str:
    """Return the C source of the frame form: of small dimensions, and without lanes in blocks for all others.

    Args:
        lanes: 1 or LANES.

    >>> "#define D 4" in frame_source(1), "frame_blocks" in frame_source(LANES)
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
