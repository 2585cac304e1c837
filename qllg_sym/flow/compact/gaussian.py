"""Free fermions: XX, XY and transverse-field Ising chains, pure Gaussian states, exact for thousands of spins."""

from typing import Any

from qllg_sym.equations.law import Law
from qllg_sym.flow.options import Options
from qllg_sym.model.model import Model

NAME = "gaussian"


def result() -> Any:
    """Return the class of its result."""
    from qllg_sym.flow.gaussian.trajectory import GaussianTrajectory

    return GaussianTrajectory


def run(model: Model, law: Law, state: Any, times: Any, values: Any, options: Options) -> Any:
    """Integrate a law of motion of free fermions; see `flow.gaussian.solve`."""
    from qllg_sym.flow.gaussian.solve import solve_gaussian

    return solve_gaussian(model, law, state, times, values, options)


def check(model: Model, law: Law, state: Any, times: Any, values: Any, options: Options) -> None:
    """Refuse what `run` refuses before its work."""
    from qllg_sym.flow.gaussian.posed import posed_gaussian
    from qllg_sym.flow.gaussian.solve import gaussian_readers

    gaussian_readers(options.observe, model.space.sites)
    posed_gaussian(model, law, state, times, values, options)
