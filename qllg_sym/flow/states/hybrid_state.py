"""The state of a hybrid law: one density matrix for each cluster, one unit moment for each classical site."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.state import Setting, State, models_of
from qllg_sym.model.model import Model


@dataclass(frozen=True, eq=False)
class HybridState(State):
    """Where a trajectory of clusters and moments starts, or what it is at one time.

    Args:
        clusters: for each cluster, in the order of the law, a state of its own sites: density matrix (d, d), ket (d,),
            Qobj, LowRank, or one of `qllg_sym.states`.
        moments: unit vectors (n, 3), one a classical site, in ascending order of sites; left out where there are none.

    What does not fit the model, and moments of other lengths than one, are refused when it is solved for.

    Raises:
        InputTypeError: `clusters` is no list.

    >>> from qllg_sym import states
    >>> len(HybridState([states.product("up", "down")], [[0, 0, 1]]).clusters)
    1
    """

    clusters: tuple[Any, ...]
    moments: Any = ()

    if TYPE_CHECKING:       # what may be given: `__post_init__` makes it what the field is
        def __init__(self, clusters: Iterable[Any], moments: Any = ()) -> None: ...

    def __post_init__(self) -> None:
        if not isinstance(self.clusters, (list, tuple)):
            raise InputTypeError("`clusters` must be a list of states, one a cluster, but is of type "
                                 f"{type(self.clusters).__name__}; write HybridState([rho], moments).")
        object.__setattr__(self, "clusters", tuple(self.clusters))

    @property
    def models(self) -> tuple[Model, ...]:
        """Models of the clusters' states."""
        return tuple(model for state in self.clusters for model in models_of(state))

    def numbers(self, setting: Setting) -> InitialStates:
        """Refuse: it is no state of all sites.

        Raises:
            StateError: always.
        """
        raise StateError(f"`state` must be one density matrix of {setting.space}, but is a HybridState; solve a Hybrid "
                         "law with it, or give a state of all sites.")


def check_hybrid(state: Any, clusters: int) -> None:
    """Refuse what is no state of so many clusters.

    Raises:
        InputTypeError: no HybridState.
        StateError: another number of clusters.

    >>> check_hybrid(HybridState([], [[0, 0, 1]]), 0)
    """
    if not isinstance(state, HybridState):
        raise InputTypeError(f"`state` must be a HybridState for a hybrid law, but is of type {type(state).__name__}; "
                             "write HybridState([rho], moments).")
    if len(state.clusters) != clusters:
        raise StateError(f"`state` must hold one state for each of {clusters} clusters, but holds "
                         f"{len(state.clusters)}; give them in the order of the law.")
