"""The dimer in explicit matrices with exact entries: Pauli strings, H/ħ, commutators."""

import numpy as np
import sympy as sp

SIGMA = [sp.eye(2), sp.Matrix([[0, 1], [1, 0]]), sp.Matrix([[0, -sp.I], [sp.I, 0]]), sp.diag(1, -1)]
STRINGS = [sp.kronecker_product(SIGMA[i], SIGMA[j]) for i in range(4) for j in range(4)][1:]


def rationals(seed, n):
    return [sp.Rational(int(x), 7) for x in np.random.default_rng(seed).integers(-9, 10, n)]


def hamiltonian(J, D, B):
    """The dimer's H/ħ from Pauli matrices: B enters as γ ħ B·σ/2."""
    site = [[sp.kronecker_product(m, SIGMA[0]), sp.kronecker_product(SIGMA[0], m)] for m in SIGMA[1:]]
    (x0, x1), (y0, y1), (z0, z1) = site
    hbar = sp.Rational(2, 3)
    H = J * (x0 * x1 + y0 * y1 + z0 * z1) + D * (z0 * x1 - x0 * z1) + (x0 * y1 - y0 * x1) / 2
    return (H - hbar / 2 * (B * (x0 + x1) + z0 + z1)) / hbar


def commutator(x, y):
    return x @ y - y @ x
