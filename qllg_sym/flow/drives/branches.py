r"""Jumps and kinks in time, taken out of an equation: what is left is smooth from one of them to the next.

A coefficient such as A Heaviside(t − t₀) + |cos ωt| is smooth wherever the arguments t − t₀ and cos ωt keep their sign.
Each such argument is a switching function g_k; in the smooth equation Heaviside(g_k) is a parameter with the value 0 or
1, sign(g_k) one with −1 or 1, |g_k| is sign · g_k, and Piecewise, Min, Max choose by it. So an on/off switch of a
constant Hamiltonian leaves a constant one, and nothing is evaluated across a jump.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import sympy as sp

from qllg_sym.algebra.signals import Signal, signals_in
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.conditions import ORDERED, difference, inequalities
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.lower import lower
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.inputs import inputs_of, symbol_names
from qllg_sym.errors import InputError
from qllg_sym.flow.drives.walk import Array
from qllg_sym.flow.waveforms import Waveform
from qllg_sym.memo import kept
from qllg_sym.model.model import Model
from qllg_sym.model.written import Atoms

KINKED = (sp.Heaviside, sp.sign, sp.Abs, sp.Min, sp.Max, sp.Piecewise)
JUMPING = (sp.Heaviside, sp.sign, sp.Piecewise)


@dataclass(frozen=True, eq=False)
class Branches:
    """An equation between its jumps and kinks.

    Attributes:
        equation: smooth in time, with a parameter more for each switch.
        switching: the functions g_k(t; p) whose signs set these, one kernel each.
        steady: whether each g_k has no jump itself, so that its slope bounds it.
        names: the parameters that the switching functions take.
    """

    equation: Equation
    switching: tuple[Kernel, ...]
    steady: tuple[bool, ...]
    names: tuple[str, ...]

    def values(self, signs: Iterable[float], waves: Mapping[str, Waveform], t: float) -> dict[str, float]:
        """Return the values of the parameters that switches and signals are, for the signs of functions, near a time.

        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
        >>> on = QuantumLLG(0.5).derive(Model(Space("1/2"), [Zeeman((0, 0, sp.Heaviside(clock - 1)))]))
        >>> branches(on).values([-1.0], {}, 0.0)
        {'step 0': 0.0}
        """
        found = {name: value for k, sign in enumerate(signs)
                 for name, value in ((f"sign {k}", sign), (f"step {k}", 0.5 + 0.5 * sign))}
        for name, wave in waves.items():
            origin, rate, coefficients = wave.at(t)
            found |= {f"{name} origin": origin, f"{name} rate": rate}
            found |= {f"{name} {j}": c for j, c in enumerate(coefficients)}
        return {name: found[name] for name in self._all_names if name in found}

    @cached_property
    def _all_names(self) -> tuple[str, ...]:
        """The parameters of the smooth equation: read anew for each of many pieces they cost more than a step."""
        return tuple(s.name for s in self.equation.parameters)


@kept
def branches(equation: Equation, degrees: tuple[tuple[str, int], ...] = ()) -> Branches | None:
    """Return an equation without its jumps and kinks in time; None where it has none.

    Args:
        equation: any.
        degrees: (name, degree) of the polynomials that its signals are.

    Raises:
        InputError: a switch depends on a signal.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> switched = QuantumLLG(0.5).derive(Model(Space("1/2"), [Zeeman((0, 0, sp.Heaviside(clock - 1)))]))
    >>> branches(switched).equation.model.time_dependent
    False
    """
    model, law = equation.model, equation.law
    parts: list[Any] = [*model.terms, *law.members]
    coefficients = [c for part in parts for c in part.coefficients()]
    if not degrees and not any(_is_kinked(c) for c in coefficients):
        return None
    taken = Switches(dict(degrees))
    terms = [taken.replaced(term) for term in model.terms]
    smooth: Any = taken.replaced(law).derive(Model(model.space, tuple(terms), model.hbar, model.gamma, model.units))
    if wrong := [g for g in taken.functions if signals_in([g])]:
        raise InputError("`model` must have jumps and kinks at times that no signal decides, but has one where "
                         f"{wrong[0]} changes its sign; give the whole coefficient as a signal.")
    names = tuple(s.name for s in equation.parameters if not isinstance(s, Signal))
    return Branches(smooth, tuple(_kernel(g, equation) for g in taken.functions),
                    tuple(not g.has(*JUMPING) for g in taken.functions), names)


def _is_kinked(expression: sp.Expr) -> bool:
    """Return whether a kink of an expression depends on time."""
    return any(clock in atom.free_symbols for atom in expression.atoms(*KINKED))


def _kernel(function: sp.Expr, equation: Equation) -> Kernel:
    """Return a switching function as a kernel of the equation's parameters."""
    symbols = [s for s in equation.parameters if not isinstance(s, Signal)]
    builder = Builder("switch", [], symbol_names(symbols))
    return builder.kernel({"g": lower(builder, function, inputs_of(builder, (), symbols))})


class Switches(Atoms):
    """Puts parameters in place of switches, and polynomials in place of signals, in the fields of terms and laws.

    Args:
        degrees: of the polynomials, by the names of signals.

    Attributes:
        functions: the switching functions, in the order in which they were found.
    """

    def __init__(self, degrees: Mapping[str, int]) -> None:
        super().__init__()
        self.functions: list[sp.Expr] = []
        self._degrees = degrees

    def _complex(self, value: sp.Expr, rational: bool) -> sp.Expr:
        """Return a coefficient without switches and signals."""
        smooth = self.smooth(value)
        return smooth.xreplace({signal: self._polynomial(signal) for signal in signals_in([smooth])})

    def _polynomial(self, signal: Signal) -> sp.Expr:
        """Return a signal as the polynomial that it is on one piece, by Horner's rule."""
        origin, rate = (_parameter(f"{signal.name} {word}") for word in ("origin", "rate"))
        total: Any = sp.S.Zero
        for j in reversed(range(self._degrees[signal.name] + 1)):
            total = total * (clock - origin) * rate + _parameter(f"{signal.name} {j}")
        return cast(sp.Expr, total)

    def smooth(self, expression: Any) -> Any:
        """Return an expression without switches in time."""
        if not _is_kinked(expression):
            return expression
        if isinstance(expression, sp.Piecewise):
            return sp.Piecewise(*((self.smooth(pair.args[0]), self._condition(pair.args[1]))
                                  for pair in expression.args))
        if isinstance(expression, (sp.Min, sp.Max)):
            return self._extreme(expression)
        if not isinstance(expression, KINKED) or clock not in expression.args[0].free_symbols:
            return expression.func(*map(self.smooth, expression.args))
        inner: Any = expression.args[0]
        if isinstance(expression, sp.Heaviside):
            return self._symbol("step", inner)
        sign = self._symbol("sign", inner)
        return sign * self.smooth(inner) if isinstance(expression, sp.Abs) else sign

    def _extreme(self, expression: Any) -> Any:
        """Return the smallest or largest of some expressions as choices by signs."""
        first, *others = sorted(expression.args, key=sp.default_sort_key)
        best, chosen = first, self.smooth(first)
        for other in others:
            over = other - best if isinstance(expression, sp.Max) else best - other
            chosen = sp.Piecewise((self.smooth(other), self._condition(over > 0)), (chosen, True))
            best = expression.func(best, other)
        return chosen

    def _condition(self, condition: Any) -> Any:
        """Return a condition by signs in place of functions of time."""
        swaps = {relation: self._by_sign(relation) for relation in inequalities(condition)
                 if clock in relation.free_symbols}
        return condition.xreplace(swaps)

    def _by_sign(self, relation: Any) -> Any:
        """Return an inequality by the sign of its difference."""
        sign = self._symbol("sign", difference(relation))
        assert isinstance(relation, ORDERED)
        return sign > 0 if isinstance(relation, (sp.StrictGreaterThan, sp.StrictLessThan)) else sign >= 0

    def _symbol(self, kind: str, function: sp.Expr) -> sp.Symbol:
        """Return the parameter of a switch; the space in its name keeps it apart from every other one."""
        if function not in self.functions:
            self.functions.append(function)
        return _parameter(f"{kind} {self.functions.index(function)}")


def _parameter(name: str) -> sp.Symbol:
    """Return a real symbol."""
    return sp.Symbol(name, real=True)


def signs(switching: Iterable[float]) -> Array:
    """Return the signs of numbers, with 0 for what is 0 or no number.

    >>> signs([2.0, -3.0, float("nan")]).tolist()
    [1.0, -1.0, 0.0]
    """
    return np.nan_to_num(np.sign(np.asarray(switching, dtype=float)))
