"""H(t)/ħ of many rows of parameters at once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.flow.hamiltonians.dense import Hamiltonian

Array = NDArray[Any]


class Hamiltonians:
    """H/ħ of a model for rows of parameters.

    Args:
        one: the same with the numbers of one row.

    Attributes:
        names: the parameters, in the order of the rows of `at`.
        constant: whether H does not depend on time.
        program: the amplitudes f_g(t) as a kernel without states.
        parts: the matrices that they multiply, (g, d, d).

    >>> import sympy
    >>> from qllg_sym import Model, Space, Zeeman
    >>> model = Model(Space("1/2"), [Zeeman((0, 0, sympy.Symbol("B", real=True)))])
    >>> Hamiltonians(Hamiltonian(model, {"B": 1.0})).at(0.0, np.array([[1.0, 2.0]]))[:, 0, 0].real.tolist()
    [-0.5, -1.0]
    """

    def __init__(self, one: Hamiltonian) -> None:
        self.program, self.names, self.constant = one.program, tuple(one.program.parameters), one.constant
        self.parts = np.array(one.parts).reshape(-1, one.dimension, one.dimension)
        self._amplitudes = build.load(one.program, "numpy")

    def at(self, t: float, p: Array) -> Array:
        """Return H(t)/ħ, (m, d, d), for parameters (k, m)."""
        amplitudes = self._amplitudes.batch(t, np.empty((0, p.shape[1])), p)
        total = np.zeros((p.shape[1], *self.parts.shape[1:]), dtype=complex)
        with np.errstate(invalid="ignore", over="ignore"):      # an infinite field is told by what uses it
            for amplitude, part in zip(amplitudes, self.parts, strict=True):
                total += amplitude[:, None, None] * part
        return total
