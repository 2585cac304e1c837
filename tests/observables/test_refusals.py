"""What is refused: one sentence with the argument, what it must be, and what it is."""

import numpy as np
import pytest

from qllg_sym.errors import InputError, InputTypeError, QllgError
from qllg_sym.observables import storage
from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.concurrence import concurrence
from qllg_sym.observables.correlation import correlation
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.entanglement import entanglement
from qllg_sym.observables.expectation import expectation
from qllg_sym.observables.fidelity import fidelity
from qllg_sym.observables.mutual_information import mutual_information
from qllg_sym.observables.nonlocality import nonlocality
from qllg_sym.observables.operators import MatrixFree
from qllg_sym.observables.pauli import pauli
from qllg_sym.observables.population import population
from qllg_sym.observables.reduced import reduced
from qllg_sym.observables.renyi import renyi
from qllg_sym.observables.spectrum import spectrum
from qllg_sym.observables.variance import variance

PAIR = Ensemble((2, 2), density=np.eye(4)[None] / 4)
MIXED = Ensemble((2, 3), density=np.eye(6)[None] / 6)
WERNER = Ensemble((2, 2), kets=[[[1], [0], [0], [0]]], weights=[0.6], background=0.1)
BLIND = MatrixFree(4, lambda kets: 2 * kets)
REFUSED = {
    "site too large": (lambda: bloch(PAIR, 2), InputError, r"`i` .* from 0 to 1, but is 2"),
    "site negative": (lambda: bloch(PAIR, -1), InputError, "-1"),
    "site not an integer": (lambda: bloch(PAIR, 0.0), InputTypeError, "0.0"),
    "site a bool": (lambda: bloch(PAIR, True), InputTypeError, "True"),
    "site text": (lambda: reduced(PAIR, "01"), InputTypeError, "'01'"),
    "same site": (lambda: correlation(PAIR, 1, 1), InputError, "different sites, but both are 1"),
    "second site": (lambda: concurrence(PAIR, 0, 5), InputError, "`j` .* is 5"),
    "site twice": (lambda: reduced(PAIR, (0, 0)), InputError, "different sites"),
    "no site": (lambda: reduced(PAIR, ()), InputError, "at least one"),
    "concurrence of a spin 1": (lambda: concurrence(MIXED), InputError, "site 1 has spin 1;"),
    "nonlocality of a spin 1": (lambda: nonlocality(MIXED, 1, 0), InputError, "spins ½"),
    "pauli of a spin 1": (lambda: pauli(MIXED), InputError, "spins ½"),
    "order negative": (lambda: renyi(PAIR, -0.5), InputError, "at least 0, but is -0.5"),
    "order nan": (lambda: renyi(PAIR, float("nan")), InputError, "nan"),
    "order text": (lambda: renyi(PAIR, "1"), InputTypeError, "'1'"),
    "op shape": (lambda: expectation(PAIR, np.eye(2)), InputError, r"\(4, 4\), not \(2, 2\)"),
    "op text": (lambda: expectation(PAIR, "sz"), InputTypeError, "str"),
    "op nan": (lambda: expectation(PAIR, np.full((4, 4), np.nan)), InputError, "finite"),
    "op without a trace": (lambda: expectation(WERNER, BLIND), InputError, "must have a matrix where .* background"),
    "square without a trace": (lambda: variance(WERNER, BLIND), InputError, "MatrixFree acts by a function alone"),
    "op of wrong size": (lambda: expectation(PAIR, MatrixFree(2, np.copy)), InputError, r"\(4, 4\), not \(2, 2\)"),
    "variance of no observable": (lambda: variance(PAIR, np.eye(4) * 1j), InputError, "`op` must be Hermitian"),
    "cut with everything": (lambda: entanglement(PAIR, (1, 0)), InputError, "leave some sites out, but names all 2"),
    "cut with nothing": (lambda: entanglement(PAIR, ()), InputError, "at least one"),
    "cut with a site twice": (lambda: entanglement(PAIR, (1, 1)), InputError, r"different sites.*\(1, 1\)"),
    "cut out of range": (lambda: entanglement(PAIR, 2), InputError, "from 0 to 1, but is 2"),
    "cut of negative order": (lambda: entanglement(PAIR, 0, -1), InputError, "`order`"),
    "parts that overlap": (lambda: mutual_information(PAIR, 0, (0, 1)), InputError, r"in common, but share \[0\]"),
    "empty part": (lambda: mutual_information(PAIR, 0, []), InputError, "`b` must name different sites"),
    "part out of range": (lambda: mutual_information(PAIR, 3, 0), InputError, "`a` must be a site"),
    "fidelity of another space": (lambda: fidelity(PAIR, [1, 0]), InputError, r"\(4,\) or \(4, 4\), but has \(2,\)"),
    "fidelity of several": (lambda: fidelity(PAIR, Ensemble((2, 2), np.ones((2, 4, 4)))), InputError, "2 times"),
    "fidelity without norm": (lambda: fidelity(PAIR, [1, 1, 0, 0]), InputError, "trace one, but has 2;"),
    "fidelity with nan": (lambda: fidelity(PAIR, [np.nan, 1, 0, 0]), InputError, "has nan"),
    "fidelity with text": (lambda: fidelity(PAIR, "up"), InputTypeError, "type str"),
    "population of another space": (lambda: population(PAIR, np.eye(2)), InputError, r"\(4, m\), but have \(2, 2\)"),
    "population of one ket twice": (lambda: population(PAIR, np.ones((4, 2))), InputError, "fewer than 2"),
    "population of nothing": (lambda: population(PAIR, np.zeros((4, 1))), InputError, "fewer than 1"),
    "population with nan": (lambda: population(PAIR, np.full(4, np.nan)), InputError, "finite"),
    "population with text": (lambda: population(PAIR, "up"), InputTypeError, "type str"),
    "nothing given": (lambda: Ensemble((2,)), InputError, "`density` or `kets`"),
    "no weights": (lambda: Ensemble((2,), kets=np.ones((1, 2, 1))), InputError, "`weights`"),
    "both": (lambda: Ensemble((2,), np.eye(2)[None], np.ones((1, 2, 1)), [1]), InputError, "not both"),
    "density shape": (lambda: Ensemble((2, 2), density=np.eye(4)), InputError, r"\(n, 4, 4\)"),
    "ket shape": (lambda: Ensemble((2,), kets=np.ones((2, 1)), weights=[1]), InputError, r"\(n, 2, r\)"),
    "weights shape": (lambda: Ensemble((2,), kets=np.ones((1, 2, 1)), weights=[1, 2]), InputError, r"\(1,\)"),
    "no site at all": (lambda: Ensemble((), density=np.ones((1, 1, 1))), InputError, "`dims`"),
    "background": (lambda: Ensemble((2,), density=np.ones((1, 2, 2)), background=1), InputError, "`background`"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case):
    action, kind, words = REFUSED[case]
    with pytest.raises(kind, match=words) as caught:
        action()
    sentence = str(caught.value)
    assert isinstance(caught.value, QllgError)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_numpy_integers_number_sites():
    assert bloch(PAIR, np.int64(1)).shape == (1, 3)


@pytest.fixture
def small_memory(monkeypatch):
    monkeypatch.setattr(storage, "available_memory", lambda: 2**20)


@pytest.mark.usefixtures("small_memory")
@pytest.mark.parametrize("ask", [Ensemble.density, spectrum, pauli])
def test_beyond_memory_is_refused_with_the_size(ask):
    kets = np.zeros((200, 2**10, 1))
    kets[:, 0] = 1
    ensemble = Ensemble((2,) * 10, kets=kets, weights=[1])
    gib = {"density": 3.12, "spectrum": 0.00153, "pauli": 1.56}[ask.__name__]
    with pytest.raises(InputError, match=f"{gib} GiB"):
        ask(ensemble)
    assert bloch(ensemble, 3).shape == (200, 3)  # what is small is still served
    assert (renyi(ensemble, 1) == 0).all()


@pytest.mark.usefixtures("small_memory")
def test_a_cut_beyond_memory_is_refused_with_the_size():
    kets = np.eye(2**20, 1).reshape(1, -1, 1)
    with pytest.raises(InputError, match=r"`entanglement` must fit into memory, but needs 0\.0156 GiB"):
        entanglement(Ensemble((2,) * 20, kets=kets, weights=[1]), range(10))


def test_unknown_memory_refuses_nothing(monkeypatch):
    monkeypatch.setattr(storage, "available_memory", lambda: None)
    storage.require_memory("states", (2**40, 2**40), "use less")


@pytest.mark.parametrize(("files", "expected"), [({"memory.max": "max"}, None), ({}, None), (
    {"memory.max": "1000", "memory.current": "700", "memory.stat": "anon 1\ninactive_file 100"}, 400)])
def test_memory_of_a_container(tmp_path, monkeypatch, files, expected):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(storage, "_CONTROL_GROUP", tmp_path)
    assert storage._free_in_container() == expected


def test_arrays_cannot_be_changed_from_outside():
    with pytest.raises(ValueError, match="read-only"):
        PAIR.density()[0, 0, 0] = 1
    given = np.eye(2, dtype=complex)[None] / 2
    Ensemble((2,), density=given)
    given[0, 0, 0] = 1  # the caller's own array stays writable
