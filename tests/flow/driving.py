"""One trajectory of a plain function, by the stepper in NumPy."""

from types import SimpleNamespace

import numpy as np

from qllg_sym.errors import CodegenError
from qllg_sym.flow.steppers import dop853, dop853_c
from qllg_sym.flow.steps.field import Field


def drive(fun, y0, times, rtol, atol, watch=None, project=None, halt=None, limits=None):
    """Samples (k, n) as far as they were reached, with how it ended."""
    field = Field(len(y0), 0, lambda data: fun, project)
    found = dop853.integrate(field, np.empty((1, 0)), np.array([y0]), np.asarray(times, dtype=float), rtol, atol, watch,
                             halt, limits=limits)
    return SimpleNamespace(samples=found.samples[0, :found.counts[0]], failure=found.failures[0],
                           steps=int(found.steps[0]), evaluations=int(found.evaluations[0]),
                           interrupted=found.interrupted)


def without_compiler(monkeypatch):
    """As on a machine where no compiler works."""
    def refuse(*arguments):
        raise CodegenError("A C compiler must be on the PATH, but none is; install one.")

    monkeypatch.setattr(dop853_c, "require_compiler", refuse)
