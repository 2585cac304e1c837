"""Clusters and moments → the kernel of their motion: what numbers need, whatever the size of a cluster."""

import sympy as sp

from qllg_sym.algebra.scalars import make_ring
from qllg_sym.codegen import elimination
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.equations.evaluation import atoms_of, coefficient_expressions, vector_word
from qllg_sym.equations.hybrid.components import classical_part
from qllg_sym.equations.hybrid.equation import HybridEquation
from qllg_sym.equations.inputs import Inputs, inputs_of, lower_all, symbol_names
from qllg_sym.memo import kept


@kept
def motion_kernel(equation: HybridEquation) -> Kernel:
    """Return what moves clusters and moments as a kernel of the means that enter the energy, and of the moments.

    Its states are Tr(ρ_c A) for each (cluster, A) of `equation.written.energy.strings`, then the moments; its outputs
    the coefficients of A in H_c/ħ, the velocities of the moments, which solve their residual, and E/ħ.

    >>> from qllg_sym import Hybrid, Model, Space, Zeeman
    >>> found = motion_kernel(Hybrid(0, 0, clusters=[0], classical=[1]).derive(Model(Space("1/2", "1"),
    ...                                                                            [Zeeman((0, 0, 1))])))
    >>> found.states, [name for name, _ in found.outputs]
    (('T_z', 'm1_x', 'm1_y', 'm1_z'), ['H0 T_z', 'm1_x', 'm1_y', 'm1_z', 'energy'])
    """
    written = equation.written
    sites, energy = written.sites, written.energy
    means = [sites.state(*pair) for pair in energy.strings]
    states = (*means, *sites.moments)
    builder = Builder("hybrid motion", symbol_names(states), symbol_names(equation.parameters))
    operands = inputs_of(builder, states, equation.parameters, written.model)
    fields = [p for c in range(len(sites.clusters)) for p in energy.hamiltonian(c).values()]
    *found, value = lower_all(builder, [*fields, energy.value], operands)
    names = [f"H{c} {mean.name}" for (c, _), mean in zip(energy.strings, means, strict=True)]
    names += symbol_names(sites.moments)
    found += _velocities(builder, written, operands)
    return builder.kernel({**dict(zip(names, found, strict=True)), "energy": value})


def _velocities(builder: Builder, equation: HybridEquation, operands: Inputs) -> list[Operand]:
    """The velocities of all moments: mass · velocity = forcing, three rows a site, the same in m and B of each."""
    word, found = classical_part(equation.residual), list[Operand]()
    m, dm, b = ([sp.Dummy(f"{name}_{k}", real=True) for k in "xyz"] for name in ("m", "dm", "B"))
    ring = make_ring([*dm, *m, *b, *atoms_of(coefficient_expressions(word))])
    gens = dict(zip(ring.symbols, ring.gens, strict=True))
    rows = vector_word(word, {name: [gens[x] for x in a] for name, a in (("m", m), ("dm", dm), ("B", b))}, ring)
    mass = {(i, j): entry for i, row in enumerate(rows) for j in range(3) if (entry := row.diff(ring.gens[j]))}
    forcing = [-ring.from_dict({powers: c for powers, c in row.items() if not any(powers[:3])}) for row in rows]
    for site in equation.sites.classical:
        fields = lower_all(builder, equation.energy.field(site), operands)
        own: dict[sp.Expr, Operand] = {**{x: operands[s] for x, s in zip(m, equation.sites.moment(site), strict=True)},
                                       **dict(zip(b, fields, strict=True))}
        lowered = lower_all(builder, [*mass.values(), *forcing], operands.also(own))
        matrix = dict(zip(mass, lowered, strict=False))
        found += elimination.eliminate(builder, matrix, lowered[len(mass):])
    return found
