r"""The exact solution for two-valued spectra, to any number of digits or in rigorous balls.

ρ(t) = a + b P(t), range P(t) = exp(−i c H t/ħ) range P(0), c = W(b)* from the law's residual
(q-LLG: −ic = −1/(κb − i); q-LL: −ic = −(i + κb)).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import exact_float, to_expr
from qllg_sym.algebra.symbols import gap
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen.binding import checked_values
from qllg_sym.errors import InputError, InputTypeError, StateError
from qllg_sym.flow.enclosure import check_observed, enclose
from qllg_sym.flow.states.initial import SIGNS
from qllg_sym.model.expansion import standard_string
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.states import Coherent, Werner

GUARD = 15              # digits carried beyond those asked for
MOST_DIGITS = 20_000    # beyond it the growth of rounding is better avoided by a shorter time


@dataclass(frozen=True)
class ExactSolution:
    """ρ(t) = a + b P(t) with exact data.

    Attributes:
        space: of the model.
        frequency: H/ħ, (d, d), exact.
        c: the complex rate of the propagator exp(−i c H t/ħ).
        a, b: the two levels are a and a + b.
        kets: columns that span range P(0), (d, r), exact, not normalised.
    """

    space: Space
    frequency: sp.ImmutableMatrix
    c: sp.Expr
    a: sp.Expr
    b: sp.Expr
    kets: sp.ImmutableMatrix

    def at(self, t: Any, digits: int = 50) -> Any:
        """Return ρ(t), (d, d), to `digits` digits; the working precision follows the growth of rounding.

        Args:
            t: time since the state was given, or a list or array (n,) of times; a float stands for the rational that
                it prints as.
            digits: decimal digits.

        Returns:
            An mpmath matrix, or a list of n of them.

        Raises:
            InputError: t not finite, or so long that more than 20 000 digits would be carried.
        """
        return _each(t, lambda time: self._at(time, _digits(digits)))

    def _at(self, time: sp.Rational, digits: int) -> Any:
        """ρ at one time."""
        growth = self._growth(time)
        if growth + digits > MOST_DIGITS:
            raise InputError(f"`t` must keep the growth of rounding below {MOST_DIGITS} digits, but {float(time):g} "
                             f"needs {growth:.0f}; take a shorter time, or method=\"exact\" of solve.")
        with mpmath.workdps(int(digits + 2 * growth) + GUARD):
            projector = _projector(self._evolved(time))
            d = len(projector)
            rho = self._number(self.b) * projector + self._number(self.a) * mpmath.eye(d)
        with mpmath.workdps(digits):
            return rho.apply(lambda x: +x)

    @property
    def expression(self) -> sp.ImmutableMatrix | None:
        """ρ(t) in closed form with `qllg_sym.t`, (2, 2), for one spin ½; None where it would be long.

        With H/ħ = h₀ + h·σ, w = |h|: exp(−icHt/ħ) ∝ cos(cwt) − i sin(cwt) h·σ/w.
        """
        if self.frequency.rows != 2:
            return None
        traceless = self.frequency - self.frequency.trace() / 2 * sp.eye(2)
        w = sp.sqrt(sp.expand(-traceless.det()))
        angle = self.c * w * clock
        kets = self.kets if w == 0 else (sp.cos(angle) * sp.eye(2) - sp.I * sp.sin(angle) / w * traceless) * self.kets
        adjoint = kets.H
        return sp.ImmutableMatrix(self.a * sp.eye(2) + self.b * kets * (adjoint * kets).inv() * adjoint)

    def enclose(self, t: Any, digits: int = 50, observe: str | None = None) -> Any:
        """Return ρ(t), or what is read off it, in rigorous balls of radius below 10^−digits.

        Args:
            t: as for `at`.
            digits: of the radius.
            observe: None for ρ; for spins ½ "pauli": the Bloch and correlation components Tr ρ σ_a⊗σ_b… by the names
                of `Equation.pauli().states`; for two of them "nonlocality": B = √max(u₁² + u₂² − 1, 0).

        Returns:
            flint.acb_mat (d, d), {name: flint.arb} or flint.arb; a list of them for a list of times.

        Raises:
            InputError: python-flint is not installed (`pip install qllg_sym[verified]`), an observable that the space
                does not have, or as for `at`.

        Source: PRL 133, 266704 (2024), eq. 9 for "pauli"; R. Horodecki et al., Phys. Lett. A 200, 340 (1995), for B.

        >>> from qllg_sym import QuantumLLG, Zeeman, states
        >>> solution = exact(Model(Space("1/2"), [Zeeman((0, 0, 1))]), QuantumLLG(1), states.product("+x"))
        >>> print(solution.enclose(2, 20, observe="pauli")["T_z"].str(20, radius=False))        # tanh 1
        0.76159415595576488812
        """
        check_observed(observe, self.space)
        return _each(t, lambda time: enclose(self, time, _digits(digits), observe))

    def _growth(self, time: sp.Rational) -> float:
        """Digits by which the fastest growing component outruns the slowest: |Im c| · |t| · spread(H/ħ)/ln 10."""
        bound = 2 * max(float(sum(abs(complex(x)) for x in self.frequency.row(i))) for i in range(self.frequency.rows))
        return abs(complex(self.c).imag) * abs(float(time)) * bound / float(np.log(10))

    def _evolved(self, time: sp.Rational) -> Any:
        """The kets at a time, not orthonormal."""
        levels, vectors = mpmath.eighe(_matrix(self.frequency))
        rate = mpmath.mpc(0, -1) * self._number(self.c) * self._number(time)
        start = vectors.transpose_conj() * _matrix(self.kets)
        factors = [mpmath.exp(rate * (level - levels[0])) for level in levels]
        moved = mpmath.matrix(start.rows, start.cols)
        for i in range(start.rows):
            for j in range(start.cols):
                moved[i, j] = factors[i] * start[i, j]
        return vectors * moved

    @staticmethod
    def _number(expression: sp.Expr) -> mpmath.mpc:
        return _matrix(sp.ImmutableMatrix([[expression]]))[0, 0]


def exact(model: Model, law: Any, state: Any, values: Mapping[Any, Any] | None = None) -> ExactSolution:
    """Return the exact solution of a law that keeps the spectrum, for constant H and a two-valued spectrum.

    Args:
        model: constant in time.
        law: `QuantumLLG(kappa)`, `QuantumLL(kappa)` or `VonNeumann()`.
        state: states.product, .coherent, .bell, .werner, or a ket (d,); floats stand for the rationals they print as.
        values: numbers for the parameters of model and law, keyed by name or Symbol; exact ones stay exact.

    Raises:
        InputError: a parameter without a number, a Hamiltonian that depends on time.
        StateError: another kind of state.

    Source: PRL 133, 266704 (2024), eq. 3, solved for ρ² = (2a + b)ρ − a(a + b).

    >>> from qllg_sym import QuantumLLG, Zeeman, states
    >>> solution = exact(Model(Space("1/2"), [Zeeman((0, 0, 1))]), QuantumLLG(1), states.product("+x"))
    >>> z = solution.at(2, 30); mpmath.nstr((z[0, 0] - z[1, 1]).real - mpmath.tanh(1), 5)
    '0.0'
    """
    if not hasattr(law, "derive"):
        raise InputTypeError(f"`law` must be a law of motion, but is {law!r}; write QuantumLLG(0.5).")
    equation = law.derive(model)
    re, im = equation.weight()
    if model.time_dependent or model.space.symbolic or re.has(clock) or im.has(clock):
        what = "a spin is a symbol" if model.space.symbolic else "they depend on time"
        raise InputError(f"`model` and `law` must be constant in time and of numeric spins, but {what}; use solve.")
    numbers = _numbers(equation.parameters, values)
    a, b, kets = _levels(state, model.space)
    c = (re - sp.I * im).subs({gap: b, **numbers})
    d = model.space.dimension
    frequency = sum((to_expr(c) * standard_string(model.space.spins, s) for (_, s), c in model.frequency.terms.items()),
                    sp.zeros(d, d))
    return ExactSolution(model.space, sp.ImmutableMatrix(frequency.subs(numbers)), c, a, b, kets)


def _numbers(parameters: tuple[sp.Symbol, ...], values: Mapping[Any, Any] | None) -> dict[sp.Symbol, sp.Expr]:
    """Exact numbers for all parameters."""
    checked_values([s.name for s in parameters], values)
    given = {str(key): value for key, value in (values or {}).items()}
    return {s: value if isinstance(value := given[s.name], sp.Expr) else exact_float(value, s.name) for s in parameters}


def _each(t: Any, evaluate: Callable[[sp.Rational], Any]) -> Any:
    """A function of one exact time, or of each of a list of times."""
    return evaluate(_time(t)) if np.ndim(t) == 0 else [evaluate(_time(one)) for one in t]


def _levels(state: Any, space: Space) -> tuple[sp.Expr, sp.Expr, sp.ImmutableMatrix]:
    """(a, b, kets) of a state, exactly."""
    if isinstance(state, Werner):
        if space.dimensions != (2, 2):
            raise StateError(f"`state` must belong to {space}, but Bell and Werner states belong to two spins 1/2; "
                             "choose another state.")
        p = exact_float(state.p, "p")
        return (1 - p) / 4, p, sp.ImmutableMatrix(SIGNS[state.name])
    if isinstance(state, Coherent):
        return sp.S.Zero, sp.S.One, _coherent(state, space)
    try:
        ket = np.array(state.full() if hasattr(state, "full") else state, dtype=complex).squeeze()
    except (TypeError, ValueError):
        ket = np.zeros(0)
    if ket.shape != (space.dimension,) or abs(np.linalg.norm(ket) - 1) > 1e-10:
        raise StateError(f"`state` must be a Bell, Werner, product or coherent state or a unit ket "
                         f"({space.dimension},), but is not; use solve for other states.")
    entries = [exact_float(z.real, "state") + sp.I * exact_float(z.imag, "state") for z in ket]
    return sp.S.Zero, sp.S.One, sp.ImmutableMatrix(entries)


def _coherent(state: Coherent, space: Space) -> sp.ImmutableMatrix:
    """Product of coherent kets, amplitude √C(2s, k) (1 + n_z)^{2s−k} (n_x + i n_y)^k, not normalised."""
    if len(state.directions) != space.sites or state.spins not in (None, space.spins):
        raise StateError(f"`state` must belong to {space}, but this product state does not; "
                         "give one direction a site.")
    ket = [sp.S.One]
    for direction, s in zip(state.directions, space.spins, strict=True):
        x, y, z = (exact_float(v, "directions") for v in direction)
        n, pole = int(2 * s), z == -1
        up, down = (sp.S.Zero, sp.S.One) if pole else (1 + z, x + sp.I * y)
        site = [sp.sqrt(sp.binomial(n, k)) * up**(n - k) * down**k for k in range(n + 1)]
        ket = [sp.expand(u * v) for u in ket for v in site]
    return sp.ImmutableMatrix(ket)


def _matrix(matrix: Any) -> Any:
    """An exact matrix in the working precision."""
    digits = mpmath.mp.dps + 5
    result = mpmath.matrix(matrix.rows, matrix.cols)
    for i in range(matrix.rows):
        for j in range(matrix.cols):
            re, im = matrix[i, j].as_real_imag()
            result[i, j] = mpmath.mpc(*(mpmath.mpf(sp.Float(sp.N(part, digits), digits)._mpf_) for part in (re, im)))
    return result


def _projector(kets: Any) -> Any:
    """U (U†U)⁻¹ U†."""
    adjoint = kets.transpose_conj()
    return kets * mpmath.inverse(adjoint * kets) * adjoint


def _time(t: Any) -> sp.Rational:
    if isinstance(t, (int, sp.Rational)) and not isinstance(t, bool):
        return sp.Rational(t)
    try:
        return exact_float(t, "t")
    except TypeError:
        raise InputTypeError(f"`t` must be a number, but is {t!r}; give a number such as 2.5.") from None


def _digits(digits: Any) -> int:
    if not isinstance(digits, int) or isinstance(digits, bool) or digits < 1:
        raise InputError(f"`digits` must be a positive integer, but is {digits!r}; give 50.")
    return digits
