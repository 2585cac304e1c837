"""Structure factors against sums over all levels: rings by their momenta, thermal ones by all, and sum rules.

The denominators of the response are typed a second time on purpose.
"""

import numpy as np
import pytest
from scipy import sparse

import qllg_sym as q
from qllg_sym.spectra.large import LargePure

SIGMA = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]


def ring(sites, field=0.0):
    """A ring with σ·σ on every bond."""
    return q.Model(q.Space.half(sites), [*(q.Exchange(1, i, (i + 1) % sites) for i in range(sites)),
                                         q.Zeeman((0, 0, field))])


def lehmann(sites, number):
    """⟨n|S_k|0⟩² and E_n − E_0 of all levels n of one momentum, by blocks of S_z = 0: no line of the package."""
    bits = np.array([b for b in range(1 << sites) if b.bit_count() == sites // 2])
    place = {int(b): i for i, b in enumerate(bits)}
    up = np.array([[1 - 2 * (int(b) >> (sites - 1 - j) & 1) for j in range(sites)] for b in bits])
    terms = []
    for i, b in enumerate(bits):
        for j in range(sites):
            mask = 1 << (sites - 1 - j) | 1 << (sites - 1 - (j + 1) % sites)
            differ = (int(b) & mask).bit_count() == 1
            terms.append((i, i, -1.0 if differ else 1.0))
            if differ:
                terms.append((place[int(b) ^ mask], i, 2.0))
    rows, columns, entries = zip(*terms, strict=True)
    h = sparse.csr_array((entries, (rows, columns)), shape=(len(bits), len(bits)))

    def sector(k):
        """Columns (1/√n) Σ_r e^{−ikr} T^r |b⟩, one an orbit."""
        seen, found = set(), []
        for b in map(int, bits):
            if b in seen:
                continue
            column, turned = {}, b
            for r in range(sites):
                seen.add(turned)
                column[place[turned]] = column.get(place[turned], 0) + np.exp(-1j * k * r)
                turned = turned >> 1 | (turned & 1) << (sites - 1)
            norm = np.sqrt(sum(abs(c)**2 for c in column.values()))
            if norm > 1e-6:
                found.append({i: c / norm for i, c in column.items()})
        index = [(i, n, c) for n, column in enumerate(found) for i, c in column.items()]
        i, n, c = zip(*index, strict=True)
        return sparse.csr_array((c, (i, n)), shape=(len(bits), len(found)))
    lowest = np.pi * (sites // 2 % 2)                       # Marshall's sign: the momentum of the ground state
    first = sector(lowest)
    energies, vectors = np.linalg.eigh((first.conj().T @ h @ first).toarray())
    k = 2 * np.pi * number / sites
    ket = (up / 2 @ np.exp(1j * k * np.arange(sites))) * (first @ vectors[:, 0])
    block = sector(lowest + k)
    if np.linalg.norm(block.conj().T @ ket) < 1e-6:         # which way is which does not matter
        block = sector(lowest - k)
    levels, above = np.linalg.eigh((block.conj().T @ h @ block).toarray())
    return abs(above.conj().T @ (block.conj().T @ ket))**2, levels - energies[0], np.linalg.norm(ket)**2


@pytest.mark.parametrize(("sites", "number"), [(10, 2), (12, 6), pytest.param(16, 5, marks=pytest.mark.slow)])
def test_a_ring_is_the_sum_over_every_level_of_one_momentum(sites, number):
    kappa, omega = 0.03, np.linspace(0.2, 18, 300)
    response = q.response(ring(sites), q.QuantumLLG(kappa), "ground")
    assert isinstance(response.computed, LargePure)
    found = response.structure_factor(("Sz", 2 * np.pi * number / sites), omega)
    weights, gaps, total = lehmann(sites, number)
    assert weights.sum() == pytest.approx(total, rel=1e-12)         # all of S_k|0⟩ has this momentum
    below = np.array([gaps - omega[:, None] * (1 + 1j * kappa), gaps + omega[:, None] * (1 - 1j * kappa)])
    expected = (weights / below).sum(axis=(0, 2)).imag / np.pi
    assert abs(found.intensity - expected).max() <= 3 * found.error.max() + 1e-9 * expected.max()
    assert 0 <= found.error.max() < 1e-7 * expected.max()
    broken = (weights / below[:, :, ::-1]).sum(axis=(0, 2)).imag / np.pi
    assert abs(found.intensity - broken).max() > 0.1 * expected.max()


def dense(sites, k, field):
    """H of a ring and S_k as matrices."""
    def at(m, i):
        return np.kron(np.kron(np.eye(2**i), m), np.eye(2**(sites - 1 - i)))
    h = sum(at(a, i) @ at(a, (i + 1) % sites) for i in range(sites) for a in SIGMA) + 0j
    h -= field / 2 * sum(at(SIGMA[2], i) for i in range(sites))
    return h, sum(np.exp(1j * k * i) * at(SIGMA[2], i) / 2 for i in range(sites))


def thermal(sites, k, field, kT):
    """Weights p_j|⟨k|A|j⟩|² and frequencies of every pair."""
    h, a = dense(sites, k, field)
    e, v = np.linalg.eigh(h)
    p = np.exp(-(e - e[0]) / kT)
    return (p / p.sum() * abs(v.conj().T @ a @ v)**2).ravel(), (e[:, None] - e).ravel()


@pytest.mark.parametrize("kT", [0.3, 4.0])
def test_random_kets_are_the_trace_within_their_errors(kT):
    sites, sigma, omega = 8, 0.6, np.linspace(-20, 30, 101)
    k = 2 * np.pi * 3 / sites
    found = q.structure_factor(ring(sites, 0.3), ("Sz", k), omega, kT=kT, resolution=sigma, kets=20, seed=5)
    weights, places = thermal(sites, k, 0.3, kT)
    expected = np.exp(-(omega[:, None] - places)**2 / (2 * sigma**2)) @ weights / np.sqrt(2 * np.pi) / sigma
    off = abs(found.intensity - expected)
    assert (off <= 4 * found.error + 1e-9).all()
    assert off.max() < 0.15 * expected.max()
    if kT < 1:          # one level alone: a ket cooled so far is the ground state
        assert off.max() < 1e-3 * expected.max()
    assert found.error.max() > 0
    again = q.structure_factor(ring(sites, 0.3), ("Sz", k), omega, kT=kT, resolution=sigma, kets=20, seed=5)
    assert (again.intensity == found.intensity).all()


def test_errors_fall_as_the_root_of_the_kets():
    few, many = (q.structure_factor(ring(6), ("Sz", np.pi), [5.0, 8.0], kT=8.0, resolution=2.0, kets=n).error.mean()
                 for n in (8, 128))
    assert 2 < few / many < 8


def test_no_matrix_is_made_of_a_conserved_spin():
    """Total S_z is at rest: all of it is elastic, a Gaussian about 0 with the variance of the spin."""
    found = q.structure_factor(q.Model(q.Space("1", "1/2"), [q.Exchange(0.5, 0, 1), q.Zeeman((0, 0, 1))]), "Sz",
                               np.linspace(-3, 3, 61), kT=1.0, resolution=0.4, kets=60, seed=1)
    shape = np.exp(-found.omega**2 / 0.32)
    height = found.intensity[30]
    assert found.intensity == pytest.approx(height * shape, abs=1e-9 * height)
    states = [(e, m) for s, e in {3 / 2: 1.0, 1 / 2: -2.0}.items() for m in np.arange(-s, s + 1)]
    p = np.exp(-np.array([e - m for e, m in states]))
    mean = (p * np.array([m for _, m in states])**2).sum() / p.sum()
    assert abs(height * np.sqrt(2 * np.pi) * 0.4 - mean) < 4 * found.error[30] * np.sqrt(2 * np.pi) * 0.4


def test_a_thermal_pair_by_fluctuation_and_dissipation():
    """Against the sum over pairs of levels with q-LLG's own denominators; detailed balance is its factor."""
    kappa, kT, omega = 0.2, 1.5, np.array([0.3, 1.0, 2.5, 4.4])
    model = q.Model(q.Space("1/2", "1/2"), [q.Zeeman((0.3, 0.2, 1)), q.Exchange(1, 0, 1)])
    h = sum(np.kron(a, a) for a in SIGMA) - sum(b / 2 * (np.kron(s, np.eye(2)) + np.kron(np.eye(2), s))
                                                for b, s in zip((0.3, 0.2, 1), SIGMA, strict=True))
    e, v = np.linalg.eigh(h)
    p = np.exp(-e / kT) / np.exp(-e / kT).sum()
    a = v.conj().T @ np.kron(SIGMA[2], np.eye(2)) @ v / 2
    gap, turn = p[:, None] - p, e[:, None] - e
    chi = [(abs(a)**2 * gap / (w * (1 - 1j * kappa * gap) - turn)).sum() for w in omega]
    found = q.response(model, q.QuantumLLG(kappa), q.states.thermal(model, 1 / kT)).structure_factor(
        model.space.spin(0).z, omega, kT)
    assert found.intensity == pytest.approx(np.imag(chi) / np.pi / (1 - np.exp(-omega / kT)), rel=1e-12)
    assert (found.error == 0).all()


def test_a_cluster_has_weights_of_its_own():
    """exp(iq·R) of each site, by both ways to compute a response."""
    weights = np.exp(1j * np.array([0.0, 0.7, 2.1, 2.9]))
    square = q.Model(q.Space.half(4), [*(q.Exchange(1, i, (i + 1) % 4) for i in range(4)), q.Zeeman((0.1, 0, 0.4))])
    found = q.response(square, q.QuantumLLG(0.1), "ground")
    a = sum(w * np.kron(np.kron(np.eye(2**i), SIGMA[2] / 2), np.eye(2**(3 - i))) for i, w in enumerate(weights))
    omega = [0.5, 3.0, 7.0]
    expected = found.susceptibility(a, a.conj().T, omega).imag / np.pi
    assert found.structure_factor(("Sz", weights), omega).intensity == pytest.approx(expected, rel=1e-12)
    large = q.Response(square, found.law, LargePure(found.computed.problem), ())
    assert large.structure_factor(("Sz", list(weights)), omega).intensity == pytest.approx(expected, rel=1e-8)
    assert expected.max() > 0.01


def test_units_are_those_of_the_model():
    """ħ ≠ 1: the sum rule ∫S dω = ⟨S_x²⟩ of a narrow line of one spin in its ground state."""
    units = q.Units("meV", "ps")
    spin = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 7.0))], units=units)
    place = units.gamma * 7.0
    omega = place + np.linspace(-400, 400, 200_001) * 1e-3 * place
    found = q.response(spin, q.QuantumLLG(1e-3), "ground").structure_factor("Sx", omega)
    assert np.trapezoid(found.intensity, omega) == pytest.approx(0.25, rel=3e-3)
    _, axes = found.plot()
    assert "rad/ps" in axes[0].get_xlabel()


def test_a_resolution_that_takes_a_million_times_is_refused():
    with pytest.raises(q.InputError, match=r"`resolution` must be more than 1.1e-05 here, which takes 1,000,000 times"):
        q.structure_factor(q.Model(q.Space.half(2), [q.Exchange(-1, 0, 1)]), "Sz", [1.0], 1.0, 1e-8)
