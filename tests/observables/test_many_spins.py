"""Many spins: closed forms of GHZ, W, singlets and coherent states at sizes without density matrices, and memory."""

import math
import tracemalloc
from itertools import combinations

import numpy as np
import pytest
import qutip
from hypothesis import given, settings
from hypothesis import strategies as st

from qllg_sym.observables import observables
from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.concurrence import concurrence
from qllg_sym.observables.correlation import correlation
from qllg_sym.observables.correlations import correlations
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.entanglement import entanglement
from qllg_sym.observables.mutual_information import mutual_information
from qllg_sym.observables.nonlocality import nonlocality
from qllg_sym.observables.operators import MatrixFree
from qllg_sym.observables.profile import profile
from qllg_sym.observables.renyi import entropy_of, renyi
from strategies import low_rank_parts, random_kets

LN2 = math.log(2)


def pure(vector, dims):
    return Ensemble(dims, kets=np.asarray(vector, dtype=complex).reshape(1, -1, 1), weights=[1])


def w_state(sites):
    """One spin down, anywhere: |W⟩."""
    vector = np.zeros(2**sites)
    vector[2 ** np.arange(sites)] = sites**-0.5
    return pure(vector, (2,) * sites)


def ghz(sites):
    vector = np.zeros(2**sites)
    vector[[0, -1]] = 0.5**0.5
    return pure(vector, (2,) * sites)


def binary(p):
    """The entropy of probabilities p, 1 − p."""
    return -p * math.log(p) - (1 - p) * math.log1p(-p)


def check_w(ensemble, n):
    """Compare everything known of W: ⟨z⟩ = 1 − 2/n, ⟨zz⟩ = 1 − 4/n, ⟨xx⟩ = ⟨yy⟩ = C = 2/n, k sites hold h(k/n)."""
    expected = np.tile([0, 0, 1 - 2 / n], (1, n, 1))
    np.testing.assert_allclose(profile(ensemble), expected, atol=1e-14)
    pair = np.diag([2 / n, 2 / n, 1 - 4 / n])
    np.testing.assert_allclose(correlation(ensemble, n - 1, 1)[0], pair, atol=1e-14)
    connected = pair - np.diag([0, 0, (1 - 2 / n) ** 2])
    np.testing.assert_allclose(correlation(ensemble, 0, n // 2, connected=True)[0], connected, atol=1e-14)
    assert concurrence(ensemble, 2, n - 2) == pytest.approx(2 / n)
    for part in (n // 3, range(n // 2), range(1, n, 4), range(n - 1)):
        share = len(part) / n if isinstance(part, range) else 1 / n
        assert entanglement(ensemble, part) == pytest.approx(binary(share))
        assert entanglement(ensemble, part, 2) == pytest.approx(-math.log(share**2 + (1 - share) ** 2))
    assert mutual_information(ensemble, 0, (3, 5)) == pytest.approx(binary(1 / n) + binary(2 / n) - binary(3 / n))


@pytest.mark.parametrize("sites", [7, 10, 13, pytest.param(20, marks=pytest.mark.slow)])
def test_w_states(sites):
    check_w(w_state(sites), sites)


def test_twenty_spins_are_everyday_use():
    ensemble = w_state(20)
    np.testing.assert_allclose(profile(ensemble)[0, :, 2], 0.9, atol=1e-14)
    assert concurrence(ensemble, 3, 18) == pytest.approx(0.1)
    assert entanglement(ensemble, (2, 9, 10, 19)) == pytest.approx(binary(0.2))


def test_the_check_of_w_states_sees_a_site_that_differs():
    vector = np.array(w_state(7).kets[0, :, 0])
    vector[2**3] *= -1  # one sign: concurrences and profile stay, correlations and two-site entropies do not
    vector[2**6] *= 1 + 1e-9
    with pytest.raises(AssertionError):
        check_w(pure(vector, (2,) * 7), 7)


@pytest.mark.parametrize("sites", [12, pytest.param(20, marks=pytest.mark.slow)])
def test_ghz_states(sites):
    ensemble, last, half = ghz(sites), sites - 1, sites // 2
    np.testing.assert_allclose(profile(ensemble), 0, atol=1e-15)
    for part in (0, range(half), (last, 3, 7)):
        for order in (0, 1, 2, math.inf):
            assert entanglement(ensemble, part, order) == pytest.approx(LN2)
    assert mutual_information(ensemble, 0, last) == pytest.approx(LN2)  # only classical correlation between two
    assert mutual_information(ensemble, range(half), range(half, sites)) == pytest.approx(2 * LN2)
    assert nonlocality(ensemble, 4, 11) == pytest.approx(0, abs=1e-7)


def test_a_mixture_of_ghz_and_the_identity():
    n, p = 6, 0.7
    b = (1 - p) / 2**n
    ensemble = Ensemble((2,) * n, kets=ghz(n).kets, weights=[p], background=b)
    half = [p / 2 + 8 * b] * 2 + [8 * b] * 6  # of three sites, eight levels
    assert entanglement(ensemble, (0, 2, 4)) == pytest.approx(-sum(x * math.log(x) for x in half))
    whole = [p + b] + [b] * 63
    assert renyi(ensemble, 1) == pytest.approx(-sum(x * math.log(x) for x in whole))
    assert renyi(ensemble, 0) == pytest.approx(n * LN2)
    entropies = -2 * sum(x * math.log(x) for x in half) + sum(x * math.log(x) for x in whole)
    assert mutual_information(ensemble, (0, 1, 2), (3, 4, 5)) == pytest.approx(entropies)


def test_entropies_of_a_state_too_large_for_its_spectrum():
    d = 2**40  # no array of this size exists: levels and their multiplicity are enough
    p = np.array([[0.5 + 0.5 / d]])
    assert entropy_of(p, 1, 0.5 / d, d - 1) == pytest.approx(0.5 * LN2 + 0.5 * math.log(2 * d), rel=1e-11)


def test_all_pairs_of_singlets():
    """Singlets on (0, 3), (1, 4), (2, 5) and nothing between them; the total spin is zero."""
    singlet = np.array([[0, 1], [-1, 0]]) / 2**0.5
    ensemble = pure(np.einsum("ad,be,cf->abcdef", singlet, singlet, singlet), (2,) * 6)
    found = correlations(ensemble)[0]
    expected = np.zeros((6, 6, 3, 3))
    for i in range(6):
        expected[i, i], expected[i, (i + 3) % 6] = np.eye(3), -np.eye(3)
    np.testing.assert_allclose(found, expected, atol=1e-14)
    assert entanglement(ensemble, (0, 1, 2)) == pytest.approx(3 * LN2)
    assert entanglement(ensemble, (0, 3, 1)) == pytest.approx(LN2)
    assert mutual_information(ensemble, 0, 3) == pytest.approx(2 * LN2)
    assert mutual_information(ensemble, (0, 3), (1, 4)) == pytest.approx(0, abs=1e-13)


DIRECTIONS = ((0.3, 0.2), (2.2, -0.7), (1.1, 3.0), (0.0, 0.0), (2.9, 1.3))


def coherent(spins):
    """A product of QuTiP's spin-coherent states, and its Bloch vectors."""
    states = [qutip.spin_coherent(s, *angles) for s, angles in zip(spins, DIRECTIONS, strict=False)]
    vectors = [
        (math.sin(theta) * math.cos(phi), math.sin(theta) * math.sin(phi), math.cos(theta))
        for theta, phi in DIRECTIONS[: len(spins)]
    ]
    return pure(qutip.tensor(states).full(), [int(2 * s + 1) for s in spins]), np.array(vectors)


@pytest.mark.parametrize("spins", [(0.5,) * 5, (0.5, 1, 1.5), (1.5, 0.5, 20, 1), (20, 25), (50,)])
def test_coherent_states_of_any_spins(spins):
    """⟨S_i⟩ = s n, ⟨S_i^k S_j^l⟩ = s² n_k n_l, on one site s² n_k n_l + s/2 (δ_kl − n_k n_l)."""
    ensemble, n = coherent(spins)
    np.testing.assert_allclose(profile(ensemble)[0], n, atol=1e-13)
    found = correlations(ensemble)[0]
    for i, s in enumerate(spins):
        square = np.outer(n[i], n[i]) * (1 - 1 / (2 * s)) + np.eye(3) / (2 * s)
        np.testing.assert_allclose(found[i, i], square, atol=1e-12)
        for j in set(range(len(spins))) - {i}:
            np.testing.assert_allclose(found[i, j], np.outer(n[i], n[j]), atol=1e-12)
            np.testing.assert_allclose(correlation(ensemble, i, j, connected=True), 0, atol=1e-12)


@pytest.mark.parametrize("s", [1, 8, 20])
def test_two_large_spins_in_a_singlet(s):
    """⟨S_1^k S_2^l⟩/s² = −δ_kl (s + 1)/(3s), each of 2s + 1 levels equally likely; halved by a background."""
    d = 2 * s + 1
    vector = np.fliplr(np.diag((-1.0) ** np.arange(d))) / d**0.5
    mixed = Ensemble((d, d), kets=vector.reshape(1, -1, 1), weights=[0.5], background=0.5 / d**2)
    expected = -np.eye(3) * (s + 1) / (3 * s)
    np.testing.assert_allclose(correlation(mixed)[0], expected / 2, atol=1e-13)
    np.testing.assert_allclose(correlation(pure(vector, (d, d)))[0], expected, atol=1e-13)
    assert entanglement(pure(vector, (d, d)), 1) == pytest.approx(math.log(d))


@settings(max_examples=25, deadline=None)
@given(low_rank_parts(dims=((2, 2, 2), (2, 3, 4), (3, 2, 2))), st.data())
def test_entropies_of_parts_are_those_of_qutip(parts, data):
    dims, kets, weights, background = parts
    ensemble = Ensemble(dims, kets=kets, weights=weights, background=background)
    order = data.draw(st.permutations(range(3)))
    part, other = order[:1], order[1 : data.draw(st.integers(2, 3))]
    for k, rho in enumerate(ensemble.density()):
        state = qutip.Qobj(rho, dims=[list(dims)] * 2)
        both = qutip.entropy_vn(state.ptrace([*part, *other])) if len(other) < 2 else qutip.entropy_vn(state)
        one, two = qutip.entropy_vn(state.ptrace(part)), qutip.entropy_vn(state.ptrace(other))
        assert entanglement(ensemble, part)[k] == pytest.approx(one, abs=1e-12)
        assert entanglement(ensemble, other)[k] == pytest.approx(two, abs=1e-12)
        assert mutual_information(ensemble, part, other)[k] == pytest.approx(one + two - both, abs=1e-12)


def test_negative_weights_in_a_cut():
    """1/4 − P/4·… of a Werner state with p < 0, and a part larger than its complement."""
    kets = np.kron(np.array([0, 1, -1, 0]) / 2**0.5, [1, 0]).reshape(1, 8, 1)
    ensemble = Ensemble((2, 2, 2), kets=kets, weights=[-0.1], background=1.1 / 8)
    dense = Ensemble((2, 2, 2), density=ensemble.density())
    for part in ((0,), (2, 0), (0, 1), (1, 2)):
        levels = np.linalg.eigvalsh(dense.reduced(part)[0])
        assert entanglement(ensemble, part) == pytest.approx(-np.sum(levels * np.log(levels)))


N = 16
KET = 16 * 2**N
MOST = 8  # kets of temporary memory, whatever the number of times
HALF = tuple(range(0, N, 2))


def staggered():
    """Σ (−1)^i σz_i as a function of kets alone."""
    signs = np.zeros(1)
    for i in range(N):
        signs = np.add.outer(signs, (-1) ** i * np.array([1.0, -1.0])).ravel()
    return MatrixFree(2**N, lambda kets: signs[:, None] * kets, lambda: (0.0, float(np.sum(signs**2))))


def arguments(kets):
    one, operator = kets[0, :, 0], staggered()
    return {
        "bloch": (3,), "correlation": (1, N - 2), "concurrence": (1, N - 2), "nonlocality": (0, N - 1),
        "reduced": ((0, 5, 2),), "expectation": (operator,), "variance": (operator,), "fidelity": (one,),
        "population": (one,), "entanglement": (HALF,), "mutual_information": ((0, 1), (4, 5)), "renyi": (2,),
    }  # fmt: skip


def temporary(function, ensemble, *given):
    """Return the peak of memory that a call takes, in kets."""
    tracemalloc.start()
    try:
        function(ensemble, *given)
        return tracemalloc.get_traced_memory()[1] / KET
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def sixteen():
    kets = random_kets(np.random.default_rng(8), 2**N, 1, times=9)
    return Ensemble((2,) * N, kets=kets, weights=[0.9], background=0.1 / 2**N)


@pytest.mark.parametrize("name", sorted(set(observables()) - {"spectrum", "tensor", "pauli"}))  # as large as they are
def test_memory_is_a_few_kets(sixteen, name):
    assert temporary(observables()[name].read, sixteen, *arguments(sixteen.kets).get(name, ())) < MOST


def test_an_observable_that_copies_all_kets_is_caught(sixteen):
    assert temporary(lambda ensemble: ensemble.kets.conj() * ensemble.kets, sixteen) > MOST


def test_profile_and_correlations_are_their_parts():
    kets = np.linalg.qr(random_kets(np.random.default_rng(1), 2**7, 3, times=2))[0]
    ensemble = Ensemble((2,) * 7, kets=kets, weights=[0.5, 0.3, 0.1], background=0.1 / 2**7)
    vectors, pairs, connected = profile(ensemble), correlations(ensemble), correlations(ensemble, connected=True)
    for i, j in combinations(range(7), 2):
        np.testing.assert_allclose(vectors[:, i], bloch(ensemble, i), atol=1e-14)
        np.testing.assert_allclose(pairs[:, i, j], correlation(ensemble, i, j), atol=1e-14)
        np.testing.assert_allclose(pairs[:, j, i], correlation(ensemble, j, i), atol=1e-14)
        np.testing.assert_allclose(connected[:, i, j], correlation(ensemble, i, j, connected=True), atol=1e-14)
