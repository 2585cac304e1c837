r"""A classical moment on the sphere with an easy axis: first passages of m_z by Brown's Fokker–Planck equation.

In time units of 1/D_r, with u = −σx² + 2σhx the energy over k_BT at m_z = x and h a field against the well at x = 1,

$$\partial_t f = e^u \partial_x\left[(1 - x^2) e^{-u} \partial_x f\right],$$

f(x, t) being the probability to come from x without a passage. High barriers have the rate of Kramers with Brown's
prefactor. Source: W. F. Brown, Phys. Rev. 130, 1677 (1963); passages that are seen at times alone: M. Broadie,
P. Glasserman, S. Kou, Math. Finance 7, 325 (1997).
"""

from collections.abc import Sequence

import numpy as np
from scipy.linalg import eigh_tridiagonal

from qllg_sym.figures.curves import Array

SEEN = 0.5826       # −ζ(1/2)/√(2π): a point at which passages are seen at times alone lies so many spreads further


def surviving(sigma: float, h: float, absorbed: float, times: Sequence[float] | Array, cells: int = 800) -> Array:
    """Return the probability that m_z has not yet passed `absorbed` from 1, at times in units of 1/D_r.

    Args:
        sigma: U/k_BT.
        h: field.
        absorbed: where f = 0.
        times: (n,).
        cells: finite volumes.

    >>> surviving(0.0, 0.0, -0.5, [0.0, 1.0]).round(3)[0]
    np.float64(1.0)
    """
    rates, first = modes(sigma, h, absorbed, cells)
    return np.asarray(np.exp(-np.outer(times, rates)) @ first)


def modes(sigma: float, h: float, absorbed: float, cells: int) -> tuple[Array, Array]:
    """Return decay rates over D_r, and the weight of each mode in the survival from m_z = 1.

    >>> rates, weights = modes(5.0, 0.0, -0.7, 100); bool(np.isclose(weights.sum(), 1))
    True
    """
    weight, diagonal, beside = _symmetric(sigma, h, absorbed, cells)
    rates, vectors = eigh_tridiagonal(diagonal, beside)
    root = np.sqrt(weight)
    return np.asarray(rates, dtype=float), np.asarray((vectors[-1] / root[-1]) * (root @ vectors), dtype=float)


def _symmetric(sigma: float, h: float, absorbed: float, cells: int) -> tuple[Array, Array, Array]:
    """Boltzmann's weight in each cell, and the tridiagonal matrix of the rates."""
    edges = np.linspace(absorbed, 1, cells + 1)
    middle, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]

    def boltzmann(x: Array) -> Array:
        return np.asarray(np.exp(sigma * (x**2 - 1) - 2 * sigma * h * (x - 1)))

    weight, flow = boltzmann(middle), (1 - edges**2) * boltzmann(edges)
    flow[0] *= 2                            # the wall is half a cell away
    diagonal = (flow[1:] + flow[:-1]) / width**2 / weight
    return weight, diagonal, -flow[1:-1] / width**2 / np.sqrt(weight[1:] * weight[:-1])


def lowest(sigma: float, h: float, absorbed: float, cells: int = 800) -> float:
    """Return the exact rate over D_r.

    >>> round(lowest(8.0, 0.0, -0.7) / brown(8.0, 0.0), 3)
    0.863
    """
    _, diagonal, beside = _symmetric(sigma, h, absorbed, cells)
    return float(eigh_tridiagonal(diagonal, beside, eigvals_only=True, select="i", select_range=(0, 0))[0])


def brown(sigma: float, h: float) -> float:
    """Return Kramers' rate with Brown's prefactor, over D_r."""
    return float(2 * sigma**1.5 * (1 - h) * (1 - h**2) * np.exp(-sigma * (1 - h)**2) / np.sqrt(np.pi))


def mean_time(sigma: float, h: float, absorbed: float, points: int = 4001) -> float:
    """Return the mean passage time in units of 1/D_r: ∫ dx e^u/(1 − x²) ∫_x^1 e^(−u) dy from `absorbed` to 1.

    >>> round(float(mean_time(0.0, 0.0, -0.5) / np.log(4)), 3)      # free: ln 2/(1 + x_b)
    1.0
    """
    edges = np.linspace(absorbed, 1, points)
    middle, width = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
    u = -sigma * middle**2 + 2 * sigma * h * middle
    inside = np.exp(-u) * width
    above = inside[::-1].cumsum()[::-1] - inside / 2
    return float((np.exp(u) / (1 - middle**2) * above).sum() * width)


def beyond(point: float, time: float) -> float:
    """Return where passages at a point end, if they are looked for at times that lie `time` apart, in units of 1/D_r.

    >>> round(beyond(-0.5, 0.01), 4)
    -0.5714
    """
    return float(point - SEEN * np.sqrt(2 * time * (1 - point**2)))
