"""How far the constants of motion moved: the honest measure of a numerical trajectory."""

import numpy as np
from numpy.typing import NDArray

from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.purity import purity
from qllg_sym.observables.spectrum import levels


def quantum(ensemble: Ensemble) -> dict[str, float]:
    r"""Return the largest change of each constant of motion of PRL 133, 266704 (2024), eq. 3, over the times.

    Args:
        ensemble: the states at n times, the first being the reference.

    Returns:
        trace: |Tr ρ(t) − Tr ρ(0)|; hermiticity: the largest entry of |ρ − ρ†|, exactly 0 with weighted kets; purity;
        spectrum: the largest change of an eigenvalue; positivity: how far the least eigenvalue lies below 0.
        All dimensionless, 0 when nothing drifts.

    >>> quantum(Ensemble((2,), density=[[[1, 0], [0, 0]], [[0.75, 0], [0, 0.25]]]))["spectrum"]
    0.25
    """
    values = np.sort(levels(ensemble), axis=1)
    lowest = values.min(initial=ensemble.background if ensemble.low_rank else np.inf)
    return {
        "trace": _change(ensemble.trace()),
        "hermiticity": max(_skewness(block) for block in ensemble.blocks()),
        "purity": _change(purity(ensemble)),
        "spectrum": _change(values),
        "positivity": max(0.0, -float(lowest)),
    }


def classical(moments: NDArray[np.float64]) -> dict[str, float]:
    """Return the largest change of the length of a moment, (n, N, 3) → {"|m|": …}, dimensionless.

    >>> classical(np.array([[[0.0, 0.0, 1.0]], [[0.0, 0.0, 1.5]]]))
    {'|m|': 0.5}
    """
    return {"|m|": _change(np.linalg.norm(moments, axis=2))}


def _change(values: NDArray[np.float64]) -> float:
    """Return the largest distance from the first row."""
    return float(np.abs(values - values[0]).max(initial=0))


def _skewness(block: Ensemble) -> float:
    """Return the largest entry of |ρ − ρ†|."""
    if block.low_rank:
        return 0.0
    rho = block.density()
    return float(np.abs(rho - rho.conj().swapaxes(1, 2)).max(initial=0))
