r"""One spin s in a magnetic field: PRL 4 closes, and η obeys a Gilbert equation.

Hamiltonian.  H = −γ_g B·S.
State.        ρ = (1 + η·S)/(2s + 1), s symbolic.
Components.   η, with ħ and γ_g kept: η' = γ_g η × B − κħ/(2s + 1) η × η' (PRL 8).
Source.       PRL 133, 266704 (2024), eqs. 4 and 8.
"""

from collections.abc import Callable

import sympy as sp

from qllg_sym import Model, QuantumLLG, Space, Zeeman
from qllg_sym.equations.components import Components

B_x, B_y, B_z, gamma_g, kappa = sp.symbols("B_x B_y B_z gamma_g kappa", real=True)
hbar, s = sp.symbols("hbar s", positive=True)


def model() -> Model:
    """Return the Zeeman Hamiltonian of one spin s.

    >>> model().space
    Space(s)
    """
    return Model(Space(s), [Zeeman((B_x, B_y, B_z))], hbar=hbar, gamma=gamma_g)


# Name of the generated files → components.
GENERATED: dict[str, Callable[[], Components]] = {"spin_q_llg": lambda: QuantumLLG(kappa).derive(model()).eta()}
