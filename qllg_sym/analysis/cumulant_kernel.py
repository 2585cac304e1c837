"""The right-hand side of cumulants as a straight-line program: means, then their velocities, then the cumulants'."""

from collections import Counter
from fractions import Fraction
from typing import Protocol, Self

import sympy as sp

from qllg_sym.analysis.closure import ClosedSystem, Closure
from qllg_sym.codegen import elimination
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.equations.implicit_equation import ImplicitEquation
from qllg_sym.equations.inputs import inputs_of, lower_all, symbol_names


class ClosedByCumulants(Protocol):
    """What a program is made of; `cumulant_components.CumulantComponents` is one."""

    @property
    def equation(self) -> ImplicitEquation:
        """What it is of."""
    @property
    def states(self) -> tuple[sp.Symbol, ...]:
        """The cumulants."""
    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """Symbols that need numbers."""
    @property
    def closure(self) -> Closure:
        """The equations of means, and what closes them."""
    @property
    def written(self) -> Self:
        """The same for numbers."""

    def kernel(self, form: str = "any") -> Kernel:
        """The program."""
        ...


def operation_count(system: ClosedSystem) -> int:
    """Return an estimate of the arithmetic operations: two a term, and an elimination in every block of the mass."""
    terms = sum(2 * len(row) for row in system.rows)
    sizes = Counter(mass_blocks(system))
    return terms + sum(2 * n**3 // 3 + 2 * n**2 for n in sizes.values() if n > 1)


def mass_blocks(system: ClosedSystem) -> list[int]:
    """Return for each state the number of its block: states whose velocities enter one another's equations."""
    label = list(range(len(system.rows)))

    def root(k: int) -> int:
        while label[k] != k:
            k = label[k]
        return k

    for i, row in enumerate(system.rows):
        for _, moving in row:
            if moving >= 0:
                label[root(moving)] = root(i)
    return [root(k) for k in range(len(label))]


def cumulant_kernel(components: ClosedByCumulants) -> Kernel:
    """Return the program.

    Args:
        components: with the user's own expressions for coefficients; see `Components.written`.
    """
    system, states = components.closure.system, components.states
    builder = Builder(f"{components.equation.kind} cumulants", symbol_names(states),
                      symbol_names(components.parameters))
    operands = inputs_of(builder, states, components.parameters, components.equation.model)
    distinct = list(dict.fromkeys(c for row in system.rows for c in row.values()))
    numbers = dict(zip(distinct, lower_all(builder, distinct, operands), strict=True))
    factors = [builder.sum(builder.product([Fraction(n), *map(builder.state, parts)]) for n, parts in sums)
               for sums in system.factors]
    mass: dict[tuple[int, int], list[Operand]] = {}
    forcing: list[Operand] = []
    for i, row in enumerate(system.rows):
        free = []
        for (places, moving), c in row.items():
            term = builder.product([numbers[c], *(factors[k] for k in places)])
            if moving >= 0:
                mass.setdefault((i, moving), []).append(term)
            else:
                free.append(builder.neg(term))
        forcing.append(builder.sum(free))
    entries = {key: builder.sum(terms) for key, terms in mass.items()}
    velocities = elimination.eliminate(builder, entries, forcing)
    return builder.kernel(dict(zip(symbol_names(states), _cumulants(builder, system, velocities), strict=True)))


def _cumulants(builder: Builder, system: ClosedSystem, velocities: list[Operand]) -> list[Operand]:
    """The velocities of cumulants: of a mean, less what the products of its parts move."""
    found: list[Operand] = []
    for products, velocity in zip(system.known, velocities, strict=True):
        known = [builder.product([found[parts[k]], *(builder.state(j) for j in parts[:k] + parts[k + 1:])])
                 for parts in products for k in range(len(parts))]
        found.append(builder.sub(velocity, builder.sum(known)))
    return found
