"""One chunk solved: what each of its points gave, or why it gave nothing."""

from dataclasses import replace as with_changes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import IntegrationError, SolveInterrupted
from qllg_sym.flow.hybrid.trajectories import HybridTrajectories
from qllg_sym.flow.progress import quiet
from qllg_sym.flow.results.chains import ChainTrajectories
from qllg_sym.flow.results.trajectories import Trajectories
from qllg_sym.flow.solve import solve_many_with
from qllg_sym.parallel.chunked import ChunkResults, Look, sentence
from qllg_sym.studies.study import ParameterStudy, StudyChunk

Array = NDArray[Any]


def solve_chunk(study: ParameterStudy, chunk: StudyChunk, look: Look = quiet) -> ChunkResults:
    """Solve the points of a chunk; what fails is told, and the rest goes on.

    Args:
        study: what they are points of.
        chunk: which ones.
        look: called with the part done; may raise KeyboardInterrupt.
    """
    failures: dict[int, str] = {}
    pieces = _solved(study, chunk, (chunk.begin, chunk.end), failures, look)
    arrays: dict[str, Array] = {}
    for begin, found in pieces:
        for name, values in found.items():
            arrays[name] = _put(arrays.get(name), values, begin - chunk.begin, len(chunk))
    for values in arrays.values():
        values[list(failures)] = np.nan
    return ChunkResults(chunk.number, arrays, dict(sorted(failures.items())))


def _put(out: Array | None, values: Array, begin: int, count: int) -> Array:
    """Return an array of `count` points, NaN where nothing was put, with values put from `begin`."""
    kind = np.result_type(values, float, *(() if out is None else (out,)))
    whole = np.full((count, *values.shape[1:]), np.nan, dtype=kind) if out is None else out.astype(kind, copy=False)
    whole[begin:begin + len(values)] = values
    return whole


def _solved(study: ParameterStudy, chunk: StudyChunk, span: tuple[int, int], failures: dict[int, str],
            look: Look) -> list[tuple[int, dict[str, Array]]]:
    """Return what points from span[0] to span[1] gave; where they are refused together, those of each half."""
    begin, end = span
    try:
        return [(begin, _together(study, chunk, span, failures, look))]
    except (SolveInterrupted, KeyboardInterrupt):
        raise KeyboardInterrupt from None
    except Warning:             # which someone has made an error: it is theirs
        raise
    except Exception as error:
        if end - begin == 1:
            failures[begin - chunk.begin] = sentence(error)
            return []
    middle = (begin + end) // 2
    halves = (begin, middle), (middle, end)
    return [piece for half in halves for piece in _solved(study, chunk, half, failures, quiet)]


def _together(study: ParameterStudy, chunk: StudyChunk, span: tuple[int, int], failures: dict[int, str],
              look: Look) -> dict[str, Array]:
    """Return what some points gave in one call, those that failed among them."""
    many = solved_many(study, chunk.state, study.numbers(*span), study.times, look)
    failures.update({row + span[0] - chunk.begin: why for row, why in many.failures.items()})
    return {**many.observed, **{name: many.energy for name in study.energies}}


def solved_many(study: ParameterStudy, state: int, numbers: dict[str, Any], times: Array,
                look: Look = quiet) -> Trajectories | HybridTrajectories | ChainTrajectories:
    """Return trajectories of a state with some numbers, failed ones too, in one thread.

    Raises:
        QllgError: bad input.
        SolveInterrupted: where `look` raised KeyboardInterrupt.
    """
    keep = "final" if study.one_by_one else study.options.keep     # beside what is observed
    options = with_changes(study.options, observe=dict(study.observe), threads=1, keep=keep,
                           progress=False if look is quiet else look)
    # a list where nothing varies but the state
    states: Any = study.states[state] if study.parameters else [study.states[state]]
    try:
        return solve_many_with(study.model, study.law, states, times, numbers, options)
    except IntegrationError as error:
        if not isinstance(error.partial, Trajectories | HybridTrajectories | ChainTrajectories):
            raise
        return error.partial
