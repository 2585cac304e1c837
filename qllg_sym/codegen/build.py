"""From a kernel to a callable function: optimise, emit, compile or fall back, check what comes in."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.codegen import compiler, targets
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.passes import optimise
from qllg_sym.errors import CodegenError, InputError, warn
from qllg_sym.memo import kept

Array = NDArray[Any]


class Function:
    """A loaded kernel.

    Attributes:
        kernel: what it computes, after the passes.
        target: name of the language it runs in.
        address: machine address of the function for one state (C only, else None).
    """

    def __init__(self, kernel: Kernel, target: targets.Target, routines: targets.Routines, digits: int | None) -> None:
        """Wrap what a target loaded."""
        self.kernel = kernel
        self.target = target.name
        self.address = routines.address
        self._emit = target.emit
        self._routines = routines
        self._digits = digits
        self._states, self._parameters = len(kernel.states), len(kernel.parameters)

    @cached_property
    def source(self) -> str:
        """The generated text."""
        return self._emit(self.kernel)

    @property
    def batch_address(self) -> int | None:
        """Machine address of the function for a batch (C only, else None), which is compiled when it is first used.

        Raises:
            CodegenError: the compiler fails at it.
        """
        ask = self._routines.batch_address
        return None if ask is None else ask()

    def __repr__(self) -> str:
        """What it is, in one line."""
        kernel = self.kernel
        return f"<Function {kernel.name!r}: {self._states} states, {kernel.operations} operations, {self.target}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild instead of copying machine code, so that functions can be sent to other processes."""
        return load, (self.kernel, self.target, self._digits)

    def __call__(self, t: float, y: ArrayLike, p: ArrayLike) -> Array:
        """The outputs for one state.

        Args:
            t: time.
            y: states, (n,), any strides and any real type.
            p: parameters, (k,).

        Returns:
            The outputs, (n_outputs,), a fresh array (mpf entries for target "mpmath").

        Raises:
            InputError: a length is wrong or an entry is not real.
        """
        y, p = self._array("y", y), self._array("p", p)
        if y.shape != (self._states,) or p.shape != (self._parameters,):
            raise InputError(_wrong_shape(f"({self._states},)", y, f"({self._parameters},)", p))
        return self._routines.single(self._time(t), y, p)

    def batch(self, t: float, Y: ArrayLike, P: ArrayLike) -> Array:
        """The outputs for m states at once, in columns.

        Args:
            t: time.
            Y: states, (n, m).
            P: parameters, (k,) for all columns or (k, m).

        Returns:
            The outputs, (n_outputs, m); each column is bit for bit what a call on it alone gives.

        Raises:
            InputError: a shape is wrong or an entry is not real.
            CodegenError: C compiles the function for a batch when it is first called, and fails at it.
        """
        y, p = self._array("Y", Y), self._array("P", P)
        columns = y.shape[1:]
        allowed = ((self._parameters,), (self._parameters, *columns))
        if y.ndim != 2 or len(y) != self._states or p.shape not in allowed:
            raise InputError(
                _wrong_shape(f"({self._states}, m)", y, f"({self._parameters},) or ({self._parameters}, m)", p)
            )
        return self._routines.batch(self._time(t), y, p)

    def rows(self, t: float, Y: ArrayLike, P: ArrayLike) -> Array:
        """The outputs for m states that lie row by row; the same bits as from `batch`.

        Args:
            t: time.
            Y: states, (m, n).
            P: parameters, (k,) for all rows or (k, m).

        Returns:
            The outputs, (m, n_outputs), row by row.

        Raises:
            InputError: a shape is wrong or an entry is not real.
        """
        routine = self._routines.rows
        if routine is None:
            return np.ascontiguousarray(self.batch(t, np.asarray(Y).T, P).T)
        y, p = self._array("Y", Y), self._array("P", P)
        m = y.shape[:1]
        if y.ndim != 2 or y.shape[1] != self._states or p.shape not in ((self._parameters,), (self._parameters, *m)):
            raise InputError(
                _wrong_shape(f"(m, {self._states})", y, f"({self._parameters},) or ({self._parameters}, m)", p)
            )
        return routine(self._time(t), y, p)

    def _array(self, name: str, values: ArrayLike) -> Array:
        """The values as an aligned C-contiguous array of the target's type."""
        dtype = self._routines.dtype
        if type(values) is np.ndarray and values.dtype == dtype and values.flags.c_contiguous and values.flags.aligned:
            return values
        try:
            if is_masked(values):
                raise TypeError("masked")
            array = np.asarray(values)
            # Among objects, None and text would otherwise become numbers.
            if array.dtype.kind in "biuf" or (array.dtype.kind == "O" and all(map(_is_number, array.flat))):
                return np.require(array, dtype, ["C", "A"])
        except (TypeError, ValueError, OverflowError):
            pass
        raise InputError(f"`{name}` must be an array of real numbers, but is {_short(values)}; give real entries.")

    def _time(self, t: Any) -> Any:
        """The time as the target takes it."""
        if self._routines.dtype == object:
            return t
        try:
            return float(t)
        except (TypeError, ValueError, OverflowError):
            raise InputError(f"`t` must be a real number, but is {_short(t)}; give a number such as 0.0.") from None


def load(kernel: Kernel, target: str = "auto", digits: int | None = None) -> Function:
    """Make a kernel callable.

    1 Kernel -> Kernel (`optimise`), 2 Kernel -> text (`Target.emit`), 3 text -> routines (`Target.load`).

    Args:
        kernel: the program.
        target: "c", "numpy", "mpmath", or "auto": C, and NumPy with a warning where no compiler works.
        digits: decimal digits of the results, for "mpmath" alone (default 30).

    Raises:
        CodegenError: "c" without a working compiler, or a target that is only printed.
        InputError: an unknown target, or `digits` for a target that has the digits of a double.

    Example:
        >>> from qllg_sym.codegen.builder import Builder
        >>> b = Builder("decay", ["n"], ["rate"])
        >>> decay = load(b.kernel({"n": b.neg(b.mul(b.parameter(0), b.state(0)))}), "numpy")
        >>> decay(0.0, [2.0], [0.25])
        array([-0.5])
    """
    check_target(target, digits)
    kernel = optimise(kernel)
    if target != "auto":
        return _loaded(kernel, target, digits)
    try:
        return _loaded(kernel, "c", None)
    except CodegenError as error:
        warn(f"NumPy is used in place of compiled C, which is slower: {error}")
        return _loaded(kernel, "numpy", None)


def check_target(target: str, digits: int | None) -> None:
    """Refuse a target that there is not, or is only printed, and digits that it cannot give.

    Raises:
        CodegenError: a target that is only printed.
        InputError: an unknown target; digits that are no positive integer, or for a target that has those of a double.

    Example:
        >>> check_target("mpmath", 50)
    """
    if target != "auto" and targets.find(target).load is None:
        raise CodegenError(f"`target` must be one that can run here, {', '.join(targets.loadable())} or auto, but "
                           f"{target!r} is only printed; print it with `qllg generate --target {target}`.")
    if digits is None:
        return
    if target != "mpmath":
        raise InputError(f"`digits` must be left out for target {target!r}, but is {digits!r}; use target='mpmath'.")
    if not isinstance(digits, int) or isinstance(digits, bool) or digits < 1:
        raise InputError(f"`digits` must be a positive integer, but is {digits!r}; give 50.")


def _loaded(kernel: Kernel, name: str, digits: int | None) -> Function:
    """An optimised kernel in one target; loaded once, unless the compiler is another one now."""
    return _loaded_by(kernel, name, digits, compiler.find() if name == "c" else None)


@kept
def _loaded_by(kernel: Kernel, name: str, digits: int | None, _: compiler.Compiler | None) -> Function:
    """An optimised kernel in one target, through the compiler that works now."""
    target = targets.find(name)
    assert target.load is not None      # which `check_target` refuses in a sentence
    return Function(kernel, target, target.load(kernel, digits), digits)


def _wrong_shape(y_shape: str, y: Array, p_shape: str, p: Array) -> str:
    """Both shapes asked for and given."""
    wanted = f"{y_shape} for the states and {p_shape} for the parameters"
    return f"The arrays must have the shapes {wanted}, but have {y.shape} and {p.shape}; give those."


def is_masked(values: Any) -> bool:
    """Whether an array has masked entries, which NumPy would turn into the numbers behind the mask.

    Example:
        >>> is_masked(np.ma.masked_less([1, 2], 2)), is_masked(np.ma.masked_less([1, 2], 0)), is_masked([1])
        (True, False, False)
    """
    return isinstance(values, np.ma.MaskedArray) and bool(np.ma.is_masked(values))


def _is_number(entry: Any) -> bool:
    """Whether an object converts to a float as a number does."""
    return hasattr(entry, "__float__") and not isinstance(entry, np.ndarray)


def _short(value: Any) -> str:
    """The start of a value's repr, for a message."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
