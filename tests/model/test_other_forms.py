"""Hamiltonians in the forms of other programs, against matrices put together by hand."""

from functools import reduce
from types import SimpleNamespace

import numpy as np
import pytest
import qutip
import sympy as sp
from scipy.sparse import csr_array

import oracle
import qllg_sym as q
from qllg_sym.model.expansion import standard_string

J = sp.Symbol("J", real=True)
THREE, PAIR = q.Space.half(3), q.Space.half(2)
I, X, Y, Z = (oracle.PAULI[k] for k in "0xyz")


def dense(model, values=None):
    """The package's H as a matrix."""
    total = np.zeros((model.space.dimension,) * 2, dtype=complex)
    for (k, string), c in model.hamiltonian.terms.items():
        matrix = np.array(standard_string(model.space.numeric_spins, string).tolist(), dtype=complex)
        total += 1j**k * oracle.number(c.as_expr(), values or {}) * matrix
    return total


def kron(*factors):
    return reduce(np.kron, factors)


class SparsePauliOp:
    """What the package sees of Qiskit's class: labels whose rightmost letter is qubit 0, complex coefficients."""

    paulis = ()

    def to_list(self):
        return [("XZI", 1.5 + 0j), ("IIY", -0.5 + 0j)]


QUBIT_OPERATOR = SimpleNamespace(terms={((0, "X"), (2, "Z")): 1.5 + 0j, ((1, "Y"),): -0.5, (): 2})    # OpenFermion's
MATRIX = kron(X, X) + 2 * kron(Z, I)


@pytest.mark.parametrize(("given", "wanted"), [
    ({"XIZ": 0.7, "IYI": J}, 0.7 * kron(X, I, Z) + 0.3 * kron(I, Y, I)),
    (SparsePauliOp(), 1.5 * kron(I, Z, X) - 0.5 * kron(Y, I, I)),
    (QUBIT_OPERATOR, 1.5 * kron(X, I, Z) - 0.5 * kron(I, Y, I) + 2 * np.eye(8)),
    ([{"XXX": 1}, SparsePauliOp(), [q.Pauli(J, "ZZZ")]],
     kron(X, X, X) + 1.5 * kron(I, Z, X) - 0.5 * kron(Y, I, I) + 0.3 * kron(Z, Z, Z)),
], ids=["dictionary", "Qiskit", "OpenFermion", "list of all"])
def test_pauli_sums_have_site_0_leftmost(given, wanted):
    assert dense(q.Model(THREE, given), {J: 0.3}) == pytest.approx(wanted)
    assert not np.allclose(wanted, wanted.reshape((2,) * 6).transpose(2, 1, 0, 5, 4, 3).reshape(8, 8))


@pytest.mark.parametrize("given", [MATRIX, csr_array(MATRIX), sp.Matrix(MATRIX.real.astype(int)),
                                   qutip.Qobj(MATRIX, dims=[[2, 2]] * 2), [MATRIX / 2, csr_array(MATRIX / 2)]],
                         ids=["array", "sparse", "SymPy", "Qobj", "list"])
def test_a_matrix_is_a_hamiltonian(given):
    assert dense(q.Model(PAIR, given)) == pytest.approx(MATRIX)


def test_a_list_of_matrices_with_coefficients_in_time():
    model = q.Model(PAIR, [MATRIX, [kron(X, I), sp.sin(q.t)],
                           [qutip.Qobj(kron(I, Z), dims=[[2, 2]] * 2), J], q.Pauli(1, "YY")])
    assert dense(model, {q.t: 0.4, J: 3}) == pytest.approx(
        MATRIX + np.sin(0.4) * kron(X, I) + 3 * kron(I, Z) + kron(Y, Y))


@pytest.mark.parametrize(("given", "says"), [
    ({"XX": 1, "Z": 2}, "`letters` must name one Pauli matrix for each"),
    ({"XQ": 1}, "`letters` must be made of I, X, Y, Z"),
    ({1: 2}, "`letters` must be a string"), ({"XX": 1j}, "`c` must be real"), (np.eye(3), "`matrix` must be 4 × 4"),
    (QUBIT_OPERATOR, "`terms` must act on sites 0 to 1, but one acts on 2"),
    ([MATRIX, {1}], "expressions in qllg_sym.t"),
    ([[MATRIX, np.ones(3)]], "`tlist` must be given"), ([[1, 0], [0, 1]], "`terms` must be Hamiltonian terms"),
    ("XX", "`terms` must be Hamiltonian terms"), (q.Zeeman, "`terms` must be Hamiltonian terms"),
    (1j * MATRIX, "must be Hermitian"),
    (np.ones(3), "`terms` must be Hamiltonian terms"),
    (qutip.QobjEvo(lambda t: qutip.Qobj(MATRIX)), "a QobjEvo of operators with coefficients"),
    (np.array(3.0), "`terms` must be Hamiltonian terms"),
    (SimpleNamespace(terms={((-1, "X"),): 1}), "must act on sites 0 to 1, but one acts on -1"),
    (SimpleNamespace(terms={((0, "X"), (0, "Z")): 1}), "must be products of X, Y and Z, one a site"),
    (SimpleNamespace(terms={((0, 1), (1, 0)): 1}), "as openfermion.jordan_wigner makes it"),     # a FermionOperator
])
def test_wrong_forms_are_one_sentence(given, says):
    with pytest.raises(q.QllgError, match=says) as caught:
        q.Model(PAIR, given)
    assert "\n" not in str(caught.value)


def test_the_factors_of_a_qobj_are_those_of_the_sites():
    """σ_z ⊗ 1₃ is another matrix on (1, ½) than on (½, 1), of the same size; a Qobj of one factor is a plain matrix."""
    space, twisted = q.Space("1", "1/2"), qutip.tensor(qutip.sigmaz(), qutip.qeye(3))
    right = qutip.tensor(qutip.qeye(3), qutip.sigmaz())
    for given in (twisted, [twisted, sp.sin(q.t)], [q.Zeeman((0, 0, 1)), twisted], q.Operator(twisted, sites=[0, 1])):
        with pytest.raises(q.ModelError, match=r"have the dims \[3, 2\], one a site, but is a Qobj of \[2, 3"):
            q.Model(space, given)
    for given in (right, q.Operator(twisted, sites=[1, 0]), qutip.Qobj(right.full()),
                  qutip.tensor(right, qutip.qeye(1))):
        assert dense(q.Model(space, given)) == pytest.approx(right.full())
