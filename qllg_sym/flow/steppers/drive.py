"""Drives one integration, compiled or step by step in NumPy: progress, Ctrl-C, failure with what was reached."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.binding import Rhs
from qllg_sym.codegen.build import Function
from qllg_sym.errors import CodegenError
from qllg_sym.flow.steppers.compiled import integrate, require_compiler
from qllg_sym.flow.steps.field import Field, kernel_field
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.flow.steps.runge_kutta import Components, Failure, NotFinite, RungeKutta, Slope
from qllg_sym.flow.steps.tableau import dop853

Array = NDArray[Any]
Halt = Callable[[float, Array], bool]


@dataclass(frozen=True)
class Path:
    """What the driver reached: `samples` (k, …) at the first k times; `failure` says why k is short.

    `reached` is the time of the last accepted step, which may lie beyond the last sample.
    """

    samples: Array
    stats: dict[str, Any]
    failure: str | None
    interrupted: bool
    reached: float


def drive_compiled(field: Field, data: Array, y0: Array, times: Array, rtol: float, atol: float,
                   watch: Callable[[float], None], halt: Halt | None = None,
                   limits: Limits | None = None) -> Path:
    """Integrate as `drive` does, in C.

    Args:
        field: right-hand side in C.
        data: (k,), what it needs of this trajectory.
        y0: state at times[0], (n,), real.
        times: strictly increasing.
        rtol: local relative tolerance.
        atol: local absolute tolerance.
        watch: called with the time reached every few milliseconds; may raise KeyboardInterrupt.
        halt: called with every sample; True makes it the last one.
        limits: of the steps.

    Raises:
        CodegenError: no C compiler works.

    >>> from qllg_sym.codegen.build import load
    >>> from qllg_sym.codegen.builder import Builder
    >>> b = Builder("growth", ["y"], [])
    >>> field = kernel_field(load(b.kernel({"y": b.mul(b.state(0), b.time)}), "c"))
    >>> path = drive_compiled(field, np.empty(0), np.ones(1), np.array([0.0, 1.0]), 1e-10, 1e-12, lambda t: None)
    >>> round(float(path.samples[-1, 0]), 9), path.stats["driver"]
    (1.648721271, 'c')
    """
    paths = integrate(field, data[None], y0[None], times, rtol, atol, watch, halt, limits=limits)
    failure = "interrupted" if paths.interrupted else paths.failures[0]
    stats = {"steps": int(paths.steps[0]), "evaluations": int(paths.evaluations[0]), "driver": "c"}
    return Path(paths.samples[0, :paths.counts[0]], stats, failure, paths.interrupted, float(paths.reached[0]))


def drive_kernel(rhs: Rhs, y0: Array, times: Array, rtol: float, atol: float, watch: Callable[[float], None],
                 halt: Halt | None = None, limits: Limits | None = None) -> Path:
    """Integrate a generated right-hand side with numbers bound: in C where it was compiled, else in NumPy.

    Args:
        rhs: right-hand side.
        y0: state at times[0], (n,), real.
        times: strictly increasing.
        rtol: local relative tolerance.
        atol: local absolute tolerance.
        watch: as in `drive` or `drive_compiled`.
        halt: called with every sample; True makes it the last one.
        limits: of the steps.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> rhs = QuantumLLG(0).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli().compile("numpy").bind()
    >>> path = drive_kernel(rhs, np.array([1.0, 0, 0]), np.array([0.0, 1.0]), 1e-10, 1e-12, lambda t: None)
    >>> (path.samples[-1] - [np.cos(1), -np.sin(1), 0]).round(9).tolist(), path.stats["driver"]
    ([0.0, 0.0, 0.0], 'python')
    """
    function = rhs.compiled.field
    if isinstance(function, Function) and function.target == "c":
        data = np.array([rhs.values[name] for name in rhs.compiled.parameters], dtype=float)
        with suppress(CodegenError):
            require_compiler()
            return drive_compiled(kernel_field(function), data, y0, times, rtol, atol, watch, halt, limits)
    return drive(rhs, y0, times, rtol, atol, watch, halt=halt, limits=limits)


def drive(fun: Callable[[float, Array], Array], y0: Array, times: Array, rtol: float, atol: float,
          watch: Callable[[float], None], project: Callable[[Array], object] | None = None,
          halt: Halt | None = None, limits: Limits | None = None) -> Path:
    """Integrate y' = fun(t, y) with DOP853 (order 8, dense output of order 7) and sample it at `times`.

    Args:
        fun: right-hand side, real or complex.
        y0: state at times[0].
        times: strictly increasing.
        rtol: local relative tolerance.
        atol: local absolute tolerance.
        watch: called with the time after every step; may raise KeyboardInterrupt.
        project: brings a state back to its manifold where it is, after each step, at rounding level.
        halt: called with every sample; True makes it the last one.
        limits: of the steps.

    Returns:
        Path; a failure or an interrupt is told there, not raised.

    >>> path = drive(lambda t, y: -y, np.ones(1), np.array([0.0, 1.0]), 1e-10, 1e-12, lambda t: None)
    >>> bool(abs(path.samples[-1, 0] - np.exp(-1)) < 1e-9)
    True
    """
    samples, reached = [y0.copy()], float(times[0])
    counts: dict[str, Any] = {"steps": 0, "evaluations": 0, "driver": "python"}
    failure: str | None = None
    interrupted = False
    if len(times) == 1 or (halt is not None and halt(reached, y0)):
        return Path(np.array(samples), counts, failure, interrupted, reached)
    steps = RungeKutta(_looked(fun), reached, float(times[-1]), y0, dop853(), Components(rtol, atol), project, limits)
    try:
        while len(samples) < len(times):
            steps.advance()
            reached = steps.t
            if _sample(steps, times, samples, project, halt):
                break
            watch(reached)
    except Failure as error:
        failure = str(error)
    except KeyboardInterrupt:
        failure, interrupted = "interrupted", True
    counts |= {"steps": steps.steps, "evaluations": steps.evaluations}
    return Path(np.array(samples), counts, failure, interrupted, reached)


def _looked(fun: Callable[[float, Array], Array]) -> Slope:
    """Return a right-hand side that says where it is not finite; one that is not is given no such state either."""
    def slope(t: float, y: Array, out: Array) -> None:
        """Write fun(t, y) into `out`."""
        if not np.isfinite(y).all():
            raise NotFinite
        out[:] = fun(t, y)
        if not np.isfinite(out).all():
            raise NotFinite

    return slope


def _sample(steps: RungeKutta, times: Array, samples: list[Array], project: Callable[[Array], object] | None,
            halt: Halt | None) -> bool:
    """Append the states at all times that the last step reached; return whether one of them is to be the last."""
    while len(samples) < len(times) and (t := float(times[len(samples)])) <= steps.t:
        y = steps.at(t).copy()
        if project is not None and t < steps.t:
            project(y)
        samples.append(y)
        if halt is not None and halt(t, y):
            return True
    return False
