"""What is observed of clusters and moments along the way: energy, ⟨S⟩ of sites, readings of a cluster, functions."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from qllg_sym.equations.hybrid.sites import Partition
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.results.named import reading_named
from qllg_sym.flow.results.recorder import is_function
from qllg_sym.flow.states.hybrid_state import HybridState
from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import check_site

Read = Callable[[HybridState, float], Any]      # of a state and its energy
_BLOCH, _CLUSTER = re.compile(r"bloch(\d+)"), re.compile(r"clusters\[(\d+)\]\.(.+)")


def readers(observe: Any, sites: Partition) -> dict[str, Read]:
    """Return how to read what is observed, by name.

    Args:
        observe: {name: function of a HybridState whose clusters are density matrices, or "energy", "profile" (⟨S⟩/(s ħ)
            of all sites), "bloch0", "clusters[0].purity"}, or None.
        sites: the clusters and the moments.

    Raises:
        InputError: another name, or a site that does not exist.
        InputTypeError: no mapping, or something that is neither a function nor a name.

    >>> from qllg_sym import Space
    >>> list(readers({"E": "energy", "m": lambda state: state.moments}, Partition(Space("1"), (), (0,))))
    ['E', 'm']
    """
    if not isinstance(observe, Mapping | None):
        raise InputTypeError(f"`observe` must map names to functions, but is of type {type(observe).__name__}; write "
                             "observe={\"name\": lambda state: state.moments[0, 2]}.")
    return {str(name): _reader(str(name), what, sites) for name, what in (observe or {}).items()}


def _reader(name: str, what: Any, sites: Partition) -> Read:
    """How one thing is read."""
    if is_function(what):
        return lambda state, energy: what(state)
    if not isinstance(what, str):
        raise InputTypeError(f"`observe[{name!r}]` must be a function of the HybridState, \"energy\" or \"bloch0\" for "
                             f"a hybrid law, but is of type {type(what).__name__}; write a function.")
    if what == "energy":
        return lambda state, energy: energy
    if what == "profile":
        every = [_of_site(site, sites) for site in range(sites.space.sites)]
        return lambda state, energy: np.array([read(state, energy) for read in every])
    if match := _CLUSTER.fullmatch(what):
        return _of_cluster(int(match[1]), match[2], sites)
    if (match := _BLOCH.fullmatch(what)) is None:
        raise InputError(f"`observe` must name energy, profile, the bloch of a site or a reading of a cluster for a "
                         f"hybrid law, but {what!r} is none; write \"clusters[0].purity\", or give a function of the "
                         "HybridState.")
    return _of_site(check_site(int(match[1]), sites.space.sites, "observe"), sites)


def named_in(what: str) -> str:
    """Return the name of a reading without the cluster that it is of.

    >>> named_in("clusters[0].concurrence(0, 1)"), named_in("bloch0")
    ('concurrence(0, 1)', 'bloch0')
    """
    match = _CLUSTER.fullmatch(what)
    return match[2] if match else what


def _of_cluster(cluster: int, name: str, sites: Partition) -> Read:
    """A reading of one cluster, its sites numbered anew."""
    if cluster >= len(sites.clusters):
        raise InputError(f"`observe` must name one of {len(sites.clusters)} clusters, but names clusters[{cluster}]; "
                         "they count from 0.")
    reading, dims = reading_named(name), sites.spaces[cluster].dimensions
    mixed = np.eye(sites.spaces[cluster].dimension)[None] / sites.spaces[cluster].dimension
    reading.of(Ensemble(dims, density=mixed))           # what the cluster does not have is refused now
    return lambda state, energy: reading.of(Ensemble(dims, density=state.clusters[cluster][None]))[0]


def _of_site(site: int, sites: Partition) -> Read:
    """⟨S⟩/(s ħ) of a site."""
    if site in sites.classical:
        place = sites.classical.index(site)
        return lambda state, energy: np.array(state.moments[place])
    c, own = next((c, own) for c, own in enumerate(sites.clusters) if site in own)
    dims, inside = sites.spaces[c].dimensions, own.index(site)
    return lambda state, energy: bloch(Ensemble(dims, density=state.clusters[c][None]), inside)[0]
