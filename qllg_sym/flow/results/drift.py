"""How far the constants of motion moved: the honest measure of a numerical trajectory."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.purity import purity
from qllg_sym.observables.spectrum import levels

Reals = NDArray[np.float64]


def quantum(ensemble: Ensemble) -> dict[str, Reals]:
    r"""Return how far each constant of motion of PRL 133, 266704 (2024), eq. 3, is from its first value, at each time.

    Args:
        ensemble: the states at n times, the first being the reference.

    Returns:
        Arrays (n,). trace: |Tr ρ(t) − Tr ρ(0)|; hermiticity: the largest entry of |ρ − ρ†|, exactly 0 with weighted
        kets; purity; spectrum: the largest change of an eigenvalue; positivity: how far the least eigenvalue lies
        below 0. All dimensionless, 0 when nothing drifts.

    >>> quantum(Ensemble((2,), density=[[[1, 0], [0, 0]], [[0.75, 0], [0, 0.25]]]))["spectrum"].tolist()
    [0.0, 0.25]
    """
    values = np.sort(levels(ensemble), axis=1)
    lowest = values.min(axis=1, initial=ensemble.background if ensemble.low_rank else np.inf)
    return {
        "trace": _change(ensemble.trace()),
        "hermiticity": np.concatenate([_skewness(block) for block in ensemble.blocks()]),
        "purity": _change(purity(ensemble)),
        "spectrum": _change(values),
        "positivity": np.maximum(0.0, -lowest),
    }


def classical(moments: Reals) -> dict[str, Reals]:
    """Return how far the lengths of moments are from their first values, (n, N, 3) → {"|m|": (n,)}, dimensionless.

    >>> classical(np.array([[[0.0, 0.0, 1.0]], [[0.0, 0.0, 1.5]]]))["|m|"].tolist()
    [0.0, 0.5]
    """
    return {"|m|": _change(np.linalg.norm(moments, axis=2))}


def _change(values: Reals) -> Reals:
    """Return the largest distance from the first row, at each time."""
    return np.asarray(np.abs(values - values[0]).reshape(len(values), -1).max(axis=1, initial=0.0))


def _skewness(block: Ensemble) -> Reals:
    """Return the largest entry of |ρ − ρ†| at each time."""
    if block.low_rank:
        return np.zeros(len(block))
    rho = block.density()
    return np.asarray(np.abs(rho - rho.conj().swapaxes(1, 2)).max(axis=(1, 2), initial=0))
