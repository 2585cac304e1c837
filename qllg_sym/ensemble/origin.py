"""What an ensemble is made of, so that it can go on, be saved and be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qllg_sym.algebra.fields import ByFields
from qllg_sym.ensemble.bath import Bath
from qllg_sym.equations.law import Law
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.model.model import Model


@dataclass(frozen=True, repr=False)
class Origin(ByFields):
    """What was asked for.

    Attributes:
        model: Hamiltonian and space.
        law: the law of motion.
        values: of parameters and signals, as they were given.
        bath: the heat bath.
        observe: {name: what is read}, as `langevin` takes it.
        method: the name of a stepper, or "auto".
        seed: of the random numbers.
        step: the longest step that was asked for, or advised; None while it is not known.
        start: the state in which all trajectories began; None while it is not known.
    """

    model: Model
    law: Law
    values: Mapping[Any, Any] | None
    bath: Bath
    observe: Mapping[str, Any] | None
    method: str
    seed: int
    step: float | None = None
    start: InitialStates | None = None
