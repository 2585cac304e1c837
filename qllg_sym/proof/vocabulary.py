"""Letters that most theorems share: ρ, its velocity X, H, κ, and q-LLG itself as a hypothesis."""

import sympy as sp

from qllg_sym.equations.laws.quantum_ll import QuantumLL
from qllg_sym.equations.laws.quantum_llg import QuantumLLG
from qllg_sym.proof.language import Node, exponent, hypothesis, letters, pair, scalars
from qllg_sym.proof.laws import residual

rho, X, H = letters("rho X H")                  # state, its time derivative, Hamiltonian over ħ: all Hermitian
kappa, = scalars("kappa")
kappa_plus, = scalars("kappa", "nonnegative")  # the same name with κ ≥ 0; use one of the two in a theorem
n = exponent("n", least=1)
V, V_dag = pair("X", "X_dag")                   # the velocity where its Hermiticity is not assumed
_KAPPA = sp.Symbol("kappa", real=True)


def q_llg(velocity: Node = X, name: str = "R", hamiltonian: Node = H, state: Node = rho, damping: Node = kappa) -> Node:
    """Return q-LLG as a hypothesis on a velocity, read from the law (PRL 133, 266704 (2024), eq. 3).

    >>> q_llg().about[1].__str__()
    'X - i*[rho, H] - i*kappa*[rho, X]'
    """
    images = {"rho": state, "drho": velocity, "H": hamiltonian}
    return hypothesis(name, residual(QuantumLLG(_KAPPA), images, {"kappa": damping}))


def q_ll(velocity: Node = X, name: str = "R", hamiltonian: Node = H, state: Node = rho, damping: Node = kappa) -> Node:
    """Return Wieser's q-LL as a hypothesis on a velocity (Phys. Rev. Lett. 110, 147201 (2013))."""
    images = {"rho": state, "drho": velocity, "H": hamiltonian}
    return hypothesis(name, residual(QuantumLL(_KAPPA), images, {"kappa": damping}))


R = q_llg()
