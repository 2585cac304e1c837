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
    calls={**{function: f"Math.{function}({{}})" for function in FUNCTIONS}, "erf": "erf({})",
           "heaviside": "(0.5 + 0.5*Math.sign({}))", "min": "Math.min({}, {})", "max": "Math.max({}, {})",
           "choose": "choose({}, {}, {})", "pi": "Math.PI"},
    constant=float_literal,
    power=lambda base, n: Formula(f"Math.pow({base.text}, {n})"),       # -a**b is a syntax error
)

# What Math has not; the series of erf has positive terms alone, so that nothing cancels.
_HELPERS = {
    "choose": ["const choose = (c, a, b) => (c > 0 ? a : b);"],
    "erf": ["function erf(x) {", "  const a = Math.abs(x);", "  if (!(a < 6)) return Math.sign(x);",
            "  let term = a, sum = a;",
            "  for (let n = 3; term > 1e-17*sum; n += 2) {", "    term *= 2*a*a/n;", "    sum += term;", "  }",
            "  return Math.sign(x)*2/Math.sqrt(Math.PI)*Math.exp(-a*a)*sum;", "}"],
}


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
    text = [*(f"// {line}" for line in header(kernel)), '"use strict";', ""]
    for op in sorted({step.op for step in kernel.steps} & {*_HELPERS}):
        text += [*_HELPERS[op], ""]
    text += [f"function {function}(t, y, p) {{"]
    text += [f"  const {names[key]} = {key[0]}[{key[1:]}];" for key in used_inputs(kernel)]
    text += [f"  const {line.name} = {line.text};" for line in lines]
    text += ["  return [", *(f"    {formula}," for formula in outputs), "  ];", "}", ""]
    text += ['if (typeof module !== "undefined") {', f"  module.exports = {{ {function} }};", "}", ""]
    return "\n".join(text)
