"""Hamiltonian terms: one contract for every file of the folder, dense matrices, and bad input."""

import dataclasses
import inspect
import re
from fractions import Fraction
from functools import cache
from itertools import permutations
from itertools import product as all_of

import numpy as np
import pytest
import qutip
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_matrix, csr_array

import formula
import oracle
import qllg_sym as q
import strategies
from qllg_sym import plugs
from qllg_sym.algebra.decimals import written
from qllg_sym.algebra.scalars import Coefficient
from qllg_sym.model.classical import classical_energy, moment_symbols
from qllg_sym.model.expansion import standard_string
from qllg_sym.model.term import Factor3, Matrix3, Site, Sites, Symmetric3, Term, Vector3, sites_of
from qllg_sym.modelfile.read import parse_document

FOLDER = "qllg_sym.model.terms"
A, B3 = sp.symbols("a b", real=True)
# Arguments of every shape that a term can want; the contract test finds the ones that fit.
SYMMETRIC = [[1, A, 0], [A, 2, 0.5], [0, 0.5, -1]]
CANDIDATES = (0.7 * A, (A, 0.2, B3), SYMMETRIC, "XZ", sp.eye(4) + A * sp.ones(4, 4), sp.eye(9) * A,
              {(2, 0): A, (2, -1): 0.3, (2, 2): B3})
SPACES = (q.Space("1/2", "1/2"), q.Space("1", "1"), q.Space("1/2", "1", "1/2"), q.Space("1/2", "1", "1/2", "1/2"))
TYPES = (Coefficient, Vector3, Matrix3, Factor3, Symmetric3)
HBAR, GAMMA = Fraction(2, 3), Fraction(-7, 4)


def term_class(module):
    found = [c for _, c in inspect.getmembers(module, inspect.isclass)
             if c.__module__ == module.__name__ and hasattr(c, "kind")]
    assert len(found) == 1, f"{module.__name__} must hold one term"
    return found[0]


CLASSES = {module.__name__.rpartition(".")[2]: term_class(module) for module in plugs.modules(FOLDER)}


def required(cls):
    return [f for f in dataclasses.fields(cls)
            if f.init and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]


def examples(cls):
    """Every (term, space) that the candidates give, on the first sites in order and on others out of order."""
    names, places = [f.name for f in required(cls) if f.type != Site], sites_of(cls)
    for space in SPACES:
        orders = list(permutations(range(space.sites), len(places)))
        for values in all_of(CANDIDATES, repeat=len(names)):
            for sites in {orders[0], orders[-1]} if orders else ():
                try:
                    term = cls(**dict(zip((*names, *places), (*values, *sites), strict=True)))
                    term.check(space)
                except q.QllgError:
                    continue
                yield term, space
                for name in (f.name for f in dataclasses.fields(cls) if f.type == Sites and cls is not q.Operator):
                    yield dataclasses.replace(term, **{name: [space.sites - 1]}), space
                    yield dataclasses.replace(term, **{name: range(space.sites - 1, 0, -1)}), space


def entries(value, values):
    """A coefficient, a vector or a matrix of them as numbers; a factor that is not given is 1."""
    if value is None:
        return 1
    return [entries(x, values) for x in value] if isinstance(value, tuple) else oracle.number(value, values)


def printed_names(term, space, values, line, hbar):
    """What the formula of a term may name: its own fields, ħ, γ, and the spin, or the moment, of each site."""
    names = {f.name: entries(getattr(term, f.name), values) for f in dataclasses.fields(term) if f.type in TYPES}
    names |= {name: getattr(term, name) for name in sites_of(term)} | {"ħ": float(hbar), "γ": float(GAMMA)}
    for name in names.keys() & {f.name for f in dataclasses.fields(term) if f.type in TYPES}:
        value = getattr(term, name)
        assert f"{name} = {1 if value is None else written(value)}" in line, f"the line must say what {name} is"
    listed = re.search(r" on sites \[([\d, ]*)\]", line)
    names["sites"] = list(map(int, listed[1].split(","))) if listed else range(space.sites)
    if hasattr(term, "letters"):
        names["σ"] = lambda word: oracle.kron(*(oracle.PAULI["0xyz"["IXYZ".index(c)]]
                                                for c in (term.letters if word == "letters" else word)))
    if term.kind == "stevens":
        spins = [sp.Rational(s.numerator, s.denominator) for s in space.spins]
        inside = [np.eye(d) for d in space.dimensions]
        inside[term.i] = sum(oracle.number(c, values) * np.array(oracle.stevens(spins[term.i])[k, q].tolist(), complex)
                             for k, q, c in term.B)
        names["O"] = lambda _: oracle.kron(*inside)
        assert all(f"B_{k}^{q} = {written(c)}" in line for k, q, c in term.B)
    if hasattr(term, "rows"):
        parts = [[entries(x.as_real_imag(), values) for x in row] for row in term.rows]
        names["Ĥ"] = np.array([[re + 1j * im for re, im in row] for row in parts])
    return names


def printed(line, names):
    """The value of the formula at the beginning of a line that describes a term."""
    return formula.value(re.split(r",| on |;", line.split(maxsplit=1)[1])[0].lstrip("+"), names)


def check_formula(term, space, values):
    """H is what the line of `describe` prints, and what `latex` prints, in spin matrices of the tests' own."""
    found = dense(q.Model(space, [term], hbar=HBAR, gamma=GAMMA), values)
    spins, line = oracle.site_spins(space.spins), term.describe()
    names = printed_names(term, space, values, line, HBAR) | {"S": lambda i: [float(HBAR) * op for op in spins[i]]}
    for wanted in (printed(line, names), formula.value(term.latex, names)):
        np.testing.assert_allclose(found, wanted * np.eye(len(found)) if np.ndim(wanted) == 0 else wanted, atol=1e-12,
                                   err_msg=f"H is not what {line!r} says")
    if hasattr(term, "classical"):
        m = np.random.default_rng(3).normal(size=(space.sites, 3))
        energy, line = classical_energy(q.Model(space, [term]), "paper").as_expr(), term.describe_classical()
        wanted = printed(line, printed_names(term, space, values, line, 1) | {"m": lambda i: list(m[i])})
        moments = dict(zip(moment_symbols(space.sites), m.ravel(), strict=True))
        assert oracle.number(sp.expand(energy), values | moments) == pytest.approx(wanted, abs=1e-12), line


def dense(model, values):
    """The package's H as a matrix: its coefficients times its basis in the standard basis."""
    total = np.zeros((model.space.dimension,) * 2, dtype=complex)
    for (k, string), c in model.hamiltonian.terms.items():
        total += 1j**k * oracle.number(c.as_expr(), values) * standard(model.space.spins, string)
    return total


@cache
def standard(spins, string):
    """A basis string as a matrix of numbers, most of which are zero."""
    matrix = standard_string(spins, string)
    found = np.zeros(matrix.shape, dtype=complex)
    for place, value in matrix.todok().items():
        found[place] = complex(value)
    return found


def test_folder_holds_the_terms_of_the_interface():
    assert {"zeeman", "exchange", "dmi", "anisotropy", "bilinear", "biquadratic", "pauli", "operator"} <= set(CLASSES)


@pytest.mark.parametrize("stem", CLASSES)
def test_contract(stem):
    check_contract(stem, CLASSES[stem])


def check_contract(stem, cls):
    """What every term is held to, a newcomer's too."""
    assert cls.kind.replace("-", "_") == stem
    assert issubclass(cls, Term)
    assert getattr(q, cls.__name__) is cls
    assert f"H = {cls.latex}" in " ".join(cls.__doc__.split()), "the docstring must print the formula"
    assert all(word in cls.__doc__ for word in ("Args:", "Raises:", ">>>"))
    found = list(examples(cls))
    assert found, f"no candidate fits {cls.__name__}"
    for term, space in found:
        assert all(not c.atoms(sp.Float) for c in term.coefficients())
        assert all(c.is_extended_real for c in term.coefficients())
        symbols = set().union(*(c.free_symbols for c in term.coefficients()))
        model = q.Model(space, [term])
        assert set(model.parameters) == symbols
        assert not any(k for k, _ in model.hamiltonian.terms)
        assert all(c.as_expr().free_symbols <= symbols for c in model.hamiltonian.terms.values())
        values = dict.fromkeys(symbols, Fraction(3, 7))
        h = dense(model, values)
        assert h == pytest.approx(h.conj().T, abs=1e-13)
        assert np.abs(h).max() > 0.01
        line = term.describe()
        assert line.lower().startswith(stem.replace("_", ""))
        assert "\n" not in line
        assert "energy" in line or "γ" in line
        check_formula(term, space, values)
        with pytest.raises(dataclasses.FrozenInstanceError):
            term.kind = "other"
        assert hash(term) is not None


@pytest.mark.parametrize("stem", [f for f in CLASSES if sites_of(CLASSES[f])])
@pytest.mark.parametrize(("site", "kind"), [
    (9, q.ModelError), ("next", q.ModelError), (-1, q.ModelError), (0.5, q.InputTypeError), ("0", q.InputTypeError),
    (True, q.InputTypeError), (None, q.InputTypeError)])
def test_bad_sites_are_refused_by_every_term(stem, site, kind):
    term, space = next(examples(CLASSES[stem]))
    for name in sites_of(type(term)):
        with pytest.raises(kind, match=f"`{name}` must be a site"):
            q.Model(space, [dataclasses.replace(term, **{name: space.sites if site == "next" else site})])


@pytest.mark.parametrize("stem", [f for f in CLASSES if len(sites_of(CLASSES[f])) > 1])
def test_equal_sites_are_refused(stem):
    term, space = next(examples(CLASSES[stem]))
    for name, other in permutations(sites_of(type(term)), 2):
        with pytest.raises(q.ModelError, match="must be different sites, but both are"):
            q.Model(space, [dataclasses.replace(term, **{name: getattr(term, other)})])


KINDS = ["zeeman", "exchange", "dmi", "anisotropy", "bilinear", "biquadratic", "pauli", "operator"]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_operator_is_the_dense_matrix(kind, data):
    model, values = data.draw(strategies.models(kind=kind)), data.draw(strategies.values())
    expected = oracle.hamiltonian(model, values)
    scale = max(1, np.abs(expected).max())
    assert dense(model, values) == pytest.approx(expected, abs=1e-12 * scale)
    hbar = oracle.number(model.hbar, values)
    frequency = sum((oracle.number(c.as_expr(), values) * standard(model.space.spins, string)
                     for (_, string), c in model.frequency.terms.items()), np.zeros_like(expected))
    assert frequency == pytest.approx(expected / hbar, abs=1e-12 * scale / hbar)


def test_signs_and_counting_by_hand():
    """↑ along +B lowers the energy; J > 0 puts the singlet lowest; D = Dẑ mixes singlet and triplet with +2iD."""
    half = q.Space("1/2", "1/2")
    zeeman = dense(q.Model(half, [q.Zeeman((0, 0, 2))]), {})
    assert zeeman == pytest.approx(np.diag([-2, 0, 0, 2]))
    exchange = dense(q.Model(half, [q.Exchange(1, 0, 1)]), {})
    assert np.linalg.eigvalsh(exchange) == pytest.approx([-3, 1, 1, 1])
    dmi = dense(q.Model(half, [q.DMI((0, 0, 1), 0, 1)]), {})
    assert dmi[1, 2] == pytest.approx(2j)                          # σxσy − σyσx on |↓↑⟩ → |↑↓⟩
    assert dense(q.Model(half, [q.DMI((0, 0, 1), 1, 0)]), {}) == pytest.approx(-dmi)
    pauli = dense(q.Model(half, [q.Pauli(3, "XZ")]), {})
    assert pauli == pytest.approx(3 * oracle.kron(oracle.PAULI["x"], oracle.PAULI["z"]))


def test_hbar_enters_with_the_printed_power():
    hbar, gamma, J = sp.Symbol("hbar", positive=True), sp.Symbol("gamma", real=True), sp.Symbol("J", real=True)
    half = q.Space("1/2", "1/2")
    powers = {q.Exchange(J, 0, 1): 0, q.DMI((0, 0, J), 0, 1): 0, q.Bilinear(J, 0, 1): 0, q.Biquadratic(J, 0, 1): 0,
              q.Zeeman((0, 0, J)): 1, q.Pauli(J, "XX"): 0}
    for term, power in powers.items():
        model = q.Model(half, [term], hbar=hbar, gamma=gamma)
        for c in model.hamiltonian.terms.values():
            ratio = sp.cancel(c.as_expr() / (J * hbar**power * (gamma if term.kind == "zeeman" else 1)))
            assert ratio.is_Rational, term
    assert q.Model(half, [q.Zeeman((0, 0, J))], hbar=hbar, gamma=gamma).parameters == (J, gamma, hbar)


def test_biquadratic_of_spins_half_is_a_shifted_exchange():
    model = q.Model(q.Space("1/2", "1/2"), [q.Biquadratic(1, 0, 1), q.Bilinear(0.5, 0, 1)])
    found = dense(model, {})
    assert found == pytest.approx(3 / 16 * np.eye(4))               # (S·S)² = 3/16 − S·S/2


MATRIX = np.array([[1.5, 0.25 - 2j], [0.25 + 2j, -0.5]])


@pytest.mark.parametrize("matrix", [MATRIX, MATRIX.tolist(), qutip.Qobj(MATRIX), tuple(map(tuple, MATRIX)),
                                    sp.Matrix([[sp.Rational(3, 2), sp.Rational(1, 4) - 2 * sp.I],
                                               [sp.Rational(1, 4) + 2 * sp.I, -sp.Rational(1, 2)]]),
                                    sp.ImmutableMatrix(2, 2, [1.5, 0.25 - 2 * sp.I, 0.25 + 2 * sp.I, -0.5]),
                                    np.asfortranarray(MATRIX), np.matrix(MATRIX), MATRIX.astype(np.complex64),
                                    [[np.complex64(z) for z in row] for row in MATRIX], csr_array(MATRIX),
                                    coo_matrix(MATRIX)],
                         ids=["array", "lists", "Qobj", "tuples", "SymPy", "immutable", "Fortran", "matrix", "single",
                              "scalars of NumPy", "sparse", "sparse matrix"])
def test_operator_from_every_kind_of_matrix(matrix):
    model = q.Model(q.Space("1/2"), [q.Operator(matrix)])
    assert dense(model, {}) == pytest.approx(MATRIX)
    assert all(not c.atoms(sp.Float) for c in model.terms[0].coefficients())


@pytest.mark.parametrize("sites", [[2, 0], [0, 2], [1], 1, [2, 1, 0]], ids=str)
def test_an_operator_on_some_sites_is_its_matrix_times_identities(sites):
    """In the order in which they are named: the tensor is transposed by hand."""
    space, chosen = q.Space("1/2", "1", "3/2"), np.atleast_1d(sites).tolist()
    dims = [space.dimensions[i] for i in chosen]
    rng = np.random.default_rng(4)
    a = rng.integers(-3, 4, (np.prod(dims),) * 2) + 1j * rng.integers(-3, 4, (np.prod(dims),) * 2)
    rest = [i for i in range(3) if i not in chosen]
    whole = np.kron(a + a.conj().T, np.eye(int(np.prod([space.dimensions[i] for i in rest]))))
    shape = [space.dimensions[i] for i in (*chosen, *rest)]
    back = np.argsort([*chosen, *rest])
    wanted = whole.reshape(*shape, *shape).transpose(*back, *(3 + back)).reshape(24, 24)
    model = q.Model(space, q.Operator(a + a.conj().T, sites))
    assert dense(model, {}) == pytest.approx(wanted)
    assert f"on sites {chosen}" in model.describe()
    with pytest.raises(q.ModelError, match="must be a site from 0 to 2"):
        q.Model(space, q.Operator(a + a.conj().T, [3, 0, 1][:len(chosen)]))


def test_operator_of_a_spin_one_with_symbols():
    x = sp.Matrix(oracle.exact_spin_matrices(sp.Integer(1))[0])
    model = q.Model(q.Space("1"), [q.Operator(A * x**2 + sp.I * B3 * sp.Matrix([[0, 0, 1], [0, 0, 0], [-1, 0, 0]]))])
    assert model.parameters == (A, B3)
    values = {A: 0.3, B3: -1.7}
    assert dense(model, values) == pytest.approx(oracle.hamiltonian(model, values))


SPIN = q.Space("1/2", "1/2")
ANY_SPIN = q.Space(sp.Symbol("s", positive=True))
BAD = {
    "complex coefficient": (lambda: q.Exchange(1j, 0, 1), q.ModelError, "`J` must be real"),
    "complex field": (lambda: q.Zeeman((0, 0, 1j)), q.ModelError, "`B` must be real"),
    "NaN": (lambda: q.Biquadratic(float("nan"), 0, 1), q.ModelError, "`K` must be a finite"),
    "inf in DMI": (lambda: q.DMI((0, 0, float("inf")), 0, 1), q.ModelError, "`D` must be a finite"),
    "two components": (lambda: q.Zeeman((0, 1)), q.ModelError, "three components, but has 2"),
    "scalar field": (lambda: q.Zeeman(1), q.ModelError, "three components"),
    "text field": (lambda: q.Zeeman("xyz"), q.QllgError, "`B`"),
    "no field": (lambda: q.Zeeman(None), q.QllgError, "`B`"),
    "g complex": (lambda: q.Zeeman((0, 0, 1), g=2j), q.ModelError, "`g`"),
    "field on a missing site": (lambda: q.Model(SPIN, [q.Zeeman((0, 0, 1), sites=[0, 2])]), q.ModelError,
                                "`sites` .* is 2"),
    "field on a negative site": (lambda: q.Model(SPIN, [q.Zeeman((0, 0, 1), sites=-1)]), q.ModelError,
                                 "`sites` .* is -1"),
    "field twice on a site": (lambda: q.Zeeman((0, 0, 1), sites=[0, 0]), q.ModelError, "different sites"),
    "field on no site": (lambda: q.Zeeman((0, 0, 1), sites=[]), q.ModelError, "`sites`"),
    "field on half a site": (lambda: q.Model(SPIN, [q.Zeeman((0, 0, 1), sites=0.5)]), q.QllgError, "`sites`"),
    "field on a list of lists": (lambda: q.Model(SPIN, [q.Zeeman((0, 0, 1), sites=[[0]])]), q.QllgError, "`sites`"),
    "matrix of two rows": (lambda: q.Bilinear([[1, 0, 0], [0, 1, 0]], 0, 1), q.QllgError, "`M` must be a 3×3"),
    "small array": (lambda: q.Bilinear(np.eye(2), 0, 1), q.InputTypeError, r"`M` must be a 3×3"),
    "matrix symbol": (lambda: q.Bilinear(sp.MatrixSymbol("M", 3, 3), 0, 1), q.InputTypeError, "`M` must be a 3×3"),
    "ragged matrix": (lambda: q.Bilinear([[1, 0, 0], [0, 1, 0], [0, 0]], 0, 1), q.QllgError, "`M` must be a 3×3"),
    "complex matrix": (lambda: q.Bilinear((1j * np.eye(3)).tolist(), 0, 1), q.ModelError, "`M` must be real"),
    "no matrix": (lambda: q.Bilinear(None, 0, 1), q.QllgError, "`M`"),
    "asymmetric": (lambda: q.Anisotropy([[0, 1, 0], [0, 0, 0], [0, 0, 0]], 0), q.ModelError, "`A` must be symmetric"),
    "anisotropy of a spin half": (lambda: q.Model(SPIN, [q.Anisotropy(np.diag([0, 0, 1]), 0)]), q.ModelError,
                                  "at least 1, but site 0 has spin 1/2"),
    "letters": (lambda: q.Pauli(1, "XA"), q.ModelError, "I, X, Y, Z, but is 'XA'"),
    "small letters": (lambda: q.Pauli(1, "xz"), q.ModelError, "I, X, Y, Z"),
    "no letters": (lambda: q.Pauli(1, ""), q.ModelError, "`letters`"),
    "letters as a list": (lambda: q.Pauli(1, ["X", "Z"]), q.InputTypeError, "`letters`"),
    "too few letters": (lambda: q.Model(SPIN, [q.Pauli(1, "X")]), q.ModelError, "`letters`"),
    "letters on a spin one": (lambda: q.Model(q.Space("1"), [q.Pauli(1, "X")]), q.ModelError, "all 1/2"),
    "wrong-size matrix": (lambda: q.Model(SPIN, [q.Operator(np.eye(2))]), q.ModelError, "must be 4 × 4 .* is 2 × 2"),
    "not square": (lambda: q.Operator([[1, 2], [2]]), q.ModelError, "square"),
    "rectangular": (lambda: q.Operator(np.ones((2, 3))), q.ModelError, "square"),
    "empty": (lambda: q.Operator([]), q.QllgError, "square"),
    "a vector": (lambda: q.Operator([1, 2]), q.InputTypeError, "square"),
    "three dimensions": (lambda: q.Operator(np.ones((2, 2, 2))), q.QllgError, "`matrix`"),
    "text": (lambda: q.Operator("sx"), q.InputTypeError, "`matrix`"),
    "text inside": (lambda: q.Operator([["x", 0], [0, 1]]), q.InputTypeError, "`matrix`"),
    "NaN inside": (lambda: q.Operator([[float("nan"), 0], [0, 1]]), q.ModelError, "finite"),
    "not Hermitian": (lambda: q.Operator([[0, 1], [2, 0]]), q.ModelError, r"entry \(1, 0\) is 2 .* \(0, 1\) is 1"),
    "Hermitian but for more than rounding": (lambda: q.Operator([[0, 0.1 + 0.2j], [0.1 - 0.2000000001j, 0]]),
                                            q.ModelError, "`matrix` must be Hermitian"),
    "complex diagonal": (lambda: q.Operator([[1j, 0], [0, 0]]), q.ModelError, "Hermitian"),
    "plain symbol": (lambda: q.Operator(sp.Matrix([[sp.Symbol("x"), 0], [0, 0]])), q.ModelError, "real"),
    "Pauli on a symbolic spin": (lambda: q.Model(ANY_SPIN, [q.Pauli(1, "X")]), q.ModelError, "`letters`"),
    "Operator on a symbolic spin": (lambda: q.Model(ANY_SPIN, [q.Operator(np.eye(2))]), q.ModelError, "symbol s"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_one_sentence(case):
    action, kind, words = BAD[case]
    with pytest.raises(kind, match=words) as caught:
        action()
    sentence = str(caught.value)
    assert isinstance(caught.value, q.QllgError)
    assert sentence.startswith("`")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("scalar", [2, 0.5, Fraction(1, 2), A, np.float64(0.5), np.int64(2), np.float32(0.5)], ids=repr)
def test_scalar_bilinear_is_scalar_times_identity(scalar):
    found = q.Bilinear(scalar, 0, 1).M
    value = found[0][0]
    assert found == tuple(tuple(value if k == n else 0 for n in range(3)) for k in range(3))
    assert value == (scalar if isinstance(scalar, sp.Expr) else sp.Rational(Fraction(float(scalar))))


@pytest.mark.parametrize("rows", [np.diag([1, 2, 3]), sp.diag(1, 2, 3), [[1, 0, 0], [0, 2, 0], [0, 0, 3]],
                                  ((1, 0, 0), (0, 2, 0), (0, 0, 3)), list(np.diag([1, 2, 3]))],
                         ids=["array", "SymPy", "lists", "tuples", "list of arrays"])
def test_matrices_of_every_kind(rows):
    assert q.Bilinear(rows, 0, 1).M == ((1, 0, 0), (0, 2, 0), (0, 0, 3))
    assert q.Anisotropy(rows, 0).A == ((1, 0, 0), (0, 2, 0), (0, 0, 3))


@pytest.mark.parametrize("site", [np.int64(1), [np.int32(1)], np.array([1]), range(1, 2), (1,)], ids=repr)
def test_numpy_integers_number_sites(site):
    found = dense(q.Model(SPIN, [q.Zeeman((0, 0, 1), sites=site)]), {})
    assert found == pytest.approx(np.diag([-1, 1, -1, 1]) / 2)


def test_numpy_integers_number_bonds():
    assert dense(q.Model(SPIN, [q.Exchange(1, np.int64(1), np.int64(0))]), {}) == \
        pytest.approx(dense(q.Model(SPIN, [q.Exchange(1, 0, 1)]), {}))


def test_a_new_term_is_one_file(drop):
    """On three sites, in Python, on the edges of a graph and in model files, from the Hamiltonian to the motion."""
    check_contract("chirality", term_class(drop(FOLDER, "terms/chirality.py")))
    assert "Chirality" in dir(q)
    space = q.Space.half(3)
    model = q.Model(space, [q.Chirality(0.3, 2, 0, 1)])
    x, y, z = (oracle.PAULI[k] for k in "xyz")
    triple = sum(sign * oracle.kron(*(dict(zip(axes, (x, y, z), strict=True))[k] for k in range(3)))
                 for axes in permutations(range(3)) for sign in [np.linalg.det(np.eye(3)[list(axes)])])
    assert dense(model, {}) == pytest.approx(0.3 * triple)             # cyclic: C_201 = C_012
    assert np.linalg.eigvalsh(triple) == pytest.approx([-12**0.5] * 2 + [0] * 4 + [12**0.5] * 2)
    run = q.solve(model, q.VonNeumann(), q.states.product("up", "down", "+x"), [0, 0.5])
    evolved = sum(np.exp(-0.5j * e) * np.outer(v, v.conj()) for e, v in zip(*eigen(0.3 * triple), strict=True))
    assert run.final_state == pytest.approx(evolved @ run.states[0] @ evolved.conj().T, abs=1e-12)

    def read(*tables):
        document = {"system": {"spins": "1/2", "sites": 4, "symbols": ["C0"]}, "term": list(tables)}
        return parse_document(document, "m").model
    C0, half = sp.Symbol("C0", real=True), sp.Rational(1, 2)
    assert read({"kind": "chirality", "C": "C0/2", "sites": [3, 0, 1]}).terms == (q.Chirality(C0 / 2, 3, 0, 1),)
    assert read({"kind": "chirality", "C": 0.5, "a": 3, "c": 1, "b": 0}).terms == (q.Chirality(half, 3, 0, 1),)
    triangles = [(0, 1, 2), (1, 2, 3)]
    on_graph = q.from_edges(triangles, q.Chirality, [1, C0])
    assert on_graph == [q.Chirality(1, 0, 1, 2), q.Chirality(C0, 1, 2, 3)]
    assert list(read({"kind": "chirality", "C": [1, "C0"], "edges": [[0, 1, 2], [1, 2, 3]]}).terms) == on_graph
    for table, says in (({"sites": [0, 1]}, "`sites` must be 3 sites"), ({"a": 0, "b": 1}, "key `sites`"),
                        ({"a": 0, "b": 1, "c": "2"}, "`c` must be an integer, but is '2'"),
                        ({"sites": [0, 1, 1]}, "`b` and `c` must be different sites, but both are 1"),
                        ({"sites": [0, 1, 4]}, "`c` must be a site from 0 to 3"),
                        ({"sites": [0, 1, 2], "i": 0}, "known keys alone, but has 'i'"),
                        ({"edges": [[0, 1]]}, "`edges` must be triples of sites"),
                        ({"graph": "chain"}, "`kind` must be one of bilinear")):
        with pytest.raises(q.ModelError, match=re.escape(says)):
            read({"kind": "chirality", "C": 1, **table})
    with pytest.raises(q.InputTypeError, match="`term` must be a class of terms on two sites"):
        q.chain(4, q.Chirality, 1)


def test_a_new_term_may_act_on_any_number_of_sites(drop):
    """Some of them, all of them, in model files too, and whoever moves the state."""
    check_contract("collective", term_class(drop(FOLDER, "terms/collective.py")))
    K = sp.Symbol("K", real=True)
    table = {"kind": "collective", "K": "K/2", "members": [3, 1, 0]}
    document = {"system": {"spins": "1/2", "sites": 4, "symbols": ["K"]}, "term": [table]}
    assert parse_document(document, "m").model.terms == (q.Collective(K / 2, [3, 1, 0]),)
    for members, says in (([0, 0], "`members` must be different sites"), ([4], "`members` must be a site from 0 to 3"),
                          ("all", "`members` must be an array of integers")):
        with pytest.raises(q.ModelError, match=says):
            parse_document({**document, "term": [{**table, "members": members}]}, "m")
    model = q.Model(q.Space.half(4), [q.Collective(0.4, [3, 1, 0]), q.Zeeman((0, 0, 1), sites=2), q.Exchange(1, 0, 2)])
    start = q.states.product("up", "down", "+x", "down")
    exact = q.solve(model, q.QuantumLLG(0.3), start, [0, 1.5], method="exact").states
    for method in ("frame", "krylov", "low-rank", "pauli"):
        run = q.solve(model, q.QuantumLLG(0.3), start, [0, 1.5], method=method)
        np.testing.assert_allclose(run.states, exact, atol=1e-8, err_msg=method)


def eigen(matrix):
    levels, vectors = np.linalg.eigh(matrix)
    return levels, vectors.T


def test_the_contract_catches_a_wrong_classical_energy(monkeypatch):
    monkeypatch.setattr(q.Exchange, "classical", q.Exchange.hamiltonian)
    with pytest.raises(AssertionError, match="m_0·m_1"):
        check_contract("exchange", q.Exchange)


BROKEN_TERMS = {
    "a sign": [("(8 * self.C", "(-8 * self.C")],
    "a factor": [("(8 * self.C", "(4 * self.C")],
    "a power of ħ": [("(8 * self.C", "(8 * x.hbar * self.C")],
    "an order": [("cross(x.spin(self.b), x.spin(self.c))", "cross(x.spin(self.c), x.spin(self.b))")],
    "a wrong site": [("dot(x.spin(self.a)", "dot(x.spin(0)")],
    "the printed factor": [("+(8C/ħ³)", "+(4C/ħ³)")],
    "the printed site": [("S_{self.a}·", "S_0·")],
    "the printed value": [("C = {written(self.C)}", "coupling {written(self.C)}")],
    "another formula in LaTeX": [('latex: ClassVar[str] = r"\\frac{8C}', 'latex: ClassVar[str] = r"\\frac{4C}'),
                                 ("$H = \\frac{8C}", "$H = \\frac{4C}")],
    "no formula in its line": [("+(8C/ħ³) S_{self.a}·(S_{self.b}×S_{self.c})", "scalar chirality")],
    "no docstring": [('    r"""$H', '    latin = r"""$H')],
    "no unit": [("[energy]", "")],
    "a coefficient that is none": [("C: Coefficient", "C: Any")],
    "sites that are none": [("    a: Site", "    a: int")],
    "an operator that is not Hermitian": [("(8 * self.C, dot(x.spin(self.a)", "(8 * self.C, dot(x.spin(self.b)")],
    "another kind": [('kind: ClassVar[str] = "chirality"', 'kind: ClassVar[str] = "chiral"')],
}


@pytest.mark.parametrize("case", BROKEN_TERMS)
def test_the_contract_catches_a_term_with(case, drop):
    module = drop(FOLDER, "terms/chirality.py", *BROKEN_TERMS[case])
    with pytest.raises((AssertionError, AttributeError, TypeError, q.QllgError)):
        check_contract("chirality", term_class(module))
