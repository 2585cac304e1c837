"""Times and samples of a signal, as users give them → arrays that a cubic spline goes through."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.build import is_masked
from qllg_sym.errors import InputError, InputTypeError

Array = NDArray[Any]
FEWEST = 4              # samples of a cubic spline


def checked_samples(name: str, given: Any) -> tuple[Array, Array]:
    """Return (times, samples) as they may be given.

    Raises:
        InputError, InputTypeError: too few, not real and finite, of different lengths, or times that do not ascend.

    >>> checked_samples("`pulse`", ([0, 1, 2, 3], [0, 1, 1, 0]))[1].tolist()
    [0.0, 1.0, 1.0, 0.0]
    """
    arrays = []
    for what, part in zip(("times", "samples"), given, strict=True):
        array = np.asarray(None if is_masked(part) else part)
        array = array.real if array.dtype.kind == "c" and not array.imag.any() else array
        if array.dtype.kind not in "iuf" or array.ndim != 1:
            kind = "is complex" if array.dtype.kind == "c" else f"has {what} of another kind, of shape {array.shape}"
            raise InputTypeError(f"{name} must be times and real samples, one list each, but {kind}; write (times, "
                                 "samples), two arrays of real numbers.")
        if not np.isfinite(array).all():
            raise InputError(f"{name} must be finite, but number {int(np.argmin(np.isfinite(array)))} of its {what} is "
                             "not; give finite numbers.")
        arrays.append(array.astype(float))
    times, samples = arrays
    if len(times) != len(samples) or len(times) < FEWEST:
        raise InputError(f"{name} must have one sample for each of at least {FEWEST} times, but has {len(times)} times "
                         f"and {len(samples)} samples; give more, for a cubic spline.")
    if not (np.diff(times) > 0).all():
        k = int(np.argmax(np.diff(times) <= 0))
        raise InputError(f"{name} must have times that ascend, but has {times[k]:g} followed by {times[k + 1]:g}; sort "
                         "them.")
    return times, samples
