"""The weight W of a law's frame form, of eigenvalue differences, with the numbers of rows."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.symbols import t as clock
from qllg_sym.codegen import build
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.lowering import weight_kernel
from qllg_sym.flow import numbers

Array = NDArray[Any]


class Weights:
    """W(Δ) of a law that keeps the spectrum, for m rows of numbers; constant ones are kept.

    Args:
        equation: model and law.
        values: a number, or one a row (m,), for every parameter, by name.
        size: m.

    >>> from qllg_sym import Model, QuantumLLG, Space
    >>> Weights(QuantumLLG(1).derive(Model(Space("1/2"))), {}, 1).of(np.array([1.0]))(0.0).tolist()
    [(0.5+0.5j)]
    """

    def __init__(self, equation: Equation, values: Mapping[str, Any], size: int) -> None:
        self._equation, self._values, self._size = equation, values, size
        self._known = dict[bytes, Array]()      # a method and what looks at it ask for the same

    @cached_property
    def constant(self) -> bool:
        """Whether it does not depend on time."""
        return not any(part.has(clock) for part in self._equation.weight())

    def of(self, differences: Array) -> Callable[[float], Array]:
        """Return t ↦ W(Δ), complex, for differences (m, …); of any shape where there is one row."""
        shape, flat = np.shape(differences), np.asarray(differences, dtype=float).reshape(1, -1)
        if not self.constant:
            moving = self._flat(flat)
            return lambda t: moving(t).reshape(shape)
        key = flat.tobytes()
        if key not in self._known:
            self._known[key] = self._flat(flat)(0.0)
        fixed = self._known[key].reshape(shape)
        return lambda t: fixed

    def _flat(self, flat: Array) -> Callable[[float], Array]:
        """Return t ↦ W(Δ), complex (n,), for differences (1, n) of one row after the other."""
        function = build.load(weight_kernel(self._equation), "numpy")

        def at(t: float) -> Array:
            """Return W(Δ) at a time."""
            p = numbers.parameters(self._values, function.kernel.parameters, self._size, t)
            p = p[:, 0] if self._size == 1 else np.repeat(p, flat.size // self._size, axis=1)
            re, im = function.batch(t, flat, p)
            return np.asarray(re + 1j * im).ravel()

        return at
