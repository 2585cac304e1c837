"""A model without dimensions."""

from typing import Any

from qllg_sym.algebra.scalars import real_coefficient
from qllg_sym.algebra.symbols import t
from qllg_sym.analysis.scaled_model import ScaledModel
from qllg_sym.analysis.scaling import dimensionless
from qllg_sym.errors import InputError
from qllg_sym.model.model import Model


def scaled(model: Model, energy: Any) -> ScaledModel:
    r"""Return the dimensionless model $H' = H/E$ with ħ = γ_g = 1, times in units of ħ/E and fields of E/(ħγ_g).

    With τ = t E/ħ, $\rho(t)$ of the model is $\rho'(\tau)$ of this one under the same law, κ unchanged. Parameters
    become ratios, D/J for E = J the parameter D_J; those of time-dependent coefficients too, a frequency ω as ωħ/J.
    What has a number for a quantity, a field 1 beside a symbol J, keeps that symbol, as 1/J.

    Args:
        model: in any units.
        energy: E > 0, a parameter of the model, its name, a positive number, or an expression in real symbols. A symbol
            that is only real is taken to be positive: else τ runs backwards.

    Returns:
        A Model with the same terms, and `.time`, `.field` (units as expressions in the model's parameters), `.ratios`
        (what its parameters are), `.values(numbers)` (its numbers from the model's), `.back(expression)`.

    Raises:
        InputError: an energy that is known not to be positive, or depends on time.
        ModelError: an energy that is not real.

    Source: PRL 133, 266704 (2024), whose figures have ħ = γ_g = 1 and energies in units of |J|.

    >>> import sympy as sp
    >>> from qllg_sym import DMI, Exchange, Space, Zeeman
    >>> J, D, B, h = sp.symbols("J D B h", positive=True)
    >>> dimer = Model(Space("1/2", "1/2"), [Exchange(J, 0, 1), DMI((0, 0, D), 0, 1), Zeeman((B, 0, 0))], hbar=h)
    >>> found = dimer.scaled(energy=J)
    >>> found.terms[1].D, found.terms[2].B, found.time, found.field
    ((0, 0, D_J), (B_J, 0, 0), h/J, J/h)
    >>> found.ratios
    ((B_J, B*h/J), (D_J, D/J))
    """
    by_name = {p.name: p for p in model.parameters}
    if isinstance(energy, str) and energy not in by_name:
        raise InputError(f"`energy` must be a parameter of the model ({', '.join(by_name) or 'none'}), but is "
                         f"{energy!r}; choose one, or give an expression.")
    exact = real_coefficient(by_name.get(energy, energy) if isinstance(energy, str) else energy, "energy")
    if exact.is_positive is False:
        raise InputError(f"`energy` must be positive, but is {exact}; give a positive one, such as Abs(J).")
    if t in exact.free_symbols:
        raise InputError(f"`energy` must be constant in time, but is {exact}; take an amplitude.")
    return dimensionless(model, exact)
