"""An ensemble in a process of its own, for a test that kills it: says each chunk that is done, and waits.

Usage: python killed.py CHECKPOINT
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from ensemble.noisy_cases import ensemble
from qllg_sym.parallel import checkpoint


def slowly(folder, part, keep=checkpoint.Checkpoint.keep):
    """Keep a chunk, say so, and wait."""
    keep(folder, part)
    print(part.number, flush=True)
    time.sleep(60)


if __name__ == "__main__":
    checkpoint.Checkpoint.keep = slowly
    ensemble(checkpoint=sys.argv[1])
