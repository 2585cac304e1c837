"""Compiled right-hand sides, ready to be bound to numbers."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from qllg_sym.codegen.build import load
from qllg_sym.codegen.derivatives import Slope, Tangent, Vectorfield
from qllg_sym.codegen.hazards import cancelling, hazards
from qllg_sym.codegen.kernel import PROMISE
from qllg_sym.codegen.rhs import Rhs
from qllg_sym.codegen.values import checked_values
from qllg_sym.errors import CodegenError, InputTypeError, warn


class Compiled:
    """A compiled right-hand side whose parameters still have no numbers; `bind` gives them.

    Attributes:
        states, parameters: names, in the order of arrays.
        target: "c", "numpy", "mpmath" or "matrix".
        kernel, source: the program and its text (None in matrix form).

    Args:
        field: the right-hand side.
        states, parameters: names.
        jacobian, tangent, error: make the functions of those names on first use.
        origin: (function, arguments) that make the same again, for pickles.
    """

    def __init__(self, field: Vectorfield, states: Sequence[str], parameters: Sequence[str],
                 jacobian: Callable[[], Slope], tangent: Callable[[], Tangent],
                 error: Callable[[], Vectorfield] | None = None, origin: tuple[Any, ...] | None = None) -> None:
        self._origin = origin
        self.field, self.states, self.parameters = field, tuple(states), tuple(parameters)
        self._make_jacobian, self._make_tangent, self._make_error = jacobian, tangent, error

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as (function, arguments) that compile it anew: machine code does not travel."""
        if self._origin is None:
            raise CodegenError("A compiled right-hand side must know what it was compiled from to be pickled, but this "
                               "one does not; use `Components.compile`.")
        return self._origin

    def __copy__(self) -> "Compiled":
        """Return itself: nothing in it changes."""
        return self

    def __deepcopy__(self, memo: Any) -> "Compiled":
        """Return itself: nothing in it changes."""
        return self

    @property
    def target(self) -> str:
        """Where it runs."""
        return self.field.target

    @property
    def kernel(self) -> Any:
        """The straight-line program, or None in matrix form."""
        return getattr(self.field, "kernel", None)

    @property
    def source(self) -> str | None:
        """The generated text, or None in matrix form."""
        return getattr(self.field, "source", None)

    def bind(self, values: Mapping[Any, Any] | None = None, /, **names: Any) -> Rhs:
        """Return rhs(t, y) with a number for every parameter.

        Args:
            values: numbers keyed by name or Symbol.
            **names: more of them; an array (m,) gives one value a row of `batch`. The target "mpmath" takes them
                exactly: Fractions, SymPy numbers, mpf.

        Raises:
            InputError: an unknown, missing or repeated name, a value that is not finite, arrays of different lengths,
                or values at which a coefficient is not real and finite.

        Warns:
            QllgWarning: form "spectrum" is less exact than `PROMISE` at these values (those of t = 0), or sums in
                coefficients cancel, as the user wrote them, by more than that.
        """
        _check_numbers({**(values or {}), **names} if isinstance(values, Mapping | None) else {})
        checked = checked_values(self.parameters, values, names)
        if self.target == "mpmath":             # there a double would cut off the digits that were given
            checked |= {str(key): value for source in (values or {}, names) for key, value in source.items()}
        rhs = Rhs(self, checked)
        if self._error is not None and self.target != "mpmath":
            self._warn(rhs.largest(self._error))
        if self._cancelling is not None and self.target != "mpmath":
            self._warn_of_digits(rhs)
        return rhs

    @cached_property
    def _cancelling(self) -> Vectorfield | None:
        """What parameters alone enter, where sums in it may cancel."""
        if self._make_error is not None:        # that form has a bound of its own
            return None
        part = cancelling(self.kernel or self.field.program)  # type: ignore[attr-defined]
        return load(part, "numpy") if part is not None else None

    def _warn_of_digits(self, rhs: Rhs) -> None:
        """Say so where what is written cancels more than the promise allows; of many rows, a few are looked at."""
        error = rhs.digits_lost(self._cancelling)
        if error > PROMISE:
            warn(f"`values` must leave the coefficients an error below {PROMISE:g}, but at these values sums "
                          f"in them cancel and leave {error:.1e}; write differences first, as in (a - b)*(a + b), or "
                          "take target=\"mpmath\".")

    @cached_property
    def hazards(self) -> frozenset[str]:
        """What may make coefficients infinite or not real; see `codegen.hazards`."""
        return hazards(self.kernel or self.field.program)  # type: ignore[attr-defined]

    @cached_property
    def _error(self) -> Vectorfield | None:
        """A bound of the error, relative to 1 + max|dy/dt|, as a function of the parameters, where the form has one."""
        return self._make_error() if self._make_error else None

    def _warn(self, error: float) -> None:
        """Say so where the form is not good enough."""
        if not error <= PROMISE:
            warn(f"`form` \"spectrum\" must have an error below {PROMISE:g}, but at these values its bound is "
                          f"{error:.1e}; use form=\"any\".")

    @cached_property
    def jacobian(self) -> Slope:
        """∂(rhs)/∂(states) as a function of (t, y, p), built on first use."""
        return self._make_jacobian()

    @cached_property
    def tangent(self) -> Tangent:
        """∂(rhs)/∂(states)·v as a function of (t, y, v, p), built on first use."""
        return self._make_tangent()

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        names = ", ".join(self.parameters) or "none"
        return f"<Compiled: {len(self.states)} states, parameters {names}, {self.target}>"


def _check_numbers(values: Mapping[Any, Any]) -> None:
    """Refuse functions and samples of signals: compiled code takes a signal as a number, its value at the time."""
    for key, value in values.items():
        if callable(value) or (isinstance(value, tuple) and any(hasattr(part, "__len__") for part in value)):
            raise InputTypeError(f"`values[{str(key)!r}]` must be a number, the value at one time, but is "
                                 f"{'a function' if callable(value) else 'times and samples'}; use q.solve, which "
                                 "follows a signal in time.")
