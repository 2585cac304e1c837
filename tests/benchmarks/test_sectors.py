"""H·v of a sector beside its peers: what ran is right, what did not says so, what is wrong is told."""

import numpy as np

from benchmarks import sectors
from benchmarks.timing import least


def test_rows_of_a_small_chain():
    products, motions = sectors.sectors(8)
    names = [row.name for row in products.rows]
    assert names == ["qllg_sym, S_z = 0", "qllg_sym, whole space", "QuSpin, quantum_LinearOperator"]
    assert "70 states" in products.title
    for row in products.rows[:2] + motions.rows:
        assert row.ok
        assert row.error < 1e-8
        assert row.seconds > 0
    quspin = products.rows[2]
    assert quspin.ok if quspin.seconds else "pip install 'qllg-sym[bench]'" in quspin.note


def test_a_wrong_product_is_told(monkeypatch):
    def wrong(work, budget=0.3):
        found, seconds = least(work, 0.0)
        return found * (1 + 1e-6 * (len(found) == 256)), seconds

    monkeypatch.setattr(sectors, "least", wrong)
    rows = sectors.sectors(8)[0].rows
    assert rows[0].ok
    assert not rows[1].ok
    assert np.isclose(rows[1].error, 1e-6, rtol=0.2)
