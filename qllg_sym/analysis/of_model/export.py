"""A model as the input of an engine for kets that are larger than one machine."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qllg_sym.codegen import build
from qllg_sym.equations.law import Law
from qllg_sym.equations.laws.von_neumann import VonNeumann
from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.errors import InputError, StateError, meant
from qllg_sym.flow.exact.formula import rate
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import bound_to
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.kinds.coherent import Coherent
from qllg_sym.interop.dynamite import dynamite_text
from qllg_sym.interop.exchanged import Handed
from qllg_sym.interop.xdiag import xdiag_text
from qllg_sym.model.model import Model

TARGETS = {"xdiag": xdiag_text, "dynamite": dynamite_text}
LETTERS = "1XYZ"


def export(model: Model, target: str, values: Mapping[Any, Any] | None = None, law: Law | None = None,
           state: Any = None) -> str:
    r"""Return H/ħ as a file for XDiag or dynamite, which hold kets on many machines.

    A pure state follows $\dot\psi = -ic(H/\hbar)\psi$, normalised, with $c = (1 - i\kappa)/(1 + \kappa^2)$ for q-LLG:
    both engines take that complex step, and the file says how. Nothing is run here.

    Args:
        model: spins ½, constant in time.
        target: "xdiag" (TOML for `read_opsum`; terms that `SpinhalfDistributed` has: fields on one site, bonds that
            keep total S_z) or "dynamite" (a Python script; any terms).
        values: numbers for the parameters of model and law.
        law: one that keeps the spectrum by a frame weight, such as `QuantumLLG(0.5)`; None writes no rate.
        state: `states.product` of up and down; None writes none.

    Returns:
        The text.

    Raises:
        InputError: other spins, an unknown target, H in time, a matrix on all sites, or a term that the target lacks.
        StateError: another state.

    Source: complex time of pure states, PRL 133, 266704 (2024), eq. 3.

    >>> from qllg_sym import Exchange, QuantumLLG, Space, chain, states
    >>> model = Model(Space.half(3), chain(3, Exchange, 0.25))
    >>> text = model.export("xdiag", law=QuantumLLG(0.5), state=states.product("up", "down", "up"))
    >>> print("\n".join(text.splitlines()[5:10]))
    Rate = [-0.4, -0.8]
    State = ["Up", "Dn", "Up"]
    Interactions = [
      [1.0, "SzSz", 0, 1],
      [1.0, "Exchange", 0, 1],
    """
    if target not in TARGETS:
        raise InputError(f"`target` must be one of {', '.join(TARGETS)}, but is {target!r}{meant(target, TARGETS)}; "
                         "choose one of them.")
    if model.space.symbolic or not model.space.is_half:
        raise InputError(f"`model` must have spins ½ for {target}, but has {model.space}; use method=\"mps\".")
    if model.without_numbers is not None:
        raise InputError(f"`model` must be written in spins for {target}, but holds a matrix on all sites; write it "
                         "in terms.")
    if model.time_dependent:
        raise InputError(f"`model` must be constant in time for {target}, but is not; export it for each piece.")
    problem = _problem(model, VonNeumann() if law is None else law, values)
    return TARGETS[target](Handed(model.space.sites, _strings(problem), _spins(state, model.space.sites),
                                  None if law is None else _rate(problem)))


def _problem(model: Model, law: Law, values: Mapping[Any, Any] | None) -> Problem:
    """The numbers, without a state."""
    equation = law.derive(model)
    bound = bound_to(equation, None, [0.0], values, Options())
    return Problem(equation, bound.values, InitialStates(np.zeros(1, dtype=int)), bound.times, 1e-10, 1e-12)


def _strings(problem: Problem) -> list[tuple[tuple[tuple[int, str], ...], float]]:
    """Pauli strings with their numbers."""
    program, groups, _ = numeric_kernel(problem.equation.model)
    amplitudes = build.load(program, "numpy")(0.0, np.empty(0), problem.parameters(program.parameters)[:, 0])
    total: dict[tuple[tuple[int, str], ...], float] = {}
    for amplitude, group in zip(amplitudes.tolist(), groups, strict=True):
        for string, c in group:
            letters = tuple((site, LETTERS[k]) for site, k in enumerate(string) if k)
            total[letters] = total.get(letters, 0.0) + amplitude * float(c)
    return [(letters, c) for letters, c in total.items() if c]


def _rate(problem: Problem) -> complex:
    """−ic of a pure state."""
    if problem.weightless is not None:
        raise InputError(f"`law` must keep the spectrum by a frame weight, but does not: {problem.weightless}; leave "
                         "it out.")
    if not problem.constant_weight:
        raise InputError("`law` must have a constant damping, but it depends on time; export it for each step.")
    return complex(rate(problem.weight(np.array([1.0]))(0.0))[0])


def _spins(state: Any, sites: int) -> list[str]:
    """Up or down of every site."""
    if state is None:
        return []
    named = {(0.0, 0.0, 1.0): "up", (0.0, 0.0, -1.0): "down"}
    if not isinstance(state, Coherent) or any(n not in named for n in state.directions):
        raise StateError("`state` must be a product of up and down to be exported, but is not; write "
                         "states.product(\"up\", \"down\").")
    if len(state.directions) != sites:
        raise StateError(f"`state` must have {sites} sites, but has {len(state.directions)}; give one label a site.")
    return [named[n] for n in state.directions]
