"""Right-hand sides with numbers bound to their parameters, ready for integrators."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qllg_sym.codegen.build import is_masked, load
from qllg_sym.codegen.derivatives import Array, Slope, Tangent, Vectorfield
from qllg_sym.codegen.hazards import PARAMETERS, TIME, cancelling, hazards, lost_digits
from qllg_sym.codegen.kernel import PROMISE
from qllg_sym.errors import CodegenError, InputError, InputTypeError, warn

LAYOUTS = ("rows", "columns")
LOOKED = 8              # rows of parameters whose coefficients are compared with exact ones


def checked_values(names: Sequence[str], *sources: Mapping[Any, Any] | None,
                   argument: str = "values") -> dict[str, Any]:
    """Return {name: float or array} for exactly the given names, from mappings keyed by name or Symbol.

    Args:
        names: what must have a value.
        *sources: mappings, or None; together they give each name once.
        argument: the name used in error messages.

    Raises:
        InputError: a name that is unknown, missing or given twice, or a value that is not finite.
        InputTypeError: a value that is not a number, or values that are no mapping.

    >>> checked_values(["J"], {"J": 1})
    {'J': 1.0}
    """
    found: dict[str, Any] = {}
    for source in sources:
        if not isinstance(source, Mapping | None):
            raise InputTypeError(f"`{argument}` must map names or Symbols to numbers, but is of type "
                                 f"{type(source).__name__}; write {argument}={{\"J\": 1.0}}.")
        for key, value in (source or {}).items():
            name = str(key)
            if name not in names:
                raise InputError(f"`{argument}` must name parameters, but has {name!r}; the parameters are "
                                 f"{', '.join(names) or 'none'}.")
            if name in found:
                raise InputError(f"`{argument}` must give {name!r} once, but gives it twice; drop one.")
            found[name] = _number(name, value, argument)
    missing = [name for name in names if name not in found]
    if missing:
        raise InputError(f"`{argument}` must give every parameter a number, but {missing[0]!r} is unbound; "
                         f"add {argument}={{{missing[0]!r}: 1.0}}.")
    return found


def _number(name: str, value: Any, argument: str) -> Any:
    """Return a finite float, or a one-dimensional array of them."""
    if type(value) in (int, float) and -1e300 < value < 1e300:          # most often; the long way takes 6 µs
        return float(value)
    array = real_array(value)
    if array is None or array.ndim > 1:
        raise InputTypeError(f"`{argument}[{name!r}]` must be a real number, but is {value!r}; "
                             "give a number such as 0.5.")
    if not np.all(np.isfinite(array)):
        shown = array if array.ndim == 0 else "an array with NaN or infinity"
        raise InputError(f"`{argument}[{name!r}]` must be finite, but is {shown}; give a finite number.")
    return float(array) if array.ndim == 0 else array


def real_array(values: Any) -> Array | None:
    """Return real numbers as an array of doubles, infinite where they are too large; None for anything else.

    >>> real_array([1, 0.5]), real_array("1"), real_array(1j), real_array(10**400)
    (array([1. , 0.5]), None, None, array(inf))
    """
    try:
        if is_masked(values):
            return None
        array = np.asarray(values)
        if array.dtype.kind in "iuf":
            return array.astype(float)
        if array.dtype.kind != "O" or any(entry is None or isinstance(entry, str | bool) for entry in array.flat):
            return None
        return np.array([_double(entry) for entry in array.flat]).reshape(array.shape)
    except (TypeError, ValueError):
        return None


def _double(number: Any) -> float:
    """Return a number as a double, infinite where it is too large."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


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

    def bind(self, values: Mapping[Any, Any] | None = None, /, **names: Any) -> "Rhs":
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

    def _warn_of_digits(self, rhs: "Rhs") -> None:
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


class Rhs:
    """dy/dt = rhs(t, y) with numbers bound; runs in every method of `scipy.integrate.solve_ivp`.

    It never judges whether y is a physical state.
    """

    def __init__(self, compiled: Compiled, values: Mapping[str, Any]) -> None:
        self.compiled, self.values = compiled, dict(values)
        rows = {len(v) for v in self.values.values() if isinstance(v, np.ndarray)}
        if len(rows) > 1:
            raise InputError(f"`values` must hold arrays of one length, but the lengths are {sorted(rows)}; "
                             "give one value a row.")
        self.rows = rows.pop() if rows else None
        ordered = [self.values[name] for name in compiled.parameters]
        dtype = object if compiled.target == "mpmath" else float
        self._p = np.array(np.broadcast_arrays(*ordered) if self.rows is not None else ordered, dtype=dtype)
        self._timed = dtype is float and TIME in compiled.hazards
        if dtype is float and compiled.hazards == {PARAMETERS} and not self._is_finite(0.0):
            raise InputError("`values` must make every coefficient real and finite, but at these values one is not: "
                             f"{self!r}; change them.")

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states, in the order of y."""
        return self.compiled.states

    def largest(self, function: Vectorfield) -> float:
        """Return the largest value of a function of the parameters alone; NaN where there is one."""
        columns = self._p.reshape(len(self._p), -1).astype(float)
        return float(np.max(function.batch(0.0, np.empty((0, columns.shape[1])), columns), initial=0.0))

    def digits_lost(self, function: Any) -> float:
        """Return the error of a part of the program that parameters alone enter, in up to `LOOKED` rows."""
        columns = self._p.reshape(len(self._p), self.rows or 1)
        worst = 0.0
        for column in columns.T[np.unique(np.linspace(0, columns.shape[1] - 1, LOOKED).astype(int))]:
            part, values = function.kernel, dict(zip(function.kernel.parameters, column.tolist(), strict=True))
            found = dict(zip((name for name, _ in part.outputs), function(0.0, np.empty(0), column), strict=True))
            worst = max(worst, lost_digits(part, found, values))
        return worst

    def __call__(self, t: float, y: ArrayLike) -> Array:
        """Return a fresh dy/dt, (n,), for a state y, (n,), of any strides.

        Raises:
            InputError: a wrong length, parameters bound to arrays, or a time at which a coefficient is not finite.
        """
        self._need_scalars()
        found = self.compiled.field(t, y, self._p)
        return self._judged(found, t, y) if self._timed else found

    def _is_finite(self, t: float) -> bool:
        """Return whether every coefficient is real and finite at a time: at y = 0 nothing else can fail."""
        field, size = self.compiled.field, len(self.states)
        one = self.rows is None             # in C the function for a batch would be compiled for that
        found = field(t, np.zeros(size), self._p) if one else field.batch(t, np.zeros((size, self.rows)), self._p)
        return bool(np.isfinite(found).all())

    def _judged(self, found: Array, t: float, y: ArrayLike) -> Array:
        """Return a right-hand side; what is not finite is refused where time is to blame, and not the state."""
        if not np.isfinite(found).all() and np.isfinite(real_numbers("y", y)).all() and not self._is_finite(_time(t)):
            raise InputError("`t` must be a time at which every coefficient is real and finite, but at "
                             f"t = {_time(t):g} one is not; keep to times at which they are.")
        return found

    def jac(self, t: float, y: ArrayLike) -> Array:
        """Return ∂(dy/dt)/∂y, (n, n), at a state y, (n,), analytically.

        Raises:
            InputError: a wrong length, or parameters bound to arrays.
        """
        self._need_scalars()
        return self.compiled.jacobian(_time(t), self._vector("y", y), self._p)

    def jvp(self, t: float, y: ArrayLike, v: ArrayLike) -> Array:
        """Return ∂(dy/dt)/∂y · v, (n,), at a state y, (n,), along a direction v, (n,), without the matrix.

        It is analytic, runs where the right-hand side runs, and costs two to four of its evaluations. It is compiled on
        first use. The target "mpmath" takes and gives its own numbers.

        Raises:
            InputError: a wrong length, entries that are not real, or parameters bound to arrays.

        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
        >>> rhs = QuantumLLG(0).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli().compile("numpy").bind()
        >>> rhs.jvp(0.0, [0.0, 0.0, 0.5], [1.0, 0.0, 0.0])
        array([ 0., -1.,  0.])
        """
        self._need_scalars()
        state, direction = self._vector("y", y), self._vector("v", v)
        exact = self.compiled.target == "mpmath"        # there doubles would cut off the digits that were given
        chosen = (np.asarray(y, dtype=object), np.asarray(v, dtype=object)) if exact else (state, direction)
        return self.compiled.tangent(t if exact else _time(t), *chosen, self._p)

    def batch(self, Y: ArrayLike, t: float = 0.0, layout: str = "rows") -> Array:
        """Return dy/dt of many states at once, in the layout of `Y`; an array of doubles that fits is not copied.

        Args:
            Y: (n, m), one state of m components a row; (m, n) for layout "columns".
            t: time.
            layout: "rows", or "columns": component-major, one state a column, as the compiled code runs. An array of
                rows that is Fortran-contiguous is that already, and is taken and given as it is.

        Returns:
            An array of the shape of `Y`; its numbers do not depend on the layout.

        Raises:
            InputError: a wrong shape, an unknown layout, or another number of states than the bound arrays have.

        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
        >>> rhs = QuantumLLG(0).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli().compile("numpy").bind()
        >>> states = np.array([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0]])
        >>> bool((rhs.batch(states.T, layout="columns") == rhs.batch(states).T).all())
        True
        """
        if layout not in LAYOUTS:
            raise InputError(f"`layout` must be one of {', '.join(LAYOUTS)}, but is {layout!r}; choose one of them.")
        states, columns = real_numbers("Y", Y), layout == "columns"
        count = "n" if self.rows is None else self.rows
        if states.ndim != 2 or states.shape[1 - columns] != len(self.states) \
                or self.rows not in (None, states.shape[columns]):
            wanted = f"({len(self.states)}, {count})" if columns else f"({count}, {len(self.states)})"
            raise InputError(f"`Y` must have shape {wanted}, but has {states.shape}; "
                             f"one state a {'column' if columns else 'row'}.")
        field, time = self.compiled.field, _time(t)
        if columns:
            found = field.batch(time, states, self._p)
        elif states.flags.f_contiguous and not states.flags.c_contiguous:
            found = field.batch(time, states.T, self._p).T
        else:
            found = field.rows(time, states, self._p)
        return self._judged(found, time, states) if self._timed else found

    def _vector(self, argument: str, values: ArrayLike) -> Array:
        """Return one number a state."""
        vector = real_numbers(argument, values)
        if vector.shape != (len(self.states),):
            raise InputError(f"`{argument}` must have shape ({len(self.states)},), but has {vector.shape}; "
                             "order it as .states.")
        return vector

    def _need_scalars(self) -> None:
        """Refuse parameters bound to arrays."""
        if self.rows is not None:
            raise InputError("`values` must be plain numbers for one state, but some are arrays; use `batch`.")

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        texts = (f"{v:g}" if isinstance(v, float) else "[…]" if isinstance(v, np.ndarray) else str(v)
                 for v in self.values.values())
        shown = ", ".join(f"{name}={text}" for name, text in zip(self.values, texts, strict=True))
        return f"<Rhs: {len(self.states)} states, {self.compiled.target}{', ' + shown if shown else ''}>"


def real_numbers(argument: str, values: ArrayLike) -> Array:
    """Return an array of doubles.

    Args:
        argument: the name used in error messages.
        values: taken as they are where they are an array of doubles, else copied.

    Raises:
        InputError: an entry that is not a real number.

    >>> real_numbers("y", [1, 2])
    array([1., 2.])
    """
    array = values if type(values) is np.ndarray and values.dtype == float else real_array(values)
    if array is None:
        raise InputError(f"`{argument}` must be an array of real numbers, but is of type {type(values).__name__} with "
                         "other entries; give real entries.")
    return array


def _time(t: Any) -> float:
    """Return a time as a float."""
    time = real_array(t)
    if time is None or time.ndim:
        raise InputError(f"`t` must be a real number, but is {t!r}; give a number such as 0.0.")
    return float(time)
