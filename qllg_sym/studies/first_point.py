"""The first look at a study: one point that can be solved shows that all of it makes sense, and what comes out."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.errors import InputTypeError, QllgError, StateError
from qllg_sym.flow.hybrid.posed import posed_hybrid
from qllg_sym.flow.pose import pose
from qllg_sym.studies.axes import STATE
from qllg_sym.studies.chunk_results import solved_many
from qllg_sym.studies.study import ParameterStudy

Array = NDArray[Any]
TRIED = 16              # points looked at for one that is no exception


def first_point(study: ParameterStudy) -> dict[str, Array]:
    """Return what is observed at the first time of one point: zeros of its shape and type by name.

    Every state is looked at. A point may be bad by itself (J = 0 in 1/J), which is for its `failure`; where all that
    are looked at are, the study is refused with the sentence of the first.

    Raises:
        QllgError: bad input.
    """
    found = [_of_state(study, state) for state in range(len(study.states))]
    return {name: np.zeros_like(values) for name, values in found[0].items()}


def _of_state(study: ParameterStudy, state: int) -> dict[str, Array]:
    """Return the observables of one state at the first point that can be solved."""
    places = np.unique(np.linspace(0, study.points - 1, TRIED).astype(int)).tolist()
    first: QllgError | None = None
    for place in places:
        try:
            return _at(study, state, place)
        except QllgError as error:
            first = first or error
    assert first is not None
    raise _named(study, state, first)


def _at(study: ParameterStudy, state: int, place: int) -> dict[str, Array]:
    """Return the observables of one point at the first time."""
    numbers = study.numbers(place, place + 1)
    alone = {name: float(v[0]) if isinstance(v, np.ndarray) and v.ndim == 1 else v for name, v in numbers.items()}
    if isinstance(study.law, Hybrid):
        posed_hybrid(study.model, study.law, study.states[state], study.times, alone, study.options)
    elif not study.one_by_one:
        pose(study.model, study.law, study.states[state], study.times, alone, study.options)
    many = solved_many(study, state, numbers, study.times[:1])
    read = {**many.observed, **{name: many.energy for name in study.energies}}
    return {name: np.asarray(values[0, 0]) for name, values in read.items()}


def _named(study: ParameterStudy, state: int, error: QllgError) -> QllgError:
    """Return the error of one of several states with its name."""
    if not any(axis.name == STATE for axis in study.axes) or not isinstance(error, StateError | InputTypeError):
        return error
    name = next(axis.points[state] for axis in study.axes if axis.name == STATE)
    return type(error)(str(error).replace("`state`", f"`over[\"state\"][{str(name)!r}]`", 1))
