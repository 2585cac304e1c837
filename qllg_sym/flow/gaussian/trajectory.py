"""What is found of free fermions: a frame of the one-particle matrix at each time, and readings of the spins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.gaussian import wick
from qllg_sym.flow.gaussian.state import GaussianState, covariance
from qllg_sym.flow.results.chain import ChainTrajectory, component
from qllg_sym.observables.renyi import check_order
from qllg_sym.observables.sites import PAULI, check_sites

Array = NDArray[Any]
MOST_SITES = 6      # of a density matrix: 4^6 strings, a Pfaffian each


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class GaussianTrajectory(ChainTrajectory):
    r"""A chain of free fermions at n times; see `ChainTrajectory` for what all such results have.

    Attributes:
        magnetisation: $\langle\sigma^z_i\rangle$, (n, N).
        frames: U of C = U U†, (n, N, r) or (n, 2N, N); one time alone with keep="final", none with `observe`.

    >>> from qllg_sym import Bilinear, Model, QuantumLLG, Space, solve, states
    >>> xx = [Bilinear([[1, 0, 0], [0, 1, 0], [0, 0, 0]], i, i + 1) for i in range(99)]
    >>> run = solve(Model(Space.half(100), xx), QuantumLLG(0.5), states.product(*["up", "down"] * 50), [0, 1, 2],
    ...             method="gaussian")
    >>> run.energy.round(4).tolist(), run.entropy(50).round(4).tolist()
    ([0.0, -17.1987, -25.7491], [0.0, 0.4173, 0.6717])
    """

    magnetisation: Array
    frames: Array
    KIND: ClassVar[str] = "gaussian trajectory"
    METHOD: ClassVar[str] = "gaussian"

    def profile(self, axis: str | None = None) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of every site, along z in a Gaussian state.

        Args:
            axis: "x", "y" or "z" for one component.

        Returns:
            Array (n, N, 3), or (n, N) with an axis.

        Raises:
            InputError: another axis.
        """
        found = np.zeros((*self.magnetisation.shape, 3))
        found[:, :, 2] = self.magnetisation
        return component(found, axis)

    def covariance(self, sites: Sequence[int] | int | None = None) -> Array:
        r"""Return $\Gamma_{mn} = \frac{i}{2}\langle[a_m, a_n]\rangle$ of Majorana operators, (n, 2m, 2m).

        Args:
            sites: whose operators, a_2j and a_2j+1 each; all by default. `flow.gaussian.quadratic` has their order.

        Raises:
            InputError: the states were not kept, or a site does not exist.
        """
        count = len(self.spins)
        chosen = range(count) if sites is None else check_sites(sites, count)
        return self._covariances([2 * site + k for site in chosen for k in range(2)])

    def _covariances(self, operators: Sequence[int]) -> Array:
        """Γ of some operators at all times."""
        numbers = np.asarray(operators, dtype=np.int64)
        frames = self._whole("covariance")
        return np.stack([covariance(frame, len(self.spins), numbers) for frame in frames])

    def _whole(self, what: str) -> Array:
        """The frames at all times."""
        if len(self.frames) < len(self.times):
            raise InputError(f"`{what}` needs the states at every time, but {len(self.frames)} were kept; solve "
                             "without `observe` and keep=\"final\".")
        return self.frames

    def pauli_mean(self, letters: Mapping[int, str]) -> Array:
        """Return the mean of a product of Pauli matrices, (n,).

        Args:
            letters: "x", "y" or "z" by site, such as {0: "x", 5: "x"}.

        Raises:
            InputError: a site or a letter that does not exist.
        """
        sites = check_sites(list(letters), len(self.spins), "letters")
        if unknown := [letter for letter in letters.values() if letter not in ("x", "y", "z")]:
            raise InputError(f"`letters` must be x, y or z, but one is {unknown[0]!r}; write {{0: \"x\", 1: \"x\"}}.")
        return wick.mean({site: "0xyz".index(letter) for site, letter in zip(sites, letters.values(), strict=True)},
                         self._covariances)

    def reduced(self, sites: Sequence[int] | int) -> Array:
        """Return the density matrices of a few sites, near or far from each other, (n, 2^m, 2^m).

        Args:
            sites: at most six different ones; factors are in the order given.

        Raises:
            InputError: a site does not exist, or there are too many.
        """
        chosen = check_sites(sites, len(self.spins))
        if len(chosen) > MOST_SITES:
            raise InputError(f"`sites` must be at most {MOST_SITES}, but are {len(chosen)}; ask for `entropy` or "
                             "`covariance` of a block.")
        found: Any = 0
        for letters in product(range(4), repeat=len(chosen)):
            means = wick.mean(dict(zip(chosen, letters, strict=True)), self._covariances)
            if means.any():
                string = np.ones((1, 1))
                for letter in letters:
                    string = np.kron(string, PAULI[letter])
                found = found + means[:, None, None] * string
        return np.asarray(found / 2**len(chosen), dtype=complex)

    def entropy(self, sites: Sequence[int] | int, order: float = 1) -> Array:
        r"""Return the entropy of a block of neighbours, $-\mathrm{Tr}\,\rho\ln\rho$ or another of Rényi's, (n,).

        Args:
            sites: neighbouring sites; or a number, of the sites to the left of a cut.
            order: α of Rényi's entropies, positive; 1 for von Neumann's.

        Raises:
            InputError: sites that are no block, or an order of 0 or below.
        """
        block = check_block(sites, len(self.spins))
        alpha = check_order(order)
        if alpha == 0:
            raise InputError("`order` must be above 0 for a block of free fermions, but is 0; give 1 for von Neumann's "
                             "entropy.")
        frames = self._whole("entropy")
        return mode_entropies(np.stack([filled(frame, len(self.spins), block) for frame in frames]), alpha)

    @property
    def final_state(self) -> GaussianState:
        """The state at the last time, to go on from."""
        return self.at(float(self.times[-1]))

    def at(self, t: float) -> GaussianState:
        """Return the state at one of the times whose states are kept.

        Raises:
            InputError: another time.
        """
        return GaussianState(self.frames[self._place(t, len(self.frames))], len(self.spins))

    @property
    def invariants(self) -> dict[str, float]:
        """Largest drift: "purity", how far C² is from C in the largest entry of U†U − 1."""
        gaps = [abs(u.conj().T @ u - np.eye(u.shape[1])).max(initial=0.0) for u in self.frames]
        return {"purity": float(max(gaps, default=0.0))}

    def _arrays(self) -> dict[str, tuple[Array, tuple[str, ...]]]:
        """What files hold beside energy and observables."""
        return {"magnetisation": (self.magnetisation, ("time", "site")),
                "frames": (self.frames, ("time" if len(self.frames) == len(self.times) else "last", "mode", "filled"))}

    @classmethod
    def _fields(cls, arrays: Mapping[str, Array], n: int, sites: int) -> dict[str, Any]:
        """The same, read."""
        magnetisation, frames = arrays["magnetisation"], arrays["frames"]
        if magnetisation.shape != (n, sites) or frames.ndim != 3 or len(frames) not in (0, 1, n) or \
                frames.shape[1] not in (sites, 2 * sites) or frames.shape[2] > sites:
            raise ValueError("arrays do not fit together")
        return {"magnetisation": magnetisation, "frames": frames}


def check_block(sites: Any, count: int) -> range:
    """Return a block of neighbouring sites, given as such or by their number from the left.

    >>> check_block(3, 10), check_block([4, 3, 5], 10)
    (range(0, 3), range(3, 6))
    """
    if hasattr(sites, "__index__") and not isinstance(sites, (bool, np.bool_)):
        cut = int(sites)
        if not 0 < cut <= count:
            raise InputError(f"`sites` must be a cut after 1 to {count} sites, but is {cut}; give half of them.")
        return range(cut)
    chosen = check_sites(sites, count)
    block = range(min(chosen), max(chosen) + 1)
    if len(block) != len(chosen):
        raise InputError("`sites` must be neighbouring sites for the entropy of free fermions, but are not; take the "
                         "eigenvalues of `reduced` for a few others.")
    return block


def filled(frame: Array, sites: int, block: range) -> Array:
    """Return how far each mode of a block is filled, λ or 1 − λ, (m,).

    >>> filled(np.eye(2, 1), 2, range(2)).tolist()
    [0.0, 1.0]
    """
    if len(frame) == sites:
        part = frame[block.start:block.stop]
        return np.asarray(np.linalg.eigvalsh(part @ part.conj().T))
    gamma = covariance(frame, sites, np.arange(2 * block.start, 2 * block.stop))
    return np.asarray((1 + np.linalg.svd(gamma, compute_uv=False)[::2]) / 2)         # each value of Γ comes twice


def mode_entropies(filled: Array, order: float) -> Array:
    """Return Σ over modes of the entropy of {λ, 1 − λ}, (n,).

    >>> mode_entropies(np.array([[0.5, 1.0]]), 1) / np.log(2)
    array([1.])
    """
    p = np.clip(np.stack([filled, 1 - filled], axis=-1), 0, 1)
    if order == 1:
        logarithm = np.log(p, out=np.zeros_like(p), where=p > 0)
        return np.asarray(-(p * logarithm).sum(axis=(1, 2)) + 0.0)
    if np.isinf(order):
        return np.asarray(-np.log(p.max(axis=-1)).sum(axis=1) + 0.0)
    return np.asarray(np.log((p**order).sum(axis=-1)).sum(axis=1) / (1 - order) + 0.0)
