"""Chains as matrix product states: both rows are right, and a wrong answer is told."""

from benchmarks import matrix_products


def test_rows_of_small_chains():
    section = matrix_products.matrix_products(quick=True)
    assert [row.name for row in section.rows] == ["qllg_sym, XX chain", "qllg_sym, Heisenberg chain"]
    assert all(row.ok and row.seconds > 0 and row.error <= 1e-2 for row in section.rows)


def test_a_tolerance_that_is_missed_is_told(monkeypatch):
    true = matrix_products.solve

    def wrong(*args, method, **words):
        run = true(*args, method=method, **words)
        if method == "mps":
            run.vectors[:] *= 0.9
        return run

    monkeypatch.setattr(matrix_products, "solve", wrong)
    xx, _ = matrix_products.matrix_products(quick=True).rows
    assert not xx.ok
