"""Exact descriptions of states; numbers are put in when a trajectory starts.

The public namespace `qllg_sym.states`: product, bell, werner, coherent, eta, thermal, ground, random.
"""

import math
import numbers
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from qllg_sym.algebra.fields import ByFields
from qllg_sym.errors import InputTypeError, StateError
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

DIRECTIONS = {"up": (0.0, 0.0, 1.0), "down": (0.0, 0.0, -1.0), "+x": (1.0, 0.0, 0.0), "-x": (-1.0, 0.0, 0.0),
              "+y": (0.0, 1.0, 0.0), "-y": (0.0, -1.0, 0.0), "+z": (0.0, 0.0, 1.0), "-z": (0.0, 0.0, -1.0)}
__all__ = ["bell", "coherent", "eta", "ground", "product", "random", "thermal", "werner"]
BELL = ("psi+", "psi-", "phi+", "phi-")


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return __all__


@dataclass(frozen=True, repr=False)
class Coherent(ByFields):
    """Product of spin-coherent states; `directions` holds a unit vector a site. `spins` is None where any will do."""

    directions: tuple[tuple[float, float, float], ...]
    spins: tuple[Any, ...] | None = None


@dataclass(frozen=True, repr=False)
class Werner(ByFields):
    """(1 − p)/4 + p |ψ⟩⟨ψ| with a Bell state ψ; p = 1 is the Bell state itself."""

    name: str
    p: float


@dataclass(frozen=True, repr=False)
class Eta(ByFields):
    """(1 + η·S)/(2s + 1) of one spin, PRL 4."""

    spin: Any
    eta: tuple[float, float, float]
    hbar: float


@dataclass(frozen=True, repr=False)
class Thermal(ByFields):
    """exp(−βH)/Z of a model; β = ∞ is its ground state."""

    model: Model
    beta: float


@dataclass(frozen=True, repr=False)
class Random(ByFields):
    """A random state of given rank, from Ginibre matrices."""

    spins: tuple[Any, ...]
    rank: int
    seed: int | None


def product(*labels: str) -> Coherent:
    """Return a product state, one label a site: up, down, +x, -x, +y, -y, +z, -z (coherent states for s > ½).

    Raises:
        StateError: an unknown label.

    >>> product("up", "down").directions
    ((0.0, 0.0, 1.0), (0.0, 0.0, -1.0))
    """
    for label in labels:
        if not isinstance(label, str) or label not in DIRECTIONS:
            raise StateError(f"`labels` must be of {', '.join(DIRECTIONS)}, but one is {label!r}; "
                             "write product(\"up\", \"down\").")
    if not labels:
        raise StateError("`labels` must name one direction a site, but is empty; write product(\"up\", \"down\").")
    return Coherent(tuple(DIRECTIONS[label] for label in labels))


def bell(name: str) -> Werner:
    """Return a Bell state of two spins ½: "psi±" = (|↑↓⟩ ± |↓↑⟩)/√2, "phi±" = (|↑↑⟩ ± |↓↓⟩)/√2.

    Raises:
        StateError: an unknown name.

    >>> bell("psi-").p
    1.0
    """
    return werner(name, 1)


def werner(name: str, p: float) -> Werner:
    """Return the Werner state (1 − p)/4 + p |ψ⟩⟨ψ| of two spins ½ with a Bell state ψ, −1/3 ≤ p ≤ 1.

    Source: PRL 133, 266704 (2024), above eq. 10 and Fig. 4.

    Raises:
        StateError: an unknown name, or p out of range.

    >>> werner("psi+", 0.9)
    Werner(name='psi+', p=0.9)
    """
    if name not in BELL:
        raise StateError(f"`name` must be one of {', '.join(BELL)}, but is {name!r}; write bell(\"psi+\").")
    number = _finite(p, "p")
    if not -1 / 3 - 1e-10 <= number <= 1 + 1e-10:
        raise StateError(f"`p` must lie between −1/3 and 1, but is {number:g}; a larger weight is not a state.")
    return Werner(name, number)


def coherent(space: Space, directions: Sequence[Any]) -> Coherent:
    """Return a product of spin-coherent states, each with ⟨S_i⟩ = ħ s n_i.

    Args:
        space: the spins.
        directions: one a site: a unit vector (x, y, z), or angles (θ, φ) in radians. Tilts are kept, however small;
            the double next to π is π.

    Raises:
        StateError: the wrong number of directions, or a vector of another length than 1 within 1e-10.

    >>> coherent(Space("1"), [(0, 0, 1)]).directions
    ((0.0, 0.0, 1.0),)
    """
    _need_space(space)
    if not isinstance(directions, Iterable):
        raise InputTypeError("`directions` must be a list of vectors (x, y, z) or angles (θ, φ), but is "
                             f"{directions!r}; give one a site.")
    items = [tuple(d) if isinstance(d, Iterable) and not isinstance(d, str) else (d,) for d in directions]
    if len(items) != space.sites or any(len(d) not in (2, 3) for d in items):
        raise StateError(f"`directions` must hold a vector (x, y, z) or angles (θ, φ) for each of {space.sites} sites, "
                         f"but is {items}; give one a site.")
    return Coherent(tuple(_unit(d) for d in items), space.spins)


def _unit(direction: tuple[Any, ...]) -> tuple[float, float, float]:
    values = [_finite(x, "directions") for x in direction]
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


def eta(space: Space, eta: Sequence[float], hbar: float = 1) -> Eta:
    """Return ρ = (1 + η·S)/(2s + 1) of one spin s, PRL 133, 266704 (2024), eq. 4; |η| ≤ 1/(ħs).

    Args:
        space: one site.
        eta: three numbers, 1/ħ.
        hbar: ħ of the model that it will be used with.

    Raises:
        StateError: several sites, or |η| > 1/(ħs), where ρ has a negative eigenvalue.

    >>> eta(Space("1/2"), (0, 0, 2)).eta
    (0.0, 0.0, 2.0)
    """
    _need_space(space)
    if space.sites != 1 or space.symbolic:
        raise StateError(f"`space` must be one site of a numeric spin, but is {space}; write Space(\"1\").")
    if not isinstance(eta, Iterable):
        raise InputTypeError(f"`eta` must be three numbers, but is {eta!r}; write (0, 0, 1).")
    values = [_finite(x, "eta") for x in eta]
    if len(values) != 3:
        raise StateError(f"`eta` must have three components, but has {len(values)}; write (0, 0, 1).")
    if not _finite(hbar, "hbar") > 0:
        raise StateError(f"`hbar` must be positive, but is {hbar}; give the model's.")
    bound = 1 / (float(space.spins[0]) * float(hbar))
    if math.hypot(*values) > bound * (1 + 1e-10):
        raise StateError(f"`eta` must have |η| ≤ 1/(ħs) = {bound:g}, but has |η| = {math.hypot(*values):g}; "
                         "a longer one makes a probability negative.")
    return Eta(space.spins[0], (values[0], values[1], values[2]), float(hbar))


def thermal(model: Model, beta: float) -> Thermal:
    """Return exp(−βH)/Tr exp(−βH) of a model; its parameters get their numbers from `solve(values=…)`.

    Raises:
        StateError: β not finite.

    >>> thermal(Model(Space("1/2")), 2).beta
    2.0
    """
    _need_model(model)
    return Thermal(model, _finite(beta, "beta"))


def ground(model: Model) -> Thermal:
    """Return the ground state of a model; refused when it is degenerate.

    >>> ground(Model(Space("1/2"))).beta
    inf
    """
    _need_model(model)
    return Thermal(model, math.inf)


def random(space: Space, rank: int | None = None, seed: int | None = None) -> Random:
    """Return a random state ρ = GG†/Tr GG† with G of (d, rank) complex normal entries; full rank by default.

    Raises:
        StateError: a rank below 1 or above d.

    >>> random(Space("1/2"), rank=1, seed=7).rank
    1
    """
    _need_space(space)
    d = space.dimension
    count = d if rank is None else rank
    if isinstance(count, bool) or not isinstance(count, numbers.Integral) or not 1 <= count <= d:
        raise StateError(f"`rank` must be an integer from 1 to {d}, but is {rank!r}; 1 is a pure state.")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, numbers.Integral) or seed < 0):
        raise StateError(f"`seed` must be None or a non-negative integer, but is {seed!r}; give seed=1.")
    return Random(space.spins, int(count), None if seed is None else int(seed))


def _need_space(space: Any) -> None:
    if not isinstance(space, Space):
        raise InputTypeError(f"`space` must be a Space, but is of type {type(space).__name__}; write Space(\"1/2\").")


def _need_model(model: Any) -> None:
    if not isinstance(model, Model):
        raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; "
                             "write Model(space, terms).")


def _finite(value: Any, argument: str) -> float:
    """A finite float."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputTypeError(f"`{argument}` must be a number, but is {value!r}; give a number such as 0.5.") from None
    if not math.isfinite(number):
        raise StateError(f"`{argument}` must be finite, but is {number}; give a finite number.")
    return number
