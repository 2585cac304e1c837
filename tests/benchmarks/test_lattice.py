"""The lattice that is timed: peers and the toolkit move the same moments alike, and the section has its rows."""

import numpy as np

from qllg_sym.benchmarks import lattice, lattice_peers
from qllg_sym.flow.native.lattice import PlainLattice

ENERGIES = lattice.J, lattice.D, lattice.K, lattice.B


def test_the_peer_takes_the_same_steps():
    side, steps = 16, 5
    rates, m = lattice.loops(side), lattice.start(side)
    rows = np.ascontiguousarray(m.reshape(-1, 3).T)
    p = np.zeros(0)
    for loops in (rates.loops, PlainLattice()):
        moved, ahead, slopes = rows.copy(), np.empty_like(rows), np.empty_like(rows)
        loops.heun(rates.coupled(0.0, p), rates.turns(0.0, p), steps, lattice.STEP, moved, ahead, slopes)
        peer = m
        for _ in range(steps):
            peer = lattice_peers.chiral_heun(peer, ENERGIES, lattice.ALPHA, lattice.STEP)
        assert abs(moved.T.reshape(side, side, 3) - peer).max() < 1e-14
        other = m
        for _ in range(steps):
            other = lattice_peers.chiral_heun(other, (lattice.J, -lattice.D, lattice.K, lattice.B), lattice.ALPHA,
                                              lattice.STEP)
        assert abs(other - peer).max() > 1e-3       # the sign of the DMI is seen


def test_the_section_has_its_rows():
    section = lattice.lattices(True)
    assert [row.name for row in section.rows] == ["qllg_sym, Heun, 1 thread", "qllg_sym, Heun, 2 threads",
                                                  "spirit, Heun", "NumPy, Heun"]
    for row in section.rows:
        assert row.seconds is not None or "spirit" in row.name
    assert section.ratio(section.rows[0]) == 1
