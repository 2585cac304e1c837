"""Explicit right-hand sides as functions of any module that SymPy prints for."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import sympy as sp

from qllg_sym.algebra.symbols import t
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.lower import applied, value_of
from qllg_sym.codegen.passes import optimise
from qllg_sym.equations.components import Components
from qllg_sym.errors import CodegenError, InputError

MODULES = ("numpy", "scipy", "math", "mpmath", "sympy", "jax", "cupy", "tensorflow", "torch")
_ARRAYS = {"numpy": "numpy", "scipy": "numpy", "jax": "jax.numpy"}      # module -> what makes arrays of its results


def lambdify(components: Components, module: str = "numpy", form: str = "any") -> Callable[[Any, Any, Any], Any]:
    r"""Return f(t, states, parameters), the velocities, as a function made by `sympy.lambdify`.

    The linear system for the velocities of q-LLG is solved inside, step by step, so that expressions stay short. With
    "sympy" and rationals the result is exact; with "mpmath" it has mpmath's precision. `mass`, `forcing` and `jacobian`
    are matrices for `sympy.lambdify` as they stand (the mass is a sparse one above 255 equations).

    Args:
        components: of any law, small enough for `kernel`.
        module: "numpy", "scipy", "math", "mpmath", "sympy", "jax", "cupy", "tensorflow" or "torch".
        form: as in `kernel`.

    Returns:
        A function of the time, of the states (n,) and of the parameters (k,), ordered as `states` and `parameters`
        (and gap, or e2, …, ed, which a form needs besides). With numpy, scipy and jax it gives an array (n,), and
        states (n, m) give (n, m); with the others a list.

    Raises:
        InputError: an unknown module or form.
        CodegenError: a module that is not installed, or too many equations.
        DerivationError: the form does not exist for this law.

    Source: PRL 133, 266704 (2024), eq. 3, for the linear system; A. Meurer et al., PeerJ Comput. Sci. 3, e103 (2017).

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("B kappa", real=True)
    >>> spin = QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, B))])).pauli()
    >>> spin.lambdify("sympy")(0, (1, 0, 0), (1, sp.Rational(1, 2)))
    [0, -4/5, 2/5]
    """
    if module not in MODULES:
        raise InputError(f"`module` must be one of {', '.join(MODULES)}, but is {module!r}; choose one of these.")
    kernel = optimise(components.kernel(form))
    if module == "sympy":       # whose printer writes 1/3, which Python takes as a double
        return lambda time, states, parameters: _exact(kernel, (time, *states, *parameters))
    try:
        arrays = import_module(_ARRAYS.get(module, module))
    except ImportError:
        raise CodegenError(f"`module` {module!r} must be installed, but is not; run `pip install {module}`.") from None
    function = _printed(kernel, module)
    if module not in _ARRAYS:
        return function
    return lambda time, states, parameters: arrays.stack(arrays.broadcast_arrays(*function(time, states, parameters)))


def _exact(kernel: Kernel, inputs: Sequence[Any]) -> list[sp.Expr]:
    """The outputs of a kernel at SymPy's numbers or expressions."""
    known: dict[str, sp.Expr] = dict(zip(kernel.inputs, map(sp.sympify, inputs), strict=True))
    for step in kernel.steps:
        known[step.name] = applied(step, known)
    return [value_of(operand, known) for _, operand in kernel.outputs]


def _printed(kernel: Kernel, module: str) -> Callable[[Any, Any, Any], Any]:
    """The steps of a kernel as assignments of the function that SymPy prints."""
    symbols = {name: sp.Symbol(name, real=True) for name in (*kernel.states, *kernel.parameters)}
    groups = [[symbols[name] for name in names] for names in (kernel.states, kernel.parameters)]
    front = "x"
    while any(name.startswith(front) for name in symbols):
        front += "_"
    known: dict[str, sp.Expr] = dict(zip(kernel.inputs, (t, *groups[0], *groups[1]), strict=True))
    steps: list[tuple[sp.Symbol, sp.Expr]] = []
    for step in kernel.steps:
        steps.append((sp.Symbol(front + step.name[1:], real=True), applied(step, known)))
        known[step.name] = steps[-1][0]
    outputs = [value_of(operand, known) for _, operand in kernel.outputs]
    made: Callable[[Any, Any, Any], Any] = sp.lambdify((t, *groups), outputs, module, cse=lambda _: (steps, outputs))
    return made
