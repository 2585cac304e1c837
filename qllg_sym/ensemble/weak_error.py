"""How far means are off because steps are finite: the same few trajectories with whole and with half steps."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.normals import Joined
from qllg_sym.ensemble.simulation import Simulation
from qllg_sym.flow.progress import quiet
from qllg_sym.flow.threads import Threads, available_cores

PILOT = 128      # trajectories of the estimate
SHARE = 32      # of them, for a thread


def weak_error(simulation: Simulation, trajectories: int) -> dict[str, Any]:
    """Return how far the mean energy at all times but the first is off because of steps, with a standard error.

    Args:
        simulation: with the steps that are taken.
        trajectories: how many there are; at most 128 are looked at.
    """
    few, sets = min(trajectories, PILOT), simulation.stepper.SETS
    whole = _energies(replace(simulation, normals=partial(Joined, sets=sets), observe={}), few)
    half = _energies(replace(simulation, steps=2 * simulation.steps, observe={}), few)
    order = simulation.stepper.ORDER
    apart = (whole - half)[:, 1:].mean(axis=1) * 2**order / (2**order - 1)
    return {"weak_error": float(abs(apart.mean())),
            "weak_error_uncertainty": float(apart.std(ddof=1) / np.sqrt(few))}


def _energies(simulation: Simulation, trajectories: int) -> NDArray[np.float64]:
    """Return the energies of the first trajectories, (trajectories, n)."""
    chunks = [range(k, min(k + SHARE, trajectories)) for k in range(0, trajectories, SHARE)]
    threads = Threads(min(available_cores(), len(chunks)))
    return np.concatenate(list(threads.each(chunks, lambda chunk, look: simulation.part(chunk, look)[0]["energy"],
                                            quiet)))
