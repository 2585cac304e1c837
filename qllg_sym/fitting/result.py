"""What a fit found: values, errors, and which combinations of parameters the data fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.codegen.values import real_array
from qllg_sym.display import in_html
from qllg_sym.errors import InputError, meant
from qllg_sym.fitting.comparison import Comparison
from qllg_sym.fitting.profile import Profile, Profiles
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.results.trajectory import Trajectory

Array = NDArray[Any]
AT_BOUND = 1e-3     # of an error: as near as that to a bound is at it
SHARE = 1e-6        # of a combination: a parameter with less is not in it


@dataclass(frozen=True, eq=False, repr=False)
class Fit(ByFields):
    """Parameters from data.

    Attributes:
        values: the best numbers, by name.
        covariance: of them in this order, (k, k): (JᵀJ)⁻¹ of residuals over sigma; where no sigma was given, times χ²
            over the degrees of freedom.
        chi2: Σ ((model − data)/sigma)², with sigma = 1 where none was given.
        freedom: data less parameters.
        trajectories: the run of each data set at the best numbers.
        stats: evaluations, what the Jacobian is made of, why it stopped.
        unfixed: combinations of the parameters that do not move what was measured, {name: share} each; the covariance
            is that of the others.
        comparison: the data beside the model.
    """

    values: Mapping[str, float]
    covariance: Array
    chi2: float
    freedom: int
    trajectories: tuple[Trajectory | HybridTrajectory, ...]
    stats: Mapping[str, Any]
    unfixed: tuple[dict[str, float], ...] = ()
    comparison: Comparison | None = None

    @property
    def trajectory(self) -> Any:
        """The run at the best numbers, a `Trajectory` or `HybridTrajectory`; of several data sets the first."""
        return self.trajectories[0]

    @property
    def errors(self) -> dict[str, float]:
        """One standard deviation each, by name; infinite for a parameter in a combination that the data do not fix."""
        spread = dict(zip(self.values, np.sqrt(np.diag(self.covariance)).tolist(), strict=True))
        return {name: np.inf if any(abs(shares[name]) > SHARE for shares in self.unfixed) else error
                for name, error in spread.items()}

    @property
    def correlation(self) -> Array:
        """Correlations of the errors, (k, k)."""
        spread = np.sqrt(np.diag(self.covariance))
        return np.asarray(self.covariance / np.outer(spread, spread))

    @property
    def combinations(self) -> list[tuple[float, dict[str, float]]]:
        """(error, {name: share}) of independent combinations of relative changes, the best known first."""
        sizes = np.array([abs(x) or 1.0 for x in self.values.values()])
        squares, vectors = np.linalg.eigh(self.covariance / np.outer(sizes, sizes))
        return [(float(np.sqrt(max(square, 0.0))), dict(zip(self.values, vector.tolist(), strict=True)))
                for square, vector in zip(squares, vectors.T, strict=True)]

    @property
    def at_bounds(self) -> tuple[str, ...]:
        """Names of parameters that lie at a bound of the fit, within a thousandth of their error."""
        todo = self._compared()
        edges, best = np.array([todo.low, todo.high]), np.array(list(self.values.values()))
        near = (abs(best - edges) <= AT_BOUND * np.sqrt(np.diag(self.covariance))).any(axis=0)
        return tuple(name for name, held in zip(self.values, near, strict=True) if held)

    def log_likelihood(self, x: Any) -> tuple[float, Array]:
        r"""Return ln L of the data at any numbers, and its gradient, for samplers and optimisers.

        $$\ln L = -\tfrac12\chi^2(x) - \sum_n \ln(\sigma_n\sqrt{2\pi})$$

        Args:
            x: numbers of the free parameters, in the order of `values`, (k,).

        Returns:
            (float, ndarray): ln L, and its derivatives, (k,), exact; −∞ and zeros outside the bounds.

        Raises:
            InputError: another number of them, or no standard deviations of the data.

        Source: normal errors, as for least squares.
        """
        todo, numbers = self._compared(), real_array(x)
        if numbers is None or numbers.shape != (len(self.values),) or not np.isfinite(numbers).all():
            raise InputError(f"`x` must be {len(self.values)} finite numbers, for {', '.join(self.values)}, but is "
                             f"{x!r}; give one for each.")
        if not todo.weighted:
            raise InputError("`sigma` must be known for a likelihood, but was not given to the fit; fit with sigma=….")
        if (numbers < todo.low).any() or (numbers > todo.high).any():
            return -np.inf, np.zeros(len(numbers))
        off = todo.residuals(numbers)
        return -0.5 * float(off @ off) - todo.logarithms, -todo.gradient(numbers)

    def profile(self, name: Any, numbers: Any = None) -> Profile:
        """Return the least χ² over all other parameters at numbers of one: the profile likelihood is exp(−χ²/2).

        Args:
            name: of a free parameter.
            numbers: of it, (n,); None for 13 within three standard deviations.

        Returns:
            Profile: `.numbers`, `.chi2`, `.others`.

        Raises:
            InputError: no free parameter, or no finite numbers.

        Source: profile likelihood, as in Venzon and Moolgavkar, Appl. Statist. 37, 87 (1988).
        """
        best, error = self.values[self._free(name)], self.errors[str(name)]
        grid = real_array(np.linspace(-3, 3, 13) * (error if np.isfinite(error) else abs(best) / 6) + best
                          if numbers is None else numbers)
        if grid is None or grid.ndim != 1 or not len(grid) or not np.isfinite(grid).all():
            raise InputError(f"`numbers` must be a list of finite numbers of {str(name)!r}, but is {numbers!r}; write "
                             "numpy.linspace(0.1, 0.5, 9).")
        todo, k = self._compared(), list(self.values).index(str(name))
        return self._profiles().over(str(name), np.unique(np.clip(grid, todo.low[k], todo.high[k])))

    def interval(self, name: Any, level: float = 0.6827) -> tuple[float, float]:
        """Return the confidence interval of one parameter by its profile likelihood, which need not be symmetric.

        Args:
            name: of a free parameter.
            level: probability, between 0 and 1.

        Returns:
            (low, high): bounds of the fit, or ±∞, where the data do not end it.

        Raises:
            InputError: no free parameter, or no probability.

        Source: as `profile`.
        """
        error = self.errors[self._free(name)]
        if not isinstance(level, Real) or not 0 < float(level) < 1:
            raise InputError(f"`level` must be a probability between 0 and 1, but is {level!r}; write level=0.95.")
        return self._profiles().interval(str(name), float(level), error)

    def _free(self, name: Any) -> str:
        """Return the name of a free parameter."""
        if str(name) not in self.values:
            raise InputError(f"`name` must be one of the free parameters, {', '.join(self.values)}, but is "
                             f"{str(name)!r}{meant(str(name), list(self.values))}; take one of them.")
        return str(name)

    def _compared(self) -> Comparison:
        """Return the data beside the model."""
        assert self.comparison is not None
        return self.comparison

    def _profiles(self) -> Profiles:
        """Return what profiles are made by."""
        todo = self._compared()
        scale = 1.0 if todo.weighted or not self.freedom else self.chi2 / self.freedom
        return Profiles(todo, np.array(list(self.values.values())), self.chi2, scale)

    def describe(self) -> str:
        """Return the values with their errors, and which combination is known worst."""
        lines = [f"{name} = {_measured(value, self.errors[name])}" for name, value in self.values.items()]
        lines.append(f"χ² = {self.chi2:.6g} for {self.freedom} degrees of freedom")
        lines += [f"{name} is at a bound: its error holds without the bound only" for name in self.at_bounds]
        for shares in self.unfixed:
            lines.append(f"the data do not fix {_combination(shares)}")
        if len(self.values) > 1 and not self.unfixed:
            error, shares = self.combinations[-1]
            lines.append(f"least known: {_combination(shares)}, to {error:.2g}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Say what it is, in one line."""
        told = ", ".join(f"{name} = {value:.6g} ± {self.errors[name]:.2g}" for name, value in self.values.items())
        return f"<Fit: {told}, chi2 {self.chi2:.4g} for {self.freedom} degrees of freedom>"

    def _repr_html_(self) -> str:
        """The same for a notebook."""
        return in_html(self.describe())


def _measured(value: float, error: float) -> str:
    """Return a number with its error, to the digits that the error leaves.

    >>> _measured(0.20029338, 0.000142), _measured(1234.5, 56.0), _measured(1.5, np.inf), _measured(0.25, 0.0)
    ('0.20029 ± 0.00014', '1234 ± 56', '1.5 ± inf', '0.25 ± 0')
    """
    if not (0 < error < np.inf) or error < 1e-14 * abs(value):
        return f"{value:.10g} ± {error:.2g}"
    places = max(1 - int(np.floor(np.log10(error))), 0)
    return f"{value:.{places}f} ± {error:.2g}" if places <= 15 else f"{value:.10g} ± {error:.2g}"


def _combination(shares: Mapping[str, float]) -> str:
    """Return a sum of relative changes as text.

    >>> _combination({"J": 0.6, "kappa": -0.8})
    '+0.60 dJ/J -0.80 dkappa/kappa'
    """
    return " ".join(f"{share:+.2f} d{name}/{name}" for name, share in shares.items() if abs(share) > SHARE)
