"""Values of the observables against closed forms and QuTiP."""

import math

import mpmath
import numpy as np
import pytest
import qutip
from hypothesis import given
from hypothesis import strategies as st

from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.concurrence import concurrence
from qllg_sym.observables.correlation import correlation
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.entropy import entropy
from qllg_sym.observables.expectation import expectation
from qllg_sym.observables.nonlocality import nonlocality
from qllg_sym.observables.pauli import pauli
from qllg_sym.observables.purity import purity
from qllg_sym.observables.reduced import reduced
from qllg_sym.observables.renyi import renyi
from qllg_sym.observables.spectrum import spectrum
from qllg_sym.observables.tensor import tensor
from strategies import densities, examples, low_rank_parts, random_density, random_hermitian, random_kets, seeds

H = 0.5**0.5
BELL = {"psi-": (0, H, -H, 0), "psi+": (0, H, H, 0), "phi+": (H, 0, 0, H), "phi-": (H, 0, 0, -H)}
CORRELATION = {"psi-": (-1, -1, -1), "psi+": (1, 1, -1), "phi+": (1, -1, 1), "phi-": (-1, 1, 1)}
GHZ = np.array([H, 0, 0, 0, 0, 0, 0, H])
W = np.array([0, 1, 1, 0, 1, 0, 0, 0]) / 3**0.5


def ket(vector, dims):
    return Ensemble(dims, kets=np.asarray(vector, dtype=complex).reshape(1, -1, 1), weights=[1])


def werner(name, p):
    return Ensemble((2, 2), kets=np.reshape(BELL[name], (1, 4, 1)), weights=[p], background=(1 - p) / 4)


def both(ensemble):
    return ensemble, Ensemble(ensemble.dims, density=ensemble.density())


@pytest.mark.parametrize("name", BELL)
@pytest.mark.parametrize("p", [1, 0.9, 0.75, 0.6, 1 / 3, 0.2, 0])
def test_werner_states(name, p):
    for ensemble in both(werner(name, p)):
        assert concurrence(ensemble) == pytest.approx(max(0, (3 * p - 1) / 2), abs=1e-14)
        assert nonlocality(ensemble) == pytest.approx(math.sqrt(max(2 * p * p - 1, 0)), abs=1e-14)
        np.testing.assert_allclose(correlation(ensemble)[0], p * np.diag(CORRELATION[name]), atol=1e-15)
        np.testing.assert_allclose(spectrum(ensemble)[0], [(1 + 3 * p) / 4] + [(1 - p) / 4] * 3, atol=1e-15)
        assert purity(ensemble) == pytest.approx((1 + 3 * p * p) / 4)
        np.testing.assert_allclose(bloch(ensemble, 1), 0, atol=1e-15)


def test_bell_diagonal_state_with_three_different_correlations():
    probabilities = dict(zip(BELL, (0.8, 0.15, 0.05, 0), strict=True))
    kets = np.array(list(BELL.values())).T[None]
    for ensemble in both(Ensemble((2, 2), kets=kets, weights=list(probabilities.values()))):
        np.testing.assert_allclose(correlation(ensemble)[0], np.diag([-0.6, -0.7, -0.9]), atol=1e-15)
        assert nonlocality(ensemble) == pytest.approx(np.sqrt(0.9**2 + 0.7**2 - 1))
        assert concurrence(ensemble) == pytest.approx(2 * 0.8 - 1)


def test_zero_nonlocality_is_not_zero_entanglement():
    assert nonlocality(werner("psi-", 0.6)) == 0
    assert concurrence(werner("psi-", 0.6)) == pytest.approx(0.4)


@given(seeds)
def test_products_of_pure_spins_have_neither(seed):
    a, b = random_kets(np.random.default_rng(seed), 2, 1, times=2)[:, :, 0]
    ensemble = ket(np.kron(a, b), (2, 2))
    assert concurrence(ensemble) < 1e-7
    assert nonlocality(ensemble) < 1e-7
    np.testing.assert_allclose(
        correlation(ensemble)[0], np.outer(bloch(ensemble, 0)[0], bloch(ensemble, 1)[0]), atol=1e-14
    )


@given(seeds)
def test_concurrence_of_a_pure_pair(seed):
    a, b, c, d = vector = random_kets(np.random.default_rng(seed), 4, 1)[0, :, 0]
    ensemble = ket(vector, (2, 2))
    assert concurrence(ensemble) == pytest.approx(2 * abs(a * d - b * c), abs=1e-7)
    assert nonlocality(ensemble) == pytest.approx(2 * abs(a * d - b * c), abs=1e-7)  # B = C for pure pairs


def test_ghz_and_w_states():
    ghz, w = ket(GHZ, (2, 2, 2)), ket(W, (2, 2, 2))
    assert concurrence(ghz, 0, 2) == pytest.approx(0, abs=1e-14)
    assert concurrence(w, 2, 0) == pytest.approx(2 / 3)
    np.testing.assert_allclose(correlation(ghz, 0, 1)[0], np.diag([0, 0, 1]), atol=1e-15)
    np.testing.assert_allclose(correlation(w, 0, 1)[0], np.diag([2, 2, -1]) / 3, atol=1e-15)
    assert tensor(ghz)[0, 1, 1, 1] == pytest.approx(1)  # ⟨xxx⟩ = 1, ⟨xyy⟩ = −1
    assert tensor(ghz)[0, 1, 2, 2] == pytest.approx(-1)
    np.testing.assert_allclose(reduced(w, 1)[0], np.diag([2, 1]) / 3, atol=1e-15)


@examples(40)
@given(densities(dims=((2, 2), (2, 2, 2))))
def test_pauli_correlations_are_traces(drawn):
    dims, rho = drawn
    sigma = [qutip.qeye(2), qutip.sigmax(), qutip.sigmay(), qutip.sigmaz()]
    expected = [
        [np.trace(r @ qutip.tensor([sigma[k] for k in index]).full()).real for index in np.ndindex(*(4,) * len(dims))]
        for r in rho
    ]
    ensemble = Ensemble(dims, density=rho)
    np.testing.assert_allclose(pauli(ensemble), np.array(expected)[:, 1:], atol=1e-14)
    np.testing.assert_allclose(tensor(ensemble).reshape(2, -1), expected, atol=1e-14)


@examples(60)
@given(densities(), st.data())
def test_reduced_states_are_those_of_qutip(drawn, data):
    dims, rho = drawn
    sites = data.draw(st.lists(st.integers(0, len(dims) - 1), min_size=1, unique=True))
    ours = reduced(Ensemble(dims, density=rho), sites)
    for k, r in enumerate(rho):
        theirs = qutip.Qobj(r, dims=[list(dims)] * 2).ptrace(sorted(sites))
        if len(sites) > 1:  # QuTiP keeps the order of the sites, we that of the request
            theirs = theirs.permute([sorted(sites).index(site) for site in sites])
        np.testing.assert_allclose(ours[k], theirs.full(), atol=1e-14)


def test_order_of_the_sites_matters():
    up_down = ket([0, 1, 0, 0], (2, 2))
    assert not np.allclose(reduced(up_down, (0, 1)), reduced(up_down, (1, 0)))


@examples(60)
@given(densities(dims=((2, 2),)))
def test_concurrence_is_that_of_qutip(drawn):
    dims, rho = drawn
    theirs = [qutip.concurrence(qutip.Qobj(r, dims=[[2, 2], [2, 2]])) for r in rho]
    # QuTiP takes eigenvalues of a matrix that is not normal: half the digits at low rank
    np.testing.assert_allclose(concurrence(Ensemble(dims, density=rho)), theirs, atol=5e-7)


@examples(60)
@given(densities())
def test_bloch_and_correlation_are_expectations(drawn):
    dims, rho = drawn
    spins = [(d - 1) / 2 for d in dims]
    ensemble = Ensemble(dims, density=rho)
    for i, s in enumerate(spins):
        ops = [_on(dims, {i: op}) / s for op in qutip.jmat(s)]
        np.testing.assert_allclose(bloch(ensemble, i), [[np.trace(r @ op).real for op in ops] for r in rho], atol=1e-13)
        for j in range(i):
            pairs = [[_on(dims, {i: a, j: b}) / (s * spins[j]) for b in qutip.jmat(spins[j])] for a in qutip.jmat(s)]
            expected = [[[np.trace(r @ op).real for op in row] for row in pairs] for r in rho]
            np.testing.assert_allclose(correlation(ensemble, i, j), expected, atol=1e-13)


def _on(dims, ops):
    return qutip.tensor([ops.get(k, qutip.qeye(d)) for k, d in enumerate(dims)]).full()


@given(low_rank_parts())
def test_spectrum_of_any_kets(parts):
    dims, kets, weights, background = parts
    ensemble = Ensemble(dims, kets=kets, weights=weights, background=background)
    expected = np.linalg.eigvalsh(ensemble.density())[:, ::-1]
    np.testing.assert_allclose(spectrum(ensemble), expected, atol=1e-13)
    np.testing.assert_allclose(ensemble.trace(), 1, atol=1e-13)


@given(low_rank_parts(orthonormal=True))
def test_spectrum_of_orthonormal_kets_is_exact(parts):
    dims, kets, weights, background = parts
    ensemble = Ensemble(dims, kets=kets, weights=weights, background=background)
    rest = [background] * (ensemble.dimension - len(weights))
    assert (spectrum(ensemble) == np.sort([*(weights + background), *rest])[::-1]).all()


def test_spectrum_of_kets_that_drifted_shows_the_drift():
    drifted = Ensemble((2,), kets=[[[1.0], [0.0]], [[1.001], [0.0]]], weights=[1])
    assert spectrum(drifted)[1, 0] - 1 == pytest.approx(1.001**2 - 1)


def test_negative_weights_and_more_kets_than_dimensions():
    ensemble = Ensemble((2,), kets=[[[1, 1, 0.6], [0, 0, 0.8]]], weights=[0.5, -0.2, 0.3], background=0.2)
    np.testing.assert_allclose(spectrum(ensemble)[0], np.linalg.eigvalsh(ensemble.density()[0])[::-1], atol=1e-15)
    assert purity(ensemble) == pytest.approx(np.trace(ensemble.density()[0] @ ensemble.density()[0]).real)


P = (0.5, 0.3, 0.15, 0.05)
DIAGONAL = Ensemble((2, 2), density=[np.diag(P)])


@pytest.mark.parametrize("order", [0, 1e-3, 0.5, 0.995, 1 - 1e-9, 1, 1 + 1e-12, 1.005, 2, 3.5, 50, 5000, math.inf])
def test_renyi_entropies_against_fifty_digits(order):
    with mpmath.workdps(50):
        p = [mpmath.mpf(x) for x in P]
        total = sum(p)
        if order == 1:
            expected = -sum(x * mpmath.log(x) for x in p)
        elif order == math.inf:
            expected = -mpmath.log(max(p))
        else:
            expected = mpmath.log(sum((x / total) ** mpmath.mpf(order) for x in p)) / (1 - mpmath.mpf(order))
    assert renyi(DIAGONAL, order)[0] == pytest.approx(float(expected), rel=2e-13)


def test_the_textbook_formula_fails_near_order_one():
    order = 1 + 1e-12
    textbook = math.log(sum(p**order for p in P)) / (1 - order)
    assert abs(textbook - renyi(DIAGONAL, order)[0]) > 1e-5  # what the form without cancellation is for


def test_entropy_of_rank_deficient_states():
    pure = Ensemble((2, 2), density=[np.outer(BELL["psi+"], BELL["psi+"]) + 1e-14 * np.diag([1, -1, 1, -1])])
    for order in (0, 0.1, 0.5, 1, 2, math.inf):
        assert renyi(pure, order)[0] == pytest.approx(0, abs=1e-12)
    half = Ensemble((2, 2), density=[np.diag([0.5, 0.5, 0, 0])])
    for order in (0, 0.1, 0.5, 1, 2, math.inf):
        assert renyi(half, order)[0] == pytest.approx(math.log(2))


@examples(40)
@given(densities())
def test_entropy_is_that_of_qutip(drawn):
    dims, rho = drawn
    theirs = [qutip.entropy_vn(qutip.Qobj(r)) for r in rho]
    np.testing.assert_allclose(entropy(Ensemble(dims, density=rho)), theirs, atol=1e-12)


@given(seeds)
def test_expectation_of_any_operator(seed):
    rng = np.random.default_rng(seed)
    rho, op = random_density(rng, 6, 4), random_hermitian(rng, 6)
    ensemble = Ensemble((2, 3), density=rho)
    real = expectation(ensemble, qutip.Qobj(op, dims=[[2, 3], [2, 3]]))
    assert real.dtype == np.float64
    assert real[0] == pytest.approx(np.trace(rho[0] @ op).real)
    general = op + 1j * op @ op
    assert expectation(ensemble, general)[0] == pytest.approx(np.trace(rho[0] @ general))


def test_expectation_of_a_sparse_operator_of_sixteen_spins():
    from scipy import sparse

    d = 2**16
    vector = np.zeros(d)
    vector[5] = 1.0  # |0…0101⟩
    staggered = sparse.diags(np.arange(d, dtype=float)).tocsr()
    assert expectation(ket(vector, (2,) * 16), staggered).tolist() == [5.0]


@pytest.mark.parametrize("block", [1, 500, 2**25])
@pytest.mark.parametrize("dense", [False, True])
def test_work_in_blocks_changes_nothing(monkeypatch, block, dense):
    monkeypatch.setattr("qllg_sym.observables.ensemble._BLOCK", block)
    kets = random_kets(np.random.default_rng(5), 4, 1, times=7)
    ensemble = both(Ensemble((2, 2), kets=kets, weights=[1]))[dense]
    z = np.kron(np.diag([1, -1]), np.eye(2))
    expected = np.einsum("nar,ab,nbr->n", kets.conj(), z, kets).real
    np.testing.assert_allclose(bloch(ensemble, 0)[:, 2], expected, atol=1e-15)
    np.testing.assert_allclose(pauli(ensemble)[:, 11], expected, atol=1e-15)
    assert purity(ensemble).shape == (7,)
    assert spectrum(ensemble).shape == (7, 4)


def test_twenty_spins_are_reduced_without_a_density_matrix():
    d = 2**20
    vector = np.zeros(d)
    vector[[0, d - 1]] = H  # GHZ
    ghz = ket(vector, (2,) * 20)
    np.testing.assert_allclose(reduced(ghz, (3, 17))[0], np.diag([0.5, 0, 0, 0.5]), atol=1e-15)
    assert purity(ghz) == pytest.approx(1)
    np.testing.assert_allclose(bloch(ghz, 19), 0, atol=1e-15)
