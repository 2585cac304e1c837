"""Ensembles that several tests share, of functions that other processes can import."""

import numpy as np

import qllg_sym as q

DIMER = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1), q.DMI((0, 0, 0.4), 0, 1), q.Zeeman((0.5, 0, 1))])
CHAIN = q.Model(q.Space.half(6), [q.Exchange(0.2, k, k + 1) for k in range(5)] + [q.Zeeman((0, 0, 1))])
MIXED = np.diag([.55, .25, .15, .05])
CASES = {
    "invariant": {"state": MIXED},
    "local": {"state": q.states.product("up", "+x"), "bath": q.Bath(1, "local"), "law": q.QuantumLL(0.5)},
    "friction": {"state": MIXED, "bath": q.Bath(1, "local"), "law": q.LocalGilbert(0.5)},
    "kets": {"model": CHAIN, "state": q.states.product(*["up", "down"] * 3), "step": 0.02, "observe": None,
             "bath": q.Bath(0.3)},
    "classical": {"state": np.array([[1.0, 0, 0], [0, 1, 0]]), "law": q.ClassicalLLG(0.5), "observe": None},
}


def first_z(rho):
    """⟨σ_z⟩ of the first spin."""
    return (rho[0, 0] + rho[1, 1] - rho[2, 2] - rho[3, 3]).real


OBSERVE = {"z": first_z, "last": "bloch1", "header": q.Pauli(1, "ZZ")}      # names that files have, too


def ensemble(name="invariant", **changes):
    """Some hundred trajectories of two spins."""
    arguments = {"model": DIMER, "law": q.QuantumLLG(0.5), "times": [0, 0.2, 0.5], "bath": q.Bath(1),
                 "trajectories": 300, "seed": 9, "step": 0.05, "observe": OBSERVE, **CASES[name], **changes}
    return q.langevin(**arguments)


def same(a, b):
    """Whether two ensembles hold the same bits under the same names."""
    return list(a.samples) == list(b.samples) and a.last.tobytes() == b.last.tobytes() and all(
        a.samples[name].tobytes() == b.samples[name].tobytes() for name in a.samples)
