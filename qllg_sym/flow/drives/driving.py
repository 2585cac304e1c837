"""What of an equation depends on time, as one kernel of coefficients with their weights, and where that moves."""

from collections import OrderedDict
from collections.abc import Sequence
from fractions import Fraction
from math import prod, sqrt
from threading import Lock
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra import spin
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.codegen.lower import lower
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.inputs import inputs_of, symbol_names
from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.flow.drives import ranges
from qllg_sym.flow.drives.activity import NODES, Activity, activity
from qllg_sym.flow.drives.walk import Array, Pair, walk
from qllg_sym.flow.hamiltonians.dense import numeric_part
from qllg_sym.flow.steps.limits import Limits
from qllg_sym.memo import kept
from qllg_sym.model.copies import at
from qllg_sym.model.model import TOGETHER, Model
from qllg_sym.model.pieces import each_once
from qllg_sym.model.space import Space
from qllg_sym.model.term import Term

REMEMBERED = 16         # tables of one equation
SAMPLES = 64            # intervals on which the size of H is looked at where the law itself depends on time


@kept
def driving(equation: Equation) -> "Driving | None":
    """Return what of an equation depends on time, or None where nothing does.

    >>> import sympy
    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, t
    >>> B = sympy.Symbol("B", real=True)
    >>> driving(QuantumLLG(0.5).derive(Model(Space("1/2"), [Zeeman((0, 0, B))]))) is None
    True
    >>> pulse = driving(QuantumLLG(0.5).derive(Model(Space("1/2"), [Zeeman((B * sympy.exp(-(t - 70)**2), 0, 1))])))
    >>> pulse.names, pulse.found(np.array([[2.0]]), 0.0, 100.0, 1e-10).limits.reach(60.0, 20.0) < 70
    (('B',), True)
    """
    if not equation.model.time_dependent and not any(c.has(clock) for c in equation.law.coefficients()):
        return None
    if _shows(equation):
        return None
    return Driving(equation if equation.model.space.sites <= TOGETHER else _alone(equation))


def _alone(equation: Equation) -> Equation:
    """The same law of one copy of each different term, on sites of its own: what of many sites moves is in it."""
    model, chosen, spins = equation.model, list[Term](), list[Any]()
    for term, sites in each_once(model.terms, model.space):
        chosen.append(at(term, range(len(spins), len(spins) + len(sites))))
        spins += [model.space.spins[i] for i in sites]
    law: Any = equation.law
    if law.kind == Hybrid.kind:
        law = Hybrid(law.kappa, law.alpha, classical=range(len(spins)))
    found: Equation = law.derive(Model(Space(*spins), chosen, model.hbar, model.gamma))
    return found


def _shows(equation: Equation) -> bool:
    """Return whether all that moves are polynomials in time that the nodes of one step show: no step is too long."""
    timed = [c for term in equation.model.terms for c in term.coefficients() if clock in c.free_symbols]
    if any(c.has(clock) for c in equation.law.coefficients()):
        return False
    return all(c.is_polynomial(clock) and sp.degree(c, clock) < NODES for c in timed)


class Driving:
    """The coefficients of an equation that depend on time: amplitudes of H/ħ, then those of the law.

    Attributes:
        names: of the parameters that they take, in the order of the rows of `found`.
    """

    def __init__(self, equation: Equation) -> None:
        model, law = equation.model, equation.law
        program, groups, _ = numeric_kernel(model)
        builder = Builder("drive", [], symbol_names(equation.parameters))
        operands = inputs_of(builder, (), equation.parameters)
        fields = _again(builder, program, symbol_names(equation.parameters))
        timed = [(member, c) for member in law.members for c in member.coefficients() if c.has(clock)]
        rates = [lower(builder, c, operands) for _, c in timed]
        moving = _moving(builder.kernel({str(k): operand for k, operand in enumerate(fields)}))
        widths = [_spread(model.space.numeric_spins, group) for group in groups]
        if (matrix := numeric_part(model)) is not None:
            widths.append(float(np.linalg.norm(matrix)) / sqrt(len(matrix)))
        spread = np.array(widths)
        chosen = [operand for operand, moves in zip(fields, moving, strict=True) if moves]
        self._kernel = builder.kernel({str(k): operand for k, operand in enumerate([*chosen, *rates])})
        self._fields = builder.kernel({str(k): operand for k, operand in enumerate(fields)})
        self._spread, self._chosen, self._rates = spread, spread[moving], len(rates)
        self._by_field = np.array([not member.has_rates for member, _ in timed], dtype=bool)  # else rates by themselves
        self.names = self._kernel.parameters
        self._found: OrderedDict[Any, Activity] = OrderedDict()
        self._lock = Lock()

    def found(self, parameters: Array, begin: float, end: float, tolerance: float) -> Activity:
        """Return where they move, one table a row of parameters (k, m); kept for the next time.

        Args:
            parameters: numbers, (k, m).
            begin: first time.
            end: last time.
            tolerance: radians that a step may miss.
        """
        key = parameters.shape, parameters.tobytes(), begin, end, tolerance
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found = self._distinct(parameters, begin, end, tolerance)
        with self._lock:
            self._found[key] = found
            while len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return found

    def _distinct(self, parameters: Array, begin: float, end: float, tolerance: float) -> Activity:
        """Return the same by looking at equal rows once, and at nothing that does not enter."""
        used = {arg for step in self._kernel.steps for arg in step.args} | {o for _, o in self._kernel.outputs}
        entering = np.array([f"p{k}" in used for k in range(len(parameters))], dtype=bool)
        entering |= bool(self._rates)                   # whose weight is the size of H
        if parameters.shape[1] == 1 or not entering.any():
            p = parameters[:, :1]
            return activity(self._kernel, self._weights(p, begin, end), p, begin, end, tolerance)
        _, first, place = np.unique(parameters[entering], axis=1, return_index=True, return_inverse=True)
        p = parameters[:, first]
        found = activity(self._kernel, self._weights(p, begin, end), p, begin, end, tolerance)
        place = place.ravel()
        table = found.limits if len(first) == 1 else Limits(ends=found.limits.ends, caps=found.limits.caps,
                                                            firsts=found.limits.firsts[place])
        return Activity(table, found.resolution[place])

    def over(self, parameters: Array, begin: Array, end: Array, tolerance: float) -> Activity:
        """Return the same with an interval of times for each row, (m,)."""
        return activity(self._kernel, self._weights(parameters, begin, end), parameters, begin, end, tolerance)

    def _weights(self, p: Array, begin: Any, end: Any) -> Array:
        """Return what a unit of each coefficient turns, as an angular frequency, (m, g)."""
        m = p.shape[1]
        rates = np.ones(m)
        if self._by_field.any():
            edges = np.linspace(np.broadcast_to(begin, m), np.broadcast_to(end, m), SAMPLES + 1, axis=1)
            times = Pair(edges[:, :-1].ravel(), edges[:, 1:].ravel())
            sets = walk(self._fields, ranges.OPERATIONS, ranges.point, times, np.repeat(p, SAMPLES, axis=1))
            sizes = sum(w * np.maximum(abs(s.a), abs(s.b)) for w, s in zip(self._spread, sets, strict=True))
            sizes = np.broadcast_to(sizes, m * SAMPLES).reshape(m, SAMPLES)
            rates = np.where(np.isfinite(sizes), sizes, 0.0).max(axis=1)
        return np.concatenate([np.tile(self._chosen, (m, 1)), np.where(self._by_field, rates[:, None], 1.0)], axis=1)


def _again(builder: Builder, program: Kernel, parameters: Sequence[str]) -> list[Operand]:
    """Return the outputs of a program built anew among the parameters of a builder."""
    place = {name: k for k, name in enumerate(parameters)}
    known: dict[Operand, Operand] = {"t": builder.time}
    known |= {f"p{i}": builder.parameter(place[name]) for i, name in enumerate(program.parameters)}
    for step in program.steps:
        known[step.name] = builder.apply(step.op, [known.get(arg, arg) for arg in step.args])
    return [known.get(operand, operand) for _, operand in program.outputs]


def _moving(kernel: Kernel) -> list[bool]:
    """Return which outputs depend on time."""
    timed: set[Operand] = {"t"}
    for step in kernel.steps:
        if timed.intersection(step.args):
            timed.add(step.name)
    return [operand in timed for _, operand in kernel.outputs]


def _spread(spins: Sequence[Fraction], group: Sequence[tuple[Any, Any]]) -> float:
    """Return a bound of the difference of the eigenvalues of Σ c · string, from the Frobenius norms of its sites."""
    return 2 * sum(abs(float(c)) * prod(sqrt(float(spin.norm(s, i))) for s, i in zip(spins, string, strict=True) if i)
                   for string, c in group)
