"""A right-hand side with numbers bound to its parameters, as integrators call it."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from qllg_sym.codegen.derivatives import Array, Slope, Tangent, Vectorfield
from qllg_sym.codegen.hazards import PARAMETERS, TIME, lost_digits
from qllg_sym.codegen.values import real_array, real_numbers
from qllg_sym.errors import InputError

LAYOUTS = ("rows", "columns")
LOOKED = 8              # rows of parameters whose coefficients are compared with exact ones


class Bindable(Protocol):
    """What numbers are bound to; see `codegen.binding.Compiled`."""

    states: tuple[str, ...]
    parameters: tuple[str, ...]
    field: Vectorfield

    @property
    def target(self) -> str:
        """Where it runs."""

    @property
    def hazards(self) -> frozenset[str]:
        """What may make coefficients infinite or not real."""

    @property
    def jacobian(self) -> Slope:
        """∂(rhs)/∂(states) as a function of (t, y, p)."""

    @property
    def tangent(self) -> Tangent:
        """∂(rhs)/∂(states)·v as a function of (t, y, v, p)."""


class Rhs:
    """dy/dt = rhs(t, y) with numbers bound; runs in every method of `scipy.integrate.solve_ivp`.

    It never judges whether y is a physical state.
    """

    def __init__(self, compiled: Bindable, values: Mapping[str, Any]) -> None:
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


def _time(t: Any) -> float:
    """Return a time as a float."""
    time = real_array(t)
    if time is None or time.ndim:
        raise InputError(f"`t` must be a real number, but is {t!r}; give a number such as 0.0.")
    return float(time)
