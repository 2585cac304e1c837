"""Linewidths of the study against populations and rates of dense NumPy, and a twin without its field."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from scipy import constants

from oracle import spin_matrices

WIDTH = import_module("qllg_sym.derivations").studies()["linewidth"]


@pytest.mark.parametrize(("kelvin", "field"), [(2.0, 0.0), (2.0, 0.5), (15.0, 0.5)])
def test_mn12_has_the_difference_of_its_populations(kelvin, field):
    """(p_0 − p_1) of the lowest level and the one that S₊ or S₋ leads to; wells of one energy share."""
    x, y, z = spin_matrices(10)
    one = np.eye(21)
    h = -0.46 * (z @ z - 110 / 3 * one)
    h = h - 2.2e-5 * (35 * z @ z @ z @ z - (30 * 110 - 25) * z @ z - 660 * one + 3 * 110**2 * one)
    plus = np.linalg.matrix_power(x + 1j * y, 4)
    h = h + 4e-5 * (plus + plus.conj().T) / 2
    bohr = constants.physical_constants["Bohr magneton"][0] / (constants.h * constants.c * 100)
    e, v = np.linalg.eigh(h - 2 * bohr * field * z)
    weights = np.exp(-(e - e[0]) * constants.h * constants.c * 100 / (constants.k * kelvin))
    p = weights / weights.sum()
    next_one = int(np.argmax(abs(v.conj().T @ (x + 1j * y) @ v)[:, 0] + abs(v.conj().T @ (x - 1j * y) @ v)[:, 0]))
    name = "q-LLG, in the field" if field else "q-LLG, 0 T"
    assert WIDTH.MOLECULE[name](WIDTH.QUICK, kelvin) == pytest.approx(p[0] - p[next_one], rel=1e-6)


def test_a_field_that_is_too_weak_is_told():
    weak = WIDTH.compute(replace(WIDTH.QUICK, field=0.01, points=3))
    assert [s.verdict for s in weak.statements] == ["holds"] * 4 + ["does not hold"]
    assert not weak.ok
