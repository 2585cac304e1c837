"""Derivatives of right-hand sides as kernels: along a direction, and the entries that a Jacobian is made of."""


from sympy.polys.rings import PolyElement

from qllg_sym.codegen import elimination
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.tangent import tangent, tangent_builder
from qllg_sym.equations import lowering
from qllg_sym.equations.explicit_components import is_staged
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.inputs import inputs_of, lower_all, symbol_names
from qllg_sym.memo import kept

Place = tuple[str, int, int]        # (matrix, row, column) of an output


@kept
def tangent_kernel(components: ImplicitComponents, form: str) -> Kernel:
    """Return the kernel of (∂ẏ/∂y)·v; its states are those of the components, then the direction v.

    The derivative of an implicit mass · ẏ = forcing is solved with the pivots that ẏ was solved with.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> tangent_kernel(QuantumLLG(1).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli(), "any").states[2:4]
    ('T_z', 'direction T_x')
    """
    program = lowering.kernel(components, form)
    if form != "any" or is_staged(components):
        return tangent(program)
    components = components.written
    n = len(components.states)
    builder = tangent_builder(program)
    operands = inputs_of(builder, components.states, components.parameters, components.equation.model)
    rows = lowering.mass_rows(builder, components, operands)
    rates = elimination.eliminate(builder, rows, lower_all(builder, components.split[1], operands))
    operands = operands.also(dict(zip(components.velocities, rates, strict=True)))
    derivatives = _state_derivatives(components)
    values = dict(zip(derivatives, lower_all(builder, list(derivatives.values()), operands), strict=True))
    moved = [builder.neg(builder.sum(builder.mul(v, builder.state(n + j)) for (_, row, j), v in values.items()
                                     if row == i)) for i in range(n)]
    found = elimination.eliminate(builder, rows, moved)
    return builder.kernel(dict(zip(program.states, found, strict=True)))


@kept
def entries_kernel(components: ImplicitComponents) -> tuple[Kernel, list[Place]]:
    """Return (kernel, places): M = ∂residual/∂ẏ ("m") and R = ∂residual/∂y ("r") as functions of (y, ẏ).

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> entries_kernel(QuantumLLG(1).derive(Model(Space("1/2"), [Zeeman((0, 0, 1))])).pauli())[1][-1]
    ('r', 2, 1)
    """
    components = components.written
    chosen = {("m", i, j): p for (i, j), p in components.split[0].items()} | _state_derivatives(components)
    states = (*components.states, *components.velocities)
    builder = Builder("jacobian", symbol_names(states), symbol_names(components.parameters))
    operands = inputs_of(builder, states, components.parameters, components.equation.model)
    values = lower_all(builder, list(chosen.values()), operands)
    outputs = [" ".join(map(str, place)) for place in chosen]
    return builder.kernel(dict(zip(outputs, values, strict=True))), list(chosen)


def _state_derivatives(components: ImplicitComponents) -> dict[Place, PolyElement]:
    """∂residual_i/∂y_j where it is not zero."""
    n = len(components.states)
    found = {("r", i, j): p.diff(j) for i, p in enumerate(components.polynomials) for j in range(n)}
    return {place: p for place, p in found.items() if p}
