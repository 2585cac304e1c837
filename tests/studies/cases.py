"""Studies that several tests share, of functions that other processes can import."""

import time

import numpy as np
import sympy as sp

import qllg_sym as q

J, D, B, KAPPA = sp.symbols("J D B kappa", real=True)
SPACE = q.Space.half(2)
DIMER = q.Model(SPACE, [q.Exchange(J, 0, 1), q.DMI((0, 0, D), 0, 1), q.Zeeman((0, 0, B))])
LAW, START, TIMES = q.QuantumLLG(KAPPA), q.states.product("up", "down"), np.array([0.0, 0.5, 2.0])
OVER = {"D": np.linspace(0, 1, 5), "kappa": [0.1, 0.5, 2.0]}
VALUES = {"J": 1.0, "B": 0.3}


def first_z(rho):
    """⟨σ_z⟩ of the first spin."""
    return (rho[0, 0] + rho[1, 1] - rho[2, 2] - rho[3, 3]).real


def slow_z(rho):
    """The same, taking its time."""
    time.sleep(0.003)
    return first_z(rho)


OBSERVE = {"B": "nonlocality", "E": "energy", "z": first_z, "xx": q.Pauli(1, "XX"), "r": "bloch1"}


def study(**changes):
    """The study of two axes, three observables more than those by name."""
    arguments = {"model": DIMER, "law": LAW, "state": START, "times": TIMES, "over": OVER, "values": VALUES,
                 "observe": OBSERVE, **changes}
    return q.sweep(**arguments)


def same(a, b):
    """Whether two Datasets hold the same bits under the same names."""
    return set(a.variables) == set(b.variables) and all(
        a[name].dims == b[name].dims and a[name].dtype == b[name].dtype
        and a[name].values.tobytes() == b[name].values.tobytes() for name in a.variables)
