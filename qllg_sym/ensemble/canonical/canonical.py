r"""q.canonical: what a user gives, checked, → the ensemble in numbers or with symbols."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp

from qllg_sym.algebra.scalars import exact_float
from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen.values import checked_values, real_array
from qllg_sym.ensemble.canonical.ensemble import Canonical
from qllg_sym.ensemble.canonical.precision import apart
from qllg_sym.ensemble.canonical.rounding import DOUBLE
from qllg_sym.ensemble.canonical.symbolic import SymbolicCanonical
from qllg_sym.errors import InputError, InputTypeError, StateError
from qllg_sym.model.model import Model

NEAR = 1e-10            # by which a trace may differ from one
MOST, MOST_APART, MOST_EXACT = 64, 1024, 64     # dimensions: any spectrum, one level apart, more than 15 digits
MOST_DIGITS = 1000


def canonical(model: Model, spectrum: Any, kT: Any, values: Mapping[Any, Any] | None = None,
              digits: int = 15) -> Canonical | SymbolicCanonical:
    r"""Return the canonical ensemble on the isospectral orbit of a spectrum, exactly.

    $$Z = \int e^{-\mathrm{Tr}(U\rho U^\dagger H)/k_BT}\,dU, \qquad \int dU = 1,$$

    the stationary law of q-LLG with noise of strength $\sigma^2 = 2\hbar\kappa k_BT$ that no unitary changes. Z is the
    integral of Harish-Chandra, Itzykson and Zuber, with levels of ρ and H repeated as they may be. Its mean state is
    not Gibbs': a pure spin ½ has the Langevin function coth x − 1/x where Gibbs' state has tanh x.

    Args:
        model: the Hamiltonian, constant in time.
        spectrum: populations of ρ, d numbers that add up to 1, in any order.
        kT: k_BT > 0, in the unit of H (with `units`, in their energies).
        values: numbers for the parameters, by name or Symbol. Those left out stay symbols, as may kT: for one spin ½,
            and for spectra with one level apart (pure states, Werner states).
        digits: of every number that is read; above 15 they are numbers of mpmath.

    Returns:
        `Canonical` with `.log_partition`, `.energy`, `.variance`, `.heat_capacity`, `.state` (the mean density matrix,
        (d, d)), `.populations`, `.expectation(A)`, `.variance_of(A)`, `.gibbs`, `.matched_kT`, `.enclose(what)`; or,
        where symbols are left, `SymbolicCanonical`, whose `.partition` and other readings are expressions.

    Raises:
        StateError: no spectrum of a density matrix on this space.
        InputError: kT or digits out of range, a model that depends on time, a dimension above 64 (1024 with one level
            apart), or symbols where there is no short form.

    Source: C. Itzykson, J.-B. Zuber, J. Math. Phys. 21, 411 (1980), eq. 3.4; law: PRL 133, 266704 (2024), eq. 3, with
    noise inside.

    >>> from qllg_sym import Space, Zeeman
    >>> spin = canonical(Model(Space("1/2"), [Zeeman((0, 0, 2))]), [1, 0], 1)
    >>> round(-spin.energy, 12)             # coth 1 − 1
    0.313035285499
    >>> canonical(Model(Space("1/2"), [Zeeman((0, 0, 2))]), [1, 0], sp.Symbol("T", positive=True)).partition
    T*sinh(1/T)
    """
    if not isinstance(model, Model):
        raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; "
                             "write Model(space, terms).")
    if model.space.symbolic or model.time_dependent:
        what = "its spin is a symbol" if model.space.symbolic else "it depends on time"
        raise InputError(f"`model` must be constant in time and of numeric spins, but {what}; freeze it with subs.")
    model.space.must_be_whole("a canonical ensemble")
    populations = _spectrum(spectrum, model.space.dimension)
    temperature = _temperature(kT)
    if not isinstance(digits, int) or isinstance(digits, bool) or not 1 <= digits <= MOST_DIGITS:
        raise InputError(f"`digits` must be an integer from 1 to {MOST_DIGITS}, but is {digits!r}; give 15.")
    numbers = _numbers(model, values)
    if len(numbers) < len(model.parameters) or not temperature.is_Rational:
        return SymbolicCanonical(model, populations, temperature, tuple(numbers.items()))
    _check_size(populations, digits)
    return Canonical(model, populations, sp.Rational(temperature), tuple(numbers.items()), digits)


def _spectrum(given: Any, d: int) -> tuple[sp.Rational, ...]:
    """Populations as exact numbers."""
    array = None if given is None else real_array(list(given) if isinstance(given, tuple) else given)
    if array is None or array.shape != (d,):
        what = f"of type {type(given).__name__}" if array is None else f"of shape {array.shape}"
        raise StateError(f"`spectrum` must be {d} real populations, but is {what}; write {[1] + [0] * min(d - 1, 3)!r}"
                         f"{' and so on' if d > 4 else ''} for a pure state.")
    if not np.all(np.isfinite(array)) or array.min() < -NEAR or abs(array.sum() - 1) > NEAR:
        what = f"they add up to {array.sum():.12g}" if np.all(array >= -NEAR) else f"one is {array.min():g}"
        raise StateError(f"`spectrum` must be populations ≥ 0 that add up to 1, but {what}; divide by their sum.")
    return tuple(x if isinstance(x, sp.Rational) else exact_float(x, "spectrum") for x in given)


def _temperature(kT: Any) -> sp.Expr:
    """k_BT as an exact number or an expression in symbols."""
    if isinstance(kT, sp.Expr) and kT.has(clock):
        raise InputError(f"`kT` must be constant in time, for a canonical ensemble has one temperature, but is {kT}; "
                         "give a number, or use langevin.")
    if isinstance(kT, sp.Expr) and kT.free_symbols:
        if kT.is_positive is False or not all(s.is_real for s in kT.free_symbols):
            raise InputError(f"`kT` must be a positive expression in real symbols, but is {kT}; declare its symbols "
                             "positive.")
        return kT
    array = real_array(kT)
    if array is None or array.ndim:
        raise InputTypeError(f"`kT` must be a positive number, but is {kT!r}; give k_BT in the unit of H.")
    if not (np.isfinite(array) and array > 0):
        raise InputError(f"`kT` must be positive and finite, but is {float(array):g}; give k_BT in the unit of H.")
    return kT if isinstance(kT, sp.Rational) else exact_float(kT, "kT")


def _numbers(model: Model, values: Mapping[Any, Any] | None) -> dict[sp.Symbol, sp.Expr]:
    """Exact numbers of the parameters that have one."""
    given = {str(key): value for key, value in values.items()} if isinstance(values, Mapping) else {}
    names = [s.name for s in model.parameters]
    known = [name for name in names if name in given]
    checked_values(known if {*given} <= {*names} else names, values)
    return {s: value if isinstance(value := given[s.name], sp.Rational) else exact_float(value, s.name)
            for s in model.parameters if s.name in known}


def _check_size(spectrum: tuple[sp.Rational, ...], digits: int) -> None:
    """Refuse what would take hours."""
    d, single = len(spectrum), apart(spectrum)
    most = MOST_EXACT if digits > DOUBLE else MOST_APART if single else MOST
    if d > most:
        raise InputError(f"`model` must have dimension {most} at most for {digits} digits and this spectrum, but has "
                         f"{d:,}; take fewer spins{'' if single else ', or a pure state'}.")
