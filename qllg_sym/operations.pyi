# ruff: noqa
# mypy: ignore-errors
"""Operations as methods. Generated: pytest tests/test_public.py --update."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from qllg_sym.analysis.cumulant_components import CumulantComponents
from qllg_sym.analysis.of_components.conserved import ConservedQuantities
from qllg_sym.analysis.of_components.of_state import Array
from qllg_sym.analysis.rotation import AnySymmetry
from qllg_sym.analysis.scaled_model import ScaledModel
from qllg_sym.analysis.stationary.linearisation import Linearisation
from qllg_sym.analysis.stationary.points import FixedPoint
from qllg_sym.analysis.substitution import Replacements
from qllg_sym.equations.components import Components
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.law import Law
from qllg_sym.equations.restriction import RestrictedComponents
from qllg_sym.model.model import Model
from typing import Any
import sympy as sp

HOME: str
FOLDERS: dict[type, str]

class FileMethod:
    file: str

class ModelOperations:
    def export(self, target: str, values: Mapping[Any, Any] | None=None, law: Law | None=None, state: Any=None) -> str:
        r"""Return H/ħ as a file for XDiag or dynamite, which hold kets on many machines."""
    def scaled(self, energy: Any) -> ScaledModel:
        r"""Return the dimensionless model $H' = H/E$ with ħ = γ_g = 1, times in units of ħ/E and fields of E/(ħγ_g)."""
    def subs(self, replacements: Replacements) -> Model:
        r"""Return the model with parameters replaced, all at once: $H(J, D, \ldots) \to H(J', D', \ldots)$."""
    def symmetries(self, start: Any=None) -> tuple[AnySymmetry, ...]:
        r"""Return symmetries that leave H unchanged, [U, H] = 0, for all values of its parameters and at all times."""

class EquationOperations:
    def cumulants(self, order: int=1, operators: Iterable[Any] | None=None, identical: int | sp.Symbol | None=None, cluster: int | None=None) -> CumulantComponents:
        r"""Return equations of joint cumulants on at most `order` sites, joint cumulants of more sites set to zero."""
    def subs(self, replacements: Replacements) -> Equation:
        r"""Return the equation with parameters replaced, all at once, in the model and in the law."""

class ComponentsOperations:
    def closed(self, start: Any) -> RestrictedComponents:
        r"""Return the equations of the smallest set of states that is closed."""
    def coefficient(self, parameter: sp.Symbol | str, n: int) -> tuple[sp.Expr, ...]:
        r"""Return the coefficients of $p^n$ in the residual, $0 = R(\dot y, y, p) = \sum_n p^n R_n(\dot y, y)$."""
    def conserved(self, degree: int=2) -> ConservedQuantities:
        r"""Return polynomials P in the states, of degree ≤ n, with $\dot P = 0$ along every solution."""
    def fixed_points(self, values: Mapping[Any, Any] | None=None, spectrum: Sequence[Any] | None=None, constraints: Sequence[Any]=()) -> list[FixedPoint]:
        r"""Return the fixed points of the flow, $\dot y = 0$; under laws that keep the spectrum, $[\rho, H] = 0$."""
    def lambdify(self, module: str='numpy', form: str='any') -> Callable[[Any, Any, Any], Any]:
        r"""Return f(t, states, parameters), the velocities, as a function made by `sympy.lambdify`."""
    def linearise(self, at: FixedPoint | Mapping[Any, Any] | Sequence[Any]) -> Linearisation:
        r"""Return the linear flow $\delta\dot y = J\,\delta y$ about a fixed point: matrix, rates, frequencies and modes."""
    def of_state(self, state: Any, values: Mapping[Any, Any] | None=None) -> Array:
        r"""Return the numbers of the states, $c_A = \mathrm{Tr}\,\rho A$ for those of an operator basis, in their order."""
    def phase_portrait(self, values: Mapping[Any, Any] | None=None, length: Any=None, ax: 'Axes | None'=None) -> 'tuple[Figure, NDArray[np.object_]]':
        r"""Draw the flow of one spin on the sphere of directions $\mathbf n$, in Hammer's equal-area map."""
    def reduced(self, *symmetries: AnySymmetry | Sequence[AnySymmetry]) -> RestrictedComponents:
        r"""Return the equations of the states that symmetries leave alone, y = E u."""
    def series(self, variable: Any, n: int, start: Any=None, remainder: Any=None, *, solution: bool=False) -> list[tuple[sp.Expr, ...]]:
        r"""Return the equations of motion, or their solution, in powers of a parameter, or a solution in powers of time."""
    def subs(self, replacements: Replacements) -> Components:
        r"""Return the components with parameters and states replaced, all at once."""
    def variations(self, parameter: Any, n: int) -> list[dict[sp.Symbol, sp.Expr]]:
        r"""Return the equations of motion of $y_0, …, y_n$ in $y(t) = \sum_m p^m y_m(t) + O(p^{n+1})$."""
