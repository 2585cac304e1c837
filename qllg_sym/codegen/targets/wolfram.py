"""The Wolfram language: one function of one state, for Mathematica and Mathics."""

from fractions import Fraction

from qllg_sym.codegen.infix import (
    ATOM,
    POWER,
    Dialect,
    Formula,
    float_literal,
    function_name,
    header,
    program,
    used_inputs,
)
from qllg_sym.codegen.kernel import FUNCTIONS, Kernel

SUFFIX = ".wl"
PER_LINE = 12           # local names


def _constant(value: Fraction) -> str:
    """A number in machine precision, with the exponent after *^."""
    return float_literal(value).replace("e+", "*^").replace("e", "*^")


# A name with an underscore is a pattern: inputs are y0, y1, …, p0, p1, ….
_DIALECT = Dialect(
    calls={**{function: f"{function.capitalize()}[{{}}]" for function in FUNCTIONS}, "atan": "ArcTan[{}]",
           "heaviside": "(0.5 + 0.5*Sign[{}])", "min": "Min[{}, {}]", "max": "Max[{}, {}]",
           "choose": "If[{} > 0, {}, {}]", "pi": "N[Pi]"},
    constant=_constant,
    power=lambda base, n: Formula(f"{base.within(ATOM)}^({n})", POWER),
    names=lambda kernel: {key: key for key in ("t", *kernel.inputs[1:])},
)


def emit(kernel: Kernel) -> str:
    """Print a kernel as a function of the Wolfram language; it takes y and p as lists, which count from 1.

    Raises:
        CodegenError: a constant does not fit into a double.

    Example:
        >>> print(emit(Kernel("rest", (), (), (), ())).splitlines()[3])
        qllgrest[t_, y_, p_] := Module[{
    """
    lines, outputs = program(kernel, _DIALECT)
    used, function = used_inputs(kernel), function_name(kernel).replace("_", "")
    local = [*used, *(line.name for line in lines), f"dy = Table[0, {{{len(outputs)}}}]"]
    text = [*(f"(* {line} *)" for line in header(kernel)), "(* Lists count from 1 here: y[k] is y[[k + 1]]. *)"]
    listed = [", ".join(local[k:k + PER_LINE]) for k in range(0, len(local), PER_LINE)]
    text += [f"{function}[t_, y_, p_] := Module[{{", *(f"    {line}," for line in listed[:-1]), f"    {listed[-1]}}},"]
    text += [f"  {key} = {key[0]}[[{int(key[1:]) + 1}]];" for key in used]
    text += [f"  {line.name} = {line.text};" for line in lines]
    text += [f"  dy[[{row}]] = {formula};" for row, formula in enumerate(outputs, 1)]
    return "\n".join([*text, "  dy", "]", ""])
