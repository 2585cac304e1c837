"""Matrix product states: chains, rings and ladders of any spins, pure states, a hundred sites and more."""

from typing import Any

from qllg_sym.equations.law import Law
from qllg_sym.flow.options import Options
from qllg_sym.model.model import Model

NAME = "mps"


def result() -> Any:
    """Return the class of its result."""
    from qllg_sym.flow.mps.trajectory import MatrixProductTrajectory

    return MatrixProductTrajectory


def run(model: Model, law: Law, state: Any, times: Any, values: Any, options: Options) -> Any:
    """Integrate a law of motion of a pure state on a chain; see `flow.mps.solve`."""
    from qllg_sym.flow.mps.solve import solve_matrix_product

    return solve_matrix_product(model, law, state, times, values, options)


def check(model: Model, law: Law, state: Any, times: Any, values: Any, options: Options) -> None:
    """Refuse what `run` refuses before its work."""
    from qllg_sym.flow.mps.posed import posed_chain

    posed_chain(model, law, state, times, values, options)
