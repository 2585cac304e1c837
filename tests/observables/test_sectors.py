"""Every observable of states of one total S_z is that of the same states on the whole space."""

import numpy as np
import pytest

from as_whole import check_as_whole, two_kets
from qllg_sym.algebra.sector import SectorDimensions, SpinSector
from qllg_sym.observables import observables
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sector_states import numbers_with, places, ranks

SECTORS = [(2, 1), (4, 0), (4, 4), (5, 2), (6, 3), (7, 1)]


def both(sites, down, background):
    """The same two kets with weights: of the sector, and padded with zeros as density matrices."""
    sector = SpinSector(sites, down)
    kets, weights, own = two_kets(sector.dimension, background, sites)
    chosen = [k for k in range(2**sites) if f"{k:b}".count("1") == down]
    rho = np.zeros((3, 2**sites, 2**sites), dtype=complex)
    rho[:, np.array(chosen)[:, None], chosen] = own
    return (Ensemble(SectorDimensions(sector), kets=kets, weights=weights, background=background),
            Ensemble((2,) * sites, density=rho))


@pytest.mark.parametrize(("sites", "down"), SECTORS)
@pytest.mark.parametrize("background", [0.0, 0.01])
def test_observables_are_those_of_the_whole_space(sites, down, background):
    parts = [(0,), (1,), (sites - 1, 0), tuple(range(sites))[::-1], tuple(range(0, sites, 2))]
    check_as_whole(*both(sites, down, background), parts, without=["nonlocality"] if sites == 2 else [])


def test_entropies_of_large_cuts_agree_from_both_sides():
    rng, sector = np.random.default_rng(0), SpinSector(13, 5)
    ket = rng.normal(size=(1, sector.dimension, 1)) + 1j * rng.normal(size=(1, sector.dimension, 1))
    state = Ensemble(SectorDimensions(sector), kets=ket / np.linalg.norm(ket), weights=[1])
    part = (12, 3, 5, 0)
    rest = [k for k in range(13) if k not in part]
    read = observables()["entanglement"].read
    assert read(state, part) == pytest.approx(read(state, rest), abs=1e-12)
    assert read(state, part, 2) == pytest.approx(read(state.whole(), part, 2), abs=1e-12)


@pytest.mark.parametrize(("sites", "down"), [(15, 7), (16, 2), (17, 15), (40, 2)])
def test_ranks_and_places_are_permutations(sites, down):
    sector = SpinSector(sites, down)
    states = numbers_with(sites, down)
    assert len(states) == sector.dimension
    assert (np.diff(states) > 0).all()
    assert (np.bitwise_count(states) == down).all()
    assert np.array_equal(ranks(sites, states), np.arange(len(states)))
    for part in ((0,), (sites - 1, 2, 7), tuple(range(5, 14))):
        assert np.array_equal(np.sort(places(sector, part)), np.arange(len(states)))
