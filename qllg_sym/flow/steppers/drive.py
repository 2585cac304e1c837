"""Drives one integration, compiled or SciPy's step by step: progress, Ctrl-C, failure with what was reached."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.binding import Rhs
from qllg_sym.codegen.build import Function
from qllg_sym.errors import CodegenError
from qllg_sym.flow.steppers.compiled import integrate, require_compiler
from qllg_sym.flow.steppers.control import Pace, first_step
from qllg_sym.flow.steppers.field import Field, kernel_field
from qllg_sym.flow.steppers.limits import Limits

DOP853: Any = import_module("scipy.integrate").DOP853       # SciPy's __all__, made at run time, hides it from mypy
Array = NDArray[Any]
Halt = Callable[[float, Array], bool]
EXPONENT = -1 / 8       # of the error in DOP853's choice of steps


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
    """Integrate a generated right-hand side with numbers bound: in C where it was compiled, else in SciPy.

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


class _Trials:
    """A right-hand side that counts and looks at its values: a trial that is not finite is too long a step.

    Attributes:
        count: evaluations.
        finite: whether the last value was.
    """

    def __init__(self, fun: Callable[[float, Array], Array]) -> None:
        self._fun, self.count, self.finite = fun, 0, True

    def __call__(self, t: float, y: Array) -> Array:
        """Return fun(t, y), NaN where y is not finite."""
        self.count += 1
        value = self._fun(t, y) if np.isfinite(y).all() else np.full_like(y, np.nan)
        self.finite = bool(np.isfinite(value).all())
        return value

    def solver(self, times: Array, y0: Array, rtol: float, atol: float, longest: float) -> Any:
        """Return SciPy's stepper at its first time, or None where the slope is not finite there."""
        start, end = float(times[0]), float(times[-1])
        slope, scale = self(start, y0), atol + rtol * np.abs(y0)
        if not self.finite:
            return None

        def size(values: Array) -> float:
            """Return the root mean square over the tolerance."""
            return float(np.linalg.norm(values / scale)) / len(y0)**0.5

        step = first_step(size(y0), size(slope), lambda h: size(self(start + h, y0 + h * slope) - slope) / h,
                          end - start, EXPONENT)
        return DOP853(self, start, y0, end, first_step=step, rtol=rtol, atol=atol, max_step=longest)


def drive(fun: Callable[[float, Array], Array], y0: Array, times: Array, rtol: float, atol: float,
          watch: Callable[[float], None], project: Callable[[Array], Array] | None = None,
          halt: Halt | None = None, limits: Limits | None = None) -> Path:
    """Integrate y' = fun(t, y) with DOP853 (order 8, dense output of order 7) and sample it at `times`.

    Args:
        fun: right-hand side, real or complex.
        y0: state at times[0].
        times: strictly increasing.
        rtol: local relative tolerance.
        atol: local absolute tolerance.
        watch: called with the time after every step; may raise KeyboardInterrupt.
        project: brings a state back to its manifold after each step, at rounding level.
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
    interrupted, limits = False, limits or Limits()
    if len(times) == 1 or (halt is not None and halt(reached, y0)):
        return Path(np.array(samples), counts, failure, interrupted, reached)
    trials, pace = _Trials(fun), Pace(reached, float(times[-1]))
    try:
        # A trial that overflows is rejected without a warning.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            solver = trials.solver(times, y0, rtol, atol, limits.longest)
            failure = None if solver else _lost(reached)
            while failure is None and solver.status == "running":
                message = _step(solver, limits, float(times[-1]))
                if message is not None:
                    failure = message.rstrip(".") if trials.finite else _lost(reached)
                    break
                reached = float(solver.t)
                counts["steps"] += 1
                if _sample(solver, times, samples, project, halt):
                    break
                if project is not None:
                    solver.y = project(solver.y)
                    solver.f = trials(solver.t, solver.y)
                if pace.hopeless(reached, solver.h_abs, solver.h_abs <= solver.step_size):
                    failure = f"it needs steps as small as {solver.h_abs:.1g}"
                watch(solver.t)
    except KeyboardInterrupt:
        failure, interrupted = "interrupted", True
    return Path(np.array(samples), {**counts, "evaluations": trials.count}, failure, interrupted, reached)


def _step(solver: Any, limits: Limits, end: float) -> Any:
    """Take one step of SciPy's within the limits; return its message."""
    wanted, to = solver.h_abs, limits.reach(float(solver.t), solver.h_abs)
    cut = to < min(solver.t + min(wanted, limits.longest), end)
    solver.t_bound = to if cut else end
    message = solver.step()
    if cut and solver.status == "finished":
        solver.status = "running"
        solver.h_abs = max(solver.h_abs, wanted)        # it was cut to land there, and not for its error
    return message


def _lost(t: float) -> str:
    """Return why no step from t succeeds, however short."""
    return f"the right-hand side is not finite near t = {t:g}"


def _sample(solver: Any, times: Array, samples: list[Array], project: Callable[[Array], Array] | None,
            halt: Halt | None) -> bool:
    """Append the states at all times that the last step reached; return whether one of them is to be the last."""
    dense = None
    while len(samples) < len(times) and times[len(samples)] <= solver.t:
        t = times[len(samples)]
        if t == solver.t:
            y = solver.y.copy()
        else:
            dense = dense or solver.dense_output()
            y = dense(t)
        samples.append(y if project is None else project(y))
        if halt is not None and halt(float(t), samples[-1]):
            return True
    return False
