"""How far means are off because steps are finite: the same few trajectories with whole and with half steps."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.normals import Normals
from qllg_sym.ensemble.simulation import Simulation

PILOT = 128      # trajectories of the estimate


class Joined:
    """Variates of whole steps that go with those of two half steps each, (a, a') and (b, b').

    Noise adds up, (a + b)/√2; the second set of a whole step is (b − a)/√2, which is independent of it and has the
    commutator of the halves, so that both trajectories stay close.

    Args:
        seed: as of Normals.
        trajectories: as of Normals.
        count: variates of a step.
        sets: one or two, of which these consist.

    >>> joined, halves = Joined(1, range(2), 4, sets=2), Normals(1, range(2), 4)
    >>> bool(np.allclose(joined.at(3)[:, :2] * np.sqrt(2), halves.at(6)[:, :2] + halves.at(7)[:, :2]))
    True
    """

    def __init__(self, seed: int, trajectories: range, count: int, sets: int) -> None:
        self._halves, self._first, self._sets = Normals(seed, trajectories, count), count // sets, sets

    def at(self, step: int) -> NDArray[np.float64]:
        """Return the variates of a whole step, (m, count)."""
        a, b = (self._halves.at(2 * step + k)[:, :self._first] for k in range(2))
        return np.concatenate([a + b, b - a][:self._sets], axis=1) / np.sqrt(2)


def weak_error(simulation: Simulation, trajectories: int) -> dict[str, Any]:
    """Return how far the mean energy at all times but the first is off because of steps, with a standard error.

    Args:
        simulation: with the steps that are taken.
        trajectories: how many there are; at most 128 are looked at.
    """
    few, sets = min(trajectories, PILOT), simulation.stepper.SETS
    whole = replace(simulation, normals=partial(Joined, sets=sets), observe={}).run(few)["energy"]
    half = replace(simulation, steps=2 * simulation.steps, observe={}).run(few)["energy"]
    order = simulation.stepper.ORDER
    apart = (whole - half)[:, 1:].mean(axis=1) * 2**order / (2**order - 1)
    return {"weak_error": float(abs(apart.mean())),
            "weak_error_uncertainty": float(apart.std(ddof=1) / np.sqrt(few))}
