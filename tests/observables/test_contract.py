"""One contract for every file of the folder: an observable of kets is that of the density matrices they stand for."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qllg_sym.errors import QllgError
from qllg_sym.observables import observables
from qllg_sym.observables.ensemble import Ensemble
from strategies import low_rank_parts

FOUND = observables()
ROOTS = {"nonlocality", "concurrence"}
NAMES = {
    "bloch", "concurrence", "correlation", "correlations", "entanglement", "entropy", "expectation", "fidelity",
    "mutual_information", "nonlocality", "pauli", "population", "profile", "purity", "reduced", "renyi", "spectrum",
    "tensor", "variance",
}  # fmt: skip


def outcome(function, ensemble):
    """Return the array, or the sentence with which the observable refuses."""
    try:
        return function(ensemble, *inspect.getmodule(function).EXAMPLE)
    except QllgError as error:
        return str(error)


def check_contract(function, parts):
    """Compare the two forms, and the shape and kind of the answer."""
    dims, kets, weights, background = parts
    low_rank = Ensemble(dims, kets=kets, weights=weights, background=background)
    dense = Ensemble(dims, density=low_rank.density())
    answer, reference = outcome(function, low_rank), outcome(function, dense)
    if isinstance(reference, str):
        assert dims != (2, 2), reference  # EXAMPLE fits two spins ½
        assert answer == reference
    else:
        assert not isinstance(answer, str), answer
        assert answer.shape == reference.shape
        assert answer.shape[0] == len(low_rank)
        # the square root in B and C turns rounding of 1e-16 into 1e-8
        np.testing.assert_allclose(answer, reference, atol=2e-7 if function.__name__ in ROOTS else 1e-12)


def test_the_folder_is_listed():
    assert NAMES <= set(FOUND)


@pytest.mark.parametrize("name", sorted(FOUND))
def test_dense_equals_low_rank(name):
    @settings(max_examples=25, deadline=None)
    @given(st.one_of(low_rank_parts(), low_rank_parts(orthonormal=True)))
    def run(parts):
        check_contract(FOUND[name], parts)

    run()


@pytest.mark.parametrize("name", sorted(FOUND))
def test_two_spins_half_are_never_refused(name):
    @settings(max_examples=5, deadline=None)
    @given(low_rank_parts(dims=((2, 2),)))
    def run(parts):
        check_contract(FOUND[name], parts)

    run()


@pytest.mark.parametrize("name", sorted(FOUND))
def test_mixed_spins(name):
    @settings(max_examples=5, deadline=None)
    @given(low_rank_parts(dims=((2, 3, 4), (3, 4, 2))))
    def run(parts):
        check_contract(FOUND[name], parts)

    run()


@pytest.mark.parametrize("name", sorted(FOUND))
def test_documented(name):
    function = FOUND[name]
    assert all(word in function.__doc__ for word in ("Args:", "Returns:", ">>>"))
    assert next(iter(inspect.signature(function).parameters)) == "ensemble"


EXAMPLE = (0,)  # for the broken observables below


def test_the_contract_catches_an_observable_that_forgets_the_background():
    def forgetful(ensemble, i):
        return FOUND["purity"](ensemble) - (ensemble.background if ensemble.low_rank else 0)

    parts = (2,), np.array([[[1], [0]]] * 3), np.array([0.5]), 0.25
    with pytest.raises(AssertionError):
        check_contract(forgetful, parts)


def test_the_contract_catches_an_observable_that_refuses_one_form():
    def picky(ensemble, i):
        if ensemble.low_rank:
            raise QllgError("no kets")
        return FOUND["purity"](ensemble)

    with pytest.raises(AssertionError, match="no kets"):
        check_contract(picky, ((2,), np.array([[[1], [0]]]), np.array([0.5]), 0.25))
