"""Few kets in C: all of a step but the products H·v, which are those of the flow."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import compiler
from qllg_sym.codegen.compiler import shared_library
from qllg_sym.codegen.native import integrator
from qllg_sym.ensemble.motions.kets import NoisyKets
from qllg_sym.ensemble.native import source
from qllg_sym.ensemble.native.stream import Stream, aligned, noisy_head, room_of, stream
from qllg_sym.ensemble.normals import Joined, Normals
from qllg_sym.ensemble.steppers import POLISH
from qllg_sym.flow.steps.field import whole_vectors

Array = NDArray[Any]
LARGEST = 8                 # kets
_WORD, _REAL, _PLACE = ctypes.c_int64, ctypes.c_double, ctypes.c_void_p
_ARRAYS = "upper inner outer sizes outer_sizes u image half across room".split()
_FUNCTIONS: dict[str, list[Any]] = {
    "near": [_PLACE, _REAL], "move": [_PLACE, _REAL], "noise": [_PLACE, _WORD], "polish": [_PLACE],
    "euler": [_PLACE, _REAL, _WORD, _WORD], "side_by_side": [_WORD, _WORD, _WORD, _PLACE, _PLACE],
    "apart": [_WORD, _WORD, _WORD, _PLACE, _PLACE]}


class _KetsRun(ctypes.Structure):
    """`kets_run` of kets.c."""

    _fields_ = (*((name, _WORD) for name in "count d row kets pairs".split()), *((name, _PLACE) for name in _ARRAYS),
                ("numbers", Stream))


@dataclass(frozen=True)
class KetSteps:
    """Steps of few kets in C.

    Attributes:
        motion: kets; up to eight are compiled.
        stepper: "strang" or "euler".
    """

    motion: NoisyKets
    stepper: Any
    name: ClassVar[str] = "compiled kets"
    reason: ClassVar[str] = "all of a step in C but H·v, without a matrix"

    def refuses(self) -> str | None:
        """Return why this cannot be done in C, or None."""
        if (r := self.motion.start.shape[1]) > LARGEST:
            return f"there are {r} kets, and compiled steps take {LARGEST} at most"
        return None

    def prepare(self) -> None:
        """Compile, or take it from the cache.

        Raises:
            CodegenError: no C compiler works.
        """
        _ = self._call

    @cached_property
    def _call(self) -> dict[str, Any]:
        """The C functions."""
        return _functions(compiler.find())

    def advance(self, states: Array, t: float, h: float, steps: int, numbers: Normals | Joined, first: int,
                watch: Callable[[float], None]) -> Array:
        """Return the states after some steps; see `paths`."""
        moving = _Moving(self.motion, self._call, states, stream(numbers, self.stepper.SETS), room_of(numbers))
        strang = self.stepper.NAME == "strang"
        if strang:
            moving.deterministic(t, h / 2)
        for k in range(steps):
            middle = t + (k + 0.5) * h
            if strang:
                moving.noise(middle, h, first + k)
                moving.deterministic(middle, h if k + 1 < steps else h / 2)
            else:
                moving.euler(t + k * h, middle, h, first + k)
            if (k + 1) % POLISH == 0 or k + 1 == steps:
                moving.call("polish")
            watch((k + 1) / steps)
        return moving.states


class _Moving:
    """Kets of some trajectories as C holds them, with what moves them."""

    def __init__(self, motion: NoisyKets, functions: dict[str, Any], states: Array, numbers: Stream,
                 drawn: int) -> None:
        m, d, r = states.shape
        row = whole_vectors(d)
        size, self._shape, self._motion, self._functions = 2 * row * r, (m, d, r), motion, functions
        self._held: dict[str, Array] = {name: aligned(m * size) for name in ("u", "image", "half", "across")}
        self._held["room"] = aligned(3 * size + 2 * drawn)
        self._held["upper"] = np.ascontiguousarray(motion.pairs, dtype=np.int64)
        self._columns, self._weighed = np.empty((d, m * r), dtype=complex), False
        self._run = _KetsRun(m, d, row, r, len(motion.pairs[0]), numbers=numbers)
        self._lay("upper", "u", "image", "half", "across", "room")
        self._held["u"][:] = 0
        self._held["image"][:] = 0
        self._u[..., :d] = np.stack([states.real, states.imag], axis=1).transpose(0, 3, 1, 2)

    @property
    def _u(self) -> Array:
        """The kets as C holds them, (m, r, 2, row)."""
        m, _, r = self._shape
        return self._held["u"].reshape(m, r, 2, -1)

    @property
    def states(self) -> Array:
        """The kets, (m, d, r)."""
        re, im = self._u[..., :self._shape[1]].transpose(2, 0, 3, 1)
        return np.asarray(re + 1j * im)

    def call(self, name: str, *numbers: Any) -> None:
        """Call a C function."""
        self._functions[name](ctypes.byref(self._run), *numbers)

    def deterministic(self, t: float, length: float) -> None:
        """Make a step without noise: the midpoint rule on the group."""
        self._apply("u", t)
        self.call("near", length)
        self._apply("half", t + length / 2)
        self.call("move", length)

    def noise(self, t: float, h: float, step: int) -> None:
        """Make a step of noise."""
        if self._heard(t, h):
            self.call("noise", step)

    def euler(self, t: float, middle: float, h: float, step: int) -> None:
        """Make a step of drift and noise at once."""
        self._apply("u", t)
        self.call("euler", h, step, not self._heard(middle, h))

    def _apply(self, name: str, t: float) -> None:
        """Write H/ħ times some kets into `image`, and W of that time."""
        m, d, r = self._shape
        turn = m * r, d, self._run.row
        self._functions["side_by_side"](*turn, self._held[name].ctypes.data, self._columns.ctypes.data)
        image = self._motion.problem.action.apply(self._columns, t)
        self._functions["apart"](*turn, image.ctypes.data, self._held["image"].ctypes.data)
        if not (self._weighed and self._motion.problem.constant_weight):
            inner, outer = (-1j * each for each in self._motion.weight(t))
            self._held["inner"], self._held["outer"] = (np.stack([each.real, each.imag]) for each in (inner, outer))
            self._lay("inner", "outer")
            self._weighed = True

    def _heard(self, t: float, h: float) -> bool:
        """Write the sizes of the noise of a time; return whether there is any."""
        inner, outer = (np.sqrt(h) * each for each in self._motion.sizes(t))
        self._held["sizes"], self._held["outer_sizes"] = inner, outer
        self._lay("sizes", "outer_sizes")
        return bool(inner.any() or outer.any())

    def _lay(self, *names: str) -> None:
        """Tell C where arrays are."""
        for name in names:
            setattr(self._run, name, self._held[name].ctypes.data)


@cache
def _functions(_: compiler.Compiler) -> dict[str, Any]:
    """The C functions by name."""
    library = shared_library("\n".join([noisy_head(), source("kets.c")]), flags=integrator.FLAGS)
    found = {name: library[f"qllg_kets_{name}"] for name in _FUNCTIONS}
    for name, given in _FUNCTIONS.items():
        found[name].argtypes, found[name].restype = given, None
    return found
