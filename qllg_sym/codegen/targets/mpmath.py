"""mpmath: any number of digits; the printed module is for readers, `load` evaluates the kernel itself."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qllg_sym.codegen.infix import (
    ATOM,
    POWER,
    Dialect,
    Formula,
    function_name,
    header,
    local_names,
    program,
    used_inputs,
)
from qllg_sym.codegen.kernel import FUNCTIONS, Kernel
from qllg_sym.codegen.targets import Routines

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUFFIX = ".py"

DIGITS = 30


def _constant(value: Fraction) -> str:
    """An exact constant as mpmath code."""
    return f"mpf({value.numerator})" if value.denominator == 1 else f"(mpf({value.numerator})/{value.denominator})"


_DIALECT = Dialect(
    calls={**{function: f"mpmath.{function}({{}})" for function in FUNCTIONS}, "abs": "abs({})",
           "heaviside": "((1 + mpmath.sign({}))/2)", "min": "min({}, {})", "max": "max({}, {})",
           "choose": "({1} if {0} > 0 else {2})", "pi": "(+mpmath.pi)"},
    constant=_constant,
    power=lambda base, n: Formula(f"{base.within(ATOM)}**({n})", POWER),
)


def emit(kernel: Kernel) -> str:
    """Print a kernel as a Python module; its function computes in mpmath's working precision.

    Example:
        >>> print(emit(Kernel("rest", (), (), (), ())).splitlines()[3])
        import mpmath
    """
    lines, outputs = program(kernel, _DIALECT)
    names, used = local_names(kernel), used_inputs(kernel)
    text = [*(f"# {line}" for line in header(kernel)), "", "import mpmath", "from mpmath import mpf", "", ""]
    text += [
        f"def {function_name(kernel)}(t, y, p):",
        *(f"    {names[key]} = mpf({key[0]}[{key[1:]}])" for key in used),
        *(f"    {line.name} = {line.text}" for line in lines),
        "    return [",
        *(f"        {formula}," for formula in outputs),
        "    ]",
        "",
    ]
    return "\n".join(text)


def load(kernel: Kernel, digits: int | None) -> Routines:
    """Make a kernel callable at `digits` decimal digits (default 30); the results are object arrays of mpf."""
    import numpy as np

    inputs = ("t", *kernel.states, *kernel.parameters)

    def call_single(t: Any, y: "NDArray[Any]", p: "NDArray[Any]") -> "NDArray[Any]":
        """One state."""
        values = dict(zip(inputs, (t, *y, *p), strict=True))
        result = np.empty(len(kernel.outputs), dtype=object)
        result[:] = list(kernel.evaluate(values, digits or DIGITS).values())
        return result

    def call_batch(t: Any, y: "NDArray[Any]", p: "NDArray[Any]") -> "NDArray[Any]":
        """States in columns, one after another."""
        columns = range(y.shape[1])
        result = np.empty((len(kernel.outputs), y.shape[1]), dtype=object)
        for i in columns:
            result[:, i] = call_single(t, y[:, i], p[:, i] if p.ndim == 2 else p)
        return result

    return Routines(call_single, call_batch, np.dtype(object))
