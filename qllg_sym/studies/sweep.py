"""q.sweep: a law of motion at every point of a grid, as one labelled Dataset."""

import os
from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np

from qllg_sym.algebra.signals import Signal
from qllg_sym.codegen.values import real_array
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.options import Options
from qllg_sym.flow.progress import Progress
from qllg_sym.model.model import Model
from qllg_sym.parallel.checkpoint import refuse_foreign
from qllg_sym.parallel.complete import complete
from qllg_sym.parallel.executors import executor_kind
from qllg_sym.studies.asked import asked
from qllg_sym.studies.axes import STATE, Axis, check_names, study_axes, with_symbols
from qllg_sym.studies.chunk_results import solve_chunk
from qllg_sym.studies.dataset import dataset, need_xarray
from qllg_sym.studies.first_point import first_point
from qllg_sym.studies.results import Results
from qllg_sym.studies.study import ParameterStudy


def sweep(model: Model, law: Law, state: Any, times: Any, over: Mapping[Any, Any],
          values: Mapping[Any, Any] | None = None, observe: Any = None, executor: Any = None,
          checkpoint: str | os.PathLike[str] | None = None, progress: Any = False, method: str = "auto",
          rtol: float = 1e-10, atol: float = 1e-12, max_step: float = inf, breakpoints: Any = (),
          options: Mapping[str, Any] | None = None) -> Any:
    r"""Integrate a law of motion, e.g. $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]$, on a grid.

    The points run in chunks, each a compiled batch. Neither the executor nor a kill and a new start changes a bit of
    the result.

    Args:
        model: Hamiltonian and space.
        law: `QuantumLLG(kappa)`, …
        state: at times[0], as `solve` takes it; None where `over` has states.
        times: (n,), strictly increasing, in units of ħ/energy; [0, T] for final states.
        over: {name: numbers (m,)}: parameters of the model, of the law, or its coefficients by name, which need no
            symbol (kappa, alpha, rate); and {"state": {name: state}}. The grid has every combination.
        values: numbers for the other parameters, keyed by name or Symbol.
        observe: {name: what}: operator (d, d), terms, spins, function of ρ, or the name of a reading of `Trajectory`:
            "energy", "purity", "nonlocality", "concurrence(0, 2)", "bloch0", …; or a list of such names. Energy and
            the Bloch vectors of all sites when None.
        executor: None (threads of this process), a number of processes (spawned; a script then needs
            `if __name__ == "__main__":`), any concurrent.futures Executor, or a dask.distributed Client.
        checkpoint: a folder, made where it is missing: every chunk is a file there as soon as it is done, and the same
            study started again goes on from them. A damaged file is done again, with a warning.
        progress: True for a bar on stderr, or a function of the fraction done.
        method: as in `solve`, as are rtol, atol, max_step, breakpoints and options.
        rtol: local relative tolerance.
        atol: local absolute tolerance.
        max_step: longest step in time.
        breakpoints: times at which a step ends.
        options: what the method alone has.

    Returns:
        xarray.Dataset with dimensions as in `over`, then time and those of the observables (site, axis, …), and
        attributes that say what was solved. Where a point failed its values are NaN and `ds.failure` says why; it is ""
        elsewhere.

    Raises:
        QllgError: bad input, before any work; xarray is not installed; a checkpoint of another study; an executor
            that lost chunks (what was done is in the checkpoint).
        KeyboardInterrupt: on Ctrl-C; what was done is in the checkpoint.

    Source: PRL 133, 266704 (2024), eq. 3.

    >>> import numpy as np, sympy as sp
    >>> from qllg_sym import DMI, Exchange, Model, QuantumLLG, Space, states
    >>> J, D = sp.symbols("J D", real=True)
    >>> dimer = Model(Space("1/2", "1/2"), [Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])
    >>> ds = sweep(dimer, QuantumLLG(0.5), states.product("up", "down"), [0, 20],
    ...            over={"J": np.linspace(0, 1, 3), "D": [0, 0.5]}, observe=["nonlocality"])
    >>> dict(ds.sizes), ds.nonlocality.sel(J=1, D=0.5, time=20).round(6).item()
    ({'J': 3, 'D': 2, 'time': 2}, 1.0)
    >>> picture = ds["nonlocality"].isel(time=-1).plot()                # a map, J and D at its axes
    """
    xarray = need_xarray()
    executor_kind(executor)
    refuse_foreign(checkpoint, ParameterStudy.noun)
    study = study_of(model, law, state, times, over, values, observe,
                     Options(method, rtol, atol, max_step=max_step, breakpoints=breakpoints,
                             own={} if options is None else options))
    with Progress(progress, "sweep") as show:
        results = Results(study, first_point(study))
        complete(study, solve_chunk, results.put, executor, checkpoint, show)
    return dataset(results, xarray)


def study_of(model: Model, law: Law, state: Any, times: Any, over: Any, values: Any, observe: Any,
             options: Options) -> ParameterStudy:
    """Return a study, once its names, states and numbers are known to fit.

    Raises:
        QllgError: bad input.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> study_of(Model(Space("1/2")), QuantumLLG(1), states.product("up"), [0], {"kappa": [1, 2]}, None, None,
    ...          Options()).shape
    (2,)
    """
    axes = study_axes(over)
    if isinstance(law, type) or not isinstance(law, Law):
        raise InputTypeError(f"`law` must be a law of motion, but is {law!r}; write QuantumLLG(0.5).")
    if not isinstance(values, Mapping | None):
        raise InputTypeError(f"`values` must map names or Symbols to numbers, but is of type {type(values).__name__}; "
                             "write values={\"J\": 1.0}.")
    known = {name.name if isinstance(name, Signal) else str(name): value for name, value in (values or {}).items()}
    law, states = with_symbols(law, model, axes), _initial(state, axes)
    check_names(axes, model, law, states, known)
    observed, energies = asked(observe, axes)
    grid = real_array(times)
    return ParameterStudy(model, law, states, np.asarray(times) if grid is None else grid, known, axes, observed,
                          energies, options)


def _initial(state: Any, axes: tuple[Axis, ...]) -> tuple[Any, ...]:
    """Return the initial states: those of the axis, or the one."""
    for axis in axes:
        if axis.name == STATE:
            if state is not None:
                raise InputError("`state` must be None where `over` has states, but both are given; drop one.")
            return axis.states
    return (state,)
