"""A pure Gaussian state of a chain at one time: an orthonormal frame of its one-particle matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import StateError
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.state import Setting, State

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class GaussianState(State):
    r"""A pure Gaussian state: C = U U†, with the modes of spins up, or with Majorana operators.

    (N, r): $C_{jk} = \langle c_k^\dagger c_j\rangle$ where the number of spins up is sharp. (2N, N):
    $C_{mn} = \frac12\langle a_n a_m\rangle = \frac12(1 + i\Gamma)_{mn}$. `flow.gaussian.quadratic` has a and their
    order.

    Args:
        frame: orthonormal columns, complex, (N, r) or (2N, N).
        sites: N.

    Raises:
        StateError: another shape, or columns that are not orthonormal within 1e-10.

    >>> GaussianState(np.eye(2, 1), 2).covariance([0, 1, 2, 3])[:2, :2].tolist()
    [[0.0, -1.0], [1.0, 0.0]]
    """

    frame: Any
    sites: int

    def __post_init__(self) -> None:
        frame = np.asarray(self.frame, dtype=complex)
        shapes = [(self.sites, frame.shape[-1]), (2 * self.sites, self.sites)]
        if frame.ndim != 2 or frame.shape not in shapes or frame.shape[1] > self.sites:
            raise StateError(f"`frame` must have shape ({self.sites}, r) or ({2 * self.sites}, {self.sites}) for "
                             f"{self.sites} sites, but has {frame.shape}; give one column a mode.")
        off = float(abs(frame.conj().T @ frame - np.eye(frame.shape[1])).max(initial=0.0))
        if not off <= 1e-10:
            raise StateError(f"`frame` must have orthonormal columns within 1e-10, but they miss it by {off:.2g}; "
                             "take the Q of their QR decomposition.")
        object.__setattr__(self, "frame", frame)

    @property
    def conserving(self) -> bool:
        """Whether the number of spins up is sharp, and the frame one of N modes."""
        return len(self.frame) == self.sites

    def covariance(self, operators: Sequence[int]) -> Array:
        r"""Return $\Gamma_{mn} = \frac{i}{2}\langle[a_m, a_n]\rangle$ of some Majorana operators, by number."""
        return covariance(self.frame, self.sites, np.asarray(operators, dtype=np.int64))

    def majorana(self) -> "GaussianState":
        """Return the same state with a frame of 2N Majorana operators."""
        if not self.conserving:
            return self
        up = np.array([[1], [1j]]) / np.sqrt(2)
        left = np.linalg.qr(self.frame, mode="complete")[0][:, self.frame.shape[1]:]      # modes without a fermion
        return GaussianState(np.hstack([np.kron(self.frame, up), np.kron(left.conj(), up.conj())]), self.sites)

    def numbers(self, setting: Setting) -> InitialStates:
        """Refuse: it is held without kets.

        Raises:
            StateError: always.
        """
        raise StateError("`state` must be a state with kets for this method, but is a GaussianState; write "
                         "method=\"gaussian\".")


def covariance(frame: Array, sites: int, operators: Array) -> Array:
    """Return Γ of some Majorana operators of a frame, real and antisymmetric, (m, m)."""
    if len(frame) == 2 * sites:
        part = frame[operators]
        found = 2 * (part @ part.conj().T).imag
    else:
        part, kind = frame[operators // 2], operators % 2
        c = part @ part.conj().T
        same = (operators[:, None] // 2 == operators // 2).astype(float)
        found = np.where(kind[:, None] == kind, 2 * c.imag, (kind[:, None] - kind) * (2 * c.real - same))
    return np.asarray((found - found.T) / 2)
