"""Physical units as plain floats: `Model(…, units=Units("meV", "ps"))` takes energies, times and fields in them."""

import math
from dataclasses import dataclass
from numbers import Real

from scipy import constants

from qllg_sym.display import in_html
from qllg_sym.errors import InputError, meant

_ENERGIES = {  # in J
    "J": 1.0,
    "eV": constants.e,
    "meV": constants.e * 1e-3,
    "ueV": constants.e * 1e-6,
    "K": constants.k,
    "cm-1": constants.h * constants.c * 100,
    "GHz": constants.h * 1e9,
}
_SPELLINGS = {"cm^-1": "cm-1", "cm⁻¹": "cm-1", "1/cm": "cm-1", "µeV": "ueV", "μeV": "ueV"}    # micro sign, Greek mu
_TIMES = {"s": 1.0, "ns": 1e-9, "ps": 1e-12, "fs": 1e-15}
_BOHR = constants.physical_constants["Bohr magneton"][0]  # J/T


@dataclass(frozen=True, repr=False)
class Units:
    r"""Constants of nature in an energy unit, a time unit and tesla; without units $\hbar = \gamma_g = 1$.

    Args:
        energy: J, eV, meV, ueV (or µeV), K (E/k_B), cm-1 (E/hc; or cm^-1, cm⁻¹, 1/cm) or GHz (E/h).
        time: s, ns, ps or fs.

    Attributes:
        hbar: ħ in energy · time.
        mu_B: Bohr magneton in energy/T; without units γ_g ħ/2, as for g = 2.
        k_B: Boltzmann constant in energy/K.
        moment: μ_B/ħ in rad/(time · T), which a measured g factor multiplies: the γ_g of a model with units.
        gamma: γ_g = 2 μ_B/ħ in rad/(time · T), for g = 2.

    Raises:
        InputError: a unit is unknown, or one of the two is missing.

    >>> u = Units("meV", "ps")
    >>> print(f"{u.hbar:.5f} {u.mu_B:.5f} {u.gamma:.5f}")
    0.65821 0.05788 0.17588
    >>> Units().gamma
    1.0
    """

    energy: str | None = None
    time: str | None = None
    hbar: float = 1.0
    mu_B: float = 0.5
    k_B: float = 1.0
    gamma: float = 1.0
    source: str = "CODATA, g = 2"

    def __init__(self, energy: str | None = None, time: str | None = None) -> None:
        """Work out the constants; see the class for the arguments."""
        if energy is None and time is None:
            self._set(energy=None, time=None, source="dimensionless")
            return
        energy = _SPELLINGS.get(energy, energy) if isinstance(energy, str) else energy
        joule, second = _look_up("energy", energy, _ENERGIES), _look_up("time", time, _TIMES)
        hbar, mu_B, k_B = constants.hbar / (joule * second), _BOHR / joule, constants.k / joule
        self._set(energy=energy, time=time, hbar=hbar, mu_B=mu_B, k_B=k_B, gamma=2 * mu_B / hbar)

    def _set(self, **values: object) -> None:
        """Set fields of the frozen record."""
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def moment(self) -> float:
        """μ_B/ħ, the γ_g of a model in which g factors are those that are measured; 1 without units."""
        return 1.0 if self.energy is None else self.mu_B / self.hbar

    @property
    def factor(self) -> float:
        """The g factor that is meant where none is given: 2, and 1 without units and in the paper's."""
        return self.gamma / self.moment

    @property
    def named(self) -> str:
        """What numbers mean, at the beginning of a line."""
        return "" if self.energy is None else f"energies in {self.energy}, times in {self.time}, fields in T; "

    @classmethod
    def paper(cls) -> "Units":
        r"""Return the numbers printed in PRL 133, 266704 (2024), which are not CODATA's.

        The paper's "1 μ_B = 6.58e-2 meV/T" is $\hbar/(10\,\mathrm{ps\,T})$ (CODATA: 5.788e-2), and its time unit
        $(\gamma_g B_0)^{-1}$ is 10 ps at $B_0$ = 1 T. Both together are its figures' $|J| = \gamma_g\hbar B_0$.

        >>> u = Units.paper()
        >>> print(f"{u.mu_B:.2e} meV/T, {1 / u.gamma:.0f} ps, {u.mu_B / (u.gamma * u.hbar):.2f}")
        6.58e-02 meV/T, 10 ps, 1.00
        """
        units = cls("meV", "ps")
        gamma = 0.1
        units._set(mu_B=gamma * units.hbar, gamma=gamma, source="as printed in PRL 133, 266704 (2024)")
        return units

    @property
    def spelled(self) -> list[str] | str:
        """These units in a model file: [energy, time], "paper", or [] without units."""
        return "paper" if "PRL" in self.source else [name for name in (self.energy, self.time) if name is not None]

    @classmethod
    def of_spelling(cls, spelled: object) -> "Units":
        """Return the units that a model file names.

        Raises:
            InputError: neither "paper" nor names of units.

        >>> Units.of_spelling(["meV", "ps"]) == Units("meV", "ps"), Units.of_spelling("paper") == Units.paper()
        (True, True)
        """
        if spelled == "paper":
            return cls.paper()
        if not isinstance(spelled, (list, tuple)) or len(spelled) > 2:
            raise InputError(f"`units` must be an energy and a time, but is {spelled!r}; write [\"meV\", \"ps\"].")
        return cls(*spelled)

    def kelvin(self, temperature: float) -> float:
        r"""Return $k_B T$ in the energy unit, T in kelvin: `states.thermal(model, 1 / units.kelvin(4.2))`.

        Args:
            temperature: T in K, not negative; without units k_B = 1.

        Raises:
            InputError: no number from 0 on.

        >>> round(Units("meV", "ps").kelvin(1), 8)
        0.08617333
        """
        if not isinstance(temperature, Real) or isinstance(temperature, bool) or not 0 <= temperature < math.inf:
            raise InputError(f"`temperature` must be a number from 0 on, in kelvin, but is {temperature!r}; write "
                             "units.kelvin(4.2).")
        return self.k_B * float(temperature)

    def gigahertz(self, frequency: float) -> float:
        r"""Return the angular frequency 2π · frequency in rad per time unit, frequency in GHz.

        Args:
            frequency: ν in GHz, finite; without units it is taken for the angular frequency itself.

        Raises:
            InputError: no finite number.

        >>> round(Units("meV", "ps").gigahertz(1), 9)               # 2π · 1e-3
        0.006283185
        """
        if not isinstance(frequency, Real) or isinstance(frequency, bool) or not math.isfinite(frequency):
            raise InputError(f"`frequency` must be a finite number, in GHz, but is {frequency!r}; write "
                             "units.gigahertz(9.5).")
        if self.time is None:
            return float(frequency)
        return 2 * math.pi * 1e9 * _TIMES[self.time] * float(frequency)

    def describe(self) -> str:
        """Return the constants, and how the paper's numbers differ from CODATA's with g = 2.

        >>> print(Units().describe())
        Dimensionless: ħ = γ_g = k_B = 1; energies in units of ħγ_gB0, times of 1/(γ_gB0), fields of B0.
        """
        if self.energy is None:
            return "Dimensionless: ħ = γ_g = k_B = 1; energies in units of ħγ_gB0, times of 1/(γ_gB0), fields of B0."
        lines = [
            f"Units {self.energy}, {self.time}, T ({self.source}):",
            f"  ħ   = {self.hbar:.6g} {self.energy} {self.time}",
            f"  μ_B = {self.mu_B:.6g} {self.energy}/T",
            f"  k_B = {self.k_B:.6g} {self.energy}/K",
            f"  γ_g = {self.gamma:.6g} rad/({self.time} T)",
        ]
        if self == Units.paper():
            lines += _discrepancy(self)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The constants for a notebook."""
        return in_html(self.describe())

    def __repr__(self) -> str:
        """Return how to make these units, and the constants."""
        if self.energy is None:
            return "Units()  # ħ = γ_g = 1"
        made = "Units.paper()" if "PRL" in self.source else f"Units({self.energy!r}, {self.time!r})"
        return (
            f"{made}  # ħ = {self.hbar:.5g} {self.energy} {self.time}, μ_B = {self.mu_B:.4g} {self.energy}/T, "
            f"γ_g = {self.gamma:.5g} rad/({self.time} T)"
        )


def _look_up(argument: str, unit: object, known: dict[str, float]) -> float:
    """Return the size of a unit in SI."""
    if not isinstance(unit, str) or unit not in known:
        given = "missing" if unit is None else repr(unit)
        raise InputError(f"`{argument}` must be one of {', '.join(known)}, but is "
                         f"{given}{meant(unit, known)}; choose one of these.")
    return known[unit]


def _discrepancy(paper: Units) -> list[str]:
    """Return the lines on what CODATA and g = 2 change in the paper's numbers, at B0 = 1 T."""
    codata = Units("meV", "ps")
    return [
        f"The paper prints 1 μ_B = 6.58e-2 meV/T and (γ_g B0)^-1 = {1 / paper.gamma:.3g} ps at B0 = 1 T; CODATA has",
        f"1 μ_B = {codata.mu_B:.4g} meV/T, and the printed number is ħ/(10 ps T), which makes |J| = γ_g ħ B0.",
        f"With g = 2 and CODATA constants (γ_g B0)^-1 is {1 / codata.gamma:.4g} ps, so that the time axis shrinks by",
        f"{codata.gamma / paper.gamma:.4g}, and |J| = μ_B B0 = {codata.mu_B:.4g} meV is no more 1 but "
        f"{codata.mu_B / (codata.gamma * codata.hbar):.3g} γ_g ħ B0, so that the curves change, too.",
    ]
