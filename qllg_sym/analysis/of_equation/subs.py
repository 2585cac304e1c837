"""An equation of motion with parameters replaced."""

from qllg_sym.analysis.substitution import Replacements, by_symbol, exact_values, replaceable, replaced
from qllg_sym.equations.equation import Equation


def subs(equation: Equation, replacements: Replacements) -> Equation:
    r"""Return the equation with parameters replaced, all at once, in the model and in the law.

    It is derived anew from both, so that its components are those of the new model: substitution and derivation
    commute.

    Args:
        equation: with the parameters.
        replacements: {symbol or its name: number, or expression in real symbols and `qllg_sym.t`}; a float becomes the
            rational that it prints as.

    Raises:
        InputError: a name that occurs neither in the model nor in the law, time, a spin, or one symbol twice.
        ModelError: a value that is not real, or that leaves a coefficient infinite or complex.

    Source: PRL 133, 266704 (2024), eq. 3: κ = 0 leaves the Liouville–von Neumann equation.

    >>> import sympy as sp
    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("B kappa", real=True)
    >>> equation = QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, B))]))
    >>> equation.subs({kappa: 0, "B": 0.5}).pauli().residual
    (-T_y/2 + dT_x, T_x/2 + dT_y, dT_z)
    """
    model, law = equation.model, equation.law
    coefficients = [*(c for term in model.terms for c in term.coefficients()), *law.coefficients()]
    known = replaceable(equation.parameters, coefficients)
    values = exact_values(by_symbol(replacements, known, model.space.spins))
    in_model = replaceable(model.parameters, [c for term in model.terms for c in term.coefficients()]).values()
    found: Equation = replaced(law, values).derive(model.subs({key: values[key] for key in in_model if key in values}))
    _ = found.parameters                # symbols of one name that are not one are refused now
    return found
