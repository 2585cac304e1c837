"""A chain, a law, a state and numbers → a frame that is to move: every input checked, and refused with the reason."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError, ModelError, StateError
from qllg_sym.flow.gaussian.one_particle import OneParticle
from qllg_sym.flow.gaussian.quadratic import quadratic
from qllg_sym.flow.gaussian.state import GaussianState
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import Bound, bound_to
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.kinds.coherent import Coherent
from qllg_sym.flow.states.kinds.thermal import Thermal
from qllg_sym.flow.states.resolve import resolve_at
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.observables.storage import require_memory

Array = NDArray[Any]
MOST_SITES = 12         # up to which kets are looked at
TOLERANCE = 1e-10       # what a ket may miss being Gaussian by
COPIES = 8              # of a frame that steps hold


@dataclass(frozen=True, eq=False)
class GaussianProblem:
    """One trajectory of a Gaussian state.

    Attributes:
        problem: equation, numbers, times and tolerances; it holds no kets.
        frame: the frame at first.
        conserving: whether it is one of N modes.
    """

    problem: Problem
    frame: Array
    conserving: bool


def posed_gaussian(model: Model, law: Law, state: Any, times: Any, values: Any, options: Options) -> GaussianProblem:
    """Return the problem of a chain of free fermions.

    Raises:
        QllgError: bad input.

    >>> from qllg_sym import QuantumLLG, Space, states
    >>> posed_gaussian(Model(Space.half(2)), QuantumLLG(1), states.product("up", "down"), [0], None,
    ...                Options()).frame.real.tolist()
    [[1.0], [0.0]]
    """
    if isinstance(law, type) or not hasattr(law, "derive"):
        raise InputTypeError(f"`law` must be a law of motion, but is {law!r}; write QuantumLLG(0.5).")
    if options.own:
        raise InputError(f"`options` must be empty for the method 'gaussian', but has {next(iter(options.own))!r}; "
                         "drop it.")
    if law.classical:
        raise InputError(f"`law` must be quantum for the method 'gaussian', but is {law.kind}; leave `method` out.")
    equation, form = law.derive(model), quadratic(model)
    found = bound_to(equation, state, times, values, options)
    nothing = InitialStates.one(np.ones(1), np.ones((1, 1)))
    problem = Problem(equation, found.values, nothing, found.times, options.rtol, options.atol, options.stop,
                      max_step=options.max_step, breakpoints=np.array(options.breakpoints, dtype=float))
    if (reason := problem.weightless) is not None:
        raise InputError(f"`law` must keep pure states pure for the method 'gaussian', but {reason}; take another.")
    if isinstance(model.space.sector, RingSector):
        raise ModelError(f"`space` must have no `momentum` for the method 'gaussian', but is {model.space}; take "
                         f"{Space.half(model.space.sites, model.space.sector.magnetisation)}.")
    given = _given(state, model, found)
    _check_sector(given, model)
    conserving = form.conserving and given.conserving
    frame = given.frame if conserving else given.majorana().frame
    kept = len(found.times) if options.keep == "all" and options.observe is None else 1
    require_memory("states", (kept + COPIES, *frame.shape), "take fewer times, keep=\"final\" or `observe`")
    return GaussianProblem(problem, frame, conserving)


def _check_sector(given: GaussianState, model: Model) -> None:
    """Refuse a state outside the sector of a space that is one."""
    if (sector := model.space.sector) is None:
        return
    ups = given.frame.shape[1] if given.conserving else None
    held = None if ups is None else Fraction(2 * ups - given.sites, 2)
    if held != sector.magnetisation:
        raise StateError(f"`state` must have the total S_z of {model.space}, but has "
                         f"{'no sharp one' if held is None else held}; choose another state, or Space.half("
                         f"{given.sites}).")


def _given(state: Any, model: Model, found: Bound) -> GaussianState:
    """The state as a Gaussian one."""
    sites = model.space.sites
    if isinstance(state, GaussianState):
        if state.sites != sites:
            raise StateError(f"`state` must have {sites} sites, but has {state.sites}; choose another state.")
        return state
    if isinstance(state, Coherent):
        return _product(state, sites)
    if isinstance(state, Thermal) and state.beta == math.inf and sites > MOST_SITES:
        return _ground(state, sites, found)
    if sites <= MOST_SITES:
        return _of_ket(resolve_at(state, model, number_of(model.hbar, found.known), found.known,
                                  float(found.times[0])))
    raise StateError(f"`state` must be a product of spins up and down, a ground state of free fermions or a "
                     f"GaussianState for the method 'gaussian' and more than {MOST_SITES} sites, but is of type "
                     f"{type(state).__name__}; write states.product(\"up\", \"down\", …).")


def _product(state: Coherent, sites: int) -> GaussianState:
    """A product of spins along ±z."""
    if len(state.directions) != sites or any(str(s) != "1/2" for s in state.spins or ()):
        raise StateError(f"`state` must belong to {sites} spins ½, but this product has {len(state.directions)} "
                         "sites; choose another state.")
    for site, (x, y, z) in enumerate(state.directions):
        if x or y:
            raise StateError("`state` must have every spin along +z or −z for the method 'gaussian', but that of site "
                             f"{site} points along ({x:g}, {y:g}, {z:g}); a tilted spin is not Gaussian; take another "
                             "method.")
    up = [site for site, (_, _, z) in enumerate(state.directions) if z > 0]
    return GaussianState(np.eye(sites)[:, up], sites)


def _ground(state: Thermal, sites: int, found: Bound) -> GaussianState:
    """The ground state of a chain of free fermions: every mode of negative energy is filled."""
    form = quadratic(state.model)
    if form.sites != sites:
        raise StateError(f"`state` must belong to {sites} sites, but this ground state has {form.sites}; choose "
                         "another state.")
    h = OneParticle(state.model, found.known, form.conserving).at(float(found.times[0])).toarray()
    levels, modes = np.linalg.eigh(h)
    width = float(abs(levels).max())
    if not abs(levels).min() > 1e-10 * width:
        raise StateError("`state` must be a ground state that is not degenerate, but a mode has no energy; choose a "
                         "product state, or a small field.")
    return GaussianState(modes[:, levels < 0], sites)


def _of_ket(start: InitialStates) -> GaussianState:
    """A ket of few spins, if it is Gaussian: its covariance then has Γ² = −1."""
    weights, kets = np.atleast_1d(start.weights[0]), start.kets[0]
    if len(weights) != 1 or abs(weights[0] - 1) > TOLERANCE or abs(start.background[0]) > TOLERANCE:
        raise StateError("`state` must be pure for the method 'gaussian', because mixed Gaussian states do not stay "
                         "Gaussian, but is mixed; take another method.")
    sites = int(kets.shape[0]).bit_length() - 1
    images = _majorana_images(kets[:, 0], sites)
    c = (images.conj() @ images.T).T / 2                                # C_mn = ½⟨a_n a_m⟩
    off = float(abs(c @ c - c).max())
    if off > TOLERANCE:
        raise StateError("`state` must be Gaussian for the method 'gaussian', such as a product of spins along ±z, but "
                         f"C² misses C by {off:.2g}; take another method.")
    return GaussianState(np.linalg.eigh(c)[1][:, sites:], sites)


def _majorana_images(ket: Array, sites: int) -> Array:
    """Return a_m |ψ⟩ of all Majorana operators, (2N, d)."""
    found, basis = [], np.arange(len(ket))
    sign = np.ones(len(ket))                    # of the string of σz to the left
    for site in range(sites):
        bit = 1 << (sites - 1 - site)
        down = (basis & bit) > 0
        flipped = (sign * ket)[basis ^ bit]     # the string does not see this site
        found += [flipped, np.where(down, 1j, -1j) * flipped]
        sign = np.where(down, -sign, sign)
    return np.array(found)
