"""JavaScript: one function of one state, for pages and for Node."""

from qllg_sym.codegen.infix import (
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

SUFFIX = ".js"

_DIALECT = Dialect(
    calls={**{function: f"Math.{function}({{}})" for function in FUNCTIONS}, "pi": "Math.PI"},
    constant=float_literal,
    power=lambda base, n: Formula(f"Math.pow({base.text}, {n})"),       # -a**b is a syntax error
)


def emit(kernel: Kernel) -> str:
    """Print a kernel as a JavaScript function; it takes y and p as arrays and returns an array.

    Raises:
        CodegenError: a constant does not fit into a double.

    Example:
        >>> print(emit(Kernel("rest", (), (), (), ())).splitlines()[2])
        "use strict";
    """
    lines, outputs = program(kernel, _DIALECT)
    names, function = local_names(kernel), function_name(kernel)
    text = [*(f"// {line}" for line in header(kernel)), '"use strict";', "", f"function {function}(t, y, p) {{"]
    text += [f"  const {names[key]} = {key[0]}[{key[1:]}];" for key in used_inputs(kernel)]
    text += [f"  const {line.name} = {line.text};" for line in lines]
    text += ["  return [", *(f"    {formula}," for formula in outputs), "  ];", "}", ""]
    text += ['if (typeof module !== "undefined") {', f"  module.exports = {{ {function} }};", "}", ""]
    return "\n".join(text)
