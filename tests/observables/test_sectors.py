"""Every observable of states of one total S_z is that of the same states on the whole space."""

import numpy as np
import pytest

from qllg_sym.algebra.sector import SectorDimensions, SpinSector
from qllg_sym.observables import observables
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sector_states import numbers_with, places, ranks

DESCRIBED = "variance", "expectation", "fidelity", "population"      # they take operators and kets of the space
SECTORS = [(2, 1), (4, 0), (4, 4), (5, 2), (6, 3), (7, 1)]


def both(sites, down, background):
    """The same two kets with weights: of the sector, and padded with zeros as density matrices."""
    rng, sector = np.random.default_rng(sites), SpinSector(sites, down)
    d = sector.dimension
    r = min(2, d)
    kets = np.linalg.qr(rng.normal(size=(3, d, r)) + 1j * rng.normal(size=(3, d, r)))[0]
    weights = np.array([0.6, 0.4][:r]) / sum([0.6, 0.4][:r]) * (1 - background * d)
    chosen = [k for k in range(2**sites) if f"{k:b}".count("1") == down]
    rho = np.zeros((3, 2**sites, 2**sites), dtype=complex)
    rho[:, np.array(chosen)[:, None], chosen] = np.einsum("nir,r,njr->nij", kets, weights, kets.conj()) \
        + background * np.eye(d)
    return (Ensemble(SectorDimensions(sector), kets=kets, weights=weights, background=background),
            Ensemble((2,) * sites, density=rho))


@pytest.mark.parametrize(("sites", "down"), SECTORS)
@pytest.mark.parametrize("background", [0.0, 0.01])
def test_observables_are_those_of_the_whole_space(sites, down, background):
    own, whole = both(sites, down, background)
    assert np.abs(own.whole().density() - whole.density()).max() < 1e-15
    seen = 0
    for form in (own, Ensemble(own.dims, density=own.density())):
        for name, one in observables().items():
            if name in DESCRIBED or (sites == 2 and name == "nonlocality"):
                continue
            expected, found = one.read(whole, *one.example), one.read(form, *one.example)
            if name == "spectrum":
                expected, found = np.sort(expected)[:, -form.dimension:], np.sort(found)
            assert np.abs(np.asarray(expected) - found).max() < 1e-12, name
            seen += 1
        for part in [(0,), (1,), (sites - 1, 0), tuple(range(sites))[::-1], tuple(range(0, sites, 2))]:
            assert np.abs(form.reduced(part) - whole.reduced(part)).max() < 1e-14
    assert seen >= 20


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
