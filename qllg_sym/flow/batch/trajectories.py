"""The result of a batch, in its former place."""

from qllg_sym.flow.results.trajectories import Trajectories

__all__ = ["Trajectories"]
