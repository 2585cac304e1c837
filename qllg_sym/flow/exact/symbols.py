"""The number type of SymPy: ρ(t) as an expression, where that is short."""

from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

Array = NDArray[Any]


class Symbols:
    """Expressions, for one spin ½."""

    def number(self, exact: Any) -> Any:
        """Return the expression itself."""
        return exact

    def moved(self, frequency: Any, exponent: Any, kets: Any) -> Array:
        """Return exp(exponent · H/ħ) times a ket, but for a factor: with H/ħ = h₀ + h·σ and w = |h|, cosh + sinh h·σ/w.

        >>> Symbols().moved(sp.Matrix([[-1, 0], [0, 1]]), sp.I * sp.Symbol("t"), sp.Matrix([1, 0]))[0, 0].simplify()
        exp(-I*t)
        """
        traceless = frequency - frequency.trace() / 2 * sp.eye(2)
        w = sp.sqrt(sp.expand(-traceless.det()))
        angle = sp.I * exponent * w
        turned = kets if w == 0 else (sp.cos(angle) * sp.eye(2) - sp.I * sp.sin(angle) / w * traceless) * kets
        return np.array(turned.tolist(), dtype=object)
