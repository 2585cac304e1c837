"""Exponentials of the operators of windows and of distant pairs, layer by layer of a step; `splitting` says which."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.routes import RoutedTensors
from qllg_sym.flow.mps.splitting import Layer, layers
from qllg_sym.flow.mps.starts import bond_charges, charged, charges_of, keeps_charge
from qllg_sym.flow.mps.windows import MovingWindows
from qllg_sym.flow.problem import Problem

Array = NDArray[Any]
Pace = Callable[[float], complex]


class Gates:
    """The gates of steps; those of a constant H are made once."""

    def __init__(self, pace: Pace, part: Problem, moving: MovingWindows, psi: MatrixProductState) -> None:
        self._moving, self._pace, self._width = moving, pace, moving.windows.width
        self._distant, self._dims = moving.windows.distant, moving.windows.dims
        self._layers = layers(self._width, self._distant is not None)
        self._fixed = moving.constant and part.constant_weight
        self._known: dict[Any, Any] = {}
        self._levels: dict[bytes, tuple[Array, Array]] = {}
        self.charges = charges_of(self._dims) if self._keeps(psi) else ()

    def _keeps(self, psi: MatrixProductState) -> bool:
        """Whether H keeps total S_z at all times, and the state has one value of it."""
        windows, constant = self._moving.windows, self._moving.constant
        near = [self._moving.at(0.0)] if constant else windows.separate()
        far = [self._moving.distant(0.0)] if constant or self._distant is None else self._distant.separate()
        apart = [(h, [self._dims[i] for i in sorted(pair)]) for own in far for pair, h in own.items()]
        return all(keeps_charge(own, self._dims, self._width) for own in near) \
            and all(keeps_charge([h], dims, 2) for h, dims in apart) and bond_charges(psi) is not None

    def step(self, tensors: RoutedTensors, t: float, h: float) -> None:
        """Take one step h from t."""
        for k, layer in enumerate(self._layers):
            if k % 2 and self._distant is not None:
                tensors.travel(self._routes(tensors, layer, t, h))
            tensors.sweep(self._of(tensors, layer, t, h), self._width)
            if not k % 2 and self._distant is not None:
                tensors.travel(self._routes(tensors, layer, t, h))

    def _routes(self, tensors: RoutedTensors, layer: Layer, t: float, h: float) -> dict[int, dict[int, Any]]:
        """Return the gates of distant sites in a layer, by who travels and who is met."""
        key = ("distant", layer.share, h) if self._fixed else None
        if key in self._known:
            return self._known[key]
        at = t + layer.moment * h
        exponent, gates = self._pace(at) * layer.share * h, dict[int, dict[int, Any]]()
        for (i, j), operator in self._moving.distant(at).items():
            low, high = sorted((i, j))
            gate = self._exponential(operator, exponent, (self._dims[low], self._dims[high]))
            gates.setdefault(i, {})[j] = tensors.distant_gate(gate, low, high)
        if key is not None:
            self._known[key] = gates
        return gates

    def _of(self, tensors: RoutedTensors, layer: Layer, t: float, h: float) -> dict[int, Any]:
        """Return the gates of a layer by their first site."""
        key = (layer.parity, layer.share, h) if self._fixed else None
        if key in self._known:
            return self._known[key]
        at = t + layer.moment * h
        exponent, operators, made = self._pace(at) * layer.share * h, self._moving.at(at), dict[Any, Any]()
        gates = {}
        for k in self._moving.windows.starts:
            if layer.parity in (None, k % 2):
                dims = self._dims[k:k + self._width]
                name = operators[k].tobytes(), dims
                if name not in made:
                    made[name] = tensors.gate(self._exponential(operators[k], exponent, dims), k, self._width)
                gates[k] = made[name]
        if key is not None:
            self._known[key] = gates
        return gates

    def _exponential(self, operator: Array, exponent: complex, dims: tuple[int, ...]) -> Array:
        """Return exp(exponent · h) up to a factor, its largest entry about 1."""
        name = operator.tobytes()
        if name not in self._levels:
            if not self._fixed:
                self._levels.clear()
            self._levels[name] = np.linalg.eigh(operator)
        energies, vectors = self._levels[name]
        powers = exponent * energies
        gate = (vectors * np.exp(powers - powers.real.max())) @ vectors.conj().T
        if self.charges:
            gate[charged(dims)] = 0
        return np.asarray(gate)
