"""Clusters and moments → the kernel of their motion: what numbers need, whatever the size of a cluster."""

from collections.abc import Sequence

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from qllg_sym.algebra.scalars import make_ring
from qllg_sym.codegen import elimination
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.equations.evaluation import atoms_of, coefficient_expressions
from qllg_sym.equations.hybrid.components import moment_polynomials
from qllg_sym.equations.hybrid.equation import HybridEquation
from qllg_sym.equations.hybrid.sites import velocities_of
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
    """The velocities of all moments: mass · velocity = forcing, three rows a site."""
    moments = equation.sites.moments
    ring = _ring(equation)
    gens = dict(zip(ring.symbols, ring.gens, strict=True))
    velocities = [gens[v] for v in velocities_of(moments)]
    rows = moment_polynomials(equation, ring)
    places, entries, forcing = [], list[PolyElement](), []
    for i, row in enumerate(rows):
        for j in range(i - i % 3, i - i % 3 + 3):
            if entry := row.diff(velocities[j]):
                places.append((i, j))
                entries.append(entry)
        forcing.append(-_at_rest(row, len(moments)))
    lowered = lower_all(builder, [*entries, *forcing], operands)
    matrix = dict(zip(places, lowered, strict=False))
    return elimination.eliminate(builder, matrix, lowered[len(entries):])


def _ring(equation: HybridEquation) -> PolyRing:
    """Velocities of the moments, and all that the energy and the law hold."""
    first = velocities_of(equation.sites.moments)
    known = equation.energy.value.ring.symbols
    atoms = [g for g in atoms_of(coefficient_expressions(equation.residual)) if g not in known]
    return make_ring([*first, *known, *sorted(atoms, key=sp.default_sort_key)])


def _at_rest(row: PolyElement, count: int) -> PolyElement:
    """The part without the first generators."""
    zero: Sequence[int] = (0,) * count
    return row.ring.from_dict({powers: c for powers, c in row.items() if powers[:count] == zero})
