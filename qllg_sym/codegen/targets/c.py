"""C99 and later: one function for a state, one for a batch of states in columns."""

import ctypes
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from qllg_sym.codegen.compiler import shared_library
from qllg_sym.codegen.infix import (
    Assignment,
    Dialect,
    Formula,
    float_literal,
    function_name,
    header,
    local_names,
    program,
    used_inputs,
)
from qllg_sym.codegen.kernel import SMOOTH, Kernel
from qllg_sym.codegen.native import source
from qllg_sym.codegen.targets import Routines

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUFFIX = ".c"

TILE = 8  # columns that fill a vector
BLOCK = 64  # columns that share one copy of the parameters, which fits the first-level cache
LARGEST_COPY = 2**15  # doubles of that copy, so that many parameters do not fill the stack
LARGEST_OPTIMISED = 8_000  # operations; above, compilers take minutes over what runs little faster
LARGEST_REFINED = 12_000  # operations; above, they do so even where they are told to be brief

_SIGN = "(double)(({0} > 0.0) - ({0} < 0.0))"
_DIALECT = Dialect(
    calls={**{function: f"{function}({{}})" for function in SMOOTH}, "abs": "fabs({})", "sign": _SIGN,
           "heaviside": f"(0.5 + 0.5*{_SIGN})", "min": "({0} < {1} ? {0} : {1})", "max": "({0} > {1} ? {0} : {1})",
           "choose": "({} > 0.0 ? {} : {})", "pi": "3.141592653589793"},
    constant=float_literal,
    power=lambda base, n: Formula(f"pow({base.text}, {float(n)!r})"),
)

# C++ has no word `restrict`, but its compilers have `__restrict`; names keep the linkage of C.
_LINKAGE = """\
#ifdef __cplusplus
#define QLLG_RESTRICT __restrict
extern "C" {
#else
#define QLLG_RESTRICT restrict
#endif
"""
_END_OF_LINKAGE = """\
#ifdef __cplusplus
}
#endif
"""

_DECLARATIONS = """\
#ifndef {guard}
#define {guard}

#include <stddef.h>

#ifdef __cplusplus
extern "C" {{
#endif

/* dy = f(t, y, p). */
void {name}(double t, const double *y, const double *p, double *dy);

/* m states at once: Y is (n, m) and dY is (outputs, m), row by row; P is (k, m), or (k,) for all if p_stride is 0. */
void {name}_batch(size_t m, double t, const double *Y, const double *P, size_t p_stride, double *dY);

#ifdef __cplusplus
}}
#endif

#endif
"""

# Columns are independent; without this word compilers would test every pair of rows for overlap, and give up.
_INDEPENDENT = """\
#if defined(__clang__)
#define QLLG_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define QLLG_INDEPENDENT _Pragma("GCC ivdep")
#else
#define QLLG_INDEPENDENT
#endif
"""

_SINGLE = """\
void {name}(double t, const double *QLLG_RESTRICT y, const double *QLLG_RESTRICT p,
    double *QLLG_RESTRICT dy)
{{
    {name}_columns(1, 1, t, y, 1, p, dy);
}}
"""

_BATCH = """\
/* m states at once: Y is (n, m) and dY is (outputs, m), row by row; P is (k, m), or (k,) for all if p_stride is 0. */
void {name}_batch(size_t m, double t, const double *Y, const double *P, size_t p_stride, double *dY)
{{
    double shared[{shared}];
    if (p_stride != 0) {{
        {name}_columns(m, m, t, Y, m, P, dY);
        return;
    }}
    for (size_t i = 0; i < {shared}; i++) {{
        shared[i] = {parameter};
    }}
    for (size_t i = 0; i < m; i += {block}) {{
        {name}_columns(m - i < {block} ? m - i : {block}, m, t, Y + i, {block}, shared, dY + i);
    }}
}}
"""


def emit(kernel: Kernel) -> str:
    """Print a kernel as C source.

    The text defines `void NAME(t, y, p, dy)` and `void NAME_batch(m, t, Y, P, p_stride, dY)`, both of external linkage
    with C's names, also where a C++ compiler reads it; `beside` declares them.

    Raises:
        CodegenError: a constant does not fit into a double.

    Example:
        >>> print(emit(Kernel("rest", (), (), (), ())).splitlines()[2])
        #include <math.h>
    """
    return _text(kernel, _SINGLE, _BATCH)


def _text(kernel: Kernel, *functions: str) -> str:
    """The source of some functions of a kernel."""
    function, (lines, outputs) = function_name(kernel), program(kernel, _DIALECT)
    names = local_names(kernel)
    text = ["/* " + "\n * ".join(header(kernel)) + " */", "#include <math.h>", "#include <stddef.h>", "",
            _INDEPENDENT, _LINKAGE]
    text += [
        "/* Columns 0 to width - 1 of arrays whose rows are stride, pstride and stride long. */",
        f"static void {function}_columns(size_t width, size_t stride, double t, const double *QLLG_RESTRICT y,",
        "    size_t pstride, const double *QLLG_RESTRICT p, double *QLLG_RESTRICT dy)",
        "{",
        "    (void)t; (void)stride; (void)y; (void)pstride; (void)p; (void)dy;",
        *(f"    {_constant(line)}" for line in lines if not line.varies),
        "    QLLG_INDEPENDENT",
        "    for (size_t i = 0; i < width; i++) {",
        *(f"        {_load(key, names[key])}" for key in used_inputs(kernel)),
        *(f"        {_constant(line)}" for line in lines if line.varies),
        *(f"        dy[{row}*stride + i] = {formula};" for row, formula in enumerate(outputs)),
        "    }",
        "}",
        "",
    ]
    count = len(kernel.parameters)
    block = max(1, min(BLOCK, LARGEST_COPY // max(count, 1)))
    parameter = f"P[i/{block}]" if count else "0.0"
    named = {"name": function, "block": block, "shared": max(count, 1) * block, "parameter": parameter}
    return "\n".join([*text, *(each.format(**named) for each in functions), _END_OF_LINKAGE])


def beside(kernel: Kernel) -> dict[str, str]:
    """Return the header file of a kernel, which C and C++ may include.

    Example:
        >>> "void qllg_rest(double t," in beside(Kernel("rest", (), (), (), ()))[".h"]
        True
    """
    function = function_name(kernel)
    about = "/* " + "\n * ".join(header(kernel)) + " */\n"
    return {".h": about + _DECLARATIONS.format(name=function, guard=f"{function.upper()}_H")}


def load(kernel: Kernel, digits: int | None) -> Routines:
    """Compile a kernel, or take it from the cache, and make it callable.

    Raises:
        CodegenError: there is no working compiler, or it fails.
    """
    import numpy as np

    size, real, place = ctypes.c_size_t, ctypes.c_double, ctypes.c_void_p
    rows, single = len(kernel.outputs), _function(kernel, _SINGLE, "", real, place, place, place)

    batches, making = list[Any](), Lock()

    def batch() -> Any:
        """The other function, which most programs never call: it takes the compiler three times longer."""
        with making:        # threads that need it at once wait for the first of them
            if not batches:
                batches.append(_function(kernel, _BATCH, "_batch", size, real, place, place, size, place))
        return batches[0]

    def call_single(t: float, y: "NDArray[Any]", p: "NDArray[Any]") -> "NDArray[Any]":
        """One state."""
        dy = np.empty(rows)
        single(t, y.ctypes.data, p.ctypes.data, dy.ctypes.data)
        return dy

    def call_batch(t: float, y: "NDArray[Any]", p: "NDArray[Any]") -> "NDArray[Any]":
        """States in columns."""
        dy = np.empty((rows, y.shape[1]))
        batch()(y.shape[1], t, y.ctypes.data, p.ctypes.data, p.ndim - 1, dy.ctypes.data)
        return dy

    def call_rows(t: float, y: "NDArray[Any]", p: "NDArray[Any]") -> "NDArray[Any]":
        """States row by row, turned in C."""
        m, n = y.shape
        width = max(TILE, min(BLOCK, LARGEST_COPY // (n + rows + len(p) or 1)))
        dy, room = np.empty((m, rows)), np.empty(width * (n + rows + len(p)))
        _turning()(_address(batch()), m, n, rows, len(p), t, y.ctypes.data, p.ctypes.data, p.ndim - 1, dy.ctypes.data,
                   width, room.ctypes.data)
        return dy

    return Routines(call_single, call_batch, np.dtype(float), _address(single), lambda: _address(batch()), call_rows)


def _function(kernel: Kernel, text: str, ending: str, *arguments: Any) -> Any:
    """One function of a kernel from a library of its own, callable."""
    library = shared_library(_text(kernel, text), _level(kernel.operations))
    function = library[function_name(kernel) + ending]
    function.argtypes, function.restype = arguments, None
    return function


@cache
def _turning() -> Any:
    """`qllg_rows` of transposed.c, callable."""
    size, place = ctypes.c_size_t, ctypes.c_void_p
    function = shared_library(source("transposed.c")).qllg_rows
    function.argtypes = [place, size, size, size, size, ctypes.c_double, place, place, size, place, size, place]
    function.restype = None
    return function


def _level(operations: int) -> str:
    """The optimisation that a compiler ends in seconds; 24,000 operations took GCC 55 s with -O1, 9 s without."""
    return "-O3" if operations <= LARGEST_OPTIMISED else "-O1" if operations <= LARGEST_REFINED else "-O0"


def _address(function: Any) -> int:
    """The machine address of a loaded function."""
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _load(key: str, local: str) -> str:
    """The line that reads one input."""
    stride = "stride" if key[0] == "y" else "pstride"
    return f"const double {local} = {key[0]}[{key[1:]}*{stride} + i];"


def _constant(line: Assignment) -> str:
    """The line of one step."""
    return f"const double {line.name} = {line.text};"
