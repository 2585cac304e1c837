"""JAX: a pure function of one state for jit, grad and vmap; it needs jax_enable_x64 to be on for doubles."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

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
from qllg_sym.codegen.targets.numpy import imports
from qllg_sym.errors import CodegenError, InputError

SUFFIX = ".py"

_DIALECT = Dialect(
    calls={**{function: f"jnp.{function}({{}})" for function in FUNCTIONS}, "atan": "jnp.arctan({})", "erf": "erf({})",
           "heaviside": "jnp.heaviside({}, 0.5)", "min": "jnp.minimum({}, {})", "max": "jnp.maximum({}, {})",
           "choose": "jnp.where({} > 0, {}, {})", "pi": "jnp.pi"},
    constant=float_literal,
    power=lambda base, n: Formula(f"{base.within(ATOM)}**({n})", POWER),
)


def emit(kernel: Kernel) -> str:
    """Print a kernel as a Python module for JAX; its function takes y (n,) and p (k,) and returns an array.

    Raises:
        CodegenError: a constant does not fit into a double.

    Example:
        >>> print(emit(Kernel("rest", (), (), (), ())).splitlines()[4])
        import jax.numpy as jnp
    """
    lines, outputs = program(kernel, _DIALECT)
    names = local_names(kernel)
    text = [*(f"# {line}" for line in header(kernel)), '# Doubles: jax.config.update("jax_enable_x64", True) first.']
    text += ["", "import jax.numpy as jnp", *imports(kernel, "jax.scipy.special"), "", ""]
    text += [f"def {function_name(kernel)}(t, y, p):"]
    text += [f"    {names[key]} = {key[0]}[{key[1:]}]" for key in used_inputs(kernel)]
    text += [f"    {line.name} = {line.text}" for line in lines]
    text += ["    return jnp.array([", *(f"        {formula}," for formula in outputs), "    ])", ""]
    return "\n".join(text)


def traced(kernel: Kernel) -> Callable[[Any, Any, Any], Any]:
    """Return f(t, y, p) as JAX traces it, in doubles: JAX is told to have them, for the whole process.

    The function refuses a y that is not (n,): JAX reads the last entry in place of those beyond it.

    Raises:
        CodegenError: JAX is not installed.
    """
    try:
        import_module("jax").config.update("jax_enable_x64", True)
    except ImportError:
        raise CodegenError("`target` \"jax\" must have JAX, but it is not installed; run "
                           "`pip install qllg-sym[languages]`.") from None
    scope: dict[str, Any] = {}
    # The text is our own: the names in it are made by `local_names`, and no user's string is outside a comment.
    exec(compile(emit(kernel), f"<{function_name(kernel)}>", "exec"), scope)
    printed, array, n = scope[function_name(kernel)], scope["jnp"].asarray, len(kernel.states)

    def function(t: Any, y: Any, p: Any) -> Any:
        y = array(y, dtype=float)
        if y.shape != (n,):
            raise InputError(f"`y` must have shape ({n},), but has {y.shape}; map over rows with jax.vmap.")
        return printed(t, y, [array(number, dtype=float) for number in p])

    return function
