r"""Clusters and moments under noise: frames under invariant noise each, moments under Brown's, in one another's field.

Noise of strength $\sigma^2 = 2\hbar\kappa k_BT$ a cluster, and fields of $2\alpha k_BT/(\gamma_g\hbar\gamma_gs_i)$ a
moment, keep exp(−E/k_BT) of the one energy E = Tr[H(m) ⊗ρ_c] that they share.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.ensemble.friction import CLOSE, coupled, friction, noise_amplitudes
from qllg_sym.ensemble.group import conjugate_transposes, cross
from qllg_sym.ensemble.motions.frames import Frames
from qllg_sym.ensemble.motions.moments import Moments, unit_field
from qllg_sym.equations.hybrid.equation import HybridEquation
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.lowering import kernel
from qllg_sym.flow.hybrid.motion import loaded_motion, string_columns
from qllg_sym.flow.hybrid.posed import HybridStates
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.weights import Weights
from qllg_sym.model.model import Model
from qllg_sym.observables.bloch import bloch
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
ANYWHERE = 16       # random states at which the rate is looked at, too


class ClustersAndMoments:
    """Frames V of every cluster and unit moments, (m, D): all V as complex numbers, row by row, then all m.

    Args:
        problem: one row of a hybrid law.
        temperature: t ↦ k_BT.
    """

    name = "clusters and moments"
    steppers = ("strang", "euler")

    def __init__(self, problem: Problem, temperature: Callable[[float], float]) -> None:
        self.problem, self.temperature = problem, temperature
        equation, start = cast(HybridEquation, problem.equation), cast(HybridStates, problem.start)
        law, sites = cast(Hybrid, equation.law), equation.sites
        self._function, self._sites, self.levels = loaded_motion(equation), sites, start.spectra
        self._columns, self._weights, self._gaps = list[Any](), list[Weights](), list[Array]()
        for c, (space, levels) in enumerate(zip(sites.spaces, start.spectra, strict=True)):
            strings = [string for cluster, string in self._function.strings if cluster == c]
            self._columns.append(string_columns(space.numeric_spins, strings))
            own = law.cluster_law.derive(Model(space, (), equation.model.hbar, equation.model.gamma))
            names = {s.name for s in own.parameters}
            self._weights.append(Weights(own, {k: v for k, v in problem.values.items() if k in names}, 1))
            self._gaps.append(levels[:, None] - levels)
        self._pairs = [np.nonzero(np.triu(coupled(gaps))) for gaps in self._gaps]
        self._across = build.load(kernel(unit_field(law.moment_law).moments(), "any"), "numpy")
        self._spins = np.array([problem.hbar * float(sites.space.numeric_spins[i]) for i in sites.classical])[:, None]
        self._ends = np.cumsum([0, *(2 * len(p)**2 for p in start.spectra)]).tolist()
        moments = np.asarray(start.moments[0])
        self.start = np.concatenate([*(np.ascontiguousarray(v).view(float).ravel() for v in start.frames),
                                     moments.ravel()])

    @cached_property
    def count(self) -> int:
        """Normal variates of one set of noise: two for each pair of different levels, three a moment."""
        return sum(2 * len(pairs[0]) for pairs in self._pairs) + 3 * len(self._spins)

    def parts(self, states: Array) -> tuple[list[Array], Array]:
        """Return frames (m, d, d) and moments (m, n, 3) of states, or their generators, without copies."""
        states, m = np.ascontiguousarray(states), len(states)
        frames = [states[:, a:b].view(complex).reshape(m, len(p), len(p))
                  for a, b, p in zip(self._ends, self._ends[1:], self.levels, strict=False)]
        return frames, states[:, self._ends[-1]:].reshape(m, -1, 3)

    def _joined(self, frames: Any, moments: Array) -> Array:
        """Return one array of parts."""
        m = len(moments)
        return np.concatenate([*(np.ascontiguousarray(v).view(float).reshape(m, -1) for v in frames),
                               moments.reshape(m, -1)], axis=1)

    def weight(self, c: int, t: float) -> Array:
        """Return W of every pair of different levels of a cluster, (d, d)."""
        return np.asarray(self._weights[c].of(self._gaps[c])(t) * coupled(self._gaps[c]))

    def turn(self, t: float) -> float:
        """Return the rate at which a moment along x turns to a unit field along z."""
        p = self.problem.parameters(self._across.kernel.parameters, t)[:, 0]
        return float(self._across(t, np.array([1.0, 0, 0]), p)[2])

    def damping(self, t: float) -> float:
        """Return the least friction of any pair of levels, of levels that lie close, or of a moment."""
        found = [self.turn(t)] if len(self._spins) else []
        for c, pairs in enumerate(self._pairs):
            near = float(self._weights[c].of(np.array([CLOSE]))(t)[0].imag) / CLOSE
            found += [near, *friction(self._gaps[c], self.weight(c, t))[pairs]]
        return float(min(found))

    def drift(self, states: Array, t: float) -> Array:
        """Return −(i/ħ) W ∘ V†H_cV of every cluster, and m × ṁ."""
        frames, moments = self.parts(states)
        rates, turns = self._rates(states, t), []
        for c, (v, h) in enumerate(zip(frames, self._hamiltonians(rates), strict=True)):
            turns.append(-1j * self.weight(c, t) * (conjugate_transposes(v) @ (h @ v)))
        slopes = rates[:, self._first:-1].reshape(moments.shape)
        return self._joined(turns, cross(moments, slopes))

    def fluctuation(self, states: Array, t: float, normals: Array) -> Array:
        """Return −(i/ħ) σ ∘ Ξ of every cluster, with ⟨|Ξ_jk|²⟩ = 1, and turns of moments in all directions."""
        m, first, turns, kT = len(states), 0, [], self.temperature(t)
        for c, pairs in enumerate(self._pairs):
            half = len(pairs[0])
            size = noise_amplitudes(self._gaps[c], self.weight(c, t), kT, self.problem.hbar)[pairs] / np.sqrt(2)
            upper = (normals[:, first + half:first + 2 * half] - 1j * normals[:, first:first + half]) * size
            found = np.zeros((m, *self._gaps[c].shape), dtype=complex)
            found[:, pairs[0], pairs[1]], found[:, pairs[1], pairs[0]] = upper, -upper.conj()
            turns.append(found)
            first += 2 * half
        sizes = np.sqrt(2 * kT * self.turn(t) / self._spins) if kT else np.zeros(self._spins.shape)
        return self._joined(turns, normals[:, first:].reshape(m, -1, 3) * sizes)

    def bracket(self, one: Array, other: Array) -> Array:
        """Return the commutators of generators."""
        return self._each(Frames.bracket, Moments.bracket, one, other)

    def together(self, one: Array, other: Array, formula: Callable[..., Array]) -> Array:
        """Return a formula of two generators and their commutators."""
        return formula(one, other, self.bracket)

    def near(self, states: Array, generators: Array) -> Array:
        """Return V(1 + Ω) and m + Ω × m."""
        return self._each(Frames.near, Moments.near, states, generators)

    def moved(self, states: Array, generators: Array) -> Array:
        """Return V exp Ω and m turned about Ω."""
        return self._each(Frames.moved, Moments.moved, states, generators)

    def polished(self, states: Array) -> Array:
        """Return unitary V and moments of length 1."""
        return self._each(Frames.polished, Moments.polished, states)

    def _each(self, of_frames: Callable[..., Array], of_moments: Callable[..., Array], *given: Array) -> Array:
        """Return what functions of a frame and of the moments make of the parts."""
        pairs = [self.parts(each) for each in given]
        frames = [of_frames(*parts) for parts in zip(*(frames for frames, _ in pairs), strict=True)]
        return self._joined(frames, of_moments(*(moments for _, moments in pairs)))

    def rate(self, times: Array) -> float:
        """Return the fastest turn of states that are anywhere, with the rates at which noise mixes them."""
        rng, found = np.random.default_rng(0), 0.0
        matrices = [rng.normal(size=(2, ANYWHERE, len(p), len(p))) for p in self.levels]
        moments = Moments.polished(rng.normal(size=(ANYWHERE, len(self._spins), 3)))
        frames = [np.linalg.qr(real + 1j * imaginary)[0] for real, imaginary in matrices]
        looked = np.concatenate([self.start[None], self._joined(frames, moments)])
        for t in times.tolist():
            rates, kT = self._rates(looked, t), self.temperature(t)
            for c, h in enumerate(self._hamiltonians(rates)):
                levels, weight = np.linalg.eigvalsh(h), self.weight(c, t)
                mixing = noise_amplitudes(self._gaps[c], weight, kT, self.problem.hbar)**2
                turning = (levels[:, -1] - levels[:, 0]).max() * abs(weight).max()
                found = max(found, float(turning + mixing.sum(axis=1).max()))
            _, omega = self.parts(self.drift(looked, t))
            turns = np.sqrt((omega**2).sum(axis=-1)).max(initial=0.0)
            found = max(found, float(turns + (4 * kT * self.turn(t) / self._spins).max(initial=0.0)))
        return found

    def held(self, states: Array) -> Array:
        """Return ⟨S_i⟩/(s_i ħ) of all sites, (m, N, 3), moments those of classical ones."""
        frames, moments = self.parts(states)
        sites, found = self._sites, np.empty((len(states), self._sites.space.sites, 3))
        found[:, list(sites.classical)] = moments
        for v, levels, cluster, space in zip(frames, self.levels, sites.clusters, sites.spaces, strict=True):
            ensemble = Ensemble(space.dimensions, kets=v, weights=levels)
            for k, site in enumerate(cluster):
                found[:, site] = bloch(ensemble, k)
        return found

    def energy(self, states: Array, t: float) -> Array:
        """Return E, (m,)."""
        return np.asarray(self.problem.hbar * self._rates(states, t)[:, -1])

    @property
    def _first(self) -> int:
        """Where the velocities of moments begin in what the kernel gives."""
        return sum(columns.shape[1] for columns in self._columns)

    def _hamiltonians(self, rates: Array) -> Iterator[Array]:
        """Yield H_c/ħ of every cluster, (m, d, d)."""
        first = 0
        for columns, levels in zip(self._columns, self.levels, strict=True):
            last = first + columns.shape[1]
            yield np.asarray((columns @ rates[:, first:last].T).T).reshape(len(rates), len(levels), -1)
            first = last

    def _rates(self, states: Array, t: float) -> Array:
        """Return what the kernel of the motion says of every trajectory, (m, …)."""
        frames, moments = self.parts(states)
        means = []
        for v, levels, columns in zip(frames, self.levels, self._columns, strict=True):
            rho = (v * levels) @ conjugate_transposes(v)
            means.append(np.asarray(columns.T @ rho.swapaxes(1, 2).reshape(len(states), -1).T).real.T)
        p = self.problem.parameters(self._function.parameters, t)[:, 0]
        return self._function.rows(t, np.concatenate([*means, moments.reshape(len(states), -1)], axis=1), p)
