"""States of two levels at most as exact data: ρ = a + b P, P the projector on given columns."""

from collections.abc import Mapping
from itertools import pairwise
from numbers import Rational
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import exact_float, to_expr
from qllg_sym.errors import InputError, StateError
from qllg_sym.flow.exact.matrices import two_exact_levels
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.low_rank import LowRank
from qllg_sym.flow.states.resolve import resolve
from qllg_sym.flow.states.state import ExactLevels, ExactSetting, State, models_of, one_exact_level
from qllg_sym.flow.states.two_levels import SAME
from qllg_sym.model.expansion import standard_string
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

Numbers = Mapping[sp.Symbol, sp.Expr]
SHOWN = 5           # levels that a refusal names


def exact_levels(state: Any, model: Model, numbers: Numbers) -> ExactLevels:
    """Return (a, b, kets) of a state ρ = a + b P: kets (d, r) are exact and span range P; none of them for ρ = 1/d.

    Args:
        state: of any kind that `solve` takes.
        model: the model of the motion.
        numbers: exact values of the parameters.

    Raises:
        StateError: no state of this space, or one with more than two levels.
        InputTypeError: no state at all.

    >>> from qllg_sym import Zeeman
    >>> exact_levels([[sp.Rational(3, 4), 0], [0, sp.Rational(1, 4)]], Model(Space("1/2"), [Zeeman((1, 0, 0))]), {})[:2]
    (1/4, 1/2)
    """
    open_ones = [s for other in models_of(state) for s in other.parameters if s not in numbers]
    if open_ones or (model.hbar.free_symbols - {*numbers} and isinstance(state, State) and state.is_of_hbar):
        raise StateError(f"`state` must have numbers, but {', '.join(map(str, open_ones)) or model.hbar} is a symbol "
                         "in it; give values.")
    if isinstance(state, State) and any(isinstance(x, sp.Expr) and x.free_symbols for x in vars(state).values()):
        found = _exactly(state, model.space, numbers)
        if found is None or found[2].rows != model.space.dimension:
            raise StateError(f"`state` must belong to {model.space}, but {state!r} does not; choose another state.")
        return found[0].xreplace({**numbers}), found[1].xreplace({**numbers}), found[2]
    # A parameter that is a symbol has no part in a state; any number will do where the state is checked.
    values = {**{s.name: 1.0 for s in model.parameters}, **{s.name: float(x) for s, x in numbers.items()}}
    hbar = number_of(model.hbar, values)
    initial = resolve(state, model, hbar, lambda other: matrix_of(_constant(other), values)
                      * number_of(other.hbar, values))
    found = _exactly(state, model.space, numbers)
    return _rounded(initial) if found is None else found


def frequency(model: Model, numbers: Numbers) -> sp.ImmutableMatrix:
    """Return H/ħ as an exact matrix (d, d).

    >>> from qllg_sym import Zeeman
    >>> frequency(Model(Space("1/2"), [Zeeman((0, 0, 1))]), {})[0, 0]
    -1/2
    """
    d, spins = model.space.dimension, model.space.numeric_spins
    total = sum((to_expr(c) * standard_string(spins, s) for (_, s), c in model.frequency.terms.items()),
                sp.zeros(d, d))
    return sp.ImmutableMatrix(total.subs(numbers))


def _exactly(state: Any, space: Space, numbers: Numbers) -> ExactLevels | None:
    """Return the levels of a checked state; None where it is known in doubles alone and none of them is exact."""
    if isinstance(state, LowRank):
        return _low_rank(state)
    if isinstance(state, State):
        return state.exactly(ExactSetting(space, numbers, two_exact_levels, lambda model: sp.Matrix(
            frequency(model, numbers) * model.hbar.xreplace({**numbers}))))
    return _array(state) if hasattr(state, "full") or np.ndim(state) else None


def _array(state: Any) -> ExactLevels | None:
    """Return the levels of a ket or a density matrix."""
    data = np.array(state.full() if hasattr(state, "full") else
                    state.tolist() if hasattr(state, "tolist") else state, dtype=object)
    data = data[:, None] if data.ndim == 1 else data
    matrix = sp.Matrix(*data.shape, [_entry(x) for x in data.ravel()])
    if matrix.cols == 1:
        return sp.S.Zero, sp.S.One, sp.ImmutableMatrix(matrix)
    found = two_exact_levels((matrix + matrix.H) / 2)
    if found is None and not any(map(_is_rounded, data.ravel())):
        raise _many_levels(np.linalg.eigvalsh(data.astype(complex)))
    return found


def _entry(value: Any) -> sp.Expr:
    """Return an entry of a state as an exact number; a float is the rational that it prints as."""
    if isinstance(value, sp.Expr):
        return value.xreplace({x: exact_float(x, "state") for x in value.atoms(sp.Float)})
    if isinstance(value, Rational):
        return sp.Rational(int(value.numerator), int(value.denominator))
    number = complex(value)
    return exact_float(number.real, "state") + sp.I * exact_float(number.imag, "state")


def _is_rounded(value: Any) -> bool:
    """Return whether an entry is known to floating-point rounding alone."""
    return bool(value.atoms(sp.Float)) if isinstance(value, sp.Expr) else not isinstance(value, Rational)


def _low_rank(state: LowRank) -> ExactLevels | None:
    """Return the levels of orthonormal kets of one weight, as they are given."""
    d, r = state.kets.shape
    background = exact_float(state.background, "background")
    if r == 0:
        return one_exact_level(background, d)
    if np.ptp(state.weights) > 0 or abs(state.kets.conj().T @ state.kets - np.eye(r)).max() > SAME:
        return None
    weight = exact_float(state.weights[0], "weights")
    if r == d or weight == 0:
        return one_exact_level(background + (weight if r == d else 0), d)
    return background, weight, sp.ImmutableMatrix(d, r, [_entry(x) for x in state.kets.ravel()])


def _rounded(initial: InitialStates) -> ExactLevels:
    """Return the levels of a state known in doubles: its kets are taken as exact, and its trace as one."""
    found, d = initial.two_levels, initial.kets.shape[1]
    if found is None:
        raise _many_levels(np.sort(initial.levels()[0])[::-1])
    (a,), (b,), (kets,) = found
    r = kets.shape[1]
    if r == 0:
        return one_exact_level(sp.Rational(1, d), d)
    gap = sp.Rational(1, r) if abs(a) <= SAME else exact_float(b, "state")
    return (1 - r * gap) / d, gap, sp.ImmutableMatrix(d, r, [_entry(x) for x in kets.ravel()])


def _constant(model: Model) -> Model:
    """Return the model of a thermal state, which must not depend on time: the exact solution has no first time."""
    if model.time_dependent:
        raise InputError("`state` must be that of a Hamiltonian constant in time, but its model depends on time; "
                         "give the density matrix at the first time.")
    return model


def _many_levels(values: Any) -> StateError:
    """Return the error for a spectrum of three values or more."""
    distinct = [values[0], *(y for x, y in pairwise(values) if abs(x - y) > SAME)]
    named = ", ".join(f"{x:.6g}" for x in distinct[:SHOWN]) + (", …" if len(distinct) > SHOWN else "")
    remark = "" if len(distinct) > 2 else " and more within 1e-12 of these"
    return StateError(f"`state` must have two distinct eigenvalues at most, but has {named}{remark}; use solve.")
