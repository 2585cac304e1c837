r"""The exact solution for two-valued spectra, to any number of digits or in rigorous balls.

ρ(t) = a + b P(t), range P(t) = exp(−i c H t/ħ) range P(0), c = W(b)* from the law's residual
(q-LLG: −ic = −1/(κb − i); q-LL: −ic = −(i + κb)).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.scalars import exact_float, symbols_in
from qllg_sym.algebra.symbols import gap
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen.values import checked_values
from qllg_sym.equations.law import Law
from qllg_sym.errors import DerivationError, InputError, InputTypeError
from qllg_sym.flow.exact.digits import GUARD, Digits
from qllg_sym.flow.exact.enclosure import check_reading, enclose
from qllg_sym.flow.exact.formula import Numbers, density
from qllg_sym.flow.exact.states import exact_levels, frequency
from qllg_sym.flow.exact.symbolic.asked import OWN, PLAIN, arguments, observable
from qllg_sym.flow.exact.symbolic.density import symbolic_density
from qllg_sym.flow.exact.symbolic.late import positive_ones
from qllg_sym.flow.exact.symbolic.readings import ExactReadings, spin_operators
from qllg_sym.flow.exact.symbols import Symbols
from qllg_sym.flow.states.state import models_of
from qllg_sym.model.constants import Constants
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

MOST_DIGITS = 20_000
MOST_DIMENSIONS = 64        # for expressions: five spins in a field take ten seconds


@dataclass(frozen=True, repr=False)
class ExactSolution(ByFields):
    """ρ(t) = a + b P(t) with exact data.

    Attributes:
        space: of the model.
        frequency: H/ħ, (d, d), exact.
        c: the complex rate of the propagator exp(−i c H t/ħ).
        a, b: the two levels are a and a + b.
        kets: columns that span range P(0), (d, r), exact, not normalised; r = 0 for the maximally mixed state.
        hbar: ħ of the model.
        constants: ħ, γ_g and units of the model, for terms that are read.
    """

    space: Space
    frequency: sp.ImmutableMatrix
    c: sp.Expr
    a: sp.Expr
    b: sp.Expr
    kets: sp.ImmutableMatrix
    hbar: sp.Expr = sp.S.One
    constants: Constants = PLAIN

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        names = ", ".join(s.name for s in self.parameters) or "none"
        many = f"{self.kets.cols} of {self.space.dimension}"
        return (f"<ExactSolution on {self.space}: {many} populations {self.a + self.b}, the others {self.a}, "
                f"parameters {names}; at(t), enclose(t), expression_of(reading)>")

    @property
    def parameters(self) -> tuple[sp.Symbol, ...]:
        """The parameters that are symbols still, by name: `at` and `enclose` need numbers for them."""
        return symbols_in([*self.frequency.flat(), *self.kets.flat(), self.c, self.a, self.b, self.hbar])

    def at(self, t: Any, digits: int = 50) -> Any:
        """Return ρ(t), (d, d), to `digits` digits, at any time.

        Where one amplitude in the eigenbasis of H outruns another by more than 200 digits, those that vanish to
        `digits` + 200 digits, and as many more as the numbers of H and ρ(0) have, count as zero.

        Args:
            t: time since the state was given, or a list or array (n,) of times; a float stands for the rational that
                it prints as.
            digits: decimal digits.

        Returns:
            An mpmath matrix, or a list of n of them.

        Raises:
            InputError: t not finite, or more than 20 000 digits.
        """
        self._need_numbers("at")
        if _digits(digits) > MOST_DIGITS:
            raise InputError(f"`digits` must be {MOST_DIGITS} at most, but is {digits}; take fewer.")
        return _each(t, lambda time: self._at(time, digits))

    def _need_numbers(self, method: str) -> None:
        if self.parameters:
            first = self.parameters[0].name
            raise InputError(f"`values` must give every parameter a number for {method}(), but {first!r} is unbound; "
                             f"add values={{{first!r}: 1.0}} to exact(), or take expression_of().")

    def expression_of(self, reading: str, *args: Any, limit: bool = False, assuming: Any = ()) -> Any:
        r"""Return a reading of a trajectory as an expression in the parameters and `qllg_sym.t`.

        $\rho(t) = a + b\,U(U^\dagger U)^{-1}U^\dagger$ with columns $\sum_E e^{-icEt/\hbar}\,v_E$ over the eigenvalues
        E of H, square roots of polynomials in the parameters. It is worked out exactly: equal readings have equal
        coefficients before they are written with cos, sin, cosh and sinh.

        Args:
            reading: "bloch", "correlation", "pauli", "T", "purity", "energy", "nonlocality", …: a name of
                `Trajectory`, whose definition in the docstring is evaluated; "states" is ρ(t).
            *args: its arguments; operators are terms, spins, models or matrices.
            limit: whether the limit t → ∞ is asked for.
            assuming: expressions that are positive, or a > b, beside what the symbols are declared as; for the limit.

        Returns:
            An expression, nested tuples of expressions for arrays, a matrix for "states".

        Raises:
            InputError: a dimension above 64, eigenvalues of H that are no square roots, a reading that has no short
                expression, or a limit that does not exist or hangs on an open sign.

        Source: PRL 133, 266704 (2024), eq. 3, solved for two levels; what is read, in the docstrings of observables.

        >>> from qllg_sym import Exchange, QuantumLLG, Zeeman, states
        >>> J, B, kappa = sp.symbols("J B kappa", positive=True)
        >>> dimer = Model(Space("1/2", "1/2"), [Zeeman((B, 0, 0)), Exchange(J, 0, 1)])
        >>> solution = exact(dimer, QuantumLLG(kappa), states.product("up", "down"))
        >>> x, y, z = solution.expression_of("bloch", 0)
        >>> q = kappa / (kappa**2 + 1)
        >>> x == sp.sinh(2*q*B*clock) / (sp.cosh(2*q*B*clock) + sp.exp(8*q*J*clock))
        True
        >>> solution.expression_of("bloch", 0, limit=True, assuming=[4*J - B])
        (0, 0, 0)
        """
        late = positive_ones(assuming) if limit else None
        if self.space.dimension > MOST_DIMENSIONS:
            raise InputError(f"`model` must have dimension {MOST_DIMENSIONS} at most for an expression, but has "
                             f"{self.space.dimension:,}; give numbers and take `at`, or fewer spins.")
        if reading in OWN:
            if args:
                raise InputTypeError(f"`args` must be none for {reading}, but are {len(args)}; leave them out.")
            if reading == "states":
                rho = self._readings(()).of_late(late).expression(self._readings(()).density.rho)
                return sp.ImmutableMatrix(rho)
            return self.expression_of("expectation", self._energy, limit=limit, assuming=assuming)
        item = observable(reading)
        names = arguments(item, args, self.space, self._energy, self.constants)
        entries = tuple(x for value in names.values() if isinstance(value, np.ndarray) for x in value.ravel())
        return self._readings(entries).of_late(late).of(item.name, item.read, names)

    @property
    def _energy(self) -> sp.ImmutableMatrix:
        """H."""
        return sp.ImmutableMatrix(self.frequency * self.hbar)

    def _readings(self, numbers: tuple[sp.Expr, ...]) -> ExactReadings:
        """Readings over a field that holds some numbers besides; the one without is kept."""
        held = self._own_readings
        if all(held.density.field.holds(x) for x in numbers):
            return held
        return self._made_readings(numbers)

    @cached_property
    def _own_readings(self) -> ExactReadings:
        return self._made_readings(())

    def _made_readings(self, numbers: tuple[sp.Expr, ...]) -> ExactReadings:
        spins = [x for site in spin_operators(self.space) for matrix in site for x in matrix.flat()]
        density = symbolic_density(self.a, self.b, self.c, self.frequency, self.kets, [*spins, *numbers])
        return ExactReadings(self.space, density, (self.a, self.b, self.kets.cols))

    def _at(self, time: sp.Rational, digits: int) -> Any:
        """ρ at one time."""
        with mpmath.workdps(digits + GUARD):
            rho = mpmath.matrix(self._density(Digits(digits), time).tolist())
        with mpmath.workdps(digits):
            return rho.apply(lambda x: +x)

    def _density(self, numbers: Numbers, time: Any) -> NDArray[Any]:
        """Return ρ at one time in a number type, (d, d)."""
        return density(numbers, self.a, self.b, -sp.I * self.c * time, self.frequency, self.kets)

    @property
    def expression(self) -> sp.ImmutableMatrix | None:
        """ρ(t) in closed form with `qllg_sym.t`, (2, 2), for one spin ½; None where it would be long."""
        if self.frequency.rows != 2:
            return None
        return sp.ImmutableMatrix(self._density(Symbols(), clock).tolist())

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
        check_reading(observe, self.space)
        self._need_numbers("enclose")
        few = _digits(digits)
        return _each(t, lambda time: enclose(lambda balls: self._density(balls, time), self.space, time, few, observe))


def exact(model: Model, law: Law, state: Any, values: Mapping[Any, Any] | None = None) -> ExactSolution:
    """Return the exact solution of a law that keeps the spectrum, for constant H and a two-valued spectrum.

    Args:
        model: constant in time.
        law: `QuantumLLG(kappa)`, `QuantumLL(kappa)` or `VonNeumann()`.
        state: any that `solve` takes, with two distinct eigenvalues at most. Integers, fractions and SymPy numbers
            stay exact, floats stand for the rationals they print as: kets, density matrices, products, Werner states,
            η of a spin ½, orthonormal kets of one weight. Thermal and ground states are exact for an H of two
            levels, such as that of a qubit. Others are known in doubles (random states, most ground states, matrices
            of floats that are two-valued within 1e-12 and not exactly): their kets are then taken as exact data that
            span range P(0), orthonormalised to all digits, and their trace as one.
        values: numbers for the parameters of model, law and a thermal state's own model, keyed by name or Symbol;
            exact ones stay exact. Those that are left out stay symbols, which `expression_of` takes.

    Raises:
        InputError: a Hamiltonian that depends on time, another law.
        StateError: no state of this space, or one of three levels or more.

    Source: PRL 133, 266704 (2024), eq. 3, solved for ρ² = (2a + b)ρ − a(a + b).

    >>> from qllg_sym import QuantumLLG, Zeeman, states
    >>> solution = exact(Model(Space("1/2"), [Zeeman((0, 0, 1))]), QuantumLLG(1), states.product("+x"))
    >>> z = solution.at(2, 30); mpmath.nstr((z[0, 0] - z[1, 1]).real - mpmath.tanh(1), 5)
    '0.0'
    """
    if not hasattr(law, "derive"):
        raise InputTypeError(f"`law` must be a law of motion, but is {law!r}; write QuantumLLG(0.5).")
    equation = law.derive(model)
    model.space.must_be_whole("an exact solution in symbols or digits")
    try:
        re, im = equation.weight()
    except DerivationError:
        raise InputError(f"`law` must keep the spectrum of a density matrix, but {equation.kind} does not; use solve."
                         ) from None
    if model.time_dependent or model.space.symbolic or re.has(clock) or im.has(clock):
        what = "a spin is a symbol" if model.space.symbolic else "they depend on time"
        raise InputError(f"`model` and `law` must be constant in time and of numeric spins, but {what}; use solve.")
    own = [symbol for other in models_of(state) for symbol in other.parameters]
    numbers = _numbers(tuple(dict.fromkeys([*equation.parameters, *own])), values)
    a, b, kets = exact_levels(state, model, numbers)
    c = (re - sp.I * im).subs({gap: b, **numbers})
    hbar, gamma = (constant.xreplace({**numbers}) for constant in (model.hbar, model.gamma))
    return ExactSolution(model.space, frequency(model, numbers), c, a, b, kets, hbar,
                         Constants(hbar, gamma, model.units))


def _numbers(parameters: tuple[sp.Symbol, ...], values: Mapping[Any, Any] | None) -> dict[sp.Symbol, sp.Expr]:
    """Exact numbers for the parameters that have some."""
    names = [s.name for s in parameters]
    given = {str(key): value for key, value in values.items()} if isinstance(values, Mapping) else {}
    known = [name for name in names if name in given]
    checked_values(known if {*given} <= {*names} else names, values)
    return {s: value if isinstance(value := given[s.name], sp.Expr) else exact_float(value, s.name)
            for s in parameters if s.name in known}


def _each(t: Any, evaluate: Callable[[sp.Rational], Any]) -> Any:
    """A function of one exact time, or of each of a list of times."""
    return evaluate(_time(t)) if np.ndim(t) == 0 else [evaluate(_time(one)) for one in t]


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
