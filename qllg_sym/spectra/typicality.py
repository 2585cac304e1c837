r"""Thermal structure factors of many spins by typicality: a few random kets in place of a trace, no matrix stored."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.equations.laws.von_neumann import VonNeumann
from qllg_sym.errors import InputError
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.heading import heading_of
from qllg_sym.flow.subspace.chebyshev import ChebyshevSeries, Scaled, polynomials, series
from qllg_sym.model.model import Model
from qllg_sym.observables.storage import require_memory
from qllg_sym.spectra.checks import checked_row, positive_number
from qllg_sym.spectra.operators_on_kets import OnKets, on_kets
from qllg_sym.spectra.posed import posed_constant
from qllg_sym.spectra.structure_factor import StructureFactor

Array = NDArray[Any]
CUT = 8.5               # standard deviations of the window in time: e^{−36} is left out
BESIDE = 6.0            # standard deviations of the resolution beyond which frequencies do not overlap
COOLING = 10.0          # |ζ| of a step of e^{−βH/2}, renormalised after each
RESTS = 1e-14           # of a ket that a step leaves as it is
RING, GROUP = 6, 8      # kets of a recursion; times that share one
SMALL = 128             # dimension up to which a sparse matrix is quicker than an action
ACCURATE = 1e-13        # of what a series leaves out
MOST_KETS, MOST_TIMES = 10_000, 1_000_000


def structure_factor(model: Model, A: Any, omega: ArrayLike, kT: float, resolution: float,
                     values: Mapping[Any, Any] | None = None, kets: int = 10, seed: int = 0) -> StructureFactor:
    r"""Return the dynamical structure factor S_A(ω) at a temperature, of up to some twenty spins ½.

    $$S_A(\omega) = \sum_{jk}\frac{e^{-E_j/k_BT}}{Z}\,|\langle k|A|j\rangle|^2\;
    g_\sigma(\omega - (E_k - E_j)/\hbar)$$

    g_σ is a Gaussian of the standard deviation `resolution`, in place of the lines of a law: those of q-LLG have the
    half width κ(p_j − p_k) times the frequency, which no detector sees where thousands of levels share the weight. The
    trace is taken over random kets $e^{-H/2k_BT}|r\rangle$, whose time correlations are evolved by Chebyshev series;
    ∫S dω is ⟨A†A⟩, elastic scattering at ω = 0 included. At zero temperature use `Response.structure_factor`.

    Args:
        model: the Hamiltonian, constant in time.
        A: what is scattered from: ("Sz", k) on a chain or ring, "Sx", a matrix, terms.
        omega: angular frequencies, of either sign.
        kT: k_BT > 0 in the model's energy.
        resolution: σ > 0, a frequency.
        values: numbers for the parameters.
        kets: how many random kets, at least 2: errors fall as their root, and as that of the levels within k_BT.
        seed: of the kets: the same numbers for the same seed.

    Returns:
        StructureFactor: `.omega`, `.intensity`, `.error` (one standard error, by leaving out each ket), `.plot()`.

    Raises:
        InputError, InputTypeError: an argument that does not fit, or kets that do not fit into memory.

    Source: thermal typicality, S. Sugiura and A. Shimizu, Phys. Rev. Lett. 111, 010401 (2013).

    >>> from qllg_sym import Exchange, Space
    >>> ring = Model(Space.half(6), [Exchange(1, i, (i + 1) % 6) for i in range(6)])
    >>> found = structure_factor(ring, ("Sz", np.pi), np.linspace(-30, 30, 601), kT=2.0, resolution=0.5, kets=4)
    >>> bool(abs(found.omega[found.intensity.argmax()] - 2.739) < 0.1)      # the gap from the singlet to a triplet
    True
    """
    places, warm = checked_row(omega, "omega", "numpy.linspace(0, 3, 301)"), positive_number(kT, "kT", "1.0")
    sigma, count = positive_number(resolution, "resolution", "0.1"), _count(kets)
    law = VonNeumann()
    problem = posed_constant(model, law, values)
    operator = on_kets(A, problem, "A")
    flow = _Flow(problem, warm, sigma, places)
    rng = np.random.default_rng(_seed(seed))
    shape = (2, problem.action.dimension)
    found = [flow.correlation(operator, rng.normal(size=shape)) for _ in range(count)]
    logs = np.array([log for log, _ in found])
    weights = np.exp(logs - logs.max())
    traces = weights[:, None] * np.array([flow.transformed(c) for _, c in found])
    others = (traces.sum(axis=0) - traces) / (weights.sum() - weights)[:, None]         # without one ket each
    error = np.sqrt((count - 1) / count * ((others - others.mean(axis=0))**2).sum(axis=0))
    heading = (*heading_of(model, law, problem.values)[1:], f"kT = {warm:.4g}, σ = {sigma:.3g}, {count} random kets")
    return StructureFactor(places, traces.sum(axis=0) / weights.sum(), error, warm, heading, model.units)


class _Flow:
    """Kets in imaginary and real time, with every time that a spectrum needs."""

    def __init__(self, problem: Problem, kT: float, sigma: float, omega: Array) -> None:
        action = problem.action
        low, high = action.bounds()
        self.omega, self._sigma = omega, sigma
        small = action.matrix() if action.dimension <= SMALL else None
        self._x = Scaled(lambda kets, out: action.apply(kets, out=out), (low, high), whole=action.series) \
            if small is None else Scaled(lambda kets, out: np.copyto(out, small @ kets), (low, high))
        self._cold = -self._x.half * problem.hbar / (2 * kT)            # ζ of e^{−βH/2}
        # one period of the sum over times is wider than all that S and `omega` reach, so that nothing folds back
        reach = max(high - low, float(abs(omega).max())) + BESIDE * sigma
        self.step = np.pi / reach
        self.times = GROUP * int(np.ceil((CUT / sigma / self.step + 1) / GROUP))
        if self.times > MOST_TIMES:
            raise InputError(f"`resolution` must be more than {CUT / (MOST_TIMES * self.step):.2g} here, which takes "
                             f"{MOST_TIMES:,} times, but is {sigma:g}; take a wider one.")
        require_memory("kets", (RING + 2 * GROUP + 4, action.dimension), "take fewer spins")
        self._ring = np.empty((RING, action.dimension, 1), dtype=complex)
        self._steps = _series(-1j * self.step * self._x.half * np.arange(GROUP + 1))

    def _moved(self, ket: Array, cut: ChebyshevSeries) -> Array:
        """Return e^{ζx} · ket for each ζ of a series, scaled by e^{−|Re ζ|}, (p, d)."""
        total = np.empty((len(cut.coefficients), len(ket), 1), dtype=complex)
        self._ring[0, :, 0] = ket
        self._x.image(self._ring[0], self._ring[1])
        polynomials(self._x, cut, self._ring, total)
        return total[:, :, 0]

    def cooled(self, ket: Array) -> tuple[float, Array]:
        """Return ln ‖e^{−βH/2} ket‖² but for a constant, and the ket of norm one."""
        steps = max(1, int(np.ceil(abs(self._cold) / COOLING)))
        log, colder = 0.0, _series(np.array([self._cold / steps + 0j]))
        for k in range(steps + 1):
            size = float(np.linalg.norm(ket))
            log, ket = log + 2 * np.log(size), ket / size
            if k == steps:
                break
            before, ket = ket, self._moved(ket, colder)[0]
            size = float(np.linalg.norm(ket))
            if np.linalg.norm(ket / size - before) < RESTS:         # the lowest level: colder, it only gets shorter
                return log + 2 * (steps - k) * np.log(size), before
        return log, ket

    def correlation(self, operator: OnKets, normal: Array) -> tuple[float, Array]:
        """Return ln of the weight of a random ket, and ⟨A†(t)A⟩ in it at every time."""
        log, ket = self.cooled(normal[0] + 1j * normal[1])
        bra, ket = ket, np.asarray(operator.apply(ket))
        found = np.empty(self.times, dtype=complex)
        for first in range(0, self.times, GROUP):
            bras, kets = self._moved(bra, self._steps), self._moved(ket, self._steps)
            found[first:first + GROUP] = [np.vdot(operator.apply(b), k)
                                          for b, k in zip(bras[:GROUP], kets[:GROUP], strict=True)]
            bra, ket = bras[GROUP], kets[GROUP]
        return log, found

    def transformed(self, correlation: Array) -> Array:
        """Return (1/π) Re ∫₀^∞ e^{iωt − σ²t²/2} C(t) dt, by the trapezoid rule."""
        t = self.step * np.arange(self.times)
        window = np.exp(-0.5 * (self._sigma * t)**2) * self.step / np.pi
        window[0] /= 2
        return np.array([float((np.exp(1j * w * t) * window * correlation).sum().real) for w in self.omega])


def _series(zeta: Array) -> ChebyshevSeries:
    """Return Chebyshev series of e^{ζx}, for each ζ."""
    return series(zeta, np.full(len(zeta), ACCURATE))


def _count(kets: Any) -> int:
    """Return a checked number of kets."""
    if isinstance(kets, bool) or not isinstance(kets, int | np.integer) or not 2 <= kets <= MOST_KETS:
        raise InputError(f"`kets` must be a whole number from 2 to {MOST_KETS:,}, but is {kets!r}; write kets=10.")
    return int(kets)


def _seed(seed: Any) -> int:
    """Return a checked seed."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(f"`seed` must be a whole number from 0 on, but is {seed!r}; write seed=0.")
    return int(seed)


