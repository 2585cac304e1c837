"""A newcomer's target that is only printed: a Julia function of one state, counting from 1."""

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

SUFFIX = ".jl"

_DIALECT = Dialect(
    calls={**{function: f"{function}({{}})" for function in FUNCTIONS}, "min": "min({}, {})", "max": "max({}, {})",
           "choose": "ifelse({} > 0, {}, {})", "pi": "pi"},
    constant=float_literal,
    power=lambda base, n: Formula(f"{base.within(ATOM)}^({float(n)!r})", POWER),
)


def emit(kernel: Kernel) -> str:
    """Print a kernel as a Julia function; y and p are vectors.

    >>> print(emit(Kernel("rest", (), (), (), ())).splitlines()[2])
    function qllg_rest(t, y, p)
    """
    lines, outputs = program(kernel, _DIALECT)
    names = local_names(kernel)
    text = [*(f"# {line}" for line in header(kernel)), f"function {function_name(kernel)}(t, y, p)"]
    text += [f"    {names[key]} = {key[0]}[{int(key[1:]) + 1}]" for key in used_inputs(kernel)]
    text += [f"    {line.name} = {line.text}" for line in lines]
    text += ["    return [", *(f"        {formula}," for formula in outputs), "    ]", "end", ""]
    return "\n".join(text)
