"""Components → kernels and compiled right-hand sides: the last exact step."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.scalars import to_expr
from qllg_sym.algebra.sites import SiteAlgebra, string_norm, strings
from qllg_sym.algebra.symbols import gap, t
from qllg_sym.codegen import binding, build, elimination, matrix
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.codegen.lower import lower, lower_polynomial
from qllg_sym.equations.explicit import two_level_residual
from qllg_sym.errors import CodegenError, InputError
from qllg_sym.model.classical import classical_energy, moment_symbols
from qllg_sym.model.expansion import standard_member

FORMS = ("any", "two-level")
OPERATION_LIMIT = 6_000         # above it one big function costs more to compile than matrices cost to run
UNROLL_LIMIT = 500_000          # above it even the kernel's text is of no use to anybody


def estimate(components: Any, form: str = "any") -> int:
    """Return an estimate of the arithmetic operations of the unrolled kernel, without building it.

    Every monomial counts two; an elimination of n unknowns counts 2n³/3 + 2n² when the mass is not the identity. Where
    that is much already, or n exceeds 255, the monomials are not derived: one is counted for every pair of components.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> estimate(QuantumLLG(1).derive(Model(Space.half(3))).pauli()) > OPERATION_LIMIT
    True
    """
    n = len(components.states)
    implicit = form == "any" and any("drho" in w and w != ("drho",) for _, w in components.equation.residual.terms)
    solve = 2 * n**3 // 3 + 2 * n**2 if implicit else 0
    solve = max(solve, _least_terms(components, form))
    if n > 255 or solve > OPERATION_LIMIT:
        return max(solve, n**2)
    if form == "two-level":
        return 2 * sum(len(p) for stage in components.two_level_stages for p in stage)
    entries, forcing = components.split
    return solve + 2 * sum(len(p) for p in forcing) + sum(2 * len(p) for (i, j), p in entries.items() if i != j)


def _least_terms(components: Any, form: str) -> int:
    """Return a lower estimate of the terms of an explicit law that has ρ twice.

    They are n² pairs with every string of H, of which the commutators leave about an eighth.
    """
    words = components.equation.residual.terms
    if form != "any" or not components.strings or max(w.count("rho") for _, w in words if "drho" not in w) < 2:
        return 0
    return len(components.states) ** 2 * len(components.equation.model.frequency.terms) // 8


def kernel(components: Any, form: str = "any") -> Kernel:
    """Return the explicit right-hand side as a straight-line program; see `Components.kernel`.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> kernel(QuantumLLG(1).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli(), "two-level").parameters
    ('gap',)
    """
    _check_form(form)
    count = estimate(components, form)
    if count > UNROLL_LIMIT:
        raise CodegenError(f"`kernel` must stay below {UNROLL_LIMIT} operations, but this one has about {count}; "
                           "use `compile()`, which takes the matrix form at this size.")
    states, parameters = components.states, _parameters(components, form)
    name = f"{components.equation.kind} {components.kind}" + (" two-level" if form == "two-level" else "")
    builder = Builder(name, _names(states), _names(parameters))
    operands = _inputs(builder, states, parameters)
    if form == "two-level":
        torque, flow = components.two_level_stages
        torques = _lower_all(builder, torque, operands)
        values = _lower_all(builder, flow, operands | dict(zip(components.velocities, torques, strict=True)))
    else:
        entries, forcing = components.split
        rows = dict(zip(entries, _lower_all(builder, list(entries.values()), operands), strict=True))
        values = elimination.solve(builder, rows, _lower_all(builder, forcing, operands))
    return builder.kernel(dict(zip(_names(states), values, strict=True)))


Operands = dict[sp.Expr, Operand]


def _parameters(source: Any, form: str) -> tuple[sp.Symbol, ...]:
    """Return the symbols that the form needs numbers for."""
    return (*source.parameters, *((gap,) if form == "two-level" else ()))


def _names(symbols: Sequence[sp.Symbol]) -> list[str]:
    """Return the names of symbols."""
    return [symbol.name for symbol in symbols]


def _check_form(form: str) -> None:
    """Refuse an unknown form."""
    if form not in FORMS:
        raise InputError(f"`form` must be one of {', '.join(FORMS)}, but is {form!r}; choose one of them.")


def _inputs(builder: Builder, states: Sequence[sp.Symbol], parameters: Sequence[sp.Symbol]) -> Operands:
    """Return the operands of states, parameters and t."""
    operands: Operands = {symbol: builder.state(i) for i, symbol in enumerate(states)}
    return {**operands, **{symbol: builder.parameter(i) for i, symbol in enumerate(parameters)}, t: builder.time}


def _lower_all(builder: Builder, polynomials: Sequence[PolyElement], operands: Operands) -> list[Operand]:
    """Return polynomials of one ring as operands; generators that are no inputs are opaque, and lowered once."""
    if not polynomials:
        return []
    used = _used(polynomials)
    generators = [operands[g] if g in operands else lower(builder, g, operands) if i in used else Fraction(0)
                  for i, g in enumerate(polynomials[0].ring.symbols)]
    return [lower_polynomial(builder, p, generators) for p in polynomials]


def _used(polynomials: Sequence[PolyElement]) -> set[int]:
    """Return the indices of the generators that occur."""
    return {i for p in polynomials for exponents in p for i, e in enumerate(exponents) if e}


def compile_components(components: Any, target: str, form: str, digits: int | None) -> binding.Compiled:
    """Return the compiled right-hand side; see `Components.compile`.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> compile_components(QuantumLLG(1).derive(Model(Space("1/2"))).pauli(), "numpy", "any", None).target
    'numpy'
    """
    _check_form(form)
    states = _names(components.states)
    if estimate(components, form) > OPERATION_LIMIT and components.strings:
        function = matrix_function(components.equation, form)
        return binding.Compiled(function, states, _names(_parameters(components, form)), lambda: function.jacobian)
    program = kernel(components, form)
    loaded = build.load(program, target, digits)
    slopes = _explicit_jacobian if form == "two-level" else _implicit_jacobian
    return binding.Compiled(loaded, states, program.parameters, lambda: slopes(components, loaded))


def _implicit_jacobian(components: Any, rhs: binding.Vectorfield) -> binding.Slope:
    """Return ∂ẏ/∂y = −mass⁻¹ · ∂residual/∂y as a function of (t, y, p)."""
    n = len(components.states)
    builder, operands = _both(components, components.parameters)
    chosen = {("m", i, j): p for (i, j), p in components.split[0].items()}
    chosen |= {("r", i, j): p.diff(j) for i, p in enumerate(components.polynomials) for j in range(n)}
    return binding.implicit_jacobian(_entries(builder, operands, chosen), rhs, n, list(chosen))


def _explicit_jacobian(components: Any, rhs: binding.Vectorfield) -> binding.Slope:
    """Return ∂ẏ/∂y = ∂flow/∂y + ∂flow/∂τ · ∂τ/∂y of the two-level form as a function of (t, y, p)."""
    del rhs
    n = len(components.states)
    builder, operands = _both(components, _parameters(components, "two-level"))
    torque, flow = components.two_level_stages
    chosen = {("y", i, j): p.diff(j) for i, p in enumerate(flow) for j in range(n)}
    chosen |= {("v", i, j): p.diff(n + j) for i, p in enumerate(flow) for j in range(n)}
    chosen |= {("t", i, j): p.diff(j) for i, p in enumerate(torque) for j in range(n)}
    stage = {("torque", i, 0): p for i, p in enumerate(torque)}
    torques = _entries(builder, operands, stage)
    return binding.explicit_jacobian(_entries(builder, operands, chosen), torques, n, list(chosen))


def _both(components: Any, parameters: Sequence[sp.Symbol]) -> tuple[Builder, Operands]:
    """Return a builder whose states are states and velocities."""
    states = (*components.states, *components.velocities)
    builder = Builder("slopes", _names(states), _names(parameters))
    return builder, _inputs(builder, states, parameters)


def _entries(builder: Builder, operands: Operands, chosen: dict[tuple[str, int, int], PolyElement]) -> build.Function:
    """Return a loaded kernel with one output for every entry."""
    values = _lower_all(builder, list(chosen.values()), operands)
    names = [" ".join(map(str, key)) for key in chosen]
    return build.load(builder.kernel(dict(zip(names, values, strict=True))), "numpy")


def matrix_function(equation: Any, form: str = "any") -> matrix.MatrixFunction:
    """Return the right-hand side in matrix form: the law's words and the Hamiltonian's strings as data.

    It needs no components, whose derivation takes minutes where the matrix form takes milliseconds.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> matrix_function(QuantumLLG(1).derive(Model(Space("1/2")))).dimension
    2
    """
    spins = equation.model.space.spins
    basis = [(0,) * len(spins), *strings(spins)]
    place = {string: k for k, string in enumerate(basis)}
    frequency, word = equation.model.frequency, equation.residual
    if form == "two-level":
        word = two_level_residual(word, gap)
    outputs = [to_expr(c) for c in (*frequency.terms.values(), *word.terms.values())]
    parameters = _parameters(equation, form)
    builder = Builder("coefficients", [], _names(parameters))
    operands = _inputs(builder, (), parameters)
    program = builder.kernel({str(k): lower(builder, e, operands) for k, e in enumerate(outputs)})
    members = tuple(tuple(standard_member(s, k) for k in range(int(2 * s + 1)**2)) for s in spins)
    algebra = SiteAlgebra(spins, frequency.algebra.ring)
    constants = {f"Sz{i}": {place[key]: to_expr(c) for (_, key), c in algebra.spin(i)[2].terms.items()}
                 for i in range(len(spins))}
    data = matrix.MatrixForm(members, tuple(string_norm(spins, s) for s in basis),
                             tuple(place[key] for _, key in frequency.terms), tuple(word.terms), constants)
    return matrix.MatrixFunction(data, build.load(program, "numpy"))


def frequency_kernel(model: Any) -> tuple[Kernel, list[list[tuple[Any, sp.Rational]]], bool]:
    """Return (kernel, groups, constant): H(t)/ħ = Σ_g f_g(t) Σ (string, c) in group g of c · string.

    Strings whose coefficients differ by a rational factor share one amplitude f_g, the kernel's output number g.

    >>> from qllg_sym import Model, Space, Zeeman
    >>> frequency_kernel(Model(Space("1/2"), [Zeeman((0, 0, 3))]))[1]
    [[((3,), -3/2)]]
    """
    groups: dict[PolyElement, list[tuple[Any, sp.Rational]]] = {}
    for (_, string), coefficient in model.frequency.terms.items():
        content, primitive = coefficient.primitive()
        sign = -1 if primitive.LC < 0 else 1
        groups.setdefault(primitive * sign, []).append((string, sp.Rational(str(content * sign))))
    builder = Builder("frequency", [], _names(model.parameters))
    operands = _inputs(builder, (), model.parameters)
    amplitudes = _lower_all(builder, list(groups), operands)
    program = builder.kernel({str(k): a for k, a in enumerate(amplitudes)})
    return program, list(groups.values()), not model.time_dependent


def weight_kernel(equation: Any) -> Kernel:
    """Return the frame weight W(Δ) as a kernel: state "gap" = Δ, outputs "re" and "im"; t enters with the law's own.

    >>> from qllg_sym import Model, QuantumLL, Space
    >>> weight_kernel(QuantumLL(2).derive(Model(Space("1/2")))).evaluate({"gap": 3})["im"]
    mpf('6.0')
    """
    re, im = equation.weight()
    builder = Builder("weight", ["gap"], _names(equation.parameters))
    operands = {**_inputs(builder, (), equation.parameters), gap: builder.state(0)}
    return builder.kernel({"re": lower(builder, re, operands), "im": lower(builder, im, operands)})


def energy_kernel(model: Any, field: str) -> Kernel:
    """Return the classical energy of unit moments as a kernel: states m0_x, …, one output "energy".

    >>> from qllg_sym import Model, Space, Zeeman
    >>> energy_kernel(Model(Space("1/2"), [Zeeman((0, 0, 3))]), "paper").evaluate({"m0_x": 0, "m0_y": 0, "m0_z": 1})
    {'energy': mpf('-3.0')}
    """
    states = moment_symbols(model.space.sites)
    builder = Builder("energy", _names(states), _names(model.parameters))
    values = _lower_all(builder, [classical_energy(model, field)], _inputs(builder, states, model.parameters))
    return builder.kernel({"energy": values[0]})
