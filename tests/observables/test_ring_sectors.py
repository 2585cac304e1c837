"""Every observable of states of one wave number is that of the same states on the whole space."""

import numpy as np
import pytest

from as_whole import check_as_whole, two_kets
from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.sector import SectorDimensions
from qllg_sym.observables import observables
from qllg_sym.observables.ensemble import Ensemble
from ring_kets import columns, states_of


def both(sites, down, momentum, reflection, background):
    """The same two kets with weights: of the sector, and as density matrices of the whole space."""
    basis = columns(sites, down, momentum, reflection)
    kets, weights, own = two_kets(basis.shape[1], background, sites)
    chosen, rho = states_of(sites, down), np.zeros((3, 2**sites, 2**sites), dtype=complex)
    rho[:, np.array(chosen)[:, None], chosen] = basis @ own @ basis.conj().T
    dims = SectorDimensions(RingSector(sites, down, momentum, reflection))
    return Ensemble(dims, kets=kets, weights=weights, background=background), Ensemble((2,) * sites, density=rho)


@pytest.mark.parametrize("given", [(4, 1, 3, None), (5, 2, 1, None), (6, 3, 3, -1), (6, 2, 0, 1)])
@pytest.mark.parametrize("background", [0.0, 0.01])
def test_observables_are_those_of_the_whole_space(given, background, monkeypatch):
    monkeypatch.setattr("qllg_sym.observables.ring_states._STATES", 4)
    monkeypatch.setattr("qllg_sym.observables.ring_states._TOP", 3)
    check_as_whole(*both(*given, background), [(0,), (given[0] - 1, 0), tuple(range(given[0]))[::-1]])


def test_another_wave_number_is_another_state():
    own, _ = both(5, 2, 1, None, 0.0)
    other = Ensemble(SectorDimensions(RingSector(5, 2, 2)), kets=own.kets, weights=own.weights)
    assert np.abs(own.whole().density() - other.whole().density()).max() > 0.1
    with pytest.raises(ValueError, match="must be one state of sites"):
        observables()["fidelity"].read(own, other[:1])
