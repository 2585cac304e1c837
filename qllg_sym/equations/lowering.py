"""Components → kernels: the last exact step."""


import sympy as sp
from sympy.polys.rings import PolyElement

from qllg_sym.algebra.sites import String
from qllg_sym.algebra.symbols import gap
from qllg_sym.codegen import elimination
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.codegen.lower import lower
from qllg_sym.equations import spectrum
from qllg_sym.equations.explicit_components import is_staged, torque, two_level_stages
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.inputs import Inputs, inputs_of, lower_all, symbol_names
from qllg_sym.equations.spin_part import VELOCITIES, has_spin_part, local_damping
from qllg_sym.errors import CodegenError, InputError
from qllg_sym.memo import kept
from qllg_sym.model.classical import classical_energy, moment_symbols
from qllg_sym.model.model import Model

FORMS = ("any", "two-level", "spectrum")
OPERATION_LIMIT = 6_000         # above it one big function costs more to compile than matrices cost to run
ONE_SPIN = 36                   # to solve for the velocity of one spin
UNROLL_LIMIT = 500_000          # above it even the kernel's text is of no use to anybody


@kept
def estimate(components: ImplicitComponents, form: str = "any") -> int:
    """Return an estimate of the arithmetic operations of the unrolled kernel, without building it.

    Every monomial counts two; an elimination of n unknowns counts 2n³/3 + 2n² when the mass is not the identity. Where
    that is much already, or n exceeds 255, the monomials are not derived: one is counted for every pair of components.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> estimate(QuantumLLG(1).derive(Model(Space.half(3))).pauli()) > OPERATION_LIMIT
    True
    """
    components = components.written
    n = len(components.states)
    if form == "spectrum":
        spectrum.weight_of(components)          # which refuses what has no such form
        return spectrum.estimate(components) + 2 * sum(map(len, torque(components)))
    implicit = form == "any" and any("drho" in w and w != ("drho",) for _, w in components.equation.residual.terms)
    solve = 2 * n**3 // 3 + 2 * n**2 if implicit else ONE_SPIN * _spins_moving(components)
    solve = max(solve, _least_terms(components, form))
    if n > 255 or solve > OPERATION_LIMIT:
        return max(solve, n**2)
    if form == "two-level":
        return 2 * sum(len(p) for stage in two_level_stages(components) for p in stage)
    entries, forcing = components.split
    return solve + 2 * sum(len(p) for p in forcing) + sum(2 * len(p) for (i, j), p in entries.items() if i != j)


def _spins_moving(components: ImplicitComponents) -> int:
    """Return how many systems of three unknowns there are: a site each where the spin part of ρ̇ occurs."""
    equation = components.equation
    return equation.model.space.sites if has_spin_part(equation.residual) else 0


def is_unrolled(components: ImplicitComponents, form: str = "any") -> bool:
    """Return whether `compile` makes one function of the components; otherwise it takes the matrix form.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> is_unrolled(QuantumLLG(1).derive(Model(Space.half(2))).pauli())
    True
    """
    return not components.strings or bool(estimate(components, form) <= OPERATION_LIMIT)


def _least_terms(components: ImplicitComponents, form: str) -> int:
    """Return a lower estimate of the terms of an explicit law that has ρ twice.

    They are n² pairs with every string of H, of which the commutators leave about an eighth.
    """
    words = components.equation.residual.terms
    if form != "any" or not components.strings or max(w.count("rho") for _, w in words if VELOCITIES.isdisjoint(w)) < 2:
        return 0
    return len(components.states) ** 2 * len(components.equation.model.frequency.terms) // 8


@kept
def kernel(components: ImplicitComponents, form: str = "any") -> Kernel:
    """Return the explicit right-hand side as a straight-line program; see `Components.kernel`.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> kernel(QuantumLLG(1).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli(), "two-level").parameters
    ('gap',)
    """
    check_form(form)
    count = estimate(components, form)
    if count > UNROLL_LIMIT:
        raise CodegenError(f"`kernel` must stay below {UNROLL_LIMIT} operations, but this one has about {count}; "
                           "use `compile()`, which takes the matrix form at this size.")
    components = components.written
    states, parameters = components.states, parameters_of(components, form)
    name = f"{components.equation.kind} {components.kind}" + ("" if form == "any" else f" {form}")
    builder = Builder(name, symbol_names(states), symbol_names(parameters))
    velocities = {"any": _solved, "two-level": _two_level, "spectrum": spectrum.velocities}[form]
    values = velocities(builder, components, inputs_of(builder, states, parameters, components.equation.model))
    return builder.kernel(dict(zip(symbol_names(states), values, strict=True)))


def _two_level(builder: Builder, components: ImplicitComponents, operands: Inputs) -> list[Operand]:
    """Return the velocities as polynomials in ρ and the torque."""
    torque, flow = two_level_stages(components)
    torques = lower_all(builder, torque, operands)
    return lower_all(builder, flow, operands.also(dict(zip(components.velocities, torques, strict=True))))


def _solved(builder: Builder, components: ImplicitComponents, operands: Inputs) -> list[Operand]:
    """Return the velocities that solve mass · velocity = forcing, through the torque where that is a polynomial."""
    if is_staged(components):
        return _two_level(builder, components, operands)
    return elimination.eliminate(builder, mass_rows(builder, components, operands),
                             lower_all(builder, components.split[1], operands))


def mass_rows(builder: Builder, components: ImplicitComponents, operands: Inputs) -> dict[tuple[int, int], Operand]:
    """Return the entries of the mass as operands."""
    entries = components.split[0]
    return dict(zip(entries, lower_all(builder, list(entries.values()), operands), strict=True))


def parameters_of(source: ImplicitComponents | ImplicitEquation, form: str) -> tuple[sp.Symbol, ...]:
    """Return the symbols that the form needs numbers for: the model's and the law's, then its own."""
    if form == "spectrum":
        return (*source.parameters, *spectrum.invariants(source))
    return (*source.parameters, *((gap,) if form == "two-level" else ()))


def check_form(form: str) -> None:
    """Refuse an unknown form."""
    if form not in FORMS:
        raise InputError(f"`form` must be one of {', '.join(FORMS)}, but is {form!r}; choose one of them.")


@kept
def frequency_kernel(model: Model) -> tuple[Kernel, list[list[tuple[String, sp.Rational]]], bool]:
    """Return (kernel, groups, constant): H(t)/ħ = Σ_g f_g(t) Σ (string, c) in group g of c · string.

    Strings whose coefficients differ by a rational factor share one amplitude f_g, the kernel's output number g.

    >>> from qllg_sym import Model, Space, Zeeman
    >>> frequency_kernel(Model(Space("1/2"), [Zeeman((0, 0, 3))]))[1]
    [[((3,), -3/2)]]
    """
    return _frequency(model, False)


@kept
def numeric_kernel(model: Model) -> tuple[Kernel, list[list[tuple[String, sp.Rational]]], bool]:
    """Return the same without the model's matrices of numbers; where it has some, the last output is 1/ħ.

    >>> from qllg_sym import Model, Operator, Space
    >>> numeric_kernel(Model(Space("1/2"), [Operator([[1, 0], [0, 2]])], hbar=2))[0].evaluate({})
    {'0': mpf('0.5')}
    """
    rest = model.without_numbers
    return frequency_kernel(model) if rest is None else _frequency(rest, True)


def _frequency(model: Model, reciprocal: bool) -> tuple[Kernel, list[list[tuple[String, sp.Rational]]], bool]:
    """Return `frequency_kernel`, with 1/ħ as the last output or not."""
    model = model.written
    groups: dict[PolyElement, list[tuple[String, sp.Rational]]] = {}
    for (_, string), coefficient in model.frequency.terms.items():
        content, primitive = coefficient.primitive()
        sign = -1 if primitive.LC < 0 else 1
        groups.setdefault(primitive * sign, []).append((string, sp.Rational(str(content * sign))))
    builder = Builder("frequency", [], symbol_names(model.parameters))
    operands = inputs_of(builder, (), model.parameters, model)
    amplitudes = lower_all(builder, list(groups), operands)
    amplitudes += [lower(builder, 1 / model.hbar, operands)] if reciprocal else []
    program = builder.kernel({str(k): a for k, a in enumerate(amplitudes)})
    return program, list(groups.values()), not model.time_dependent


@kept
def weight_kernel(equation: ImplicitEquation) -> Kernel:
    """Return the frame weight W(Δ) as a kernel: state "gap" = Δ, outputs "re" and "im"; t enters with the law's own.

    >>> from qllg_sym import Model, QuantumLL, Space
    >>> weight_kernel(QuantumLL(2).derive(Model(Space("1/2")))).evaluate({"gap": 3})["im"]
    mpf('6.0')
    """
    if (rest := equation.model.without_numbers) is not None:            # W holds no H
        equation = equation.law.derive(rest)
    equation = equation.written
    re, im = equation.weight()
    builder = Builder("weight", ["gap"], symbol_names(equation.parameters))
    operands = inputs_of(builder, (), equation.parameters, equation.model).also({gap: builder.state(0)})
    return builder.kernel({"re": lower(builder, re, operands), "im": lower(builder, im, operands)})


@kept
def friction_kernel(equation: ImplicitEquation) -> Kernel:
    """Return α of ρ̇ = i[ρ, H/ħ + αΛ], Λ the spin part of ρ̇, as a kernel without states: output "alpha".

    Raises:
        DerivationError: another law.

    >>> from qllg_sym import LocalGilbert, Model, Space
    >>> friction_kernel(LocalGilbert(2).derive(Model(Space("1/2")))).evaluate({})["alpha"]
    mpf('2.0')
    """
    if (rest := equation.model.without_numbers) is not None:            # α holds no H
        equation = equation.law.derive(rest)
    equation = equation.written
    builder = Builder("friction", [], symbol_names(equation.parameters))
    operands = inputs_of(builder, (), equation.parameters, equation.model)
    return builder.kernel({"alpha": lower(builder, local_damping(equation.residual), operands)})


@kept
def energy_kernel(model: Model, field: str) -> Kernel:
    """Return the classical energy of unit moments as a kernel: states m0_x, …, one output "energy".

    >>> from qllg_sym import Model, Space, Zeeman
    >>> energy_kernel(Model(Space("1/2"), [Zeeman((0, 0, 3))]), "paper").evaluate({"m0_x": 0, "m0_y": 0, "m0_z": 1})
    {'energy': mpf('-3.0')}
    """
    states = moment_symbols(model.space.sites)
    builder = Builder("energy", symbol_names(states), symbol_names(model.parameters))
    model = model.written
    operands = inputs_of(builder, states, model.parameters, model)
    values = lower_all(builder, [classical_energy(model, field)], operands)
    return builder.kernel({"energy": values[0]})
