"""What is found of matrix product states: the states, readings of all sites, and how far they may be off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.packing import packed, unpacked
from qllg_sym.flow.results.chain import ChainTrajectory, component
from qllg_sym.flow.results.shapes import dimensions
from qllg_sym.observables.renyi import check_order, entropy_of
from qllg_sym.observables.sites import check_sites

Array = NDArray[Any]
READINGS = ("bloch", "energy", "entropy")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class MatrixProductTrajectory(ChainTrajectory):
    r"""ρ = background·1 + weight |ψ⟩⟨ψ| of a chain at n times; see `ChainTrajectory` for what all such results have.

    Attributes:
        vectors: $\langle\mathbf S_i\rangle/(s_i\hbar)$, (n, N, 3).
        cuts: the entanglement entropy of ψ of each cut, (n, N − 1).
        states: ψ at each time; the last one alone with keep="final".
        background: a multiple of 1 in ρ; 0 for a pure state.
        weight: of ψ in ρ; 1 for a pure state.
        errors: estimates of how far readings are off at each time, (n,): "bloch" and "entropy" the largest over sites
            and cuts, "energy". They come of runs with two steps and two truncations, and never fall with time.

    `stats` has "bond" (the largest bond dimension; "bonds" at each time), "step", "cut", "error" (the last of
    `errors`), "energy_law" (how far the energy is from $\dot E = -\hbar\kappa\,\mathrm{Tr}\,\dot\rho^2 +
    \mathrm{Tr}\,\rho\dot H$ integrated, with the law's own rate), and "discarded", the sum of weights that truncations
    discarded, which is no bound of anything.

    >>> from qllg_sym import Exchange, Model, QuantumLLG, Space, chain, solve, states
    >>> model = Model(Space.half(100), chain(100, Exchange, 0.25))
    >>> run = solve(model, QuantumLLG(0.5), states.product(*["up", "down"] * 50), [0, 0.2], method="mps",
    ...             options={"tolerance": 1e-3})
    >>> run.bloch(50)[:, 2].round(3).tolist(), run.stats["conserves"]
    ([1.0, 0.971], 'S_z')
    """

    vectors: Array
    cuts: Array
    states: tuple[MatrixProductState, ...]
    background: float = 0.0
    weight: float = 1.0
    errors: Mapping[str, Array] = field(default_factory=dict)
    KIND: ClassVar[str] = "matrix product trajectory"
    METHOD: ClassVar[str] = "mps"

    def profile(self, axis: str | None = None) -> Array:
        r"""Return $\langle\mathbf S_i\rangle/(s_i\hbar)$ of every site.

        Args:
            axis: "x", "y" or "z" for one component.

        Returns:
            Array (n, N, 3), or (n, N) with an axis.

        Raises:
            InputError: another axis.
        """
        return component(self.vectors, axis)

    def reduced(self, sites: Sequence[int] | int) -> Array:
        """Return the density matrices of a few sites, near or far from each other, (n, e, e).

        Args:
            sites: different ones, of at most 4096 dimensions together; factors are in the order given.

        Raises:
            InputError: a site does not exist, there are too many, or states were not kept.
        """
        chosen = check_sites(sites, len(self.spins))
        dims = dimensions(self.spins)
        found = np.stack([self.weight * psi.reduced(chosen) for psi in self._whole("reduced")])
        if self.background:
            rest = self.background * float(prod(dims[i] for i in range(len(dims)) if i not in chosen))
            found = found + rest * np.eye(found.shape[1])
        return found

    def entropy(self, sites: Sequence[int] | int, order: float = 1) -> Array:
        r"""Return the entropy of a part, $-\mathrm{Tr}\,\rho\ln\rho$ or another of Rényi's, (n,).

        Args:
            sites: a number, of the sites to the left of a cut; or a few sites, as of `reduced`.
            order: α of Rényi's entropies; 1 for von Neumann's.

        Raises:
            InputError: sites that do not exist or are too many, or a negative order.
        """
        alpha, n = check_order(order), len(self.spins)
        if isinstance(sites, Iterable):
            return entropy_of(np.linalg.eigvalsh(self.reduced(sites)), alpha)
        if isinstance(sites, (bool, np.bool_)) or not hasattr(sites, "__index__") or not 0 < int(sites) < n:
            raise InputError(f"`sites` must be a cut after 1 to {n - 1} sites, or a list of sites, but is {sites!r}; "
                             "give half of them.")
        cut = int(sites)
        if alpha == 1 and not self.background:
            return self.cuts[:, cut - 1]
        dims = dimensions(self.spins)
        left, right = float(prod(dims[:cut])), float(prod(dims[cut:]))
        rest = self.background * right
        return np.concatenate([entropy_of(self.weight * psi.probabilities[cut - 1][None] + rest, alpha, rest,
                                          int(left) - psi.bonds[cut]) for psi in self._whole("entropy")])

    def _whole(self, what: str) -> tuple[MatrixProductState, ...]:
        """The states at all times."""
        if len(self.states) < len(self.times):
            raise InputError(f"`{what}` needs the states at every time, but {len(self.states)} were kept; solve "
                             "without keep=\"final\".")
        return self.states

    @property
    def final_state(self) -> MatrixProductState:
        """The state at the last time, to go on from; ψ alone where there is a background."""
        return self.at(float(self.times[-1]))

    def at(self, t: float) -> MatrixProductState:
        """Return ψ at one of the times whose states are kept.

        Raises:
            InputError: another time.
        """
        return self.states[self._place(t, len(self.states))]

    @property
    def invariants(self) -> dict[str, float]:
        """Largest drift: "norm", how far ψ is from norm one in the kept states."""
        return {"norm": max((abs(abs(psi.overlap(psi)) - 1) for psi in self.states), default=0.0)}

    def _arrays(self) -> dict[str, tuple[Array, tuple[str, ...]]]:
        """What files hold beside energy and observables."""
        found = {"bloch": (self.vectors, ("time", "site", "axis")), "entropy": (self.cuts, ("time", "cut")),
                 "levels": (np.array([self.background, self.weight]), ("level",)),
                 "dimensions": (np.array(dimensions(self.spins)), ("site",))}
        found |= {f"error_{name}": (array, ("time",)) for name, array in self.errors.items()}
        if self.states:
            arrays, whole = packed(self.states), len(self.states) == len(self.times)
            axes = {"tensors": ("entry",), "schmidt": ("schmidt_entry",),
                    "bonds": ("time" if whole else "last", "bond")}
            found |= {name: (array, axes[name]) for name, array in arrays.items()}
        return found

    @classmethod
    def _fields(cls, arrays: Mapping[str, Array], n: int, sites: int) -> dict[str, Any]:
        """The same, read."""
        vectors, cuts, levels = arrays["bloch"], arrays["entropy"], arrays["levels"]
        dims = arrays["dimensions"].tolist()
        states = tuple(unpacked(dims, arrays["tensors"], arrays["schmidt"], arrays["bonds"])) \
            if "tensors" in arrays else ()
        errors = {name: arrays[f"error_{name}"] for name in READINGS if f"error_{name}" in arrays}
        if vectors.shape != (n, sites, 3) or cuts.shape != (n, sites - 1) or levels.shape != (2,) \
                or len(dims) != sites or len(states) not in (0, 1, n) \
                or any(array.shape != (n,) for array in errors.values()):
            raise ValueError("arrays do not fit together")
        return {"vectors": vectors, "cuts": cuts, "states": states, "background": float(levels[0]),
                "weight": float(levels[1]), "errors": errors}
