"""Block Lanczos with thick restarts: the lowest eigenpairs of an operator known by its action."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Image = Callable[[Array], Array]
SPENT = 1e-13       # of the spread of H: a direction whose image leaves the basis by less is replaced by a random one


class BlockLanczos:
    """An orthonormal basis V with H V = V T + Q B, Q the next block; kept orthogonal to rounding.

    Source: K. Wu and H. Simon, SIAM J. Matrix Anal. Appl. 22, 602 (2000), in blocks.

    Args:
        image: kets (d, b) → H · kets.
        dimension: d, well above the columns that are kept.
        block: b, the kets of a step.
        room: the columns of the basis after which it is restarted; grows with what is kept.
        spread: the width of an interval that holds the spectrum.
        rng: where random directions come from.
        dtype: complex, or float where H is real.

    >>> levels = np.arange(50.0)[:, None]; rng = np.random.default_rng(1)
    >>> basis = BlockLanczos(lambda kets: levels * kets, 50, 2, 48, 49.0, rng)
    >>> for _ in range(20): basis.step()
    >>> basis.ritz()[0][:3].round(3).tolist()
    [0.0, 1.0, 2.0]
    """

    def __init__(self, image: Image, dimension: int, block: int, room: int, spread: float,
                 rng: np.random.Generator, dtype: Any = complex) -> None:
        self._image, self._dimension, self._spread, self._rng = image, dimension, spread, rng
        self.block, self._dtype = block, dtype
        self._basis = np.empty((dimension, room), dtype=dtype)
        self._small = np.zeros((room, room), dtype=dtype)
        self.size = 0
        self.restarted = False
        self._link: Array = np.zeros((block, 0), dtype=dtype)
        self._next = self._fresh(block)
        self._ritz: tuple[Array, Array, Array] | None = None

    def step(self) -> None:
        """Take the next block into the basis."""
        n, m = self.size, self.size + self.block
        self._ritz, self.size = None, m
        self._basis[:, n:m] = self._next
        basis, image = self._basis[:, :m], self._image(self._next)
        inner = _overlap(basis, image)
        inner[n:] = (inner[n:] + inner[n:].conj().T) / 2
        self._small[:m, n:m], self._small[n:m, :m] = inner, inner.conj().T
        image = image - basis @ inner
        image -= basis @ _overlap(basis, image)
        self._next, link = self._split(image)
        self._link = np.hstack([np.zeros((self.block, n), dtype=self._dtype), link])

    def ritz(self) -> tuple[Array, Array, Array]:
        """Return Ritz values ascending, the norms of their residuals, and their vectors in the basis (n, n)."""
        if self._ritz is None:
            values, vectors = np.linalg.eigh(self._small[:self.size, :self.size])
            self._ritz = values, np.linalg.norm(self._link @ vectors, axis=0), vectors
        return self._ritz

    def below(self, energy: float) -> float:
        """Return about how many levels lie below `energy`, by the Gauss quadrature of the random start; 0 if restarted.

        The node next to `energy` is left out, so that it is rather too few.
        """
        if self.restarted:
            return 0.0
        values, _, vectors = self.ritz()
        weights = np.sum(abs(vectors[:self.block])**2, axis=0)[values < energy]
        return float(weights[:-1].sum()) * self._dimension / self.block

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another block."""
        return self.size + self.block > min(self._basis.shape[1], self._dimension)

    def kets(self, count: int) -> Array:
        """Return the lowest Ritz kets, (d, count)."""
        return np.asarray(self._basis[:, :self.size] @ self.ritz()[2][:, :count])

    def restart(self, wanted: int) -> None:
        """Keep the lowest Ritz kets, those wanted and some of the others."""
        keep = wanted + min((self.size - wanted) // 2, wanted // 2 + 4 * self.block)
        values, _, vectors = self.ritz()
        self._keep(self.kets(keep), values[:keep], self._link @ vectors[:, :keep])

    def refresh(self, count: int, block: int) -> None:
        """Keep the `count` lowest Ritz kets, which have converged, and go on in random directions."""
        self.block = block
        self._keep(self.kets(count), self.ritz()[0][:count], np.zeros((block, count), dtype=self._dtype))
        self._next = self._fresh(self.block)

    def _keep(self, kets: Array, values: Array, link: Array) -> None:
        """Make Ritz kets the basis."""
        count, room = len(values), self._basis.shape[1]
        if 2 * (count + self.block) > room:
            self._basis = np.empty((self._dimension, 2 * (count + self.block)), dtype=self._dtype)
            room = self._basis.shape[1]
        self._small = np.zeros((room, room), dtype=self._dtype)
        self._basis[:, :count], self._small[:count, :count] = kets, np.diag(values)
        self.size, self._link, self._ritz, self.restarted = count, link, None, True

    def _split(self, image: Array) -> tuple[Array, Array]:
        """Return Q and B with Q B the part of an image outside the basis; where that is nothing, Q is random."""
        q, triangle = np.linalg.qr(image)
        left, sizes, right = np.linalg.svd(triangle)
        q, strong = q @ left, sizes > SPENT * self._spread
        if not strong.all():
            q = np.hstack([q[:, strong], self._fresh(int(np.sum(~strong)), q[:, strong])])
        return q, np.where(strong, sizes, 0.0)[:, None] * right

    def _fresh(self, count: int, beside: Array | None = None) -> Array:
        """Return random orthonormal kets orthogonal to the basis, and to others; as many as there are."""
        kets = random_kets(self._rng, (self._dimension, count), self._dtype)
        for _ in range(3):
            for others in (self._basis[:, :self.size], beside):
                if others is not None and others.shape[1]:
                    kets = kets - others @ _overlap(others, kets)
            kets = np.linalg.qr(kets)[0]
        return kets


def random_kets(rng: np.random.Generator, shape: tuple[int, int], dtype: Any) -> Array:
    """Return kets without a preferred direction, real or complex.

    >>> random_kets(np.random.default_rng(0), (5, 2), float).dtype
    dtype('float64')
    """
    kets = rng.normal(size=shape)
    return kets if dtype is float else kets + 1j * rng.normal(size=shape)


def _overlap(bras: Array, kets: Array) -> Array:
    """Return bras† · kets without a copy of the bras."""
    return np.asarray((kets.conj().T @ bras).conj().T)
