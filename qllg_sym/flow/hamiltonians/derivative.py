"""∂H/∂θ as matrices: the derivatives of the amplitudes, times the matrices that they multiply."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.scalars import symbols_in
from qllg_sym.codegen import build
from qllg_sym.codegen.tangent import parameter_derivative
from qllg_sym.flow.hamiltonians.dense import Hamiltonian
from qllg_sym.flow.numbers import number_of
from qllg_sym.model.model import Model

Array = NDArray[Any]


def derivative(h: Hamiltonian, name: str) -> Callable[[float, Array], Array] | None:
    """Return (t, parameters (k,)) ↦ ∂(H/ħ)/∂θ, (d, d); None where H does not have the parameter.

    >>> from qllg_sym import Space, Zeeman
    >>> h = Hamiltonian(Model(Space("1/2"), [Zeeman((0, 0, sp.Symbol("B", real=True)**2))]))
    >>> derivative(h, "B")(0.0, np.array([3.0]))[0, 0].real, derivative(h, "J")
    (np.float64(-3.0), None)
    """
    if name not in h.names:
        return None
    program = build.load(parameter_derivative(h.program, name), "numpy")
    return lambda t, p: np.tensordot(program(t, np.empty(0), p), h.parts, axes=1)


def energy_derivative(model: Model, name: str, values: Mapping[str, Any], t: float) -> Array:
    """Return ∂H/∂θ of a model at a time, (d, d), ħ(∂(H/ħ)/∂θ) + (∂ħ/∂θ)H/ħ."""
    h = Hamiltonian(model)
    p, hbar = np.array([float(values[one]) for one in h.names]), number_of(model.hbar, values)
    found, own = np.zeros(h.parts.shape[1:], dtype=complex), derivative(h, name)
    if own is not None:
        found += hbar * own(t, p)
    for symbol in symbols_in([model.hbar]):
        if symbol.name == name:
            found += number_of(sp.diff(model.hbar, symbol), values) * h.at(t, p[:, None])[0]
    return found
