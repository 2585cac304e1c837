"""What rows hold goes into JSON, NumPy's truths too."""

import json

import numpy as np

from qllg_sym.benchmarks.results import Results, Row, Section


def test_a_row_whose_truth_is_numpys_is_written():
    rows = (Row("a", np.float64(1.0), np.float64(1e-12), ok=np.float64(1e-12) < 1e-10), Row("b", ok=np.bool_(False)))
    record = Results((Section("s", rows),), {}, {}, True, "m", "d").record()
    assert [row["ok"] for row in json.loads(json.dumps(record))["sections"][0]["rows"]] == [True, False]
