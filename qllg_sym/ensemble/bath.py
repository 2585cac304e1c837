"""A heat bath: its temperature, and which fluctuating fields it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.algebra.signals import signals_in
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen import build
from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.lower import lower
from qllg_sym.equations.inputs import inputs_of, symbol_names
from qllg_sym.errors import InputError, meant
from qllg_sym.units import Units

NOISES = ("invariant", "local")


@dataclass(frozen=True)
class Steady:
    """A temperature that does not depend on time, as a function of it.

    >>> Steady(0.5)(3.0)
    0.5
    """

    kT: float

    def __call__(self, t: float) -> float:
        """Return k_BT."""
        return self.kT


@dataclass(frozen=True)
class Bath(ByFields):
    r"""White noise inside a law of motion, of strength $\sigma^2 = 2\hbar\kappa k_BT$ a direction (Stratonovich).

    $$d\rho = \frac{i}{\hbar}[\rho, H\,dt + dX] + i\kappa[\rho, d\rho]$$

    "invariant": dX = σ Σ G_a dW_a over all Hermitian matrices with Tr G_a G_b = δ_ab, which no unitary changes; then
    exp(−Tr ρH/k_BT) is stationary on the orbit of every spectrum. "local": a field on each spin alone,
    dX = σ Σ_i S_i·dW_i/(ħ√s_i), the field noise of Brown's classical moments; canonical for one spin ½, where both
    are the same. Classical laws have Brown's noise under either name.

    Args:
        kT: k_BT ≥ 0, an energy in the model's unit (`units.kelvin(300)` of a model with units), or an expression in
            `qllg_sym.t` and parameters.
        noise: "invariant" or "local".

    Raises:
        InputError: a negative temperature, or an unknown kind of noise.
        ModelError: kT is not finite and real.

    Source: W. F. Brown, Phys. Rev. 130, 1677 (1963), for classical moments.

    >>> Bath(0.5)
    Bath(kT=1/2, noise='invariant')
    """

    kT: sp.Expr
    noise: str = "invariant"

    if TYPE_CHECKING:       # what may be given: `__post_init__` makes it what the field is
        def __init__(self, kT: Any, noise: str = "invariant") -> None: ...

    def __post_init__(self) -> None:
        if self.noise not in NOISES:
            raise InputError(f"`noise` must be \"invariant\" or \"local\", but is {self.noise!r}"
                             f"{meant(self.noise, NOISES)}; choose one of them.")
        object.__setattr__(self, "kT", real_coefficient(self.kT, "kT"))
        if self.kT.is_negative:
            raise InputError(f"`kT` must be at least 0, but is {self.kT}; give k_BT in the unit of H.")

    @property
    def parameters(self) -> tuple[Any, ...]:
        """The symbols and signals of kT but time, by name."""
        return tuple(sorted((self.kT.free_symbols | signals_in([self.kT])) - {clock}, key=str))

    def told(self, units: Units | None = None) -> str:
        """Return kT in a few words, in kelvin, too, where the model has units.

        >>> Bath(0.5).told(), Bath(Units("meV", "ps").kelvin(5)).told(Units("meV", "ps"))
        ('kT = 0.5', 'kT = 0.4309 meV (5 K)')
        """
        named = f" {units.energy}" if units is not None and units.energy else ""
        if not self.kT.is_Rational:
            return f"kT = {written(self.kT)}{named and f' in{named}'}"
        kelvin = f" ({float(self.kT) / units.k_B:.4g} K)" if units is not None and named else ""
        return f"kT = {float(self.kT):.4g}{named}{kelvin}"

    def temperature(self, values: Mapping[str, Any]) -> Callable[[float], float]:
        """Return t ↦ k_BT for numbers of its parameters by name, and functions of time for its signals.

        >>> Bath(0.5 * clock).temperature({})(3.0)
        1.5
        """
        if self.kT.is_Rational:
            return Steady(float(self.kT))
        symbols = list(self.parameters)
        builder = Builder("kT", [], symbol_names(symbols))
        kernel = builder.kernel({"kT": lower(builder, self.kT, inputs_of(builder, (), symbols))})
        function, given = build.load(kernel, "numpy"), [values[name] for name in kernel.parameters]

        def at(t: float) -> float:
            """Return k_BT at a time."""
            numbers = np.array([v(t) if callable(v) else v for v in given], dtype=float)
            return float(function(t, np.empty(0), numbers)[0])

        return at if self.kT.has(clock) or signals_in([self.kT]) else Steady(at(0.0))

    def checked(self, temperature: Callable[[float], float], times: NDArray[np.float64]) -> bool:
        """Return whether there is noise at any of these times.

        Raises:
            InputError: kT is negative, or not finite, at one of them.
        """
        for t in times.tolist():
            if not (kT := temperature(t)) >= 0 or kT == np.inf:
                raise InputError(f"`kT` must be finite and at least 0 at all times, but is {kT:g} at t = {t:g}; change "
                                 f"{self.kT}.")
        return any(temperature(t) > 0 for t in times.tolist())
