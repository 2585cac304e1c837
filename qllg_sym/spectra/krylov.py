r"""Resolvents ⟨l|(h − z)⁻¹|r⟩ of an operator known by its action: Lanczos from |r⟩, no matrix stored."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal

Array = NDArray[Any]
STEPS = 25          # after which what was found is looked at
MOST = 600          # steps: what has not settled by then is told with its error
CANCELS = 1e-4      # what is less than this part of what it might be is as exact as that part
INVARIANT = 1e-12   # a residual below this, in parts of the largest so far, ends the recursion


class Krylov:
    r"""The tridiagonal matrix T of h from a ket |r⟩, and overlaps ⟨l|v_m⟩ with its basis: grown as it is needed.

    $$\langle l|(h - z)^{-1}|r\rangle \approx \sum_m\langle l|v_m\rangle\,[(T - z)^{-1}e_1]_m\,\|r\|$$

    Args:
        image: ket ↦ h · ket.
        right: |r⟩, (d,).
        left: |l⟩, (d,).
    """

    def __init__(self, image: Callable[[Array], Array], right: Array, left: Array) -> None:
        self._image, self._left = image, left
        self._norm = float(np.linalg.norm(right))
        self.ended = not self._norm
        self._ket, self._before = right / (self._norm or 1.0), np.zeros_like(right)
        self._diagonal: list[float] = []
        self._links: list[float] = []
        self._overlaps: list[complex] = []

    @property
    def steps(self) -> int:
        """How many products h · ket there were."""
        return len(self._diagonal)

    def natural(self, energy: float) -> float:
        """Return ‖l‖‖r‖ over the mean of h − energy: how large a resolvent may well be."""
        self.grow(1)
        off = abs(self._diagonal[0] - energy) if self.steps else 0.0
        return float(np.linalg.norm(self._left)) * self._norm / off if off else 0.0

    def grow(self, steps: int) -> None:
        """Take more steps, or fewer where the space is exhausted."""
        for _ in range(steps):
            if self.ended:
                return
            self._overlaps.append(complex(np.vdot(self._left, self._ket)))
            out = self._image(self._ket)
            self._diagonal.append(float(np.vdot(self._ket, out).real))
            out -= self._diagonal[-1] * self._ket
            if self._links:
                out -= self._links[-1] * self._before
            size = float(np.linalg.norm(out))
            self.ended = size <= INVARIANT * max(self._links, default=size) or self.steps >= len(out)
            self._links.append(size)
            self._before, self._ket = self._ket, out / (size or 1.0)

    def ritz(self) -> tuple[Array, Array]:
        """Return Ritz values of h, and the numerators of ⟨l|(h − z)⁻¹|r⟩ = Σ numerator/(value − z)."""
        if not self.steps:
            return np.empty(0), np.empty(0, dtype=complex)
        values, vectors = eigh_tridiagonal(self._diagonal, self._links[:self.steps - 1])
        return values, self._norm * vectors[0] * (np.array(self._overlaps) @ vectors)

    def resolvent(self, z: Array) -> Array:
        """Return ⟨l|(h − z)⁻¹|r⟩ of this depth, (n,)."""
        values, above = self.ritz()
        return np.asarray((above / (values - z[:, None])).sum(axis=1))


def grown_until_settled(sequences: list[Krylov], value: Callable[[], Array], tolerance: float,
            natural: float = 0.0) -> tuple[Array, float]:
    """Grow sequences until what is read off them settles; return it with the last change, relative to the largest.

    Args:
        sequences: they grow together.
        value: what is read off them.
        tolerance: of the change in `STEPS` steps.
        natural: how large it might be: where much less is found, most of it cancels, and its last digits are rounding.
    """
    before = np.array(np.inf)
    while True:
        for sequence in sequences:
            sequence.grow(STEPS)
        found = value()
        scale = max(float(abs(found).max(initial=0.0)), CANCELS * natural)
        change = float(abs(found - before).max(initial=0.0)) / scale if scale else 0.0
        if all(sequence.ended for sequence in sequences):
            return found, 0.0
        if change <= tolerance or (np.isfinite(change) and max(each.steps for each in sequences) >= MOST):
            return found, change
        before = found
