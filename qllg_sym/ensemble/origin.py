"""What an ensemble is made of, so that it can go on, be saved and be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from qllg_sym.algebra.fields import ByFields
from qllg_sym.algebra.signals import Signal
from qllg_sym.ensemble.bath import Bath
from qllg_sym.equations.law import Law
from qllg_sym.flow.numbers import number_of
from qllg_sym.flow.results.heading import heading
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.record import Record
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

    @property
    def given(self) -> dict[str, Any]:
        """What was given for parameters and signals, by name."""
        return {key.name if isinstance(key, Signal) else str(key): value for key, value in (self.values or {}).items()}

    @property
    def numbers(self) -> dict[str, float]:
        """The numbers among what was given."""
        return {name: float(value) for name, value in self.given.items() if np.ndim(value) == 0 and not callable(value)}

    @property
    def hbar(self) -> float:
        """ħ in the units of the model."""
        return float(number_of(self.model.hbar, self.numbers))

    @property
    def heading(self) -> tuple[str, ...]:
        """What is integrated, in a few words each: law, spins with terms, values, units."""
        spins = tuple(map(str, self.model.space.spins))
        return heading(Record(np.zeros(1), np.ones(1), np.ones(1), spins, values=self.numbers,
                              provenance=Provenance((self.model, self.law))))
