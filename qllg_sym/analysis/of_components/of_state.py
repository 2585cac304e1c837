"""Numbers of the states, from a state as `solve` takes it: where an integration of the components starts."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.analysis.exact_start import clusters_alone, exact_start
from qllg_sym.equations.compiling import matrix_function
from qllg_sym.equations.components import Components
from qllg_sym.equations.hybrid.components import HybridComponents
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.errors import InputError, StateError
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.states.hybrid_state import check_hybrid
from qllg_sym.flow.states.initial import TOLERANCE, check_moments
from qllg_sym.flow.states.targets import target
from qllg_sym.model.model import Model

Array = NDArray[Any]


def of_state(components: Components, state: Any, values: Mapping[Any, Any] | None = None) -> Array:
    r"""Return the numbers of the states, $c_A = \mathrm{Tr}\,\rho A$ for those of an operator basis, in their order.

    Of a closed or reduced set these are the numbers of the states that are left, and the others must be what `.map`
    says of them, within 1e-10.

    Args:
        components: of any kind.
        state: density matrix, ket, Qobj, LowRank or one of `qllg_sym.states`, or a Trajectory; for a classical law
            moments (N, 3) or a product state; for a hybrid law a `HybridState`.
        values: numbers for the symbols of ħ, of `.map`, and of the model of a thermal or ground state.

    Returns:
        Array (n,), of a trajectory (times, n).

    Raises:
        StateError: not a state of these spins, or one outside the closed or reduced set.
        InputError: a symbol without a number.

    Source: PRL 133, 266704 (2024), above eq. 9, for T_αβ.

    >>> from qllg_sym import Exchange, Model, QuantumLLG, Space, states
    >>> kappa = sp.Symbol("kappa", real=True)
    >>> bond = QuantumLLG(kappa).derive(Model(Space.half(2), [Exchange(1, 0, 1)])).pauli()
    >>> part = bond.closed(states.product("up", "down"))
    >>> part.states, part.of_state(states.product("up", "down")).tolist()
    ((T_0z, T_xx, T_xy, T_yx, T_yy, T_z0, T_zz), [-1.0, 0.0, 0.0, 0.0, 0.0, 1.0, -1.0])
    """
    numbers = {str(name): value for name, value in (values or {}).items()}
    if isinstance(components, RestrictedComponents):
        return _restricted(components, components.source.of_state(state, values), numbers)
    if components.kind in ("eta", "moments") and not isinstance(state, Trajectory):
        exact = exact_start(components, state)
        return np.array([number_of(exact[s], numbers) for s in components.states])
    if components.kind in ("eta", "moments"):
        raise StateError(f"`state` must be one state for {components.kind}() components, but is a trajectory; read its "
                         "`bloch` or `moments`.")
    if isinstance(components, HybridComponents):
        return _of_parts(components, state, numbers)
    basis = matrix_function(components.equation)
    if isinstance(state, Trajectory):
        return np.array([basis.coordinates(rho) for rho in state.states])
    return basis.coordinates(_density(components.equation.model, state, numbers))


def _of_parts(components: HybridComponents, state: Any, numbers: Mapping[str, Any]) -> Array:
    """The numbers of every cluster's states, then of the moments."""
    sites = components.hybrid.sites
    check_hybrid(state, len(sites.clusters))
    found = [of_state(cluster, part, numbers) for cluster, part in zip(clusters_alone(components), state.clusters,
                                                                       strict=True)]
    moments = check_moments(state.moments, len(sites.classical), "moments", sites.classical) if sites.classical else \
        np.zeros(0)
    return np.concatenate([*found, moments.ravel()])


def _density(model: Model, state: Any, numbers: Mapping[str, Any]) -> Array:
    """ρ as a matrix of doubles."""
    _need(model.hbar.free_symbols, "ħ", numbers)
    spins = [str(s) for s in model.space.numeric_spins]
    ensemble = target(state, spins, number_of(model.hbar, numbers), numbers, 0.0)
    return np.asarray(ensemble.reduced(tuple(range(len(spins))))[0], dtype=complex)


def _need(symbols: Iterable[sp.Basic], what: str, numbers: Mapping[str, Any]) -> None:
    """Refuse a symbol without a number."""
    if missing := sorted({str(s) for s in symbols} - {*numbers}):
        raise InputError(f"`values` must give {what} a number, but {missing[0]} is unbound; add "
                         f"values={{\"{missing[0]}\": 1.0}}.")


def _restricted(components: RestrictedComponents, full: Array, numbers: Mapping[str, Any]) -> Array:
    """The states of a restriction, and whether the full ones are what its map says."""
    found = full @ _matrix(components.projection, components.source.states, numbers)[0].T
    places = {s: k for k, s in enumerate(components.source.states)}
    factors, constants = _matrix([e for _, e in components.embedding], components.states, numbers)
    missed = np.abs(found @ factors.T + constants - full[..., [places[s] for s, _ in components.embedding]])
    worst = missed.reshape(-1, missed.shape[-1]).max(axis=0)
    if worst.max() > TOLERANCE:
        state, expression = next(pair for pair, x in zip(components.embedding, worst, strict=True)
                                 if x > TOLERANCE and pair[0] != pair[1])
        raise StateError(f"`state` must lie among the states of these equations, where {state} = {expression}, but "
                         f"misses them by {worst.max():.1e}; choose another state, or the full components.")
    return np.asarray(found)


def _matrix(expressions: Any, states: tuple[sp.Symbol, ...], numbers: Mapping[str, Any]) -> tuple[Array, Array]:
    """(A, b) of expressions A y + b, which are linear in the states."""
    factors, rest = sp.linear_eq_to_matrix([sp.expand(e) for e in expressions], *states)
    _need(factors.free_symbols | rest.free_symbols, "the states that are left", numbers)
    one, other = (np.array([[number_of(x, numbers) for x in row] for row in part.tolist()], dtype=float)
                  for part in (factors, -rest))
    return one, other[:, 0]
