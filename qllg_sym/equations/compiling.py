"""Components → compiled right-hand sides with their derivatives: unrolled where that is short, else in matrices."""

from collections.abc import Callable

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import string_norm, strings
from qllg_sym.algebra.symbols import gap
from qllg_sym.codegen import binding, build, derivatives, targets
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.lower import lower
from qllg_sym.codegen.pure import Pure
from qllg_sym.codegen.tangent import tangent
from qllg_sym.equations import jacobians, lowering, spectrum
from qllg_sym.equations.explicit import two_level_residual
from qllg_sym.equations.explicit_components import weight_parts
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.inputs import inputs_of, symbol_names
from qllg_sym.equations.spin_part import has_spin_part, spin_strings
from qllg_sym.errors import CodegenError
from qllg_sym.matrixform.form import MatrixForm, MatrixFunction
from qllg_sym.memo import kept
from qllg_sym.model.expansion import standard_member


def compile_components(components: ImplicitComponents, target: str, form: str,
                       digits: int | None) -> binding.Compiled:
    """Return the compiled right-hand side; see `Components.compile`.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> compile_components(QuantumLLG(1).derive(Model(Space("1/2"))).pauli(), "numpy", "any", None).target
    'numpy'
    """
    lowering.check_form(form)
    build.check_target(target, digits)
    states, origin = symbol_names(components.states), (compile_components, (components, target, form, digits))
    unrolled = lowering.is_unrolled(components, form)
    if not unrolled and target != "mpmath":     # matrices are doubles, which would cut off the digits asked for
        function = matrix_function(components.equation, form)
        parameters = symbol_names(lowering.parameters_of(components, form))
        return binding.Compiled(function, states, parameters, lambda: function.jacobian, lambda: function.tangent,
                                origin=origin)
    program = lowering.kernel(components, form)
    loaded = build.load(program, target, digits)
    bound = (lambda: build.load(_error_kernel(components), "numpy")) if form == "spectrum" else None
    return binding.Compiled(loaded, states, program.parameters, lambda: _jacobian(components, form, loaded),
                            lambda: _along(components, form, loaded, digits), bound, origin)


def is_traced(target: str) -> bool:
    """Return whether a target has pure functions that a library traces.

    >>> is_traced("jax"), is_traced("c")
    (True, False)
    """
    return target != "auto" and targets.find(target).traced is not None


def pure_function(components: ImplicitComponents, kernel: Callable[[str], Kernel], target: str, form: str) -> Pure:
    """Return the right-hand side as a pure function; see `Components.compile`."""
    lowering.check_form(form)
    if not lowering.is_unrolled(components, form):
        raise CodegenError(f"`target` {target!r} must have equations that fit into one function, but these take about "
                           f"{lowering.estimate(components, form)} operations; use target=\"c\".")
    return Pure(kernel(form), target)


def _jacobian(components: ImplicitComponents, form: str, rhs: build.Function) -> derivatives.Slope:
    """Return ∂ẏ/∂y as a function of (t, y, p)."""
    if form == "any":
        program, places = jacobians.entries_kernel(components)
        return derivatives.implicit_jacobian(build.load(program, "numpy"), rhs, len(components.states), places)
    return derivatives.tangent_jacobian(build.load(tangent(rhs.kernel), "numpy"), len(components.states))


def _along(components: ImplicitComponents, form: str, rhs: build.Function, digits: int | None) -> derivatives.Tangent:
    """Return (∂ẏ/∂y)·v as a function of (t, y, v, p), in the language of the right-hand side."""
    function = build.load(jacobians.tangent_kernel(components, form), rhs.target, digits)
    return derivatives.joined(function)


@kept
def _error_kernel(components: ImplicitComponents) -> Kernel:
    """Return `spectrum.error_kernel` as a function of the parameters of a compiled spectrum form."""
    components = components.written
    parameters = lowering.parameters_of(components, "spectrum")
    builder = Builder("error", [], symbol_names(parameters))
    operands = inputs_of(builder, (), parameters, components.equation.model)
    strength = lower(builder, weight_parts(components)[2], operands)
    known = [operands[e] for e in spectrum.invariants(components)]
    return builder.kernel({"error": spectrum.error(builder, [strength, *known])})


@kept
def matrix_function(equation: ImplicitEquation, form: str = "any") -> MatrixFunction:
    """Return the right-hand side in matrix form: the law's words and the Hamiltonian's strings as data.

    It needs no components, whose derivation takes minutes where the matrix form takes milliseconds.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> matrix_function(QuantumLLG(1).derive(Model(Space("1/2")))).dimension
    2
    """
    equation = equation.written
    spins = equation.model.space.numeric_spins
    basis = [(0,) * len(spins), *strings(spins)]
    place = {string: k for k, string in enumerate(basis)}
    frequency, word = equation.model.frequency, equation.residual
    if form == "two-level":
        word = two_level_residual(word, gap)
    own = {name: x.terms for name, x in equation.operators.items() if name != "H"}
    outputs = [to_expr(c) for c in (*frequency.terms.values(), *word.terms.values(),
                                    *(c for terms in own.values() for c in terms.values()))]
    parameters = lowering.parameters_of(equation, form)
    builder = Builder("coefficients", [], symbol_names(parameters))
    operands = inputs_of(builder, (), parameters, equation.model)
    program = builder.kernel({str(k): lower(builder, e, operands) for k, e in enumerate(outputs)})
    members = tuple(tuple(standard_member(s, k) for k in range(int(2 * s + 1)**2)) for s in spins)
    constants = {name: tuple((place[string], k) for k, string in terms) for name, terms in own.items()}
    moving = spin_strings(spins) if has_spin_part(word) else {}
    data = MatrixForm(members, tuple(string_norm(spins, s) for s in basis),
                             tuple(place[key] for _, key in frequency.terms), tuple(word.terms), constants,
                             tuple((place[a], c) for a, c in moving.items()))
    return MatrixFunction(data, build.load(program, "numpy"))
