"""A model with parameters replaced."""

from dataclasses import replace

from qllg_sym.analysis.scaled_model import ScaledModel
from qllg_sym.analysis.substitution import Replacements, by_symbol, exact_values, replaceable, replaced
from qllg_sym.model.model import TOGETHER, Model


def subs(model: Model, replacements: Replacements) -> Model:
    r"""Return the model with parameters replaced, all at once: $H(J, D, \ldots) \to H(J', D', \ldots)$.

    Terms that become zero are left out. Expressions stay as they were written. A `scaled` model becomes a plain one.

    Args:
        model: with the parameters.
        replacements: {symbol or its name: number, or expression in real symbols and `qllg_sym.t`}; a float becomes the
            rational that it prints as. An unknown function of time, f(t), can be replaced, too.

    Raises:
        InputError: a name that does not occur in the model, time, a spin, or one symbol twice; a value that is known
            not to be what its symbol was declared to be.
        ModelError: a value that is not real, or that leaves a coefficient infinite or complex.

    Source: PRL 133, 266704 (2024), eq. 10, from which its cases D = 0 and J < 0 come in this way.

    >>> import sympy as sp
    >>> from qllg_sym import DMI, Exchange, Space
    >>> J, D = sp.symbols("J D", real=True)
    >>> dimer = Model(Space("1/2", "1/2"), [Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])
    >>> dimer.subs({D: 0}).terms
    (Exchange(J=J, i=0, j=1),)
    >>> dimer.subs({J: D, D: J}).terms
    (Exchange(J=D, i=0, j=1), DMI(D=(0, 0, J), i=0, j=1))
    """
    coefficients = [c for term in model.terms for c in term.coefficients()]
    values = exact_values(by_symbol(replacements, replaceable(model.parameters, coefficients), model.space.spins))
    hbar, gamma = model.hbar.xreplace(values), model.gamma.xreplace(values)
    terms = [(term, replaced(term, values)) for term in model.terms]
    kept = tuple(after for before, after in terms
                 if after is before or model.space.sites > TOGETHER
                 or Model(model.space, [after], hbar, gamma).hamiltonian.terms)
    if isinstance(model, ScaledModel):          # its units are those of its source no more
        model = Model(model.space, model.terms)
    found = replace(model, terms=kept, hbar=hbar, gamma=gamma)
    _ = found.parameters                # symbols of one name that are not one are refused now
    return found
