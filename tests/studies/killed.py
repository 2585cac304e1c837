"""A study in a process of its own, for tests that kill it: says each chunk that it solves, and waits before the next.

Usage: python killed.py CHECKPOINT SECONDS OUTPUT
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from qllg_sym.studies import sweep
from studies.cases import study


def slowly(study, chunk, look, solve=sweep.solve_chunk):
    """Solve a chunk, say so, and wait."""
    found = solve(study, chunk, look)
    print(chunk.number, flush=True)
    time.sleep(float(sys.argv[2]))
    return found


if __name__ == "__main__":
    sweep.solve_chunk = slowly
    ds = study(over={"D": np.linspace(0, 1, 20), "kappa": np.linspace(0.1, 1, 30)}, checkpoint=sys.argv[1])
    np.savez(sys.argv[3], **{name: ds[name].values for name in ds.data_vars})
