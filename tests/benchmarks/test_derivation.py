"""The derivation in plain SymPy is of the same equations, and a row says so where it is not."""

import pytest
import sympy as sp

from qllg_sym.benchmarks import derivation

COUPLINGS = sp.symbols("J D B kappa", real=True)


@pytest.mark.parametrize("name", derivation.LAWS)
def test_rows_of_one_spin(name):
    section = derivation.derivation([1], lambda _: None)
    rows = {row.name: row for row in section.rows}
    ours, peer = rows[f"qllg_sym, {name}, 1 spin"], rows[f"plain SymPy, {name}, 1 spin"]
    assert peer.ok
    assert peer.note == "the same equations"
    assert peer.unit == ours.seconds > 0
    assert rows[f"slope of {name}"].note == "one size alone has none"


def test_other_equations_do_not_count(monkeypatch):
    right = derivation.plain
    monkeypatch.setattr(derivation, "plain", lambda *given: tuple(2 * e for e in right(*given)))
    rows = derivation.derivation([1]).rows
    assert [row.ok for row in rows if row.name.startswith("plain")] == [False] * 3


def test_two_spins_in_plain_sympy():
    found = derivation.plain(2, "von Neumann", COUPLINGS)
    assert len(found) == 15
    assert found == derivation._derived(2, "von Neumann", COUPLINGS)
