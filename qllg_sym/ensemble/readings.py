"""What is read off noisy trajectories beside the energy."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.named import NamedReading
from qllg_sym.flow.results.recorder import prepared
from qllg_sym.observables import Observable
from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.ensemble import Ensemble


def prepared_readings(observe: Mapping[str, Any] | None, problem: Problem) -> dict[str, Any]:
    """Return {name: what is read off} with numbers; the Bloch vectors of all sites where nothing was asked for."""
    if observe is None:
        return {"bloch": NamedReading(BLOCH)}
    return {name: prepared(what, problem) for name, what in observe.items()}


def _all_bloch(ensemble: Ensemble) -> NDArray[np.float64]:
    """Return the Bloch vector of every site, (n, N, 3)."""
    return np.stack([bloch(ensemble, site) for site in range(len(ensemble.dims))], axis=1)


BLOCH = Observable("bloch", _all_bloch, np.asarray, False, ())
