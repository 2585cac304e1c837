"""Systems that the tests of the explicit forms share, and invariants of a state at 50 digits."""

import numpy as np
import sympy as sp
from mpmath import mp

import oracle
import qllg_sym as q
from strategies import random_hermitian

KAPPA, A = sp.symbols("kappa a", real=True)


def components_of(spins, law=None, seed=1):
    space = q.Space(*spins)
    rows = np.round(random_hermitian(np.random.default_rng(seed), space.dimension), 3)
    return (law or q.QuantumLLG(KAPPA)).derive(q.Model(space, [q.Operator(rows)])).coefficients()


def dimer(law=None):
    terms = [q.Zeeman((0.3, 0.1, 0.2)), q.Exchange(A, 0, 1), q.DMI((0, 0, 0.4), 0, 1)]
    return (law or q.QuantumLLG(KAPPA)).derive(q.Model(q.Space.half(2), terms)).pauli()


def state_of(components, p, seed=0):
    """Coordinates of a random matrix with the spectrum p."""
    g = np.random.default_rng(seed).normal(size=(2, len(p), len(p)))
    u = np.linalg.qr(g[0] + 1j * g[1])[0]
    basis = [np.array(a.tolist(), dtype=complex) for a in components.basis]
    return oracle.coordinates(basis, (u * p) @ u.conj().T)


def exact_invariants(components, y):
    """e2, …, ed at 50 digits of the very matrix that the doubles y describe, from the traces of its powers."""
    d = components.equation.model.space.dimension
    rho = mp.eye(d) / d
    for c, a, n in zip(y, components.basis, components.norms, strict=True):
        entries = [[mp.mpc(*(str(part.evalf(60)) for part in z.as_real_imag())) for z in row] for row in a.tolist()]
        rho += mp.mpf(c) / n * mp.matrix(entries)
    sums, power = [], mp.eye(d)
    for _ in range(d):
        power = power * rho
        sums.append(sum(power[i, i] for i in range(d)).real)
    e = [mp.mpf(1)]
    for k in range(1, d + 1):
        e.append(sum((-1)**(i - 1) * e[k - i] * sums[i - 1] for i in range(1, k + 1)) / k)
    return {f"e{k}": e[k] for k in range(2, d + 1)}
