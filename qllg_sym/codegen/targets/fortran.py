"""Fortran 2008: one subroutine of one state, callable from C too, for codes such as UppASD."""

from fractions import Fraction

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

SUFFIX = ".f90"
WIDTH = 98              # of the names that a line declares


def _constant(value: Fraction) -> str:
    """A double as Fortran writes it, with the exponent d."""
    text = float_literal(value)
    if text.startswith("("):
        return "(" + "/".join(f"{part}d0" if "e" not in part else part.replace("e", "d")
                              for part in text[1:-1].split("/")) + ")"
    return text.replace("e", "d") if "e" in text else f"{text}d0"


def _names(kernel: Kernel) -> dict[str, str]:
    """The local names; by number where two of them differ in the case of letters alone, which means nothing here."""
    found = local_names(kernel)
    distinct = len({name.lower() for name in found.values()}) == len(found)
    return found if distinct else {key: key for key in found}


def _joined(names: list[str]) -> list[str]:
    """Names by commas, in lines that are short enough."""
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) + 2 <= WIDTH:
            lines[-1] += f", {name}"
        else:
            lines.append(name)
    return lines


_SIGN = "merge(1d0, merge(-1d0, 0d0, {0} < 0d0), {0} > 0d0)"
_DIALECT = Dialect(
    calls={**{function: f"{function}({{}})" for function in FUNCTIONS}, "sign": _SIGN,
           "heaviside": f"(0.5d0 + 0.5d0*{_SIGN})", "min": "min({}, {})", "max": "max({}, {})",
           "choose": "merge({1}, {2}, {0} > 0d0)", "pi": "3.14159265358979324d0"},
    constant=_constant,
    power=lambda base, n: Formula(f"{base.within(ATOM)}**({n})", POWER),
    names=_names,
)


def emit(kernel: Kernel) -> str:
    """Print a kernel as a Fortran subroutine (t, y, p, dy); arrays count from 1.

    Raises:
        CodegenError: a constant does not fit into a double.

    Example:
        >>> print(emit(Kernel("rest", (), (), (), ())).splitlines()[3])
        subroutine qllg_rest(t, y, p, dy) bind(C)
    """
    lines, outputs = program(kernel, _DIALECT)
    used, names = used_inputs(kernel), _names(kernel)
    declared = [names[key] for key in used] + [line.name for line in lines]
    text = [*(f"! {line}" for line in header(kernel)), "! Arrays count from 1 here: y[k] is y(k + 1)."]
    text += [
        f"subroutine {function_name(kernel)}(t, y, p, dy) bind(C)",
        "  use, intrinsic :: iso_c_binding, only: c_double",
        "  implicit none",
        "  real(c_double), value :: t",
        f"  real(c_double), intent(in) :: y({len(kernel.states)}), p({len(kernel.parameters)})",
        f"  real(c_double), intent(out) :: dy({len(outputs)})",
    ]
    text += [f"  real(c_double) :: {line}" for line in _joined(declared)]
    text += [f"  {names[key]} = {key[0]}({int(key[1:]) + 1})" for key in used]
    text += [f"  {line.name} = {line.text}" for line in lines]
    text += [f"  dy({row}) = {formula}" for row, formula in enumerate(outputs, 1)]
    return "\n".join([*text, f"end subroutine {function_name(kernel)}", ""])
