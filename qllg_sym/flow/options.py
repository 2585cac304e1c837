"""How to solve: one record of options, checked at once, that every way in fills: Python, QuTiP's shape, model files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from numbers import Integral, Real
from typing import Any

from qllg_sym.algebra.fields import ByFields
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.steps.limits import checked_limits

SMALLEST = 3e-14        # a smaller rtol is beyond doubles, and SciPy would raise it with a warning
KEEP = ("all", "final")


@dataclass(frozen=True, repr=False)
class Options(ByFields):
    """What `solve` and `solve_many` are asked for beside the problem itself.

    Attributes:
        method: the name of a method, or "auto".
        rtol: local relative tolerance of the integrator.
        atol: local absolute tolerance of the integrator.
        keep: "all" or "final".
        observe: {name: operator, term, model or function}: what is stored in place of states.
        stop: function of (t, state); the first state at which it is true is the last one.
        progress: True for a bar, or a function of the fraction done.
        threads: how many cores to use; None for all that this process may use.
        max_step: longest step in time.
        breakpoints: times at which a step ends, ascending.
        own: options of the method alone, by name.

    Raises:
        InputError, InputTypeError: an option that means nothing; `observe` and `own` wait for the problem.

    >>> Options(rtol=1e-8, breakpoints=[3, 1]).breakpoints
    (1.0, 3.0)
    """

    method: str = "auto"
    rtol: float = 1e-10
    atol: float = 1e-12
    keep: str = "all"
    observe: Mapping[str, Any] | None = None
    stop: Callable[[float, Any], Any] | None = None
    progress: Any = False
    threads: int | None = None
    max_step: float = inf
    breakpoints: Any = ()
    own: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_tolerance("rtol", self.rtol, f"at least {SMALLEST:g}", "1e-10", lambda x: x >= SMALLEST)
        _check_tolerance("atol", self.atol, "above 0", "1e-12", lambda x: x > 0)
        _check_choices(self.keep, self.stop, self.progress, self.threads)
        if not isinstance(self.own, Mapping):
            raise InputTypeError(f"`options` must be a mapping of a method's own options, but is {self.own!r}; "
                                 "write options={…}.")
        vars(self).update(rtol=float(self.rtol), atol=float(self.atol), own=dict(self.own))
        if isinstance(self.observe, Mapping):
            vars(self).update(observe={str(name): what for name, what in self.observe.items()})
        if self.max_step != inf or not isinstance(self.breakpoints, tuple) or self.breakpoints:
            longest, points = checked_limits(self.max_step, self.breakpoints)
            vars(self).update(max_step=longest, breakpoints=tuple(points.tolist()))

    @property
    def keeps_states(self) -> bool:
        """Whether states are kept, all of them or the last."""
        return self.observe is None or self.keep == "final"


def _check_tolerance(name: str, tolerance: Any, least: str, todo: str, fits: Callable[[Any], bool]) -> None:
    """Refuse what is no tolerance."""
    if not isinstance(tolerance, Real) or not (fits(tolerance) and tolerance < 1):
        raise InputError(f"`{name}` must be {least} and below 1, but is {tolerance!r}; write {name}={todo}.")


def _check_choices(keep: Any, stop: Any, progress: Any, threads: Any) -> None:
    """Refuse what is not among the choices."""
    if keep not in KEEP:
        raise InputError(f"`keep` must be \"all\" or \"final\", but is {keep!r}; choose one of them.")
    if stop is not None and not callable(stop):
        raise InputTypeError(f"`stop` must be a function of (t, state), but is {stop!r}; give one that returns a bool.")
    if not isinstance(progress, bool) and not callable(progress):
        raise InputTypeError(f"`progress` must be True, False or a function of the fraction done, but is {progress!r}; "
                             "write progress=True.")
    if threads is not None and (not isinstance(threads, Integral) or isinstance(threads, bool) or threads < 1):
        raise InputError(f"`threads` must be a positive integer or None, but is {threads!r}; write threads=1.")
