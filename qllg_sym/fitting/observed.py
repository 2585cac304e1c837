"""What of a run stands beside data, and its derivatives: expectations, linear in the state."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputError
from qllg_sym.flow.hybrid.posed import posed_hybrid
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import pose
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.model.model import Model
from qllg_sym.observables.operators import is_hermitian
from qllg_sym.observables.sector_states import numbers_with
from qllg_sym.observables.sites import spin_matrices
from qllg_sym.spectra.perturbations import matrix_of_perturbation

Array = NDArray[Any]
BLOCH = re.compile(r"bloch(0|[1-9][0-9]*)")


@dataclass(frozen=True)
class Observed:
    """Bloch vector of a site, or one operator.

    Attributes:
        matrices: operators (c, d, d) of a quantum law; None for moments.
        site: of moments.
        single: whether a reading is (n,), not (n, 3).
    """

    matrices: Array | None
    site: int
    single: bool

    def of(self, run: Trajectory) -> Array:
        """Return the readings of a run, (n,) or (n, 3)."""
        return self.along(run.states if self.matrices is not None else run.moments)

    def along(self, states: Array) -> Array:
        """Return Tr(ρO) of states, or of derivatives of states, (…, n, d, d) → (…, n) or (…, n, 3); of moments m."""
        if self.matrices is None:
            return np.asarray(states[..., self.site, :])
        found = np.einsum("...jk,ckj->...c", states, self.matrices).real
        return np.asarray(found[..., 0] if self.single else found)


@dataclass(frozen=True)
class HybridObserved:
    """⟨S⟩/(ħs) of a site of clusters and moments, or the energy.

    Attributes:
        site: None for the energy.
    """

    site: int | None

    @property
    def single(self) -> bool:
        """Whether a reading is (n,), not (n, 3)."""
        return self.site is None

    def of(self, run: HybridTrajectory) -> Array:
        """Return the readings of a run, (n,) or (n, 3)."""
        return run.energy if self.site is None else run.bloch(self.site)


def observed_in_fit(what: Any, model: Model, law: Law, state: Any, values: Any,
                    argument: str) -> Observed | HybridObserved:
    """Return what is read off runs of these.

    Raises:
        InputError, InputTypeError: no such site, or no operator on the space.
    """
    if isinstance(law, Hybrid):
        posed_hybrid(model, law, state, [0.0], values, Options())
        return _of_hybrid(what, model.space.sites, argument)
    problem = pose(model, law, state, [0.0], values)
    if isinstance(what, str) and (found := BLOCH.fullmatch(what)):
        return _bloch(problem, int(found[1]), argument)
    if problem.classical:
        raise InputError(f"`{argument}` must be \"bloch0\", \"bloch1\", … for a classical law, but is {what!r}; name a "
                         "site.")
    operator = matrix_of_perturbation(what, problem, argument)
    if not is_hermitian(operator):
        raise InputError(f"`{argument}` must be Hermitian, for data are real, but is not; fit its real and imaginary "
                         "part as two data.")
    return Observed(operator[None], 0, single=True)


def _of_hybrid(what: Any, sites: int, argument: str) -> HybridObserved:
    """Return what is read off clusters and moments."""
    if what == "energy":
        return HybridObserved(None)
    if not isinstance(what, str) or (found := BLOCH.fullmatch(what)) is None:
        raise InputError(f"`{argument}` must be \"bloch0\", \"bloch1\", … or \"energy\" for a hybrid law, but is "
                         f"{what!r}; name a site.")
    if (site := int(found[1])) >= sites:
        raise InputError(f"`{argument}` must name one of {sites} sites, but is {what!r}; the first is bloch0.")
    return HybridObserved(site)


def _bloch(problem: Problem, site: int, argument: str) -> Observed:
    """Return ⟨S⟩/(ħs) of a site."""
    dims = problem.equation.model.space.dimensions
    if site >= len(dims):
        raise InputError(f"`{argument}` must name one of {len(dims)} sites, but is 'bloch{site}'; the first is bloch0.")
    if problem.classical:
        return Observed(None, site, single=False)
    if isinstance(sector := problem.equation.model.space.sector, RingSector):
        along = float(2 * sector.magnetisation / sector.sites) * np.eye(sector.dimension, dtype=complex)
        return Observed(np.array([0 * along, 0 * along, along]), site, single=False)
    if sector is not None:
        down = numbers_with(sector.sites, sector.down) >> (sector.sites - 1 - site) & 1
        along = np.diag(1.0 - 2.0 * down).astype(complex)
        return Observed(np.array([0 * along, 0 * along, along]), site, single=False)
    before, after = int(np.prod(dims[:site])), int(np.prod(dims[site + 1:]))
    own = [np.kron(np.kron(np.eye(before), m), np.eye(after)) for m in spin_matrices(dims[site])]
    return Observed(np.array(own), site, single=False)
