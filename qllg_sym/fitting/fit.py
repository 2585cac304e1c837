r"""q.fit: data, and a model with free parameters → the numbers that fit best."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError
from qllg_sym.fitting.comparison import Comparison
from qllg_sym.fitting.given import bounds_of_free, refuse_unknown, starting_numbers
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
        times: of the data, (n,), strictly increasing; the state is that at the first.
        data: (n,) for an operator, (n, 3) for a Bloch vector; a mapping of names to such arrays for several.
        free: where to start, by the names of the parameters that are free.
        observe: "bloch0", "bloch1", … for ⟨S⟩/(ħs) of a site, an operator, terms, or "Sx", "Sy", "Sz" of the total
            spin over ħ; with several data a mapping with the same names.
        sigma: standard deviations of the data, a number, or like the data; None for equal ones that χ² estimates.
        values: numbers for the other parameters.
        bounds: (lowest, highest) by name, infinite where left out.

    Returns:
        Fit: `.values`, `.errors`, `.covariance`, `.chi2`, `.trajectory`, `.describe()`.

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
    several = isinstance(data, Mapping)
    fixed = {str(key): value for key, value in (values or {}).items()}
    if both := [name for name in start if name in fixed]:
        raise InputError(f"`values` must not give what is free, but has {both[0]!r}; leave it out there, or in `free`.")
    refuse_unknown(start, model, law)
    todo = Comparison(model, law, state, times, list(start), fixed)
    todo.add(data if several else {"": data}, observe if several else {"": observe}, sigma if several else {"": sigma},
             start)
    low, high = bounds_of_free(bounds, start, {str(symbol) for symbol in law.dampings().values()})
    x = np.array(list(start.values()))
    todo.refuse_useless(x)
    found = least_squares(todo.residuals, x, jac=todo.jacobian, bounds=(low, high), x_scale="jac", method="trf",
                          xtol=1e-12, ftol=1e-14, gtol=None)        # gtol would have a unit
    freedom = todo.size - len(start)
    chi2 = float(2 * found.cost)
    scale = 1.0 if todo.weighted or not freedom else chi2 / freedom
    stats = {"evaluations": int(found.nfev), "jacobian": todo.kind, "message": str(found.message)}
    covariance, open_ = _known(np.asarray(found.jac))
    unfixed = tuple(dict(zip(start, row.tolist(), strict=True)) for row in open_)
    return Fit(dict(zip(start, found.x.tolist(), strict=True)), covariance * scale, chi2, freedom, todo.run(found.x),
               stats, unfixed)


def _known(jacobian: Array) -> tuple[Array, Array]:
    """Return (JᵀJ)⁻¹ in the directions that the data fix, and the others as rows, each of relative changes."""
    sizes = np.linalg.norm(jacobian, axis=0)
    _, strengths, rows = np.linalg.svd(jacobian / sizes, full_matrices=False)
    fixed = strengths > UNFIXED * strengths.max(initial=0.0)
    known = rows[fixed] / strengths[fixed, None] / sizes
    return np.asarray(known.T @ known), rows[~fixed]
