"""The right-hand side of cumulants as a straight-line program: means, then their velocities, then the cumulants'."""

from collections import Counter
from fractions import Fraction
from typing import Protocol, Self

import sympy as sp

from qllg_sym.analysis.closure import Closure
from qllg_sym.analysis.cluster_strings import SiteString
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


def operation_count(closure: Closure) -> int:
    """Return an estimate of the arithmetic operations: two a term, and an elimination in every block of the mass."""
    terms = sum(2 * len(row) for row in closure.rows)
    sizes = Counter(mass_blocks(closure))
    return terms + sum(2 * n**3 // 3 + 2 * n**2 for n in sizes.values() if n > 1)


def mass_blocks(closure: Closure) -> list[int]:
    """Return for each string the number of its block: strings whose velocities enter one another's equations."""
    label = list(range(len(closure.strings)))

    def root(k: int) -> int:
        while label[k] != k:
            k = label[k]
        return k

    for i, row in enumerate(closure.rows):
        for _, moving in row:
            if moving:
                label[root(closure.place[moving])] = root(i)
    return [root(k) for k in range(len(label))]


def cumulant_kernel(components: ClosedByCumulants) -> Kernel:
    """Return the program.

    Args:
        components: with the user's own expressions for coefficients; see `Components.written`.
    """
    closure, states = components.closure, components.states
    builder = Builder(f"{components.equation.kind} cumulants", symbol_names(states),
                      symbol_names(components.parameters))
    operands = inputs_of(builder, states, components.parameters, components.equation.model)
    distinct = list(dict.fromkeys(c for row in closure.rows for c in row.values()))
    numbers = dict(zip(distinct, lower_all(builder, distinct, operands), strict=True))
    means = _means(builder, closure)
    mass: dict[tuple[int, int], list[Operand]] = {}
    forcing: list[Operand] = []
    for i, row in enumerate(closure.rows):
        free = []
        for (strings, moving), c in row.items():
            term = builder.product([numbers[c], *(means[s] for s in strings)])
            if moving:
                mass.setdefault((i, closure.place[moving]), []).append(term)
            else:
                free.append(builder.neg(term))
        forcing.append(builder.sum(free))
    entries = {key: builder.sum(terms) for key, terms in mass.items()}
    velocities = elimination.eliminate(builder, entries, forcing)
    return builder.kernel(dict(zip(symbol_names(states), _cumulants(builder, closure, velocities), strict=True)))


def _means(builder: Builder, closure: Closure) -> dict[SiteString, Operand]:
    """Every mean that occurs, as a sum of products of cumulants."""
    strings = dict.fromkeys(s for row in closure.rows for means, _ in row for s in means)
    return {string: builder.sum(builder.product([Fraction(n), *(builder.state(k) for k in parts)])
                                for n, parts in closure.products(string)) for string in strings}


def _cumulants(builder: Builder, closure: Closure, velocities: list[Operand]) -> list[Operand]:
    """The velocities of cumulants: of a mean, less what the products of its parts move."""
    found: list[Operand] = []
    for string, velocity in zip(closure.strings, velocities, strict=True):
        known = [builder.product([found[parts[k]], *(builder.state(j) for j in parts[:k] + parts[k + 1:])])
                 for parts in closure.disconnected(string) for k in range(len(parts))]
        found.append(builder.sub(velocity, builder.sum(known)))
    return found
