"""States and trajectories → the numbers of joint cumulants."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qllg_sym.analysis.closure import Closure
from qllg_sym.analysis.cluster_strings import SiteString, all_strings, scale, state_name
from qllg_sym.analysis.identical_sites import IdenticalHierarchy
from qllg_sym.errors import InputError, StateError
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.states.initial import TOLERANCE
from qllg_sym.flow.states.targets import target
from qllg_sym.model.expansion import standard_member
from qllg_sym.model.model import Model

Array = NDArray[Any]


class Reducible(Protocol):
    """What has reduced density matrices at several times: an ensemble, a trajectory."""

    def reduced(self, sites: Any) -> Array:
        """Return the reduced density matrices, (n, e, e)."""
        ...


def cumulant_values(closure: Closure, model: Model, state: Any, values: Mapping[Any, Any]) -> Array:
    """Return the numbers of the states of a closure: (n,) of a state, (times, n) of a trajectory."""
    if isinstance(state, Trajectory):
        return _numbers(closure, state)
    numbers, spins = {str(name): value for name, value in values.items()}, model.space.numeric_spins
    if missing := sorted({str(s) for s in model.hbar.free_symbols} - {*numbers}):
        raise InputError(f"`values` must give ħ a number, but {missing[0]} is unbound; add "
                         f"values={{\"{missing[0]}\": 1.0}}.")
    if isinstance(closure.hierarchy, IdenticalHierarchy):
        spins = spins[:1] * closure.hierarchy.order
    ensemble = target(state, [str(s) for s in spins], number_of(model.hbar, numbers), values, 0.0)
    if isinstance(closure.hierarchy, IdenticalHierarchy):
        _check_symmetric(closure.hierarchy, ensemble)
    return np.asarray(_numbers(closure, ensemble)[0])


def _check_symmetric(hierarchy: IdenticalHierarchy, source: Reducible) -> None:
    """Refuse a state that a permutation of sites changes."""
    for string in all_strings(hierarchy.spins[:hierarchy.order], hierarchy.order):
        one, other = (float(_mean(hierarchy.spins, s, source.reduced(tuple(i for i, _ in s)))[0])
                      for s in (string, hierarchy.canonical(string)))
        if abs(one - other) > TOLERANCE:
            name = state_name(hierarchy.spins, string, "m")
            raise StateError(f"`state` must be unchanged by permutations of its sites, but {name} misses its partner "
                             f"by {abs(one - other):.1e}; give a state of `order` identical sites.")


def _numbers(closure: Closure, source: Reducible) -> Array:
    """Cumulants from means: of every mean, less the products of cumulants of its parts."""
    spins, reduced = closure.hierarchy.spins, dict[tuple[int, ...], Array]()
    found: list[Array] = []
    for string in closure.strings:
        sites = tuple(i for i, _ in string)
        if sites not in reduced:
            reduced[sites] = source.reduced(sites)
        mean = _mean(spins, string, reduced[sites])
        for parts in closure.disconnected(string):
            mean = mean - np.prod([found[k] for k in parts], axis=0)
        found.append(mean)
    return np.stack(found, axis=1)


def _mean(spins: tuple[Any, ...], string: SiteString, reduced: Array) -> Array:
    """The mean of a string in the reduced states of its sites."""
    return np.asarray(np.einsum("tij,ji->t", reduced, _matrix(spins, string)).real * float(scale(spins, string)))


def _matrix(spins: tuple[Any, ...], string: SiteString) -> Array:
    """A string on its own sites."""
    matrix = np.ones((1, 1), dtype=complex)
    for i, member in string:
        d = int(2 * spins[i]) + 1
        own = np.zeros((d, d), dtype=complex)
        for place, entry in standard_member(spins[i], member).items():
            own[place] = complex(entry)
        matrix = np.kron(matrix, own)
    return matrix
