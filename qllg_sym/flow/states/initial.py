"""States of every kind → weighted orthonormal kets over a background; checked, never silently normalised."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import comb, hypot, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.binding import real_array
from qllg_sym.codegen.build import is_masked
from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.flow.states.low_rank import LowRank
from qllg_sym.flow.states.spectral import Frozen, boltzmann, ground, ground_at_size, thermal_at_size
from qllg_sym.flow.states.two_levels import completed, two_levels
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.states import Coherent, Eta, Random, Thermal, Werner
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
TOLERANCE = 1e-10       # what a state may miss norm, trace, Hermiticity and positivity by
ROUNDING = 1e-14        # eigenvalues closer than this are one, as doubles go
LARGEST_MATRIX = 4096   # dimension above which no method works on matrices: an hour a trajectory at best
LARGEST_DENSE = 1024    # dimension above which neither H nor ρ is made a matrix unasked
SIGNS = {"psi+": (0, 1, 1, 0), "psi-": (0, 1, -1, 0), "phi+": (1, 0, 0, 1), "phi-": (1, 0, 0, -1)}


@dataclass(frozen=True)
class Initial:
    """ρ = background·1 + Σ w_j |j⟩⟨j| with orthonormal kets (d, r).

    Small amplitudes of the kets have all their digits, unless `rounding` is their absolute error.
    """

    weights: Array
    kets: Array
    background: float
    rounding: float = 0.0

    @property
    def levels(self) -> Array:
        """Eigenvalues of ρ, all d of them, descending."""
        d, r = self.kets.shape
        return np.sort(np.concatenate([self.weights, np.zeros(d - r)]) + self.background)[::-1]

    @property
    def density(self) -> Array:
        """ρ, (d, d)."""
        d = len(self.kets)
        return np.asarray(np.eye(d) * self.background + (self.kets * self.weights) @ self.kets.conj().T)

    def full(self) -> tuple[Array, Array]:
        """Return all eigenvalues (d,) and eigenvectors (d, d), kets first."""
        weights, kets = completed(self.weights[None], self.kets[None])
        return weights[0] + self.background, kets[0]

    def two_valued(self) -> tuple[float, float, Array] | None:
        """Return (a, b, kets) with ρ = a + b P, P the projector on at most d/2 kets; None for other spectra."""
        return self._two_levels

    @cached_property
    def _two_levels(self) -> tuple[float, float, Array] | None:
        """The same, found once: what chooses a method asks for it, and then the method."""
        found = two_levels(self.weights[None], self.kets[None], np.array([self.background]))
        return None if found is None else (float(found[0][0]), float(found[1][0]), np.ascontiguousarray(found[2][0]))

    def thin(self) -> "Initial":
        """Return the same ρ with fewer kets: those whose level is the commonest one become background.

        >>> Initial(np.array([0.5, 0.25, 0.25]), np.eye(3, dtype=complex), 0.0).thin().kets.shape
        (3, 1)
        """
        levels, vectors, common = self.weights + self.background, self.kets, self.background
        if 2 * len(levels) > len(vectors):
            levels, vectors = self.full()
            ascending = np.sort(levels)
            first = np.searchsorted(ascending, ascending - ROUNDING)
            last = np.searchsorted(ascending, ascending + ROUNDING, side="right")
            most = np.argmax(last - first)
            common = float(ascending[first[most]:last[most]].mean())
        moving = abs(levels - common) > ROUNDING
        return Initial(levels[moving] - common, np.ascontiguousarray(vectors[:, moving]), common, self.rounding)


def resolve(state: Any, model: Model, hbar: float, hamiltonian: Callable[[Model], Array],
            frozen: Callable[[Model], Frozen] | None = None) -> Initial:
    """Return the numbers of a state on the space of a model.

    Args:
        state: density matrix (d, d), ket (d,) or (d, 1), Qobj, LowRank, or a description from `qllg_sym.states`.
        model: the model to be solved.
        hbar: its ħ as a number.
        hamiltonian: H of a model as an array, for thermal and ground states.
        frozen: H of a model as an action, for thermal and ground states where d > 1024.

    Raises:
        StateError: not a state of this space.
        InputTypeError: not a state at all.
    """
    space = model.space
    if isinstance(state, Coherent):
        return _ket(_coherent(state, space))
    if isinstance(state, Werner):
        _need(space, space.dimensions == (2, 2), "two spins 1/2", f"the {state.name} state")
        ket = np.array(SIGNS[state.name], dtype=complex)[:, None] / sqrt(2)
        return Initial(np.array([state.p]), ket, (1 - state.p) / 4)
    if isinstance(state, LowRank):
        return _low_rank(state, space)
    if isinstance(state, Random):
        return _random(state, space)
    if isinstance(state, Thermal):
        _need(space, state.model.space == space, repr(state.model.space), "this thermal or ground state")
        if frozen is not None and space.dimension > LARGEST_DENSE:
            return _at_size(state, frozen(state.model))
    return from_density(_matrix(state, space, hbar, hamiltonian), space)


def _matrix(state: Any, space: Space, hbar: float, hamiltonian: Callable[[Model], Array]) -> Array:
    """Return the density matrix of every other kind of state; kets become (d, 1)."""
    if isinstance(state, Eta):
        _need(space, space.spins == (state.spin,), f"one spin {state.spin}", "this η state")
        if abs(state.hbar - hbar) > 1e-15 * hbar:
            raise StateError(f"`hbar` of the η state must be the model's, {hbar:g}, but is {state.hbar:g}; "
                             f"write states.eta(space, eta, hbar={hbar!r}).")
        return _eta(state, space)
    if isinstance(state, Thermal):
        matrix = hamiltonian(state.model)
        if not np.all(np.isfinite(matrix)):
            raise StateError("`state` must be that of a finite Hamiltonian, but at the first time it holds NaN or "
                             "infinity; start at another time.")
        energies, vectors = np.linalg.eigh(matrix)
        if np.isinf(state.beta):
            return ground(energies, vectors)
        return np.asarray((vectors * boltzmann(energies, state.beta)) @ vectors.conj().T)
    return _array(state, space)


def _need(space: Space, fits: bool, wanted: str, what: str) -> None:
    """Refuse a state of another space."""
    if not fits:
        raise StateError(f"`state` must belong to {space}, but {what} belongs to {wanted}; choose another state.")


def _array(state: Any, space: Space) -> Array:
    """Return an array or Qobj, with its size and numbers checked."""
    data = state.full() if hasattr(state, "full") else state.tolist() if hasattr(state, "free_symbols") else state
    try:
        array = np.array(data, dtype=complex)
        if data is None or is_masked(data) or np.asarray(data).dtype.kind in "SU":
            raise TypeError("None, text and what is masked would become numbers")
    except (TypeError, ValueError):
        raise InputTypeError("`state` must be a density matrix, a ket, a Qobj or one of qllg_sym.states, but is of "
                             f"type {type(state).__name__}; write states.product(\"up\", \"down\").") from None
    d = space.dimension
    if array.shape not in ((d,), (d, 1), (d, d)):
        raise StateError(f"`state` must have shape ({d}, {d}) or ({d},) for {space}, but has {array.shape}; "
                         "give it in the product basis of all sites.")
    if not np.all(np.isfinite(array)):
        raise StateError("`state` must be finite, but holds NaN or infinity; give finite numbers.")
    return array[:, None] if array.ndim == 1 else array


def from_density(array: Array, space: Space) -> Initial:
    """Return the eigen-decomposition of a checked density matrix (d, d), or of a ket (d, 1)."""
    if array.shape[1] == 1 and space.dimension > 1:
        return _ket(array[:, 0])
    skew = float(abs(array - array.conj().T).max())
    if skew > TOLERANCE:
        raise StateError(f"`state` must be Hermitian within {TOLERANCE:g}, but ρ − ρ† has an entry of size {skew:.3g}; "
                         "give (ρ + ρ†)/2.")
    levels, vectors = np.linalg.eigh((array + array.conj().T) / 2)
    _check(float(levels.sum()), float(levels[0]))
    return Initial(levels[::-1].copy(), vectors[:, ::-1].astype(complex), 0.0, float(np.finfo(float).eps))


def _ket(ket: Array) -> Initial:
    """Return a pure state; a norm off by rounding is kept as the trace."""
    norm = float(np.linalg.norm(ket))
    if abs(norm - 1) > TOLERANCE:
        raise StateError(f"`state` must have norm 1 within {TOLERANCE:g}, but the ket has norm {norm:.12g}; "
                         "divide it by its norm.")
    return Initial(np.array([norm**2]), (ket / norm)[:, None].astype(complex), 0.0)


def _check(trace: float, lowest: float) -> None:
    """Refuse levels that are no probabilities."""
    if abs(trace - 1) > TOLERANCE:
        raise StateError(f"`state` must have trace 1 within {TOLERANCE:g}, but has trace {trace:.12g}; "
                         "divide it by its trace.")
    if lowest < -TOLERANCE:
        raise StateError(f"`state` must have no negative eigenvalue below −{TOLERANCE:g}, but has {lowest:.6g}; "
                         "give a positive matrix.")


def _low_rank(state: LowRank, space: Space) -> Initial:
    """Re-diagonalise in the span of the kets; ρ is kept exactly."""
    (d, r), background = state.kets.shape, state.background
    if d != space.dimension:
        raise StateError(f"`kets` must have {space.dimension} rows for {space}, but have {d}; give (d, r) columns.")
    q, triangle = np.linalg.qr(state.kets)
    weights, rotation = np.linalg.eigh((triangle * state.weights) @ triangle.conj().T)
    _check(float(weights.sum()) + d * background, background + min([*weights, *[0.0] * (r < d)]))
    return Initial(weights[::-1].copy(), np.ascontiguousarray((q @ rotation)[:, ::-1]), background)


def _coherent(state: Coherent, space: Space) -> Array:
    """Return the ket ⊗ |n_i⟩: amplitude √C(2s, k) cos^{2s−k}(θ/2) sin^k(θ/2) e^{ikφ} at m = s − k."""
    sites = len(state.directions)
    _need(space, sites == space.sites, f"{sites} site{'s' * (sites != 1)}", "this product state")
    _need(space, state.spins in (None, space.spins), "other spins", "this coherent state")
    require_memory("state", (4, space.dimension), "take fewer spins")
    ket = np.ones(1, dtype=complex)
    for (x, y, z), s in zip(state.directions, space.spins, strict=True):
        n, side = int(2 * s), hypot(x, y)
        large = sqrt((1 + abs(z)) / 2)
        # sin θ = 2 sin(θ/2) cos(θ/2): a tiny tilt keeps its digits; and θ = π/2 its symmetry.
        small = side / (2 * large) if abs(z) > 0.5 else sqrt((1 - abs(z)) / 2)
        up, down = (large, small) if z >= 0 else (small, large)
        turned = down * (complex(x, y) / side if side else 1.0)
        ket = np.multiply.outer(ket, [sqrt(comb(n, k)) * up**(n - k) * turned**k for k in range(n + 1)]).ravel()
    return ket


def _eta(state: Eta, space: Space) -> Array:
    """Return (1 + η·S)/(2s + 1)."""
    s = float(space.spins[0])
    m = s - np.arange(space.dimension)
    plus = np.diag(np.sqrt(s * (s + 1) - m[1:] * (m[1:] + 1)), 1)
    spin = ((plus + plus.T) / 2, (plus - plus.T) / 2j, np.diag(m))
    total = sum(x * matrix for x, matrix in zip(state.eta, spin, strict=True)) * state.hbar
    return np.asarray((np.eye(space.dimension) + total) / space.dimension)


def _at_size(state: Thermal, frozen: Frozen) -> Initial:
    """Return a thermal or ground state of a large space."""
    if np.isinf(state.beta):
        return Initial(np.ones(1), ground_at_size(frozen), 0.0)
    if state.beta == 0:
        d = frozen.action.dimension
        return Initial(np.empty(0), np.empty((d, 0), dtype=complex), 1 / d)
    return Initial(*thermal_at_size(frozen, state.beta), 0.0)


def _random(state: Random, space: Space) -> Initial:
    """Return GG†/Tr GG†, from the (d, rank) entries of G alone."""
    _need(space, space.spins == state.spins, "other spins", "this random state")
    shape = (space.dimension, state.rank)
    require_memory("kets", (4, *shape), "take a smaller rank or space")
    rng = np.random.default_rng(state.seed)
    g = rng.normal(size=shape) + 1j * rng.normal(size=shape)
    return _low_rank(LowRank(np.full(state.rank, np.linalg.norm(g)**-2), g), space)


def check_moments(state: Any, sites: int) -> Array:
    """Return classical unit moments (N, 3).

    Raises:
        StateError: another shape, or lengths other than 1 within 1e-10.

    >>> check_moments([[0, 0, 1]], 1).shape
    (1, 3)
    """
    moments = real_array(state)
    if moments is None:
        raise InputTypeError(f"`state` must be {sites} moments, one row of three a site, for a classical law, but is "
                             f"of type {type(state).__name__}; give an array of shape ({sites}, 3)"
                             f"{', such as its `directions`' if isinstance(state, Coherent) else ''}.")
    if moments.shape != (sites, 3):
        raise StateError(f"`state` must have shape ({sites}, 3) for a classical law, but has {moments.shape}; "
                         "give one row a site.")
    lengths = np.linalg.norm(moments, axis=1)
    wrong = np.flatnonzero(~(abs(lengths - 1) <= TOLERANCE))
    if len(wrong):
        others = f" (and {len(wrong) - 1} more are wrong)" if len(wrong) > 1 else ""
        raise StateError(f"`state` must hold unit moments within {TOLERANCE:g}, but that of site {wrong[0]} has length "
                         f"{lengths[wrong[0]]:.12g}{others}; divide each row by its length.")
    return moments
