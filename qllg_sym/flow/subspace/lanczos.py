"""The lowest eigenvalues of an operator known only by its action: block Lanczos on three sets of kets."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal

from qllg_sym.flow.subspace.kets import blocks, gram, orthonormalise

Array = NDArray[Any]
FEW, COARSE = 32, 1e-4      # dimension up to which one level is quickest found by diagonalising, unless finer than this
MOST = 400          # basis vectors: their small eigenvalue problem takes no visible time
EVERY = 10          # steps after which the lowest levels are looked at


def lowest(image: Callable[[Array, Array], object], dimension: int, count: int, accuracy: float) -> float:
    """Return the sum of the lowest Ritz values less their residuals: not above that of the levels themselves.

    A level can be missed only if the random start has no part of it; blocks of `count` see degenerate ones, too. Small
    problems are diagonalised.

    Args:
        image: image(kets (d, r), out) writes the Hermitian operator times kets.
        dimension: d.
        count: r ≥ 1, how many levels.
        accuracy: the norm of each residual that is enough.

    >>> levels = np.linspace(-1, 1, 500)[:, None]**3
    >>> round(lowest(lambda kets, out: np.multiply(levels, kets, out=out), 500, 1, 1e-6), 5)
    -1.0
    """
    if dimension <= (FEW if count == 1 and accuracy >= COARSE else MOST):
        dense = np.empty((dimension, dimension), dtype=complex)
        image(np.eye(dimension, dtype=complex), dense)
        return float(np.linalg.eigvalsh(dense)[:count].sum())
    if count == 1:
        return _lowest_one(image, dimension, accuracy)
    rng = np.random.default_rng(0)
    kets, before, out = np.zeros((3, dimension, count), dtype=complex)
    kets[:] = rng.normal(size=kets.shape) + 1j * rng.normal(size=kets.shape)
    orthonormalise(kets)
    inner: list[Array] = []
    links: list[Array] = []
    while True:
        image(kets, out)
        inner.append(gram(kets, out)[0])
        _subtract(out, kets, inner[-1])
        if links:
            _subtract(out, before, links[-1])
        square = gram(out, out)[0]
        sizes, vectors = np.linalg.eigh(square)
        over = (len(inner) + 1) * count > min(MOST, dimension) or not sizes[0] > 1e-20
        if over or len(inner) % EVERY == 0:
            values, residuals = _ritz(inner, links, square, count)
            if over or residuals.max() < accuracy:
                return float((values - residuals).sum())
        links.append((vectors * np.sqrt(sizes)) @ vectors.conj().T)
        orthonormalise(out)
        before, kets, out = kets, out, before


def _lowest_one(image: Callable[[Array, Array], object], dimension: int, accuracy: float) -> float:
    """Return what `lowest` does for one level: the plain three-term recursion, which has a tenth of the calls."""
    rng = np.random.default_rng(0)
    ket = rng.normal(size=(dimension, 1)) + 1j * rng.normal(size=(dimension, 1))
    ket /= np.linalg.norm(ket)
    before, out = np.zeros((2, dimension, 1), dtype=complex)
    inner: list[float] = []
    links: list[float] = []
    while True:
        image(ket, out)
        inner.append(float(np.vdot(ket, out).real))
        out -= inner[-1] * ket
        if links:
            before *= links[-1]
            out -= before
        size = float(np.sqrt(np.vdot(out, out).real))
        over = len(inner) + 1 > min(MOST, dimension) or not size > 1e-10
        if over or len(inner) % EVERY == 0:
            values, vectors = eigh_tridiagonal(inner, links, select="i", select_range=(0, 0))
            residual = size * abs(float(vectors[-1, 0]))
            if over or residual < accuracy:
                return float(values[0]) - residual
        links.append(size)
        out /= size
        before, ket, out = ket, out, before


def _subtract(out: Array, kets: Array, matrix: Array) -> None:
    """Take kets · matrix from `out`."""
    for rows in blocks(out):
        out[rows] -= kets[rows] @ matrix


def _ritz(inner: list[Array], links: list[Array], square: Array, count: int) -> tuple[Array, Array]:
    """Return the lowest Ritz values and the norms of their residuals, (r,) each."""
    size = len(inner) * count
    small = np.zeros((size, size), dtype=complex)
    for k, block in enumerate(inner):
        here = slice(k * count, (k + 1) * count)
        small[here, here] = block
        if k:
            small[here, (k - 1) * count:k * count] = links[k - 1]
            small[(k - 1) * count:k * count, here] = links[k - 1].conj().T
    values, vectors = np.linalg.eigh(small)
    last = vectors[-count:, :count]
    return values[:count], np.sqrt(np.einsum("jk,jl,lk->k", last.conj(), square, last).real.clip(0))
