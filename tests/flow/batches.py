"""Batches that several tests solve."""

import numpy as np
import sympy as sp

import qllg_sym as q
from strategies import random_density

B, D, KAPPA, H = sp.symbols("B D kappa h", real=True)
DIMER = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((1, 0, 0)), q.Exchange(1, 0, 1), q.DMI((0, 0, D), 0, 1)])
DRIVEN = q.Model(DIMER.space, [*DIMER.terms, q.Zeeman((0, 0, B * sp.sin(2 * q.t)))])
SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B))])
LAW = q.QuantumLLG(KAPPA)
TIMES = np.linspace(0, 2, 5)
ROWS = 11                       # more than one vector of eight lanes, and not a multiple of it
AGREE = 1e-8                    # 100 × the tolerance
VALUES = {"D": np.linspace(-0.7, 0.7, ROWS), "kappa": np.linspace(0, 1.3, ROWS)}
MIXED = random_density(np.random.default_rng(7), 4, 4, ROWS)
