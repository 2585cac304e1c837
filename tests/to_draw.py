"""Trajectories made by hand, to be drawn, and how much of a drawing sticks out of its figure."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.observables.ensemble import Ensemble

TIMES = np.linspace(0, 8, 41)


def quantum(spins=("1/2", "1/2")):
    d = 2 ** len(spins)
    phases = np.exp(1j * np.outer(TIMES, np.arange(d))) / np.sqrt(d)
    ensemble = Ensemble((2,) * len(spins), kets=phases[:, :, None], weights=[1])
    return Trajectory(TIMES, spins, ensemble, energy=-1 - np.exp(-TIMES), method="exact")


def classical(sites=2):
    moments = np.stack([np.cos(TIMES), np.sin(TIMES), 0 * TIMES], axis=1)[:, None].repeat(sites, axis=1)
    return Trajectory(TIMES, ("1/2",) * sites, moments=moments, energy=np.full(41, -1.0) + 1e-15 * np.arange(41))


def observed(names=("Sx", "an odd $ name _ with {braces}")):
    return Trajectory(TIMES, ("1/2",), observed={name: np.cos(TIMES + k) for k, name in enumerate(names)})


def chain(sites=10):
    """A product of pure spins in the xz plane, each turning at a speed of its own."""
    kets = np.ones((len(TIMES), 1))
    for i in range(sites):
        angles = TIMES * (1 + i) / 20
        spin = np.stack([np.cos(angles / 2), np.sin(angles / 2)], axis=1)
        kets = np.einsum("na,nb->nab", kets, spin).reshape(len(TIMES), -1)
    ensemble = Ensemble((2,) * sites, kets=kets[:, :, None], weights=[1])
    return Trajectory(TIMES, ("1/2",) * sites, ensemble, energy=-10.0 - np.cos(TIMES), method="krylov")


def only_last():
    whole = chain(9)
    return Trajectory(TIMES, whole.spins, whole.ensemble[-1:], energy=whole.energy)


EVERY = {
    "chain": chain,
    "chain at one time": lambda: chain().last,
    "only the last state": only_last,
    "classical chain": lambda: classical(20),
    "quantum": quantum,
    "one spin": lambda: quantum(("1/2",)),
    "six spins": lambda: quantum(("1/2",) * 6),
    "classical": classical,
    "observed": observed,
    "one time": lambda: Trajectory([0], ("1/2",), moments=[[[0, 0, 1]]], energy=[0]),
}


def draw(figure):
    """Draw, so that the layout is known, and return the renderer."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    return renderer


def overhang(figure):
    """Return by how many inches the ink sticks out of the figure."""
    ink = figure.get_tightbbox(draw(figure))
    width, height = figure.get_size_inches()
    return max(-ink.x0, -ink.y0, ink.x1 - width, ink.y1 - height)
