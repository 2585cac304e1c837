"""Lowest levels by the law beside Lanczos' method: what is counted is right, and a wrong level is told."""

from dataclasses import replace

import numpy as np

import qllg_sym as q
from benchmarks import lowest

X, Z = np.array([[0, 1], [1, 0]]), np.diag([1, -1])


def test_rows_hold_the_same_levels_and_say_how_many_products():
    for levels, section in zip(lowest.LEVELS, lowest.lowest_levels(quick=True), strict=True):
        assert f"k = {levels}" in section.title
        assert len(section.rows) == 5
        for row in section.rows:
            assert row.ok
            assert row.error < 1e-12
            assert "× the products of Lanczos' method" in row.note
            assert row.unit > 0


def string(first, *others):
    """Return a Kronecker product."""
    return np.kron(first, string(*others)) if others else first


def test_the_models_are_those_that_the_page_names():
    expected = -string(Z, Z, np.eye(2)) - string(np.eye(2), Z, Z)
    for c, one in ((0.7, X), (0.01, Z)):
        expected = expected - c * sum(string(*(one if i == k else np.eye(2) for i in range(3))) for k in range(3))
    assert np.allclose(np.linalg.eigvalsh(expected)[:3], q.lowest(lowest.ising(3, 0.7, 0.01), k=3).energies, atol=1e-9)


def test_a_wrong_level_is_told(monkeypatch):
    def wrong(model, k, method):
        found = q.lowest(model, k=k, method=method)
        return replace(found, energies=found.energies * (1 + 1e-6 * (method == "q-llg")))

    monkeypatch.setattr(lowest, "lowest", wrong)
    assert not any(row.ok for row in lowest.lowest_levels(quick=True)[0].rows)
