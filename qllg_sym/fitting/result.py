"""What a fit found: values, errors, and which combinations of parameters the data fix."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.display import in_html
from qllg_sym.flow.results.trajectory import Trajectory

Array = NDArray[Any]
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
        trajectory: the run at the best numbers.
        stats: evaluations, what the Jacobian is made of, why it stopped.
        unfixed: combinations of the parameters that do not move what was measured, {name: share} each; the covariance
            is that of the others.
    """

    values: Mapping[str, float]
    covariance: Array
    chi2: float
    freedom: int
    trajectory: Trajectory
    stats: Mapping[str, Any]
    unfixed: tuple[dict[str, float], ...] = ()

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

    def describe(self) -> str:
        """Return the values with their errors, and which combination is known worst."""
        lines = [f"{name} = {_measured(value, self.errors[name])}" for name, value in self.values.items()]
        lines.append(f"χ² = {self.chi2:.6g} for {self.freedom} degrees of freedom")
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
