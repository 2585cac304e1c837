"""Ground states of a model."""

import math

from qllg_sym.flow.states.kinds._checks import need_model
from qllg_sym.flow.states.kinds.thermal import Thermal
from qllg_sym.model.model import Model

EXAMPLE = ()


def ground(model: Model) -> Thermal:
    """Return the ground state of a model; refused when it is degenerate.

    Definition:
        top(-H)

    >>> from qllg_sym import Space
    >>> ground(Model(Space("1/2"))).beta
    inf
    """
    need_model(model)
    return Thermal(model, math.inf)
