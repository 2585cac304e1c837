r"""How frames of the one-particle matrix C = U U† move: range U(t) = exp(−i w h t) range U(0), w = W(−1) of the law.

$\dot C = i[C, h] + i\kappa[C, \dot C]$ for q-LLG, the law itself with h in place of H, and C a projector: its frame
form is linear but for the normalisation, $\dot U = -i w (1 - UU^\dagger) h U$, so that U may be multiplied by
exp(−i w h t) and made orthonormal. A constant h is diagonalised once; a moving one is integrated.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError, cholesky, eigh, eigh_tridiagonal, solve_triangular
from scipy.linalg.blas import zherk

from qllg_sym.flow.gaussian.frame_error import FrameError
from qllg_sym.flow.gaussian.one_particle import OneParticle
from qllg_sym.flow.results.guard import INFINITE
from qllg_sym.flow.steps.runge_kutta import Failure

Array = NDArray[Any]
LOSS = 4.0          # of the exponents of growth between two orthonormalisations: e^4 of 1/ε are lost
MOST = 10**6        # factors between two times: minutes of a few spins, and long after all has come to rest
CLOSE = 1.5         # ratio of sizes of columns below which they are orthonormal to rounding after one pass


class GaussianMotion(Protocol):
    """What moves a frame."""

    @property
    def stats(self) -> dict[str, Any]:
        """The counts."""

    def reach(self, t: float) -> Array:
        """Return an orthonormal frame at a time, not before the last one asked for."""


def orthonormal_frame(frame: Array) -> Array:
    """Return orthonormal columns with the same span: Cholesky's factor of their products, once more where it matters.

    Source: Y. Yamamoto et al., Electron. Trans. Numer. Anal. 44, 306 (2015): twice, as good as Householder's.

    >>> orthonormal_frame(np.array([[2.0], [0.0]]))[0].tolist()
    [(1+0j)]
    """
    return orthonormalised(frame)[0]


def orthonormalised(frame: Array) -> tuple[Array, list[Array]]:
    """Return the same, and the triangular factors that were divided by."""
    ratio, factors = np.inf if frame.shape[1] else 1.0, []
    while ratio > CLOSE:
        try:
            frame = np.ascontiguousarray(frame, dtype=complex)
            factor = cholesky(zherk(1.0, frame.T).conj())           # its upper half alone
        except (ValueError, LinAlgError):               # not finite, or dependent columns
            raise Failure(INFINITE) from None
        sizes = factor.diagonal().real
        ratio = float(sizes.max() / sizes.min())
        frame = solve_triangular(factor, frame.T, trans="T", check_finite=False).T
        factors.append(factor)
    return frame, factors


class ConstantMotion:
    """A constant h: in its eigenbasis a frame moves by factors.

    Args:
        h: the one-particle matrix.
        weight: W(−1) of the law.
        t: the time of the frame.
        frame: orthonormal columns.
        growth: of errors so far, which goes on.
    """

    def __init__(self, h: OneParticle, weight: complex, t: float, frame: Array, growth: FrameError) -> None:
        self._t, self._weight, self._growth = t, weight, growth
        self.stats: dict[str, Any] = {"steps": 0}
        whole = h.at(t)
        if not np.isfinite(whole.data).all():
            raise Failure(INFINITE)
        self._basis = _eigenbasis(whole.toarray())
        self._levels = self._basis.levels
        self._frame = self._basis.into(frame)
        self._error = self._basis.into(growth.error[:, None])[:, 0]

    def reach(self, t: float) -> Array:
        """Return the frame at a time: factors, and orthonormal columns, until the time is reached.

        Raises:
            Failure: they are too many.
        """
        spread = abs(self._weight.imag) * float(np.ptp(self._levels)) if len(self._levels) else 0.0
        parts = max(1, int(np.ceil(spread * (t - self._t) / LOSS))) if t > self._t else 0
        if parts > MOST:
            raise Failure(f"it needs {parts:.2g} factors from one time to the next")
        factors = np.exp(-1j * self._weight * (self._levels - self._shift()) * ((t - self._t) / max(parts, 1)))
        for _ in range(parts):
            self._frame = factors[:, None] * self._frame
            if self._weight.imag:
                self._frame, divided = orthonormalised(self._frame)
                self._growth.step(factors * self._error, self._frame, divided)
                self._error = self._growth.error
            self.stats["steps"] += 1
        self._t = t
        self._growth.error = self._basis.out(self._error[:, None])[:, 0]
        return self._basis.out(self._frame)

    def _shift(self) -> float:
        """The level that does not grow: that which grows most, so that nothing overflows."""
        if not len(self._levels):
            return 0.0
        return float(self._levels.min() if self._weight.imag <= 0 else self._levels.max())


@dataclass(frozen=True, eq=False)
class Eigenbasis:
    """Levels of h, and the way between a frame and its parts along the eigenvectors.

    Attributes:
        levels: (M,).
        vectors: columns, (M, M), real where h is.
    """

    levels: Array
    vectors: Array

    def into(self, frame: Array) -> Array:
        """Return the parts of a frame."""
        return product(self.vectors.conj().T, frame)

    def out(self, parts: Array) -> Array:
        """Return the frame of parts."""
        return product(self.vectors, parts)


@dataclass(frozen=True, eq=False)
class PairedBasis:
    """The same of h = iA that couples even and odd Majoranas alone: A = [[0, M], [−Mᵀ, 0]], M = Φ s Ψᵀ.

    The levels are ±s, of (φ, ∓iψ)/√2: two real products in place of a complex one of twice the size.

    Attributes:
        levels: s, then −s.
        even: Φ, (N, N).
        odd: Ψ.
    """

    levels: Array
    even: Array
    odd: Array

    def into(self, frame: Array) -> Array:
        """Return the parts of a frame."""
        a, b = product(self.even.T, frame[::2]), 1j * product(self.odd.T, frame[1::2])
        return np.concatenate([a + b, a - b]) / np.sqrt(2)

    def out(self, parts: Array) -> Array:
        """Return the frame of parts."""
        n, found = len(self.even), np.empty(parts.shape, dtype=complex)
        found[::2] = product(self.even, parts[:n] + parts[n:])
        found[1::2] = -1j * product(self.odd, parts[:n] - parts[n:])
        return found / np.sqrt(2)


def _eigenbasis(h: Array) -> Eigenbasis | PairedBasis:
    """Return levels and eigenvectors, by real arithmetic where that is possible."""
    if not h.imag.any():
        inner, links = h.diagonal().real, h.diagonal(1).real
        if np.array_equal(h, np.diag(inner) + np.diag(links, 1) + np.diag(links, -1)) and len(h) > 1:
            return Eigenbasis(*eigh_tridiagonal(inner, links))
        return Eigenbasis(*eigh(h.real, driver="evd"))
    if not (h.real.any() or h[::2, ::2].any() or h[1::2, 1::2].any()):
        phi, sizes, psi = np.linalg.svd(h[::2, 1::2].imag)
        return PairedBasis(np.concatenate([sizes, -sizes]), phi, psi.T)
    return Eigenbasis(*eigh(h, driver="evd"))


def product(left: Array, right: Array) -> Array:
    """Return left · right, a real left one times the parts of a complex right one.

    >>> product(np.array([[2.0]]), np.array([[1j]])).tolist()
    [[2j]]
    """
    if np.iscomplexobj(left):
        return np.asarray(left @ right)
    flat = np.ascontiguousarray(right, dtype=complex).view(float)
    return np.ascontiguousarray(left @ flat).view(complex)
