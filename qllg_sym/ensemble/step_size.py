"""How long a step in time may be: advice from the fastest rate of a motion, and what is refused."""

from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.errors import InputError, InputTypeError

ADVISED = {1: 0.05, 2: 0.3}     # steps times the rate, by order: means are off by about 3e-3 standard deviations
MOST = 1e15                     # steps: their numbers are exact, and no computer takes so many
LARGEST = 1.0                   # beyond it a step turns states so far that no scheme here follows


@dataclass(frozen=True)
class StepSize:
    """What is known of steps of one motion and one scheme.

    Attributes:
        rate: at which precession and noise move states, 1/time.
        order: weak order of the scheme.
        share: the advised step times the rate; None for that of the order.

    >>> StepSize(10.0, 2).advised, StepSize(10.0, 2).checked(0.05)
    (0.03, 0.05)
    """

    rate: float
    order: int
    share: float | None = None

    @property
    def advised(self) -> float:
        """The step that is advised; infinite where nothing moves."""
        share = ADVISED[self.order] if self.share is None else self.share
        return share / self.rate if self.rate > 0 else np.inf

    @property
    def largest(self) -> float:
        """The longest step that is allowed."""
        return LARGEST / self.rate if self.rate > 0 else np.inf

    @property
    def stats(self) -> dict[str, Any]:
        """What a result tells of it."""
        return {"order": self.order, "rate": self.rate, "advised_step": self.advised, "largest_step": self.largest}

    def checked(self, step: Any) -> float:
        """Return the step that was asked for, or the advised one.

        Raises:
            InputError, InputTypeError: no positive number, or longer than the motion allows; a motion without a rate.
        """
        if not np.isfinite(self.rate):
            raise InputError(f"`model`, `law` and `kT` must move states at a finite rate, but it is {self.rate:g}; "
                             "look at H, kT and the damping.")
        todo = f"write step={self.advised:.3g}, which is advised" if self.rate > 0 else "leave it out"
        if step is None:
            return self.advised
        if not isinstance(step, Real) or isinstance(step, bool):
            raise InputTypeError(f"`step` must be a positive time or None, but is {step!r}; {todo}.")
        length = float(step)
        if not (length > 0 and np.isfinite(length)):
            raise InputError(f"`step` must be positive and finite, but is {length:g}; {todo}.")
        if length > self.largest:
            raise InputError(f"`step` must be at most {self.largest:.3g}, as precession and noise move states at the "
                             f"rate {self.rate:.3g}, but is {length:g}; {todo}.")
        return length


def subdivided(times: NDArray[np.float64], step: float | NDArray[np.float64]) -> NDArray[np.int64]:
    """Return into how many equal steps, none longer than `step`, each interval of times is divided, (n − 1,).

    Args:
        times: ascending, (n,).
        step: of all intervals, or of each, (n − 1,).

    Raises:
        InputError: more steps than have numbers.

    >>> subdivided(np.array([0.0, 1.0, 1.5]), 0.3).tolist()
    [4, 2]
    """
    ratio = np.diff(times) / step
    if not (total := float(ratio.sum())) < MOST:
        raise InputError(f"`times` must be reached in less than {MOST:.0e} steps, but take {total:.0e} of a length of "
                         f"{np.min(step):.3g}; take longer steps, a shorter time, or a lower kT.")
    return np.maximum(1, np.ceil(ratio * (1 - 1e-12))).astype(np.int64)
