"""The reader of printed formulas itself, by hand."""

import numpy as np
import pytest

import formula
import oracle

X, Y, Z = (oracle.PAULI[k] for k in "xyz")
NAMES = {"a": 3.0, "b": 2.0, "ħ": 0.5, "X": X, "Y": Y, "v": [1.0, 2.0, 3.0], "w": [X, Y, Z], "sites": range(2),
         "S": lambda i: [(i + 1) * op for op in (X, Y, Z)], "T": [[1, 0, 0], [0, 2, 0], [0, 1, 0]], "k": 1,
         "σ": lambda letters: oracle.kron(*(oracle.PAULI["0xyz"["IXYZ".index(c)]] for c in letters))}


@pytest.mark.parametrize(("text", "expected"), [
    ("a - b + 1", 2), ("−a b", -6), ("12/a b", 8), ("(a + b)^2", 25), ("2a²", 18), (r"\frac{4a}{\hbar^2}", 48),
    (r"\frac12 a", 1.5), ("v·v a", 42), ("v × v", [0, 0, 0]), ("v·T·v", 1 + 8 + 6), ("X Y", X @ Y), ("[X, Y]", 2j * Z),
    (r"\{X, Y\}", 0 * X), ("i/ħ X", 2j * X), ("v·S_1", 2 * (X + 2 * Y + 3 * Z)), ("S_k^z", 2 * Z), ("ΣS_i", None),
    (r"\sum_i (S_i^z)^2", 5 * np.eye(2)), ("S_0·(S_0×S_k)", 2 * 2j * 3 * np.eye(2)), ("σ(XZ)", oracle.kron(X, Z)),
])
def test_by_hand(text, expected):
    found = formula.value(text, NAMES)
    np.testing.assert_allclose(found, [3 * X, 3 * Y, 3 * Z] if expected is None else expected, atol=1e-14)


@pytest.mark.parametrize("text", ["", "a +", "(a", "[X Y]", "unknown", "a ? b", "a)", "S_i X"])
def test_what_is_no_formula_is_told(text):
    with pytest.raises((formula.Unreadable, KeyError)):
        formula.value(text, NAMES)


def test_equations_of_a_docstring():
    text = r"$\dot\rho = a$, with $\tilde\gamma = b/2$ and $c$."
    (left, right), second = formula.equations(text)
    assert (formula.tokens(left), right) == (["drho"], "a")
    assert formula.definitions([second], NAMES)["tildegamma"] == 1
