"""The values of states at the start, exactly, from any state that `solve` takes and that is known exactly."""

import math
from numbers import Rational
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import exact_float, make_ring, to_expr
from qllg_sym.algebra.sites import string_norm
from qllg_sym.analysis.cumulant_components import CumulantComponents
from qllg_sym.analysis.cumulant_start import exact_cumulants, model_of_start
from qllg_sym.equations.components import Components
from qllg_sym.equations.hybrid.components import HybridComponents
from qllg_sym.equations.laws.von_neumann import VonNeumann
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.errors import StateError
from qllg_sym.flow.exact.matrices import two_exact_levels
from qllg_sym.flow.exact.states import frequency
from qllg_sym.flow.hamiltonians.dense import matrix_of
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.states.hybrid_state import HybridState, check_hybrid
from qllg_sym.flow.states.initial import check_moments
from qllg_sym.flow.states.kinds.eta import Eta
from qllg_sym.flow.states.low_rank import LowRank
from qllg_sym.flow.states.resolve import resolve
from qllg_sym.flow.states.state import ExactSetting, State
from qllg_sym.model.expansion import expand_matrix, standard_string
from qllg_sym.model.model import Model


def exact_start(components: Components, start: Any) -> dict[sp.Symbol, sp.Expr]:
    """Return {state: its value} at a start; a float is the rational that it prints as.

    Args:
        components: of any kind with numeric spins.
        start: density matrix, ket, Qobj, LowRank or one of `qllg_sym.states`; a matrix may hold real symbols. For a
            classical law moments (N, 3), or a product state; for a hybrid one a `HybridState`.

    Raises:
        StateError: no state of this space, or one that is known in doubles alone, or one outside the restriction.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> exact_start(QuantumLLG(1).derive(Model(Space("1/2"))).pauli(), states.product("-y"))
    {T_x: 0, T_y: -1, T_z: 0}
    """
    if isinstance(components, RestrictedComponents):
        return _restricted(components, exact_start(components.source, start))
    if isinstance(components, CumulantComponents):
        values = exact_cumulants(components, density_of(start, model_of_start(components)))
        return dict(zip(components.states, values, strict=True))
    space = components.equation.model.space
    if isinstance(components, HybridComponents):
        return dict(zip(components.states, _of_parts(components, start), strict=True))
    if components.equation.law.classical:
        return dict(zip(components.states, _moments(start, space.sites), strict=True))
    if space.symbolic:
        raise StateError(f"`start` must belong to numeric spins, but the spin is {space.spins[0]}; give states to be "
                         "read, or the spin a number.")
    values = _traces(density_of(start, components.equation.model), components)
    return dict(zip(components.states, values, strict=True))


def density_of(start: Any, model: Model) -> sp.Matrix:
    """Return ρ as an exact matrix (d, d).

    >>> from qllg_sym import Space, states
    >>> density_of(states.werner("psi+", 0.5), Model(Space.half(2)))[1, 1]
    3/8
    """
    if not isinstance(start, State):
        entries = _entries(start)
        if not any(x.free_symbols for x in entries):
            resolve(start, model, 1.0, _no_hamiltonian)
        return _matrix(entries, model)
    symbolic = any(isinstance(x, sp.Expr) and x.free_symbols for x in vars(start).values())
    if not symbolic:        # what holds symbols is checked by its exact data alone
        resolve(start, model, _hbar(model), _hamiltonian)
    if isinstance(start, LowRank):
        weights = sp.Matrix(sp.diag(*(exact_float(w, "weights") for w in start.weights)))
        columns = sp.Matrix(*start.kets.shape, _entries(start.kets))
        background = exact_float(start.background, "background")
        return background * sp.eye(columns.rows) + columns * weights * columns.H
    if isinstance(start, Eta):
        return _of_eta(start, model)
    setting = ExactSetting(model.space, {}, two_exact_levels, lambda own: sp.Matrix(frequency(own, {}) * own.hbar))
    if (found := start.exactly(setting)) is None:
        raise StateError(f"`start` must be known exactly, but {type(start).__name__.lower()} states are so in doubles "
                         "alone; give the density matrix with the numbers that you mean.")
    a, b, kets = found
    if kets.rows != model.space.dimension:
        raise StateError(f"`start` must belong to {model.space}, but {start!r} does not; choose another state.")
    projector = sp.Matrix(kets * (kets.H * kets).inv() * kets.H) if kets.cols else sp.zeros(kets.rows, kets.rows)
    return a * sp.eye(kets.rows) + b * projector


def _of_eta(start: Eta, model: Model) -> sp.Matrix:
    """(1 + η·S)/(2s + 1)."""
    parts: list[Any] = [sp.eye(model.space.dimension)]
    for x, axis in zip(start.eta, model.space.algebra(make_ring([])).spin(0), strict=True):
        (_, string), unit = next(iter(axis.terms.items()))
        scale = to_expr(unit) * exact_float(x, "eta") * exact_float(start.hbar, "hbar")
        parts.append(scale * standard_string(model.space.numeric_spins, string))
    return sp.Matrix(sum(parts[1:], parts[0]) / model.space.dimension)


def _restricted(components: RestrictedComponents, values: dict[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, sp.Expr]:
    """Values of the states of a restriction, which the start must obey."""
    found = {s: sp.cancel(p.xreplace(values)) for s, p in zip(components.states, components.projection, strict=True)}
    for state, expression in components.embedding:
        if sp.cancel(expression.xreplace(found) - values[state]) != 0:
            raise StateError(f"`start` must lie among the states of these equations, but there {state} = {expression} "
                             f"and not {values[state]}; choose another start, or the full components.")
    return found


def _traces(rho: sp.Matrix, components: Components) -> list[sp.Expr]:
    """Tr ρA of the basis, or η of PRL 4."""
    space = components.equation.model.space
    spins = space.numeric_spins
    parts = expand_matrix(rho.tolist(), spins)
    if components.kind != "eta":
        return [parts.get(s, sp.S.Zero) * sp.Rational(str(string_norm(spins, s))) for s in components.strings]
    axes = [next(iter(axis.terms.items())) for axis in space.algebra(components.equation.model.frequency.algebra.ring)
            .spin(0)]
    rest = {*parts} - {(0,)} - {string for (_, string), _ in axes}
    if rest:
        raise StateError("`start` must be (1 + η·S)/(2s + 1), PRL 4, for eta() components, but is not; use "
                         "coefficients().")
    scale = space.dimension / components.equation.model.hbar
    return [sp.expand(parts.get(string, sp.S.Zero) * scale / sp.Rational(str(unit.LC))) for (_, string), unit in axes]


def _of_parts(components: HybridComponents, start: Any) -> list[sp.Expr]:
    """The values of every cluster's states, then of the moments."""
    found, sites = list[sp.Expr](), components.hybrid.sites
    check_hybrid(start, len(sites.clusters))
    for cluster, state in zip(clusters_alone(components), start.clusters, strict=True):
        found += exact_start(cluster, state).values()
    return found + (_moments(start.moments, len(sites.classical)) if sites.classical else [])


def clusters_alone(components: HybridComponents) -> list[Components]:
    """Return the components of each cluster by itself, without a Hamiltonian.

    >>> from qllg_sym import Hybrid, Model, Space
    >>> found = clusters_alone(Hybrid(0, 0, clusters=[0], classical=[1]).derive(Model(Space("1/2", "1"))).components())
    >>> [alone.states for alone in found]
    [(T_x, T_y, T_z)]
    """
    model = components.equation.model
    return [VonNeumann().derive(Model(space, (), model.hbar, model.gamma, model.units)).coefficients()
            for space in components.hybrid.sites.spaces]


def _moments(start: Any, sites: int) -> list[sp.Expr]:
    """Unit moments as they are given."""
    known = start.moments() if isinstance(start, State) and not isinstance(start, HybridState) else None
    given = start if known is None else known
    check_moments(given, sites)
    return [exact_entry(x) for row in given for x in row]


def _matrix(entries: list[sp.Expr], model: Model) -> sp.Matrix:
    """A density matrix from the entries of one, or of a ket."""
    d = model.space.dimension
    if len(entries) == d:
        return sp.Matrix(entries) * sp.Matrix(entries).H
    if len(entries) != d * d:
        raise StateError(f"`start` must have shape ({d}, {d}) or ({d},) for {model.space}, but has {len(entries)} "
                         "entries; give it in the product basis of all sites.")
    matrix = sp.Matrix(d, d, entries)
    return (matrix + matrix.H) / 2


def _entries(data: Any) -> list[sp.Expr]:
    """The entries of an array, a nested list, a Qobj or a SymPy matrix."""
    given = data.full() if hasattr(data, "full") else data.tolist() if hasattr(data, "tolist") else data
    return [exact_entry(x) for x in np.array(given, dtype=object).ravel()]


def exact_entry(value: Any) -> sp.Expr:
    """Return a number of a state exactly: a float is the rational that it prints as.

    >>> exact_entry(0.5j)
    I/2
    """
    if isinstance(value, sp.Expr):
        return value.xreplace({x: exact_float(x, "start") for x in value.atoms(sp.Float)})
    if isinstance(value, Rational):
        return sp.Rational(int(value.numerator), int(value.denominator))
    try:
        number = complex(value)
    except (TypeError, ValueError):
        raise StateError(f"`start` must be a state or a tuple of states to be read, but holds {value!r}; write "
                         "states.product(\"up\", \"down\"), or names such as \"T_0x\".") from None
    return exact_float(number.real, "start") + sp.I * exact_float(number.imag, "start")


def _hbar(model: Model) -> float:
    """ħ as a number; NaN, which fits every state that names its own, where it is a symbol."""
    return number_of(model.hbar, {}) if model.hbar.is_number else math.nan


def _hamiltonian(model: Model) -> Any:
    """H of a thermal or ground state, which must be a matrix of numbers."""
    if model.parameters or model.time_dependent:
        raise StateError("`start` must be known without values of parameters, but that of a model with parameters or "
                         "of time is not; give its density matrix.")
    return matrix_of(model, {}) * number_of(model.hbar, {})


def _no_hamiltonian(model: Model) -> Any:
    """An array needs none."""
    raise StateError("`start` must be an array here; give one.")
