r"""Sums over the images of a dipole, $D_{kl} = \sum (\delta_{kl} - 3\hat r_k\hat r_l)/r^3$, where a lattice repeats.

Without images it is one term. Along a line and in a plane the sums converge absolutely. In three directions they
depend on the shape that grows: here it is Ewald's with a conducting surface (tin foil), the field of all waves but
k = 0. A sphere in vacuum has 4π/(3V) more on the diagonal; on cubic lattices its sum at a site is zero (Lorentz).
Source: de Leeuw, Perram and Smith, Proc. R. Soc. A 373, 27 (1980); Parry, Surf. Sci. 49, 433 (1975), for planes.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
from scipy.special import erfc, erfcx

from qllg_sym.geometry.grid import Array, Geometry

ACCURATE = 6.0          # erfc(6) = 2e-17
ALONG = 1000            # images along a line that are added one by one, on each side
CHUNK = 1 << 12         # displacements at once
ROUNDING = 1e-15        # of the largest entry


def dipole_tensors(geometry: Geometry, displacements: Array) -> Array:
    """Return D for displacements (m, 3), (m, 3, 3); a displacement of zero leaves the dipole itself out.

    >>> from qllg_sym.geometry.grid import grid
    >>> dipole_tensors(grid((2,), (1, 0, 0), (False,)), np.array([[1.0, 0, 0]]))[0].diagonal().tolist()
    [-2.0, 1.0, 1.0]
    """
    vectors = geometry.vectors
    sums: tuple[Callable[[Array, Array], Array], ...] = (lambda d, _: _direct(d), _line, _plane, _volume)
    parts = [sums[len(vectors)](displacements[k:k + CHUNK], vectors) for k in range(0, len(displacements), CHUNK)]
    found = np.concatenate([np.zeros((0, 3, 3)), *parts])
    found = (found + found.swapaxes(1, 2)) / 2
    largest = abs(found).max(axis=(1, 2), keepdims=True, initial=0.0)
    return np.where(abs(found) < ROUNDING * largest, 0.0, found)      # what symmetry forbids is rounding


def _direct(r: Array) -> Array:
    """One dipole a row, none at zero, (…, 3, 3)."""
    square = (r * r).sum(axis=-1)[..., None, None]
    far = np.where(square > 0, square, 1.0)
    tensor = np.eye(3) / far**1.5 - 3 * r[..., :, None] * r[..., None, :] / far**2.5
    return np.asarray(np.where(square > 0, tensor, 0.0))


def _line(d: Array, vectors: Array) -> Array:
    """Images along a line; those beyond `ALONG` as an integral, by the midpoint rule and its first correction."""
    v = vectors[0]
    d = d - np.rint(d @ v / (v @ v))[:, None] * v
    found = sum(_direct(d + n * v) for n in range(-ALONG, ALONG + 1))
    for step in (v, -v):
        last = d + ALONG * step
        found += _half_line(last + step / 2, step) + (_direct(last + step) - _direct(last)) / 24
    return np.asarray(found)


def _half_line(r: Array, v: Array) -> Array:
    r"""The integral $\int_0^\infty D(\mathbf r + n\mathbf v)\,dn$, where r goes forwards along v."""
    length = np.linalg.norm(v)
    u = v / length
    s = (r @ u)[:, None, None]
    across, size = r - (r @ u)[:, None] * u, np.linalg.norm(r, axis=1)[:, None, None]
    c, both = s / size, size * (size + s)
    mixed = across[:, :, None] * u + u[:, None] * across[:, None, :]
    squares = (1 + c + c**2) / (3 * both) * np.outer(u, u) + mixed / (3 * size**3)
    squares = squares + (2 + c) / (3 * both**2) * across[:, :, None] * across[:, None, :]
    return np.asarray((np.eye(3) / both - 3 * squares) / length)


def _near(d: Array, vectors: Array, eta: float) -> Array:
    """The short-ranged part of all images, −∂∂ erfc(ηr)/r."""
    reach = ACCURATE / eta
    heights = 1 / np.linalg.norm(np.linalg.pinv(vectors), axis=0)
    middle = d - np.rint(d @ np.linalg.pinv(vectors)) @ vectors
    numbers = [range(-n, n + 1) for n in np.ceil(reach / heights + 1).astype(int)]
    found = np.zeros((len(d), 3, 3))
    for turns in product(*numbers):
        r = middle + np.array(turns) @ vectors
        square = (r * r).sum(axis=-1)
        some = np.flatnonzero((square > 0) & (square < reach**2))
        if len(some):
            r, far = r[some], np.sqrt(square[some])[:, None, None]
            bell = 2 * eta / np.sqrt(np.pi) * np.exp(-(eta * far)**2)
            b = erfc(eta * far) / far**3 + bell / far**2
            c = 3 * b / far**2 + 2 * eta**2 * bell / far**2
            found[some] += b * np.eye(3) - c * r[:, :, None] * r[:, None, :]
    own = (middle * middle).sum(axis=-1) == 0
    found[own] -= 4 * eta**3 / (3 * np.sqrt(np.pi)) * np.eye(3)
    return found


def _reciprocal(vectors: Array, eta: float) -> Array:
    """Half of the reciprocal vectors that matter, without zero, (k, 3)."""
    basis = 2 * np.pi * np.linalg.pinv(vectors).T
    most = np.ceil(2 * eta * ACCURATE * np.linalg.norm(vectors, axis=1) / (2 * np.pi)).astype(int)
    turns = np.array(list(product(*(range(-n, n + 1) for n in most))))
    g = turns @ basis
    upper = [tuple(row) > (0,) * len(vectors) for row in turns.tolist()]
    return np.asarray(g[np.array(upper) & ((g * g).sum(axis=1) < (2 * eta * ACCURATE)**2)])


def _volume(d: Array, vectors: Array) -> Array:
    """Ewald's sum in three directions, without k = 0."""
    volume = abs(np.linalg.det(vectors))
    eta = np.sqrt(np.pi) / volume**(1 / 3)
    found = _near(d, vectors, eta)
    g = _reciprocal(vectors, eta)
    square = (g * g).sum(axis=1)
    weight = 8 * np.pi / volume * np.exp(-square / (4 * eta**2)) / square       # twice: g and −g
    return np.asarray(found + np.einsum("mk,k,ki,kj->mij", np.cos(d @ g.T), weight, g, g, optimize=True))


def _plane(d: Array, vectors: Array) -> Array:
    """Ewald's sum in a plane, at any height above it."""
    cross = np.cross(*vectors)
    area = np.linalg.norm(cross)
    normal, eta = cross / area, np.sqrt(np.pi / area)
    found = _near(d, vectors, eta)
    g, z = _reciprocal(vectors, eta), (d @ normal)[:, None]
    size, height = np.linalg.norm(g, axis=1), eta * z
    a = size / (2 * eta)
    bell = np.exp(-a**2 - height**2)
    up, down = _scaled(a, height, size, z), _scaled(a, -height, size, -z)
    cosine, sine = 2 * np.cos(d @ g.T), 2 * np.sin(d @ g.T)                     # twice: g and −g
    flat = np.pi / area * (up + down) / size
    slope = np.pi / area * (up - down)
    bend = np.pi / area * (size * (up + down) - 4 * eta / np.sqrt(np.pi) * bell)
    found += np.einsum("mk,ki,kj->mij", cosine * flat, g, g, optimize=True)
    mixed = np.einsum("mk,ki->mi", sine * slope, g)
    found += mixed[:, :, None] * normal + normal[:, None] * mixed[:, None, :]
    uniform = -4 * np.sqrt(np.pi) * eta / area * np.exp(-height[:, 0]**2)
    return np.asarray(found - ((cosine * bend).sum(axis=1) + uniform)[:, None, None] * np.outer(normal, normal))


def _scaled(a: Array, height: Array, size: Array, z: Array) -> Array:
    """exp(Gz) erfc(G/2η + ηz), whichever factor overflows."""
    argument = a + height
    with np.errstate(over="ignore", invalid="ignore"):
        near = np.exp(-a**2 - height**2) * erfcx(argument)
        far = np.exp(size * z) * erfc(argument)
    return np.where(argument > 0, near, far)
