"""Products of spin-coherent states."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb, hypot, sqrt
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.algebra.scalars import exact_float
from qllg_sym.algebra.sector import AnySector, SpinSector
from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.flow.states.initial import pure_state
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.kinds._checks import finite_number, need_space
from qllg_sym.flow.states.state import ExactLevels, ExactSetting, Setting, State
from qllg_sym.model.space import Space
from qllg_sym.observables.sector_states import ranks
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
EXAMPLE = ([(0.6, 0.0, 0.8), (0.0, -0.8, -0.6)],)


@dataclass(frozen=True, repr=False)
class Coherent(State):
    """Product of spin-coherent states; `directions` holds a unit vector a site. `spins` is None where any will do."""

    directions: tuple[tuple[float, float, float], ...]
    spins: tuple[Any, ...] | None = None

    def numbers(self, setting: Setting) -> InitialStates:
        """Return the product of the kets of all sites."""
        space, sites = setting.space, len(self.directions)
        setting.must_fit(sites == space.sites, f"{sites} site{'s' * (sites != 1)}", "this product state")
        setting.must_fit(self.spins in (None, space.spins), "other spins", "this coherent state")
        if space.sector is not None:
            return self._in_sector(setting, space.sector)
        return pure_state(_ket(self, space))

    def _in_sector(self, setting: Setting, sector: AnySector) -> InitialStates:
        """Return the one product state of a sector that points up and down as this does."""
        if tilted := [d for d in self.directions if abs(d[2]) < 1 or d[0] or d[1]]:
            raise StateError(f"`state` must point up or down at every site for {setting.space}, but one direction is "
                             f"{tilted[0]}; write states.product(\"up\", \"down\").")
        down = sum(d[2] < 0 for d in self.directions)
        if isinstance(sector, RingSector) and 0 < down < sector.sites:
            raise StateError(f"`state` must have one wave number for {setting.space}, but a product state has several; "
                             f"take {setting.space.within(SpinSector(sector.sites, sector.down))}, or a ket in the "
                             "basis of the sector.")
        own = setting.space.within(SpinSector(sector.sites, down))
        setting.must_fit(down == sector.down, repr(own), "this product state")
        ket = np.zeros(sector.dimension, dtype=complex)
        require_memory("state", (4, len(ket)), "take fewer spins")
        ket[ranks(sector.sites, np.array([sum((d[2] < 0) << k for k, d in enumerate(reversed(self.directions)))]))] = 1
        return pure_state(ket)

    def exactly(self, setting: ExactSetting) -> ExactLevels:
        """Return the projector on the exact ket."""
        return sp.S.Zero, sp.S.One, _exact_ket(self, setting.space)

    def moments(self) -> Array:
        """Return the directions."""
        return np.array(self.directions)


def coherent(space: Space, directions: Sequence[Sequence[float]]) -> Coherent:
    """Return a product of spin-coherent states, each with ⟨S_i⟩ = ħ s n_i.

    Definition:
        prod(top(sum(x * Sk for x, Sk in zip(n, S(i)))) for i, n in enumerate(directions))

    Args:
        space: the spins.
        directions: one a site: a unit vector (x, y, z), or angles (θ, φ) in radians. Tilts are kept, however small;
            the double next to π is π.

    Raises:
        StateError: the wrong number of directions, or a vector of another length than 1 within 1e-10.

    >>> coherent(Space("1"), [(0, 0, 1)]).directions
    ((0.0, 0.0, 1.0),)
    """
    need_space(space)
    if not isinstance(directions, Iterable):
        raise InputTypeError("`directions` must be a list of vectors (x, y, z) or angles (θ, φ), but is "
                             f"{directions!r}; give one a site.")
    items = [tuple(d) if isinstance(d, Iterable) and not isinstance(d, str) else (d,) for d in directions]
    if len(items) != space.sites or any(len(d) not in (2, 3) for d in items):
        raise StateError(f"`directions` must hold a vector (x, y, z) or angles (θ, φ) for each of {space.sites} sites, "
                         f"but is {items}; give one a site.")
    return Coherent(tuple(_unit(d) for d in items), space.spins)


def _unit(direction: tuple[Any, ...]) -> tuple[float, float, float]:
    values = [finite_number(x, "directions") for x in direction]
    if len(values) == 2:
        theta, phi = values
        if abs(math.sin(theta)) < math.ulp(theta):          # the double next to a multiple of π
            return 0.0, 0.0, math.copysign(1.0, math.cos(theta))
        return math.sin(theta) * math.cos(phi), math.sin(theta) * math.sin(phi), math.cos(theta)
    length = math.hypot(*values)
    if not abs(length - 1) <= 1e-10:
        raise StateError(f"`directions` must be unit vectors within 1e-10, but one has length {length:.12g}; "
                         "divide it by its length.")
    return values[0] / length, values[1] / length, values[2] / length


def _ket(state: Coherent, space: Space) -> Array:
    """Return the ket ⊗ |n_i⟩: amplitude √C(2s, k) cos^{2s−k}(θ/2) sin^k(θ/2) e^{ikφ} at m = s − k."""
    require_memory("state", (4, space.dimension), "take fewer spins")
    ket = np.ones(1, dtype=complex)
    for (x, y, z), s in zip(state.directions, space.spins, strict=True):
        n, side = int(2 * s), hypot(x, y)
        large = sqrt((1 + abs(z)) / 2)
        # sin θ = 2 sin(θ/2) cos(θ/2): a tiny tilt keeps its digits; and θ = π/2 its symmetry.
        small = side / (2 * large) if abs(z) > 0.5 else sqrt((1 - abs(z)) / 2)
        up, down = (large, small) if z >= 0 else (small, large)
        turned = down * (complex(x, y) / side if side else 1.0)
        ket = np.multiply.outer(ket, [sqrt(comb(n, k)) * up**(n - k) * turned**k for k in range(n + 1)]).ravel()
    return ket


def _exact_ket(state: Coherent, space: Space) -> sp.ImmutableMatrix:
    """Product of coherent kets, amplitude √C(2s, k) u^{2s−k} v^k, not normalised.

    u : v is 1 + n_z : n_x + i n_y, and n_x − i n_y : 1 − n_z, which keeps the tilt of a spin that points down.
    """
    ket = [sp.S.One]
    for direction, s in zip(state.directions, space.spins, strict=True):
        x, y, z = (exact_float(v, "directions") for v in direction)
        n = int(2 * s)
        up, down = (x - sp.I * y, 1 - z) if z < 0 else (1 + z, x + sp.I * y)
        site = [sp.sqrt(sp.binomial(n, k)) * up**(n - k) * down**k for k in range(n + 1)]
        ket = [sp.expand(u * v) for u in ket for v in site]
    return sp.ImmutableMatrix(ket)
