"""States of several rows under their former name."""

from qllg_sym.flow.results.stack import Stack as Block

__all__ = ["Block"]
