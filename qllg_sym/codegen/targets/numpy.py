"""NumPy: a Python module with one function, for single states and for columns of states alike."""

from typing import TYPE_CHECKING, Any

from qllg_sym.codegen.infix import (
    ATOM,
    POWER,
    Dialect,
    Formula,
    float_literal,
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

BLOCK = 1024  # columns computed at a time, so that the intermediate rows stay in the cache

_DIALECT = Dialect(
    calls={**{function: f"np.{function}({{}})" for function in FUNCTIONS}, "atan": "np.arctan({})", "erf": "erf({})",
           "heaviside": "np.heaviside({}, 0.5)", "min": "np.minimum({}, {})", "max": "np.maximum({}, {})",
           "choose": "np.where({} > 0, {}, {})", "pi": "np.pi"},
    constant=float_literal,
    power=lambda base, n: Formula(f"{base.within(ATOM)}**({float(n)!r})", POWER),
)


def imports(kernel: Kernel, library: str) -> list[str]:
    """Return the line that imports erf where a kernel has it."""
    return [f"from {library} import erf"] if any(step.op == "erf" for step in kernel.steps) else []


def emit(kernel: Kernel) -> str:
    """Print a kernel as a Python module; its function takes y (n,) or (n, m) and p (k,) or (k, m).

    Raises:
        CodegenError: a constant does not fit into a double.

    Example:
        >>> print(emit(Kernel("rest", (), (), (), ())).splitlines()[3])
        import numpy as np
    """
    lines, outputs = program(kernel, _DIALECT)
    names, used = local_names(kernel), used_inputs(kernel)
    text = [*(f"# {line}" for line in header(kernel)), ""]
    text += ["import numpy as np", *imports(kernel, "scipy.special"), "", ""]
    text += [
        f"def {function_name(kernel)}(t, y, p):",
        *(f"    {names[key]} = {key[0]}[{key[1:]}]" for key in used),
        *(f"    {line.name} = {line.text}" for line in lines),
        f"    dy = np.empty(({len(outputs)}, *np.shape(y)[1:]))",
        *(f"    dy[{row}] = {formula}" for row, formula in enumerate(outputs)),
        "    return dy",
        "",
    ]
    return "\n".join(text)


def load(kernel: Kernel, digits: int | None) -> Routines:
    """Make a kernel callable through NumPy."""
    import numpy as np

    scope: dict[str, Any] = {}
    # The text is our own: the names in it are made by `local_names`, and no user's string is outside a comment.
    exec(compile(emit(kernel), f"<{function_name(kernel)}>", "exec"), scope)
    function = scope[function_name(kernel)]

    def call_single(t: float, y: "NDArray[Any]", p: "NDArray[Any]") -> "NDArray[Any]":
        """One state; invalid numbers give nan or inf without a warning, as in C."""
        with np.errstate(all="ignore"):
            result: NDArray[Any] = function(np.float64(t), y, p)
        return result

    def call_batch(t: float, y: "NDArray[Any]", p: "NDArray[Any]") -> "NDArray[Any]":
        """States in columns, a block at a time."""
        if not y.shape[1]:
            return np.empty((len(kernel.outputs), 0))
        starts = range(0, y.shape[1], BLOCK)
        return np.concatenate(
            [call_single(t, y[:, s : s + BLOCK], p[..., s : s + BLOCK] if p.ndim == 2 else p) for s in starts], axis=1
        )

    return Routines(call_single, call_batch, np.dtype(float))
