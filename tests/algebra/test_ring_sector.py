"""How many kets of one wave number there are, against traces of projectors."""

from math import comb

import numpy as np
import pytest

from qllg_sym.algebra.ring_sector import RingSector
from ring_kets import projector


@pytest.mark.parametrize("sites", range(1, 8))
def test_dimensions_are_traces_of_projectors(sites):
    for down in range(sites + 1):
        assert sum(RingSector(sites, down, k).dimension for k in range(sites)) == comb(sites, down)
        for k in range(sites):
            for rho in [None, 1, -1] if 2 * k % sites == 0 else [None]:
                traced = round(np.trace(projector(sites, down, k, rho)).real)
                assert RingSector(sites, down, k, rho).dimension == traced


def test_reflections_are_told_apart():
    assert RingSector(6, 3, 3, 1).dimension + RingSector(6, 3, 3, -1).dimension == RingSector(6, 3, 3).dimension
    assert RingSector(6, 3, 3, 1).dimension != RingSector(6, 3, 3, -1).dimension
