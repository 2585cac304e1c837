r"""How clusters and moments move: ρ_c = V diag(p) V† with constant p, and unit vectors m.

$\dot V = -\frac{i}{\hbar} V (W \circ V^\dagger H_c V)$, W the frame weight of the cluster's law; H_c and ṁ come from
the kernel of the law, given the means Tr(ρ_c A) that enter the energy. A step leaves the unitary group and the sphere
by its error; V is brought back to the nearest unitary matrix, m to length one, so that spectra and lengths are constant
to rounding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from qllg_sym.algebra.sites import String
from qllg_sym.codegen import build
from qllg_sym.equations.equation import Equation
from qllg_sym.equations.hybrid.equation import HybridEquation
from qllg_sym.equations.hybrid.kernels import motion_kernel
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import CodegenError
from qllg_sym.flow.hamiltonians.dense import string_entries
from qllg_sym.flow.hybrid.posed import HybridProblem
from qllg_sym.flow.lattices.moments import WRITTEN
from qllg_sym.flow.lattices.rates import LatticeRates
from qllg_sym.flow.native.rotating import restricted
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.steps.runge_kutta import NotFinite
from qllg_sym.flow.subspace.kets import orthonormalise
from qllg_sym.flow.weights import Weights
from qllg_sym.model.model import Model

Array = NDArray[Any]
DENSE = 1 << 14         # entries of all strings of a cluster up to which a full matrix is quickest


@dataclass(frozen=True, eq=False)
class ClusterMotion:
    """One cluster: its levels, their weights in the law, and the strings that enter the energy.

    Attributes:
        levels: p, (d,).
        weight: t ↦ W(p_j − p_k), zero between equal levels, (d, d).
        strings: the operators A as columns, row-major, (d², k).
    """

    levels: Array
    weight: Callable[[float], Array]
    strings: Any

    def means(self, v: Array) -> Array:
        """Return Tr(ρ A) of every string, (k,)."""
        rho = (v * self.levels) @ v.conj().T
        return np.asarray(self.strings.T @ rho.T.ravel()).real

    def slope(self, t: float, v: Array, fields: Array) -> Array:
        """Return dV/dt for the coefficients of the strings in H/ħ."""
        h = np.asarray(self.strings @ fields).reshape(v.shape)
        return np.asarray(v @ (-1j * self.weight(t) * (v.conj().T @ h @ v)))


class HybridMotion:
    """The right-hand side on vectors of doubles: all V as complex numbers, row by row, then all m.

    Args:
        posed: the problem.
        part: the same problem where it is smooth in time, on the piece that is looked at.
    """

    def __init__(self, posed: HybridProblem, part: Problem) -> None:
        equation, values = cast(HybridEquation, part.equation), part.values
        self._function = loaded_motion(equation)
        self._names, self._values = self._function.parameters, values
        moving = [callable(values[name]) for name in self._names]
        self._fixed = None if any(moving) else self._parameters(0.0)
        law = cast(Hybrid, equation.law)
        self._frames, self._counts = list[ClusterMotion](), list[int]()
        for c, (space, levels) in enumerate(zip(equation.sites.spaces, posed.levels, strict=True)):
            strings = [string for cluster, string in self._function.strings if cluster == c]
            own = law.cluster_law.derive(Model(space, (), equation.model.hbar, equation.model.gamma))
            columns = string_columns(space.numeric_spins, strings)
            self._frames.append(ClusterMotion(levels, _weight(own, values, levels), columns))
            self._counts.append(len(strings))
        self._ends = np.cumsum([0, *(2 * len(p)**2 for p in posed.levels)]).tolist()

    @property
    def target(self) -> str:
        """The language of the kernel."""
        return str(self._function.target)

    def packed(self, frames: Sequence[Array], moments: Array) -> Array:
        """Return frames and moments as one vector."""
        parts = [np.ascontiguousarray(v).view(float).ravel() for v in frames]
        return np.concatenate([*parts, moments.ravel()])

    def parts(self, y: Array) -> tuple[list[Array], Array]:
        """Return the frames (d, d) and the moments (n, 3) of a vector, without copies."""
        frames = [y[a:b].view(complex).reshape(len(f.levels), -1)
                  for a, b, f in zip(self._ends, self._ends[1:], self._frames, strict=False)]
        return frames, y[self._ends[-1]:].reshape(-1, 3)

    def rates(self, t: float, y: Array) -> Array:
        """Return what the kernel says: coefficients of strings in every H_c/ħ, velocities of moments, E/ħ."""
        frames, moments = self.parts(y)
        means = [f.means(v) for f, v in zip(self._frames, frames, strict=True)]
        p = self._parameters(t) if self._fixed is None else self._fixed
        return self._function(t, np.concatenate([*means, moments.ravel()]), p)

    def slope(self, t: float, y: Array, out: Array) -> None:
        """Write dy/dt into `out`."""
        rates = self.rates(t, y)
        if not np.all(np.isfinite(rates)):
            raise NotFinite
        (frames, _), (slopes, moments) = self.parts(y), self.parts(out)
        first = 0
        for f, count, v, slope in zip(self._frames, self._counts, frames, slopes, strict=True):
            slope[:] = f.slope(t, v, rates[first:first + count])
            first += count
        moments[:] = rates[first:-1].reshape(-1, 3)

    def project(self, y: Array) -> float:
        """Bring frames and moments back to their manifolds where they are; return how far from them they were."""
        frames, moments = self.parts(y)
        moved = [abs(orthonormalise(v)**2 - 1).max(initial=0.0) for v in frames]
        lengths = np.linalg.norm(moments, axis=1, keepdims=True)
        moments /= lengths
        return float(max([*moved, *abs(lengths[:, 0] - 1)], default=0.0))

    def sizes(self, tolerance: float) -> Callable[[Array, Array, Array], Array]:
        """Return the sizes of a change: of each column of a frame and of each moment, in units of a tolerance."""
        def size(change: Array, old: Array, new: Array) -> Array:
            """Return them, one after the other."""
            frames, moments = self.parts(change)
            columns = [np.linalg.norm(v, axis=0) for v in frames]
            return np.concatenate([*columns, np.linalg.norm(moments, axis=1)]) / tolerance

        return size

    def energies(self, t: float, y: Array) -> tuple[float, list[float]]:
        """Return E/ħ, and Tr ρ_c H_c/ħ of the traceless H_c of each cluster."""
        rates, (frames, _) = self.rates(t, y), self.parts(y)
        own, first = [], 0
        for f, count, v in zip(self._frames, self._counts, frames, strict=True):
            own.append(float(f.means(v) @ rates[first:first + count]))
            first += count
        return float(rates[-1]), own

    def _parameters(self, t: float) -> Array:
        """The numbers of the kernel's parameters at a time."""
        return np.array([v(t) if callable(v := self._values[name]) else v for name in self._names], dtype=float)


class MotionRates(Protocol):
    """What moves clusters and moments, as a function of means Tr(ρ_c A) and moments: one generated kernel, or loops."""

    strings: tuple[tuple[int, String], ...]
    target: str
    parameters: tuple[str, ...]

    def __call__(self, t: float, y: Array, p: Array, /) -> Array:
        """Coefficients of strings in every H_c/ħ, velocities of moments, E/ħ."""
        ...

    def rows(self, t: float, Y: Array, P: Array, /) -> Array:
        """The same of several states, a row each."""
        ...


@dataclass(frozen=True, eq=False)
class GeneratedRates:
    """The rates as one kernel, in which each coefficient and velocity is written out."""

    function: build.Function
    strings: tuple[tuple[int, String], ...]

    @property
    def target(self) -> str:
        """The language of the kernel."""
        return str(self.function.target)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the numbers that it takes."""
        return tuple(self.function.kernel.parameters)

    def __call__(self, t: float, y: Array, p: Array, /) -> Array:
        """Coefficients of strings in every H_c/ħ, velocities of moments, E/ħ."""
        return self.function(t, y, p)

    def rows(self, t: float, Y: Array, P: Array, /) -> Array:
        """The same of several states, a row each."""
        return self.function.rows(t, Y, P)


def loaded_motion(equation: HybridEquation) -> MotionRates:
    """Return what moves clusters and moments, compiled where that works: of many moments, in loops over neighbours."""
    if len(equation.sites.classical) > WRITTEN:
        return cast(MotionRates, LatticeRates(equation.model, equation.sites, cast(Hybrid, equation.law).moment_law,
                                        equation.parameters))
    kernel, strings = motion_kernel(equation), equation.written.energy.strings
    try:
        return cast(MotionRates, GeneratedRates(build.load(kernel, "c"), strings))
    except CodegenError:
        return cast(MotionRates, GeneratedRates(build.load(kernel, "numpy"), strings))


def _weight(equation: Equation, values: Any, levels: Array) -> Callable[[float], Array]:
    """T ↦ W of differences of levels, zero between equal ones."""
    names = {s.name for s in equation.parameters}
    weights = Weights(equation, {name: v for name, v in values.items() if name in names}, 1)
    at = weights.of(levels[:, None] - levels)
    if weights.constant:
        fixed = restricted(levels, at(0.0))
        return lambda t: fixed
    return lambda t: restricted(levels, at(t))


def string_columns(spins: Any, strings: Sequence[Any]) -> Any:
    """Return strings as columns, (d², k): a full array where that is small, else sparse."""
    entries = [string_entries(spins, string) for string in strings]
    d = int(np.prod([2 * s + 1 for s in spins]))
    places = [rows * d + columns for rows, columns, _ in entries]
    numbers = np.repeat(np.arange(len(strings)), [len(p) for p in places])
    data = np.concatenate([np.zeros(0, dtype=complex), *(values for _, _, values in entries)])
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *places])
    found = sparse.csr_array((data, (rows, numbers)), shape=(d * d, len(strings)))
    return found.toarray() if d * d * len(strings) <= DENSE else found
