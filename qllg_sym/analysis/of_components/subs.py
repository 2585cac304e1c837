"""Components with parameters replaced."""

from dataclasses import replace
from typing import cast

from qllg_sym.analysis.of_equation.subs import subs as in_equation
from qllg_sym.analysis.substitution import Replacements, check_mapping
from qllg_sym.equations.components import Components
from qllg_sym.equations.equation import Equation
from qllg_sym.errors import InputError


def subs(components: Components, replacements: Replacements) -> Components:
    r"""Return the components with parameters replaced, all at once.

    They are the components of the equation with the same replacements.

    Args:
        components: with the parameters.
        replacements: {symbol or its name: number, or expression in real symbols and `qllg_sym.t`}; a float becomes the
            rational that it prints as.

    Raises:
        InputError: a name that does not occur, a velocity, time, a spin, or one symbol twice.
        ModelError: a value that is not real, or that leaves a coefficient infinite or complex.

    Source: PRL 133, 266704 (2024), eqs. 9 and 10.

    >>> import sympy as sp
    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman
    >>> B, kappa = sp.symbols("B kappa", real=True)
    >>> components = QuantumLLG(kappa).derive(Model(Space("1/2"), [Zeeman((0, 0, B))])).pauli()
    >>> components.subs({kappa: B}).residual[2]
    B*T_x*dT_y - B*T_y*dT_x + dT_z
    """
    moving = {v.name for v in components.velocities}
    for key in check_mapping(replacements):
        if str(key) in moving:
            raise InputError(f"`replacements` must be of parameters, but has the velocity {key}, which follows from "
                             "the states; leave it out.")
    return replace(components, equation=in_equation(cast(Equation, components.equation), replacements))
