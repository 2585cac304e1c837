"""Block Lanczos with thick restarts; small spaces are diagonalised whole."""

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.states.block_lanczos import BlockLanczos
from qllg_sym.observables.storage import require_memory
from qllg_sym.searches.asked import LevelSearch
from qllg_sym.searches.result import LowestLevels

Array = NDArray[Any]
NAME, OPTIONS = "lanczos", ("block",)
SMALL = 256         # dimension up to which all levels are found at once
ROOM = 40           # columns of the basis beside those kept
LOOK = 4            # steps between two looks at the residuals


def search(asked: LevelSearch) -> LowestLevels:
    """Return the levels by Lanczos' method.

    A block of as many kets as levels sees every copy of a degenerate level; a smaller one, by `options`, may miss some.
    """
    d, k = asked.dimension, asked.k
    block: Any = asked.own.get("block", k)
    if isinstance(block, bool) or not isinstance(block, Integral) or not 1 <= int(block) <= k:
        raise InputError(f"`options[\"block\"]` must be an integer from 1 to k = {k}, but is {block!r}; leave it out.")
    if d <= SMALL or ROOM + 8 * k > d:
        require_memory("model", (3, d, d), "ask for fewer levels")
        matrix = asked.image(np.eye(d, dtype=complex))
        return asked.levels(np.linalg.eigh((matrix + matrix.conj().T) / 2)[1][:, :k], NAME, {"whole": True})
    asked.check_squares()
    width, room = int(block), ROOM + 4 * k
    require_memory("kets", (2 * room, d), "ask for fewer levels")
    basis = BlockLanczos(asked.image, d, width, room, asked.width, np.random.default_rng(asked.seed))
    restarts, steps = 0, 0
    while asked.products + width + k <= asked.most:
        if basis.is_full:
            basis.restart(k)
            restarts += 1
        basis.step()
        steps += 1
        # The norm of a residual is that of the Ritz vector's last block, half of what is asked for against rounding.
        if steps % LOOK == 0 and basis.size >= k + width and \
                basis.ritz()[1][:k].max() <= asked.tol * asked.width / 2:
            break
    kets = np.linalg.qr(basis.kets(min(k, basis.size)))[0]
    return asked.levels(kets, NAME, {"block": width, "restarts": restarts, "steps": steps})
