"""Right-hand sides with numbers bound to their parameters, ready for integrators."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.errors import InputError, InputTypeError

Array = NDArray[Any]


class Vectorfield(Protocol):
    """What can be bound: a loaded kernel (`build.Function`) or a matrix form (`matrix.MatrixFunction`)."""

    target: str

    def __call__(self, t: float, y: ArrayLike, p: ArrayLike) -> Array:
        """Outputs (n,) for one state (n,) and parameters (k,)."""
        ...

    def batch(self, t: float, Y: ArrayLike, P: ArrayLike) -> Array:
        """Outputs (n, m) for states (n, m) and parameters (k,) or (k, m)."""
        ...


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
    """

    def __init__(self, field: Vectorfield, states: Sequence[str], parameters: Sequence[str],
                 jacobian: "Callable[[], Slope]") -> None:
        self.field, self.states, self.parameters = field, tuple(states), tuple(parameters)
        self._jacobian = jacobian

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
            InputError: an unknown, missing or repeated name, a value that is not finite, arrays of different lengths.
        """
        checked = checked_values(self.parameters, values, names)
        if self.target == "mpmath":             # there a double would cut off the digits that were given
            checked |= {str(key): value for source in (values or {}, names) for key, value in source.items()}
        return Rhs(self, checked)

    def jacobian(self) -> "Slope":
        """Return ∂(rhs)/∂(states) as a function of (t, y, p), built on first use."""
        if not hasattr(self, "_built"):
            self._built = self._jacobian()
        return self._built

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

    @property
    def states(self) -> tuple[str, ...]:
        """Names of the states, in the order of y."""
        return self.compiled.states

    def __call__(self, t: float, y: ArrayLike) -> Array:
        """Return a fresh dy/dt, (n,), for a state y, (n,), of any strides.

        Raises:
            InputError: a wrong length, or parameters bound to arrays.
        """
        self._need_scalars()
        return self.compiled.field(t, y, self._p)

    def jac(self, t: float, y: ArrayLike) -> Array:
        """Return ∂(dy/dt)/∂y, (n, n), at a state y, (n,), analytically.

        Raises:
            InputError: a wrong length, or parameters bound to arrays.
        """
        self._need_scalars()
        state = real_numbers("y", y)
        if state.shape != (len(self.states),):
            raise InputError(f"`y` must have shape ({len(self.states)},), but has {state.shape}; order it as .states.")
        return self.compiled.jacobian()(_time(t), state, self._p)

    def batch(self, Y: ArrayLike, t: float = 0.0) -> Array:
        """Return dy/dt of many states at once: (n, m) -> (n, m), one state of m components a row.

        Raises:
            InputError: a wrong shape, or another number of rows than the bound arrays have.
        """
        states = real_numbers("Y", Y)
        if states.ndim != 2 or states.shape[1] != len(self.states) or self.rows not in (None, len(states)):
            rows = "n" if self.rows is None else self.rows
            raise InputError(f"`Y` must have shape ({rows}, {len(self.states)}), but has {states.shape}; "
                             "one state a row.")
        return np.ascontiguousarray(self.compiled.field.batch(_time(t), np.ascontiguousarray(states.T), self._p).T)

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


Slope = Callable[[float, Array, Array], Array]
Places = Sequence[tuple[str, int, int]]         # (matrix, row, column) of each output


def real_numbers(argument: str, values: ArrayLike) -> Array:
    """Return an array of doubles.

    Raises:
        InputError: an entry that is not a real number.

    >>> real_numbers("y", [1, 2])
    array([1., 2.])
    """
    array = real_array(values)
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


def implicit_jacobian(entries: Vectorfield, rhs: Vectorfield, size: int, places: Places) -> Slope:
    """Return (t, y, p) ↦ −M⁻¹ R from a function of (y, ẏ) whose outputs are entries of M ("m") and R ("r").

    Args:
        entries: outputs in the order of `places`; its states are y, then ẏ.
        rhs: ẏ as a function of (t, y, p).
        size: n.
        places: (matrix, row, column) of each output.
    """
    def jacobian(t: float, y: Array, p: Array) -> Array:
        """Return −M⁻¹ R."""
        values = entries(t, np.concatenate([y, np.asarray(rhs(t, y, p), dtype=float)]), p)
        matrices = _scatter(values, places, size)
        return -np.linalg.solve(matrices["m"], matrices["r"])

    return jacobian


def explicit_jacobian(entries: Vectorfield, torque: Vectorfield, size: int, places: Places) -> Slope:
    """Return (t, y, p) ↦ Y + V T for ẏ = f(y, τ(y)): Y = ∂f/∂y ("y"), V = ∂f/∂τ ("v"), T = ∂τ/∂y ("t").

    Args:
        entries: outputs in the order of `places`; its states are y, then τ.
        torque: τ as a function of (t, (y, anything), p).
        size: n.
        places: (matrix, row, column) of each output.
    """
    def jacobian(t: float, y: Array, p: Array) -> Array:
        """Return Y + V T."""
        tau = np.asarray(torque(t, np.concatenate([y, np.zeros(size)]), p), dtype=float)
        matrices = _scatter(entries(t, np.concatenate([y, tau]), p), places, size)
        return np.asarray(matrices["y"] + matrices["v"] @ matrices["t"])

    return jacobian


def _scatter(values: Array, places: Places, size: int) -> dict[str, Array]:
    """Return the entries put into (n, n) matrices by name."""
    matrices = {name: np.zeros((size, size)) for name, _, _ in places}
    for value, (name, row, column) in zip(np.asarray(values, dtype=float), places, strict=True):
        matrices[name][row, column] = value
    return matrices
