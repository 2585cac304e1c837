r"""q.neutron_spectrum: neutron scattering of a powder of molecules, averaged over directions in closed form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import spherical_jn

from qllg_sym.algebra.fields import ByFields
from qllg_sym.codegen.values import real_array
from qllg_sym.equations.laws.von_neumann import VonNeumann
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.results.heading import heading_of
from qllg_sym.model.model import Model
from qllg_sym.observables.sites import spin_matrices
from qllg_sym.spectra.checks import checked_row, one_number, positive_number
from qllg_sym.spectra.line_shapes import FWHM, summed_lines
from qllg_sym.spectra.posed import posed_constant
from qllg_sym.units import Units

if TYPE_CHECKING:
    from qllg_sym.plot.style import Figure

Array = NDArray[Any]
LARGEST = 600           # dimension
WEAK = 1e-12            # of the strongest transition: what is left out
ROW = [("energy", float), ("lower", int), ("upper", int), ("strength", float), ("population", float)]


@dataclass(frozen=True, eq=False, repr=False)
class NeutronSpectrum(ByFields):
    """S(Q, E) of a powder.

    Attributes:
        energy: energy that the neutron loses, in the model's unit, (n,).
        intensity: S, per energy, (n,).
        transitions: rows, by energy: "energy" E_k − E_j, numbers "lower" j and "upper" k of the levels (from which and
            to which), "strength" averaged over directions, and the "population" of j; elastic ones included.
        heading: what made the numbers, a few words each.
        units: of the model.
    """

    energy: Array
    intensity: Array
    transitions: Array
    heading: tuple[str, ...]
    units: Units | None = None

    def plot(self) -> "tuple[Figure, Array]":
        """Draw S over the energy.

        Returns:
            (figure, axes) of matplotlib.
        """
        from qllg_sym.plot.intensities import intensities
        unit = "" if self.units is None or self.units.energy is None else f" ({self.units.energy})"
        strong = self.transitions[self.transitions["strength"] * self.transitions["population"] > 1e-3 * float(
            (self.transitions["strength"] * self.transitions["population"]).max(initial=0.0))]
        return intensities(self.energy, {"": self.intensity}, f"energy transfer{unit}", "$S(Q, E)$", self.heading,
                           marks=strong["energy"].tolist())

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        return f"<NeutronSpectrum: {len(self.transitions)} transitions; {'; '.join(self.heading)}>"


def neutron_spectrum(model: Model, energies: ArrayLike, *, temperature: float, width: float,
                     positions: ArrayLike | None = None, Q: float = 0.0,
                     values: Mapping[Any, Any] | None = None) -> NeutronSpectrum:
    r"""Return the magnetic neutron scattering of a powder of molecules at Gibbs' state.

    $$S(Q, E) = \sum_{jk} p_j \sum_{ab}\overline{\Big(\delta_{ab} - \frac{Q_aQ_b}{Q^2}\Big)
    \langle j|S_a(\mathbf Q)^\dagger|k\rangle\langle k|S_b(\mathbf Q)|j\rangle}\, g(E - E_k + E_j)$$

    with $\mathbf S(\mathbf Q) = \sum_i e^{i\mathbf Q\cdot\mathbf R_i}\mathbf S_i/\hbar$, averaged over the directions
    of Q in closed form: ⟨(δ − QQ/Q²)e^{iQ·R}⟩ = δ(j₀ − j₁/x) + RR/R² j₂ of x = QR. g is a Gaussian. Form factors and
    Debye–Waller factors of the ions are not in it, and g factors are taken to be equal.

    Args:
        model: constant in time.
        energies: that the neutron loses, ascending, in the model's unit; negative ones are gains.
        temperature: in kelvin for a model with units, else k_BT.
        width: full width at half maximum of the detector's resolution, an energy.
        positions: R of the sites, (N, 3), in the reciprocal of Q's unit; all at one place if left out.
        Q: the length of the wave vector, ≥ 0.
        values: numbers for the parameters.

    Returns:
        NeutronSpectrum: `.energy`, `.intensity`, `.transitions`, `.plot()`.

    Raises:
        InputError, InputTypeError: an argument that does not fit.

    Source: A. Furrer and O. Waldmann, Rev. Mod. Phys. 85, 367 (2013).

    >>> from qllg_sym import Bilinear, Space
    >>> pair = Model(Space.half(2), [Bilinear(1, 0, 1)])            # a singlet, and a triplet at 1
    >>> found = neutron_spectrum(pair, np.linspace(0, 2, 201), temperature=0.1, width=0.1, Q=2.0,
    ...                          positions=[(0, 0, 0), (0, 0, 1)])
    >>> line = found.transitions[0]
    >>> rest = found.transitions[found.transitions["lower"] == 0]
    >>> round(float(rest["strength"].sum()), 9) == round(1 - float(np.sin(2) / 2), 9)     # 1 − sin QR/QR
    True
    """
    x = checked_row(energies, "energies", "numpy.linspace(-1, 5, 601)")
    sigma = positive_number(width, "width", "0.1") / FWHM
    length = one_number(Q, "Q", "1.0")
    if length < 0:
        raise InputError(f"`Q` must not be negative, but is {length:g}; write Q=1.0.")
    law = VonNeumann()
    problem = posed_constant(model, law, values, LARGEST)
    places = _places(positions, model.space.sites)
    warm = (model.units or Units()).kelvin(positive_number(temperature, "temperature", "2.0"))
    levels, vectors = np.linalg.eigh(problem.matrices(0.0)[0] * problem.hbar)
    p = np.exp(-(levels - levels[0]) / warm)
    p /= p.sum()
    strengths = _strengths(_spins(model, vectors), places * length)
    lower, upper = np.nonzero((p * strengths).T > WEAK * float((p * strengths).max(initial=0.0)))
    rows = np.zeros(len(lower), dtype=ROW)
    columns = levels[upper] - levels[lower], lower, upper, strengths[upper, lower], p[lower]
    for name, column in zip(rows.dtype.names or (), columns, strict=True):
        rows[name] = column
    rows = rows[np.argsort(rows["energy"], kind="stable")]
    shape = summed_lines(x, rows["energy"], np.zeros(len(rows)), rows["strength"] * rows["population"], sigma)[0]
    heading = (*heading_of(model, law, problem.values)[1:], f"Q = {length:.4g}, {_kelvin(model, temperature)}")
    return NeutronSpectrum(x, shape, rows, heading, model.units)


def _kelvin(model: Model, temperature: float) -> str:
    """The temperature, in words."""
    plain = model.units is None or model.units.energy is None
    return f"k_BT = {float(temperature):.4g}" if plain else f"{float(temperature):.4g}\u00a0K"


def _spins(model: Model, vectors: Array) -> Array:
    """Return ⟨k|S_ia|j⟩ of every site, (N, 3, d, d)."""
    dimensions, found = model.space.dimensions, []
    for site, d in enumerate(dimensions):
        tensor = vectors.reshape(*dimensions, -1)
        for matrix in spin_matrices(d) * (d - 1) / 2:
            moved = np.moveaxis(np.tensordot(matrix, tensor, axes=([1], [site])), 0, site)
            found.append(vectors.conj().T @ moved.reshape(vectors.shape))
    return np.array(found).reshape(len(dimensions), 3, *vectors.shape)


def _strengths(spins: Array, places: Array) -> Array:
    """Return Σ ⟨k|S_ia|j⟩* ⟨k|S_lb|j⟩ times the average of (δ_ab − q_a q_b) e^{iQ·(R_l − R_i)}, (k, j)."""
    total = np.zeros(spins.shape[2:])
    for i in range(len(spins)):
        for other in range(len(spins)):
            apart = places[other] - places[i]
            x = float(np.linalg.norm(apart))
            first = spherical_jn(1, x) / x if x > 1e-4 else 1 / 3 - x**2 / 30
            plain, along = spherical_jn(0, x) - first, spherical_jn(2, x)
            total += plain * np.einsum("akj,akj->kj", spins[i].conj(), spins[other]).real
            if x > 0:
                unit = apart / x
                total += along * (np.tensordot(unit, spins[i], axes=1).conj()
                                  * np.tensordot(unit, spins[other], axes=1)).real
    return np.asarray(total.clip(0.0))


def _places(positions: Any, sites: int) -> Array:
    """Return checked positions, (N, 3)."""
    if positions is None:
        return np.zeros((sites, 3))
    found = real_array(positions)
    if found is None or found.shape != (sites, 3) or not np.isfinite(found).all():
        shape = f"type {type(positions).__name__}" if found is None else f"shape {found.shape}"
        raise InputTypeError(f"`positions` must be three finite numbers for each of the {sites} sites, but is of "
                             f"{shape}; write [(0, 0, 0), …].")
    return found
