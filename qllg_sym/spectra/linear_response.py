r"""What users read of the response to a weak field: poles, susceptibility, absorption."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.codegen.values import real_array
from qllg_sym.display import in_html
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError, StateError
from qllg_sym.model.model import Model
from qllg_sym.spectra.checks import positive_number
from qllg_sym.spectra.perturbations import NAMED
from qllg_sym.spectra.structure_factor import StructureFactor, of_response
from qllg_sym.spectra.symbolic import symbolic_response
from qllg_sym.spectra.transitions import Static, Transitions

if TYPE_CHECKING:
    from qllg_sym.plot.style import Figure

Array = NDArray[Any]
POINTS = 2000           # frequencies of a picture
REACH = 1.3             # how far beyond the highest line it goes


class Computed(Protocol):
    """A way to compute a response; its operators are what it makes of them."""

    @property
    def residual(self) -> float:
        """How fast the state moves without the field."""

    def operator(self, what: Any, argument: str, /) -> Any:
        """Return what a field couples to, or what is read."""

    def is_hermitian(self, operator: Any, /) -> bool:
        """Return whether an operator is Hermitian."""

    def poles(self, operators: list[Any], /) -> Array:
        """Return lines of a list of operators."""

    def susceptibility(self, a: Any, b: Any, omega: Array, /) -> Array:
        """Return χ_BA(ω), (n,)."""


@dataclass(frozen=True, eq=False, repr=False)
class Response(ByFields):
    r"""Linear response at a stationary state: H → H − f(t)A gives δ⟨B⟩ = χ_BA(ω) f at f ∝ $e^{-i\omega t}$.

    Attributes:
        model: the Hamiltonian.
        law: the law of motion.
        computed: how it is computed: from pairs of levels, by resolvents of large spaces, or from the linearised
            equations of motion.
        heading: what made the numbers, a few words each.
    """

    model: Model
    law: Law
    computed: Computed
    heading: tuple[str, ...]

    @property
    def residual(self) -> float:
        """How fast the state moves without the field: ‖[ρ, H]‖/ħ, or the length of the rate."""
        return self.computed.residual

    @cached_property
    def poles(self) -> Array:
        r"""Lines as rows "frequency" > 0, "half_width" and "weight" (3,) of S_x, S_y, S_z (of S/ħ, total), ascending.

        A pole of χ at ω = frequency − i · half_width. For q-LLG half_width/frequency = κ(p_k − p_j), and the weight is
        |⟨j|A|k⟩|²(p_k − p_j), of the transition from E_k up to E_j; lines at one place are added up. A negative half
        width is a line that grows: the state is not passive.
        """
        return self.computed.poles([self.computed.operator(name, "A") for name in NAMED])

    def susceptibility(self, A: Any, B: Any, omega: ArrayLike) -> Array:
        r"""Return χ_BA(ω) = δ⟨B⟩/f, complex, of the shape of `omega`.

        $$\chi_{BA}(\omega) = \sum_{jk}\frac{B_{kj}A_{jk}(p_j - p_k)}{\hbar\omega/W + E_k - E_j},
        \qquad 1/W = 1 - i\kappa(p_j - p_k)$$

        for q-LLG; q-LL has W = 1 + iκ(p_j − p_k). Populations of levels do not answer: at ω = 0 this is van Vleck's
        part, free of κ.

        Args:
            A: what the field couples to: a (d, d) matrix, terms, a model, "Sx", "Sy", "Sz" (components of the total
                spin over ħ), ("Sz", k) for Σ_j exp(ikj) S_jz/ħ over the sites j = 0, 1, …, or ("Sz", weights) with one
                for each site, such as exp(iq·R_j) of a cluster. For a classical law a name, or weights (N, 3) of the
                components of every spin.
            B: what is read, likewise.
            omega: angular frequencies, rad per unit of time, real.

        Raises:
            InputError: no operator on the space, a frequency that is not finite, or one at which the response has no
                bound.

        Source: linear response to PRL 133, 266704 (2024), eq. 3.
        """
        grid = _frequencies(omega)
        a, b = self.computed.operator(A, "A"), self.computed.operator(B, "B")
        return np.asarray(self.computed.susceptibility(a, b, grid.ravel()).reshape(grid.shape))

    def absorption(self, A: Any, omega: ArrayLike) -> Array:
        r"""Return the mean power ½ω Im χ_AA(ω) |f|² that a field f cos ωt coupled to A brings in, for f = 1, (n,).

        For q-LLG it is ħκ times the mean of Tr ρ̇², so never negative, whatever the populations are; but where some rise
        with the energy, lines with a negative half width grow, and this steady answer is not reached.

        Args:
            A: a Hermitian operator; see `susceptibility`.
            omega: angular frequencies ≥ 0.
        """
        grid = _frequencies(omega)
        if (grid < 0).any():
            raise InputError(f"`omega` must not be negative, but holds {grid.min():g}; absorption is the same at −ω.")
        a = self.computed.operator(A, "A")
        if not self.computed.is_hermitian(a):
            raise InputError("`A` must be Hermitian for absorption, but is not; take its real or imaginary part, or "
                             "use susceptibility(A, B, omega).")
        taken = self.computed.susceptibility(a, a, grid.ravel()).reshape(grid.shape).imag
        return np.asarray(0.5 * grid * taken + 0.0)          # 0, not −0

    def structure_factor(self, A: Any, omega: ArrayLike, kT: float = 0.0) -> StructureFactor:
        r"""Return the dynamical structure factor S_A(ω), ω > 0, by the fluctuation–dissipation theorem.

        $$S_A(\omega) = \frac{\hbar}{\pi}\,\frac{\mathrm{Im}\,\chi_{A^\dagger A}(\omega)}{1 - e^{-\hbar\omega/k_BT}}
        \;\to\; \sum_{jk} p_j\,|\langle k|A|j\rangle|^2\,\delta(\omega - (E_k - E_j)/\hbar),\quad \kappa \to 0$$

        For κ → 0 this is exact. For κ > 0 it has q-LLG's lines, whose tails fall as κ/ω: ∫S dω, which is ⟨A†A⟩ for
        κ → 0, then grows with the logarithm of the highest frequency. S(−ω) is e^{−ħω/k_BT} S(ω).

        Args:
            A: what is scattered from, such as ("Sz", k) with a wave number of a chain; see `susceptibility`.
            omega: angular frequencies > 0.
            kT: the temperature of the state, k_BT in the model's energy; 0 for its ground state.

        Returns:
            StructureFactor: `.omega`, `.intensity`, `.error` (of a large space: by how much the last depth of the
            continued fraction but one differs), `.plot()`.

        Raises:
            StateError: a state that is not Gibbs' at kT.
            InputError: frequencies ≤ 0, or a law without a frame weight.

        >>> from qllg_sym import Exchange, Model, QuantumLLG, Space, response
        >>> pair = Model(Space.half(2), [Exchange(1, 0, 1)])        # a singlet, and a triplet at 4
        >>> found = response(pair, QuantumLLG(1e-3), "ground").structure_factor(("Sz", 3.141592653589793), [4.0])
        >>> round(float(found.intensity[0]) * 3.141592653589793 * 4e-3, 4)      # 1/(π × half width) of ⟨S_π²⟩ = 1
        1.0
        """
        grid = _frequencies(omega)
        return of_response(self, A, grid.ravel(), kT)

    def isothermal(self, A: Any, B: Any, kT: float) -> Static:
        r"""Return ∂⟨B⟩/∂f of Gibbs' state of H − fA at f = 0: what a slow magnetometer with a bath sees.

        $$\chi^T_{BA} = \sum_{E_j \ne E_k}\frac{p_j - p_k}{E_k - E_j}B_{kj}A_{jk}
        + \frac{1}{k_BT}\Bigl(\sum_{E_j = E_k}p_j B_{kj}A_{jk} - \langle A\rangle\langle B\rangle\Bigr)$$

        The first sum, van Vleck's, is χ_BA(0) of every law that keeps the spectrum; the second, Curie's, is not,
        because populations do not answer there.

        Args:
            A: what the field couples to; see `susceptibility`.
            B: what is read.
            kT: the temperature of the state.

        Returns:
            `.van_vleck`, `.curie`, `.total`.

        Raises:
            StateError: a state that is not Gibbs' at kT.

        Source: J. H. van Vleck, The Theory of Electric and Magnetic Susceptibilities (1932).

        >>> from qllg_sym import Model, QuantumLLG, Space, response, states
        >>> free = Model(Space("3/2"))
        >>> found = response(free, QuantumLLG(0.1), states.thermal(free, 0.5)).isothermal("Sz", "Sz", 2.0)
        >>> round(found.curie.real, 9), abs(found.van_vleck)                # s(s + 1)/3k_BT
        (0.625, 0.0)
        """
        warm = positive_number(kT, "kT", "1.0")
        if not isinstance(self.computed, Transitions):
            raise InputError(f"`isothermal` must have all levels of a law with a frame weight, but {self.law.kind} on "
                             f"{self.model.space} is answered without them; take fewer spins, or q-LLG.")
        a, b = self.computed.operator(A, "A"), self.computed.operator(B, "B")
        if not self.computed.weighs_as(warm, a):
            raise StateError(f"`kT` must be the temperature of the state, but the state is not Gibbs' at {warm:g}; "
                             "give the 1/β of states.thermal(model, β).")
        return self.computed.static(a, b, warm)

    def expression_of(self, A: Any, B: Any, beta: Any = None) -> sp.Expr:
        """Return χ_BA in `omega` and the symbols of model and law, whatever numbers they have here.

        Populations are those of Gibbs' state at 1/k_BT = `beta`, or symbols p_0, p_1, … of the levels of
        `symbolic_response(model, law)`, which says more.
        """
        return symbolic_response(self.model, self.law, beta).susceptibility(A, B)

    def plot(self, A: Any = NAMED, omega: ArrayLike | None = None) -> "tuple[Figure, Array]":
        """Draw the absorption of some operators over the frequency, with a mark at every line.

        Args:
            A: an operator, or several in a list or tuple of names; as in `susceptibility`.
            omega: angular frequencies; by default from 0 to beyond the highest line.

        Returns:
            (figure, axes) of matplotlib.
        """
        from qllg_sym.plot.absorption import absorption
        several = list(A) if isinstance(A, list) or A is NAMED else [A]
        grid = self._grid() if omega is None else _frequencies(omega).ravel()
        curves = {_label(what): self.absorption(what, grid) for what in several}
        return absorption(grid, curves, self.poles, self.heading, self.model.units)

    def _grid(self) -> Array:
        """Return frequencies that show every line: evenly, and closer about each."""
        lines = self.poles
        if not len(lines):
            return np.linspace(0, 1, POINTS)
        centres, widths = lines["frequency"], np.maximum(abs(lines["half_width"]), 1e-4 * lines["frequency"])
        near = centres[:, None] + widths[:, None] * np.linspace(-8, 8, 161)
        even = np.linspace(0, REACH * float(centres.max()), POINTS)
        grid = np.unique(np.concatenate([even, near[near > 0]]))
        undamped = lines["half_width"] == 0
        return np.asarray(grid[~np.isin(grid, centres[undamped])])

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        lines = self.poles
        ends = f" from {lines['frequency'][0]:.4g} to {lines['frequency'][-1]:.4g}" if len(lines) else ""
        return f"<Response: {self.law.kind}, {self.model.space}, {len(lines)} line{'s' * (len(lines) != 1)}{ends}>"

    def _repr_html_(self) -> str:
        """The lines, for a notebook."""
        rows = [f"{x['frequency']:12.6g} ± {x['half_width']:.4g}   {np.round(x['weight'], 6)}" for x in self.poles[:40]]
        return in_html("\n".join([repr(self), "frequency ± half width   weights of Sx, Sy, Sz", *rows]))


def _frequencies(omega: Any) -> Array:
    """Return checked frequencies."""
    grid = real_array(omega)
    if grid is None:
        raise InputTypeError(f"`omega` must be real angular frequencies, but is of type {type(omega).__name__}; write "
                             "numpy.linspace(0, 3, 301).")
    if not grid.size or not np.isfinite(grid).all():
        what = "is empty" if not grid.size else "holds NaN or infinity"
        raise InputError(f"`omega` must be finite angular frequencies, but {what}; write numpy.linspace(0, 3, 301).")
    return np.asarray(grid)


def _label(what: Any) -> str:
    """Return a name for a curve."""
    if isinstance(what, str):
        return what
    if isinstance(what, Sequence) and len(what) == 2 and isinstance(what[0], str):
        return f"{what[0]}, k = {float(what[1]):.4g}"
    return "A"
