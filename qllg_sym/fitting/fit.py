r"""q.fit: data, and a model with free parameters → the numbers that fit best."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.fitting.comparison import Comparison
from qllg_sym.fitting.data_set import DataSet
from qllg_sym.fitting.experiment import Experiment
from qllg_sym.fitting.given import bounds_of_free, numbers_by_name, refuse_unknown, starting_numbers
from qllg_sym.fitting.result import Fit
from qllg_sym.model.model import Model

Array = NDArray[Any]
UNFIXED = 1e-7        # of the strongest: a direction that moves the data less is moved by rounding


def fit(model: Model, law: Law, state: Any, times: Any, data: Any, free: Mapping[Any, float], observe: Any = "bloch0",
        sigma: Any = None, values: Mapping[Any, Any] | None = None,
        bounds: Mapping[Any, tuple[float, float]] | None = None) -> Fit:
    r"""Fit parameters of the model and the law to data over time, by least squares.

    $$\chi^2 = \sum_{n}\left(\frac{\langle O\rangle(t_n; \theta) - d_n}{\sigma_n}\right)^2$$

    Its Jacobian is that of `Trajectory.sensitivity`, exact; in spaces too large for it central differences are taken,
    which `stats` say.

    Args:
        model: the Hamiltonian.
        law: the law of motion.
        state: as in `solve`; a thermal or ground state may depend on free parameters.
        times: of the data, (n,), strictly increasing; the state is that at the first. None beside data sets with times.
        data: (n,) for an operator, (n, 3) for a Bloch vector; a mapping of names to such arrays for several of one run;
            a `DataSet`, or a list of them, each with times, start and values of its own where they are not the fit's.
        free: where to start, by the names of the parameters that are free.
        observe: "bloch0", "bloch1", … for ⟨S⟩/(ħs) of a site, an operator, terms, or "Sx", "Sy", "Sz" of the total
            spin over ħ; of `Hybrid` "bloch0", … of any site or "energy", by central differences; with several data a
            mapping with the same names.
        sigma: standard deviations of the data, a number, or like the data: they weigh with 1/sigma²; None for equal
            ones that χ² estimates, for all data then.
        values: numbers for the other parameters.
        bounds: (lowest, highest) by name, infinite where left out.

    Returns:
        Fit: `.values`, `.errors`, `.covariance`, `.chi2`, `.trajectory`, `.describe()`, `.profile(name)`,
        `.interval(name)`, `.log_likelihood(x)`.

    Raises:
        InputError: data that do not fit the times or are not finite, a free parameter that is none or that nothing
            depends on, fewer data than parameters.

    Source: least squares as in `scipy.optimize.least_squares`; law: PRL 133, 266704 (2024), eq. 3.

    >>> import sympy as sp
    >>> from qllg_sym import QuantumLLG, Space, Zeeman, solve, states
    >>> B, kappa = sp.symbols("B kappa", real=True)
    >>> spin, law, times = Model(Space("1/2"), [Zeeman((0, 0, B))]), QuantumLLG(kappa), np.linspace(0, 5, 21)
    >>> data = solve(spin, law, states.product("+x"), times, values={"B": 2, "kappa": 0.3}).bloch(0)
    >>> found = fit(spin, law, states.product("+x"), times, data, free={"B": 1.8, "kappa": 0.1})
    >>> {name: round(value, 8) for name, value in found.values.items()}
    {'B': 2.0, 'kappa': 0.3}
    """
    start = starting_numbers(free)
    sets = _sets(data, state, times, observe, sigma, values)
    refuse_unknown(start, model, law, [one.state for one in sets])
    low, high = bounds_of_free(bounds, start, {str(symbol) for symbol in law.dampings().values()})
    todo = Comparison(tuple(start), tuple(Experiment.of(model, law, one, start, f"[{k}]" if len(sets) > 1 else "")
                                          for k, one in enumerate(sets)), low, high)
    todo.refuse_mixed()
    todo.refuse_few()
    x = np.array(list(start.values()))
    todo.refuse_useless(x)
    found = todo.minimised(x)
    freedom, chi2 = todo.size - len(start), float(2 * found.cost)
    scale = 1.0 if todo.weighted or not freedom else chi2 / freedom
    stats = {"evaluations": int(found.nfev), "jacobian": todo.kind(found.x), "message": str(found.message)}
    covariance, open_ = _known(np.asarray(found.jac))
    unfixed = tuple(dict(zip(start, row.tolist(), strict=True)) for row in open_)
    runs = tuple(one.run(todo.named(found.x)) for one in todo.sets)
    return Fit(todo.named(found.x), covariance * scale, chi2, freedom, runs, stats, unfixed, todo)


def _sets(data: Any, state: Any, times: Any, observe: Any, sigma: Any, values: Any) -> list[DataSet]:
    """Return data as data sets, with what they leave out."""
    if isinstance(data, DataSet):
        data = [data]
    if not (isinstance(data, list | tuple) and any(isinstance(one, DataSet) for one in data)):
        return [DataSet(data, times, state, observe, sigma, values)]
    if wrong := [one for one in data if not isinstance(one, DataSet)]:
        raise InputTypeError(f"`data` must hold data sets alone where it holds one, but has a {type(wrong[0]).__name__}"
                             "; write DataSet(numbers, times=…).")
    if sigma is not None or observe != "bloch0":
        raise InputError("`sigma` and `observe` must be left out beside data sets, which have their own; write them "
                         "there.")
    sets = [replace(one, times=times if one.times is None else one.times, state=state if one.state is None else
                    one.state, values={**numbers_by_name(values), **numbers_by_name(one.values)}) for one in data]
    for what in ("times", "state"):
        if missing := [k for k, one in enumerate(sets) if getattr(one, what) is None]:
            raise InputError(f"`{what}` must be given to the fit or to every data set, but data[{missing[0]}] has "
                             f"none; write DataSet(…, {what}=…).")
    return sets


def _known(jacobian: Array) -> tuple[Array, Array]:
    """Return (JᵀJ)⁻¹ in the directions that the data fix, and the others as rows, each of relative changes."""
    sizes = np.linalg.norm(jacobian, axis=0)
    _, strengths, rows = np.linalg.svd(jacobian / sizes, full_matrices=False)
    fixed = strengths > UNFIXED * strengths.max(initial=0.0)
    known = rows[fixed] / strengths[fixed, None] / sizes
    return np.asarray(known.T @ known), rows[~fixed]
