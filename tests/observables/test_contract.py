"""One contract for every file of the folder: its definition, for density matrices and the kets that they stand for."""

import inspect
import os
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from definitions import defined
from qllg_sym.errors import QllgError
from qllg_sym.observables import Observable, observables
from qllg_sym.observables.ensemble import Ensemble
from strategies import low_rank_parts

FOUND = observables()
ROOTS = {"nonlocality", "concurrence"}
NAMES = {
    "bloch", "concurrence", "correlation", "correlations", "entanglement", "entropy", "expectation", "fidelity",
    "mutual_information", "nonlocality", "pauli", "population", "profile", "purity", "reduced", "renyi", "spectrum",
    "tensor", "variance",
}  # fmt: skip


def options(observable):
    """What the arguments that are True or False may be."""
    names = [item.name for item in observable.arguments if item.annotation is bool]
    return [dict(zip(names, values, strict=True)) for values in product((False, True), repeat=len(names))]


def outcome(observable, ensemble, chosen):
    """Return the array, or the sentence with which the observable refuses."""
    try:
        return observable.read(ensemble, *observable.example, **chosen)
    except QllgError as error:
        return str(error)


def check_contract(observable, parts):
    """Compare the two forms with the definition, and the shape and kind of the answer."""
    dims, kets, weights, background = parts
    low_rank = Ensemble(dims, kets=kets, weights=weights, background=background)
    dense = Ensemble(dims, density=low_rank.density())
    for chosen in options(observable):
        answer, reference = outcome(observable, low_rank, chosen), outcome(observable, dense, chosen)
        if isinstance(reference, str):
            assert dims != (2, 2), reference  # the example fits two spins ½
            assert answer == reference
            continue
        assert not isinstance(answer, str), answer
        assert answer.shape == reference.shape
        assert answer.shape[0] == len(low_rank)
        given_ = dict(zip((item.name for item in observable.arguments), observable.example, strict=False))
        rest = {item.name: item.default for item in observable.arguments if item.name not in given_}
        names = {**rest, **given_, **chosen}
        definition = [defined(observable.read, dims, {"rho": rho, **names}) for rho in dense.density()]
        # the square root in B and C turns rounding of 1e-16 into 1e-8
        tolerance = 2e-7 if observable.name in ROOTS else 1e-11
        np.testing.assert_allclose(answer, reference, atol=tolerance)
        np.testing.assert_allclose(reference, definition, atol=max(tolerance, 1e-7 * (observable.name == "fidelity")))


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


def check_moments(observable):
    """A classical reading is the quantum one of spins ½ that point along the moments."""
    moments = np.random.default_rng(4).normal(size=(3, 2, 3))
    moments /= np.linalg.norm(moments, axis=2, keepdims=True)
    one = (np.eye(2) + np.einsum("nik,kab->niab", moments, [oracle.PAULI[k] for k in "xyz"])) / 2
    both = Ensemble((2, 2), density=[np.kron(a, b) for a, b in one])
    np.testing.assert_allclose(observable.of_moments(moments, *observable.example),
                               observable.read(both, *observable.example), atol=1e-12)


@pytest.mark.parametrize("name", sorted(name for name, each in FOUND.items() if each.of_moments is not None))
def test_classical_readings(name):
    check_moments(FOUND[name])
    shifted = replace(FOUND[name], of_moments=lambda moments, *rest: FOUND[name].of_moments(moments[:, ::-1], *rest))
    with pytest.raises(AssertionError):
        check_moments(shifted)


@pytest.mark.parametrize("name", sorted(FOUND))
def test_documented(name):
    check_documented(FOUND[name])


def check_documented(observable):
    function = observable.read
    assert all(word in function.__doc__ for word in ("Definition:", "Args:", "Returns:", ">>>"))
    assert next(iter(inspect.signature(function).parameters)) == "ensemble"
    hints = inspect.get_annotations(function)
    assert {item.name for item in observable.arguments} | {"ensemble", "return"} <= hints.keys(), "types are missing"
    if observable.of_moments is not None:
        arguments = list(inspect.signature(observable.of_moments).parameters.values())
        assert [str(item) for item in arguments[1:]] == [str(item) for item in observable.arguments]


# Near a Bell state, with every component, and mixed.
PARTS = (2, 2), np.linalg.qr([[[0.1, 1], [1, 0.2j], [0.8 + 0.3j, 0.1], [0.1j, 0]]])[0], np.array([0.85, 0.11]), 0.01


def broken(name, read):
    """An observable with another function, which says that it is the old one."""
    read.__doc__ = FOUND[name].read.__doc__
    read.__signature__ = inspect.signature(FOUND[name].read)
    return Observable(name, read, None, False, FOUND[name].example)


BROKEN = {
    "that forgets the background": ("purity", lambda e: FOUND["purity"].read(e) - (e.background if e.low_rank else 0)),
    "of another factor": ("entropy", lambda e: FOUND["entropy"].read(e) / np.log(2)),
    "of another sign": ("bloch", lambda e, i: -FOUND["bloch"].read(e, i)),
    "of another site": ("bloch", lambda e, i: FOUND["bloch"].read(e, 1 - i)),
    "that is turned": ("correlation", lambda e, i, j, connected=False:
                       FOUND["correlation"].read(e, i, j, connected).swapaxes(1, 2)),
    "that is never connected": ("correlation", lambda e, i, j, connected=False: FOUND["correlation"].read(e, i, j)),
    "without its root": ("nonlocality", lambda e, i, j: FOUND["nonlocality"].read(e, i, j) ** 2),
    "in another order": ("pauli", lambda e: FOUND["pauli"].read(e)[:, ::-1]),
    "that is complex conjugated": ("reduced", lambda e, sites: FOUND["reduced"].read(e, sites).conj()),
}


@pytest.mark.parametrize("case", BROKEN)
def test_the_contract_catches_an_observable(case):
    name, read = BROKEN[case]
    check_contract(FOUND[name], PARTS)
    with pytest.raises(AssertionError):
        check_contract(broken(name, read), PARTS)


def test_the_contract_catches_an_observable_that_refuses_one_form():
    def picky(ensemble):
        if ensemble.low_rank:
            raise QllgError("no kets")
        return FOUND["purity"].read(ensemble)

    with pytest.raises(AssertionError, match="no kets"):
        check_contract(broken("purity", picky), PARTS)


@pytest.mark.parametrize(("old", "new"), [
    ("/ 2 - tr(", "- tr("), ("Definition:", "Formula:"), ("    [0.0]", "    [0.0]"), ("both - mean", "both + mean"),
    (" -> NDArray[np.float64]", ""), ("tr(rho @ (a @ b", "tr(rho @ (a @ unknown"), ("EXAMPLE", "_EXAMPLE"),
    ("b: Operator", "b"),
])
def test_the_contract_catches_a_new_file(old, new, drop):
    def check():
        drop("qllg_sym.observables", "observables/covariance.py", (old, new))
        check_documented(observables()["covariance"])
        check_contract(observables()["covariance"], PARTS)

    if old == new:
        return check()
    with pytest.raises((AssertionError, AttributeError, NameError)):
        check()
    return None


USED = """
import sys
import qllg_sym.observables
qllg_sym.observables.__path__.append({folder!r})
import inspect
import numpy as np
import qllg_sym as q
from qllg_sym import stubs
model = q.Model(q.Space("1/2", "1/2"), [q.Exchange(1, 0, 1), q.Zeeman((0, 0, 1), sites=0)])
z = [np.kron(np.diag([1, -1]), np.eye(2)), np.kron(np.eye(2), np.diag([1, -1]))]
run = q.solve(model, q.QuantumLLG(0.5), q.states.product("+x", "down"), [0, 1, 2])
many = q.solve_many(model, q.QuantumLLG(0.5), [q.states.product("+x", "down"), q.states.bell("psi+")], [0, 1, 2])
wanted = run.correlation(0, 1, connected=True)[:, 2, 2]
assert abs(run.covariance(*z) - wanted).max() < 1e-12
assert abs(run.covariance(q.Pauli(1, "ZI"), b=q.Pauli(1, "IZ")) - wanted).max() < 1e-12
assert abs(many.covariance(*z)[0] - wanted).max() < 1e-12 and many.covariance(*z).shape == (2, 3)
assert abs(many.covariance(q.Pauli(1, "ZI"), q.Pauli(1, "IZ"))[0] - wanted).max() < 1e-9
timed = run.covariance(q.Pauli(q.t, "ZI"), q.Pauli(1, "IZ"))
assert abs(timed - run.times * wanted).max() < 1e-12
for cls in (q.Trajectory, q.Trajectories):
    assert "two Hermitian operators" in cls.covariance.__doc__ and "ensemble" not in cls.covariance.__doc__
    assert list(inspect.signature(cls.covariance).parameters) == ["self", "a", "b", "values"]
    assert "covariance" in dir(cls)
typed = "def covariance(self, a: Operator, b: Operator, values: Mapping[Any, Any] | None=None) -> NDArray[np.float64]"
assert stubs.readings_stub().count(typed) == 1
"""


def test_a_new_observable_is_one_file():
    """In a process of its own, in which the folder holds one file more: a method of trajectories and of batches."""
    script = USED.format(folder=str(Path(__file__).parent.parent / "plugs" / "observables"))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr
