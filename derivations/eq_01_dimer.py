r"""The dimer of two spins ½: the right-hand sides that Figs. 1–4 of the paper need.

Hamiltonian.  H = −γ_g B·(S_1 + S_2) + (4J/ħ²) S_1·S_2 + (4/ħ²) D·(S_1 × S_2), D along z; ħ = γ_g = 1.
Laws.         q-LLG, Wieser's q-LL, and the classical LLG in the convention of the authors' scripts.
Components.   15 Pauli coefficients T_αβ (PRL 9); 6 components of two unit moments.
Source.       PRL 133, 266704 (2024), eqs. 1, 3, 9, 10; q-LL: Phys. Rev. Lett. 110, 147201 (2013).
"""

from collections.abc import Callable

import sympy as sp

from qllg_sym import DMI, ClassicalLLG, Exchange, Model, QuantumLL, QuantumLLG, Space, Zeeman
from qllg_sym.equations.components import Components

J, D, B_x, B_y, B_z, kappa, alpha = sp.symbols("J D B_x B_y B_z kappa alpha", real=True)


def model() -> Model:
    """Return the Hamiltonian of PRL 10.

    >>> [s.name for s in model().parameters]
    ['B_x', 'B_y', 'B_z', 'D', 'J']
    """
    return Model(Space("1/2", "1/2"), [Zeeman((B_x, B_y, B_z)), Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])


# Name of the generated files → components.
GENERATED: dict[str, Callable[[], Components]] = {
    "dimer_q_llg": lambda: QuantumLLG(kappa).derive(model()).pauli(),
    "dimer_q_ll": lambda: QuantumLL(kappa).derive(model()).pauli(),
    "dimer_llg": lambda: ClassicalLLG(alpha).derive(model()).moments(),
}
