"""Which explicit form of a right-hand side is good for a state, and how good each is in doubles.

| form | parameters | operations, dimer q-LLG | error, relative to 1 + max|ẏ| |
|---|---|---|---|
| any | none | 1813, 12 divisions | < 1e-13 for κ ≤ 10, every state |
| spectrum | e2, …, ed | 1491, 1 division | `spectrum.error_kernel`: < 1e-13 for κ ≤ 1, every state; worse beyond |
| two-level | gap | 423, 1 division | < 1e-13 for every κ, where the spectrum has two values within `SPREAD` |

These hold for |H| of order 1. Among 4,500 random states "any" was wrong by at most 2e-15 for κ ≤ 10, and 2e-14 for
κ ≤ 100. Away from its spectrum, a form is another vector field; it agrees with the law on that spectrum alone, and its
derivatives do along the orbit, v = i[ρ, X].
"""

import math
from collections.abc import Iterable
from itertools import pairwise

from qllg_sym.codegen.kernel import PROMISE
from qllg_sym.equations.cayley_hamilton import PRODUCTS
from qllg_sym.equations.explicit_components import weight_parts
from qllg_sym.equations.implicit_components import ImplicitComponents
from qllg_sym.equations.lowering import estimate
from qllg_sym.equations.spectrum import error_kernel
from qllg_sym.errors import DerivationError, InputError

SPREAD = 2e-14          # eigenvalues so close are one: the two-level form is wrong by as much


def choose_form(components: ImplicitComponents, eigenvalues: Iterable[float],
                kappa: float) -> tuple[str, dict[str, float]]:
    """Return the fastest form that is good enough for a state, and the values of its own parameters.

    Args:
        components: from `Equation.pauli()` or `coefficients()`.
        eigenvalues: the spectrum of ρ, (d,), in any order; a constant of motion.
        kappa: the law's κ; the largest |κ| where it depends on time, math.inf where it is not known.

    Returns:
        ("two-level", {"gap": …}), ("spectrum", {"e2": …, …, "ed": …}) or ("any", {}).

    Raises:
        InputError: another number of eigenvalues than the dimension.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> components = QuantumLLG(1).derive(Model(Space("1/2", "1/2"))).pauli()
    >>> choose_form(components, [1, 0, 0, 0], 1), choose_form(components, [0.5, 0.25, 0.125, 0.125], 100)
    (('two-level', {'gap': 1.0}), ('any', {}))
    """
    levels, d = [float(p) for p in eigenvalues], components.equation.model.space.dimension
    if len(levels) != d:
        raise InputError(f"`eigenvalues` must be as many as the dimension, {d}, but are {len(levels)}; "
                         "give the whole spectrum.")
    excess = (math.fsum(levels) - 1) / d        # components take the trace as one; a state may miss it by rounding
    levels = [p - excess for p in levels]
    try:
        strength = weight_parts(components)[2]
    except DerivationError:
        return "any", {}
    if strength == 0:                       # the residual is explicit as it stands
        return "any", {}
    if (difference := two_level_gap(levels)) is not None:
        return "two-level", {"gap": difference}
    if d not in PRODUCTS or not components.strings or estimate(components, "spectrum") > estimate(components):
        return "any", {}
    # Half of it, for `bind` computes the bound again in doubles and must not warn of what was chosen here.
    return ("spectrum", elementary(levels)) if spectrum_error(levels, kappa) < PROMISE / 2 else ("any", {})


def two_level_gap(eigenvalues: Iterable[float]) -> float | None:
    """Return the difference of the two values that a spectrum has, 0.0 for one value, None for more.

    >>> two_level_gap([0.1, 0.7, 0.1, 0.1]), two_level_gap([0.5, 0.3, 0.2])
    (0.6, None)
    """
    ordered = sorted(map(float, eigenvalues))
    steps = [(high - low, k + 1) for k, (low, high) in enumerate(pairwise(ordered))]
    _, cut = max(steps)
    low, high = ordered[:cut], ordered[cut:]
    if ordered[-1] - ordered[0] <= SPREAD:
        return 0.0
    if max(low[-1] - low[0], high[-1] - high[0]) > SPREAD:
        return None
    return math.fsum(high) / len(high) - math.fsum(low) / len(low)


def elementary(eigenvalues: Iterable[float]) -> dict[str, float]:
    """Return {"e2": …, …, "ed": …}, the elementary symmetric functions of a spectrum.

    >>> elementary([0.5, 0.25, 0.25])
    {'e2': 0.3125, 'e3': 0.03125}
    """
    found = [1.0]
    for value in map(float, eigenvalues):
        found = [e + value * before for e, before in zip([*found, 0.0], [0.0, *found], strict=True)]
    return {f"e{k}": value for k, value in enumerate(found) if k >= 2}


def spectrum_error(eigenvalues: Iterable[float], kappa: float) -> float:
    """Return a bound of the error of the form "spectrum" of q-LLG in doubles, relative to 1 + max|ẏ|.

    Args:
        eigenvalues: (d,), 2 ≤ d ≤ 5.
        kappa: the law's κ; not finite gives infinity.

    >>> spectrum_error([0.4, 0.3, 0.2, 0.1], 1.0) < 1e-13 < spectrum_error([0.4, 0.3, 0.2, 0.1], 100.0)
    True
    """
    if not math.isfinite(kappa):
        return math.inf
    values = {"c": kappa**2, **elementary(eigenvalues)}
    return float(error_kernel(len(values)).evaluate(values, digits=20)["error"])
