r"""q.epr: electron paramagnetic resonance of a molecule, by field or by frequency, of a crystal or a powder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.heading import heading_of
from qllg_sym.model.model import Model
from qllg_sym.spectra.checks import checked_row, one_number, positive_number
from qllg_sym.spectra.in_field import InField, curvatures_of, unit_vector
from qllg_sym.spectra.line_shapes import FWHM, summed_lines
from qllg_sym.spectra.magnetic_resonance import MagneticResonance
from qllg_sym.spectra.orientations import powder_grid
from qllg_sym.spectra.posed import posed_with_weight
from qllg_sym.spectra.resonances import resonance_fields
from qllg_sym.units import Units

Array = NDArray[Any]
LARGEST = 256           # dimension
WEAK = 1e-10            # of the strongest transition: what is left out
BEYOND = 0.05           # how far beyond the fields of a sweep lines are looked for, in parts of its range
MODES = ("perpendicular", "parallel")
ROW = [("place", float), ("half_width", float), ("lower", int), ("upper", int), ("strength", float),
       ("difference", float), ("direction", float, (3,))]


def epr(model: Model, law: Law, *, temperature: float, frequency: float | None = None,
        fields: ArrayLike | None = None, field: float | None = None, frequencies: ArrayLike | None = None,
        g: Any = None, direction: ArrayLike = (0, 0, 1), powder: str | None = None, orientations: int = 1597,
        width: float = 0.0, mode: str = "perpendicular", values: Mapping[Any, Any] | None = None) -> MagneticResonance:
    r"""Return an EPR spectrum: `fields` at a fixed `frequency`, or `frequencies` in a fixed `field`.

    $$P = \tfrac12\,\omega\,\mathrm{Im}\,\chi_{M_bM_b}(\omega),\qquad H(B) = H_0 - B\,\mathbf n\cdot\mathbf M,\qquad
    M_a = \gamma_g\sum_{ib} g^{(i)}_{ab} S_{ib}$$

    with χ of the law at Gibbs' state in the field, averaged over the oscillating fields b of amplitude one that are
    perpendicular (or parallel) to n. q-LLG's lines have the half width κ(p_k − p_j)ħω in energy, and this over the
    slope of E_j − E_k in field: narrow where it is warm. Lines of a sweep of the field are summed up one by one, each
    with the slope, strength and populations at its own field, and no wider than where it turns round; a line as wide
    as its distance from others is best read off `response` at each field.

    Args:
        model: H₀, constant in time; a Zeeman term in it is a static field beside the one that is swept.
        law: one with a frame weight, such as `QuantumLLG(kappa)`; without damping give a `width`.
        temperature: in kelvin for a model with units, else k_BT.
        frequency: of the spectrometer, in GHz for a model with units, else an angular frequency.
        fields: ascending, in tesla for a model with units.
        field: for a sweep of the frequency.
        frequencies: ascending, > 0.
        g: a factor or a 3×3 tensor of all sites, or one for each; what the model's units mean (2) if left out.
        direction: of the field on a crystal, of any length.
        powder: None for a crystal, "zcw" or "lebedev".
        orientations: how many directions a powder has at least.
        width: full width at half maximum of a Gaussian, in the unit of what is swept: what is not homogeneous.
        mode: "perpendicular" or "parallel": the oscillating field, to the static one.
        values: numbers for the parameters.

    Returns:
        MagneticResonance: `.field` or `.frequency`, `.absorption`, `.derivative`, `.transitions`, `.error`, `.plot()`.

    Raises:
        InputError, InputTypeError: an argument that does not fit; lines without a width.

    Source: linear response to PRL 133, 266704 (2024), eq. 3; S. Stoll and A. Schweiger, J. Magn. Reson. 178, 42 (2006),
    for following levels in the field.

    >>> from qllg_sym import Model, QuantumLLG, Space, Units
    >>> free = Model(Space("1/2"), units=Units("GHz", "ns"))
    >>> found = epr(free, QuantumLLG(0.01), temperature=300, frequency=9.5, fields=np.linspace(0.3, 0.4, 501),
    ...             g=2.0023193, width=1e-3)
    >>> float(found.transitions["place"][0].round(6))                   # hν/gμ_B
    0.338984
    """
    by_field = _which(frequency, fields, field, frequencies)
    problem = posed_with_weight(model, law, values, "epr", LARGEST)
    units = model.units or Units()
    warm = units.kelvin(positive_number(temperature, "temperature", "300.0"))
    if mode not in MODES:
        raise InputError(f"`mode` must be one of {', '.join(MODES)}, but is {mode!r}; choose one of them.")
    x = _ascending(fields if by_field else frequencies, "fields" if by_field else "frequencies")
    sigma = one_number(width, "width", "0.001")
    if sigma < 0:
        raise InputError(f"`width` must not be negative, but is {sigma:g}; write width=0.001.")
    fixed = units.gigahertz(positive_number(frequency, "frequency", "9.5")) if by_field else \
        one_number(field, "field", "0.35")
    sample = _Sample(problem, InField(problem, g), warm, mode, units)
    grids = _grids(powder, orientations, direction, sample.molecule.is_even)
    found = [sample.swept(x, fixed, by_field, sigma / FWHM, *grid) for grid in grids]
    lines, absorption, derivative = found[0]
    error = abs(absorption - found[1][1]) if len(found) > 1 else np.zeros(len(x))
    told = _told(model, frequency if by_field else field, by_field, temperature)
    heading = (*heading_of(model, law, problem.values), told,
               f"powder, {len(grids[0][1])} directions" if powder else "crystal")
    return MagneticResonance(x, absorption, derivative, error, lines, "field" if by_field else "frequency", heading,
                             model.units)


@dataclass(frozen=True)
class _Sample:
    """A molecule at a temperature in a spectrometer."""

    problem: Problem
    molecule: InField
    kT: float
    mode: str
    units: Units

    def swept(self, x: Array, fixed: float, by_field: bool, sigma: float, directions: Array,
              weights: Array) -> tuple[Array, Array, Array]:
        """Return lines, absorption and derivative."""
        make = self._at_fields if by_field else self._at_frequencies
        lines, areas, centres, half_widths = make(x, fixed, directions, weights, sigma)
        if not sigma and len(areas) and not (half_widths > 0).all():
            raise InputError("`width` must be positive where a line of the law has none, but is 0; give one, or a law "
                             "with damping.")
        factor = 1.0 if by_field else 0.5 * self._omega(x)
        per = self._unit(1.0, by_field)
        zero, one = summed_lines(self._unit(x, by_field), centres, half_widths, areas, sigma * per)
        if by_field:
            return lines, zero, one
        return lines, factor * zero, per * (0.5 * zero + factor * one)

    def _omega(self, x: Any) -> Any:
        """Return angular frequencies."""
        return np.asarray(x) * self.units.gigahertz(1.0)

    def _unit(self, x: Any, by_field: bool) -> Any:
        """Return what is swept as it is computed with: fields, or angular frequencies."""
        return x if by_field else self._omega(x)

    def populations(self, levels: Array) -> Array:
        """Return Gibbs' populations of levels E/ħ, (n, d)."""
        p = np.exp(-(levels - levels[:, :1]) * self.problem.hbar / self.kT)
        return np.asarray(p / p.sum(axis=1, keepdims=True))

    def _squares(self, along: Array, vectors: Array) -> Array:
        """Return |⟨j|M·b/ħ|k⟩|² averaged over b, of kets in the columns of vectors (n, d, k), (n, k, k)."""
        bra = vectors.conj().swapaxes(1, 2)
        parallel = abs(bra @ along @ vectors)**2
        if self.mode == "parallel":
            return parallel
        return np.asarray((sum(abs(bra @ m @ vectors)**2 for m in self.molecule.moments) - parallel) / 2)

    def _at_fields(self, x: Array, omega: float, directions: Array, weights: Array,
                   sigma: float) -> tuple[Array, ...]:
        """Lines of a sweep of the field: 1/W of q-LLG is 1 − iκΔ, and a line is seen at ħω Re 1/W."""
        span = max(float(x[-1] - x[0]), 1e-3 * float(abs(x).max()))

        def centre(levels: Array, lower: Array, upper: Array) -> Array:
            return omega * (1 / self._weight(levels, lower, upper)[1]).real

        low, high = float(x[0]) - BEYOND * span, float(x[-1]) + BEYOND * span
        found = resonance_fields(self.molecule, directions, low, high, omega, centre)
        difference, weight = self._weight(found.levels, found.lower, found.upper)
        n, along = np.arange(len(found.field)), self.molecule.along(directions)[found.orientation]
        pair = np.stack([found.vectors[n, :, found.lower], found.vectors[n, :, found.upper]], axis=2)
        strength = self._squares(along, pair)[:, 1, 0]
        bend = curvatures_of(along, found.levels, found.vectors)
        slope = _steepness(found.slope, bend[n, found.upper] - bend[n, found.lower], omega * (1 / weight).imag, sigma)
        half_width = omega * (1 / weight).imag / slope
        once = (1 + abs(found.slope) / slope) / 2           # both roots of a loop make one line where it turns
        areas = 0.5 * np.pi * omega * self.problem.hbar * strength * difference * once / slope
        areas *= weights[found.orientation]
        lines = self._rows(found.field, half_width, found.lower, found.upper, strength, difference,
                           directions[found.orientation])
        kept = areas > WEAK * areas.max(initial=0.0)
        return lines[kept], areas[kept], found.field[kept], half_width[kept]

    def _at_frequencies(self, x: Array, field: float, directions: Array, weights: Array,
                        sigma: float) -> tuple[Array, ...]:
        """Lines of a sweep of the frequency: poles W(E_upper − E_lower)/ħ."""
        along = self.molecule.along(directions)
        levels, vectors = self.molecule.diagonal(along, np.full(len(directions), field))
        lower, upper = np.triu_indices(self.molecule.dimension, 1)
        n, pair = (a.ravel() for a in np.indices((len(directions), len(lower))))
        low, high = lower[pair], upper[pair]
        difference, weight = self._weight(levels[n], low, high)
        strength = self._squares(along, vectors)[n, high, low]
        place = weight * (levels[n, high] - levels[n, low])
        areas = np.pi * self.problem.hbar * strength * difference * weight * weights[n]
        one = self.units.gigahertz(1.0)
        lines = self._rows(place.real / one, -place.imag / one, low, high, strength, difference, directions[n])
        kept = np.nonzero((abs(areas) > WEAK * abs(areas).max(initial=0.0)) & (place.real > 0))[0]
        kept = kept[np.lexsort((place.real[kept], n[kept]))]
        back = self.problem.weight(difference[kept])(0.0) * (levels[n[kept], low[kept]] - levels[n[kept], high[kept]])
        return (lines[kept], np.concatenate([areas[kept], -areas[kept].conj()]),     # and the poles at negative ω
                np.concatenate([place.real[kept], back.real]), np.concatenate([-place.imag[kept], -back.imag]))

    def _weight(self, levels: Array, lower: Array, upper: Array) -> tuple[Array, Array]:
        """Return p_lower − p_upper, and the law's frame weight of it."""
        p, n = self.populations(levels), np.arange(len(levels))
        difference = p[n, lower] - p[n, upper]
        return difference, self.problem.weight(-difference)(0.0)

    def _rows(self, place: Array, half_width: Array, lower: Array, upper: Array, strength: Array, difference: Array,
              direction: Array) -> Array:
        """Return lines as rows."""
        found = np.zeros(len(place), dtype=ROW)
        one = number_of(self.problem.equation.model.gamma, self.problem.values)     # μ_B/ħ in units
        columns = place, half_width, lower, upper, strength / one**2, difference, direction
        for name, column in zip(found.dtype.names or (), columns, strict=True):
            found[name] = column
        return found


def _steepness(slope: Array, bend: Array, width: Array, sigma: float) -> Array:
    """Return |slope| of lines, or what stands for it where E_upper − E_lower turns round within a line's width.

    At a turn of curvature c a line of the half width w in energy is √(2w/c) wide in field; for any slope s this is
    (s⁴ + (cw/2)² + (cσ/2)⁴)^¼, whose first corrections are of second order in cw/s².
    """
    c = abs(bend) / 2
    return np.asarray((slope**4 + (c * abs(width))**2 + (c * sigma)**4)**0.25 + np.finfo(float).tiny)


def _told(model: Model, fixed: Any, by_field: bool, temperature: float) -> str:
    """What was kept fixed, in words."""
    plain = model.units is None or model.units.time is None
    letter, unit = ("ω" if plain else "ν", " GHz") if by_field else ("B", " T")
    kelvin = f"k_BT = {float(temperature):.4g}" if plain else f"{float(temperature):.4g}\u00a0K"
    return f"{letter} = {float(fixed):.6g}{'' if plain else unit}, {kelvin}"


def _which(frequency: Any, fields: Any, field: Any, frequencies: Any) -> bool:
    """Return whether the field is swept."""
    by_field = frequency is not None and fields is not None and field is None and frequencies is None
    by_frequency = field is not None and frequencies is not None and frequency is None and fields is None
    if not by_field and not by_frequency:
        given = [name for name, value in {"frequency": frequency, "fields": fields, "field": field,
                                          "frequencies": frequencies}.items() if value is not None]
        raise InputError(f"`fields` must be given with `frequency`, or `frequencies` with `field`, but given is "
                         f"{' and '.join(given) or 'neither'}; write frequency=9.5, fields=numpy.linspace(0, 1, 1001).")
    return by_field


def _ascending(given: Any, argument: str) -> Array:
    """Return a checked axis."""
    x = checked_row(given, argument, f"{argument}=numpy.linspace(0.1, 1, 1001)")
    if (np.diff(x) <= 0).any() or len(x) < 2:
        raise InputError(f"`{argument}` must be at least two, ascending, but are not; write "
                         f"{argument}=numpy.linspace(0.1, 1, 1001).")
    if argument == "frequencies" and x[0] <= 0:
        raise InputError(f"`frequencies` must be positive, but begin at {x[0]:g}; write "
                         "frequencies=numpy.linspace(0.1, 1, 1001).")
    return x


def _grids(powder: str | None, orientations: int, direction: ArrayLike, half: bool) -> list[tuple[Array, Array]]:
    """Return directions with weights; of a powder also of a smaller grid, which tells the error."""
    if powder is None:
        return [(unit_vector(direction)[None], np.ones(1))]
    first = powder_grid(powder, orientations, half)
    return [first, powder_grid(powder, max(1, len(first[1]) // 2), half)]
