"""The table of fewer equations: the counts that explicit matrices give."""

import numpy as np

import oracle
from qllg_sym.report.prose import prose
from qllg_sym.report.sections import fewer

PLUS, SWAP = oracle.PAULI, np.eye(4)[[0, 2, 1, 3]]
TURN = oracle.kron(PLUS["x"], PLUS["x"])


def fixed(*unitaries):
    """How many traceless Hermitian matrices commute with all of these."""
    one = np.eye(unitaries[0].size)
    kernel = np.concatenate([np.kron(u, u.conj()) - one for u in unitaries])
    return len(one) - np.linalg.matrix_rank(kernel, tol=1e-9) - 1


def test_counts_are_those_of_invariant_matrices():
    found = {(model, start): counts for model, start, *counts in fewer.rows()}
    plain, twisted = fewer.DIMERS
    angle = np.cos(0.35) * np.eye(2) - 1j * np.sin(0.35) * PLUS["x"]
    assert found[plain, "↑↓ (Fig. 1)"][2] == found[twisted, "↑↓ (Fig. 1)"][2] == fixed(SWAP @ TURN) == 9
    assert found[plain, "Bell Ψ+ (Fig. 3)"][2] == fixed(SWAP, TURN)
    assert found[plain, "Werner Ψ+, p = 0.9"][:4] == found[plain, "Bell Ψ+ (Fig. 3)"][:4]
    assert found[plain, "singlet Ψ−"][2] == fixed(SWAP, oracle.kron(angle, angle))
    assert found[twisted, "triplet ↑↑"] == [15, 15, 15, 15, "none"]
    assert all(row[3] <= min(row[1], row[2]) <= row[0] for row in found.values())


def test_the_section_holds_every_row():
    page = fewer.body(None)
    for row in fewer.rows():
        assert prose(row[6]) in page
    assert page.count("<tr>") == len(fewer.rows()) + 1
