r"""The exact solution of a law that keeps the spectrum, for constant H and two levels, over any number type.

ρ(t) = a + b P(t), range P(t) = exp(−i c H t/ħ) range P(0), c = W(b)* from the law's residual: for q-LLG
−ic = −1/(κb − i), for q-LL −ic = −(i + κb).
"""

from typing import Any

import numpy as np


def rate(weight: Any) -> Any:
    """Return −ic of the frame weights W(b), in doubles.

    >>> complex(rate(1 / (1 - 0.5j)) * (0.5 - 1j))
    (-1+0j)
    """
    return -1j * np.conj(weight)
