"""Which path takes the steps: compiled lanes, or NumPy with what does it in general; and why.

A path has `stats` and

advance(states, t, h, steps, numbers, first, watch) -> the states after so many steps of length h

    states: of m trajectories at t.
    numbers: their variates by step, `Normals` or `Joined`.
    first: number of the first step among these.
    watch: called with the part done; raises KeyboardInterrupt where the work is over.

All paths have the same random numbers, and agree to rounding.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.ensemble.motions.frames import Frames
from qllg_sym.ensemble.motions.local_frames import LocalFrames
from qllg_sym.ensemble.motions.moments import Moments
from qllg_sym.ensemble.native.frames import FrameLanes
from qllg_sym.ensemble.native.moments import MomentLanes
from qllg_sym.errors import CodegenError

Array = NDArray[Any]
COMPILED: dict[type, Any] = {Frames: FrameLanes, LocalFrames: FrameLanes, Moments: MomentLanes}


@dataclass(frozen=True)
class Path:
    """A way to take steps.

    Attributes:
        motion: what moves; see `motions`.
        stepper: a scheme; see `steppers`.
        lanes: the same in C, or None.
        reason: why it is this path.
    """

    motion: Any
    stepper: Any
    lanes: Any
    reason: str

    @property
    def stats(self) -> dict[str, Any]:
        """What a result tells of it."""
        return {"path": "compiled lanes" if self.lanes else "NumPy", "path_reason": self.reason}

    def advance(self, states: Array, t: float, h: float, steps: int, numbers: Any, first: int,
                watch: Callable[[float], None]) -> Array:
        """Return the states after some steps."""
        if self.lanes is not None:
            return np.asarray(self.lanes.advance(states, t, h, steps, numbers, first, watch))

        def normals(step: int) -> Array:
            """Return the variates of a step, and look whether the work is over."""
            watch(step / steps)
            return np.asarray(numbers.at(first + step))

        return np.asarray(self.stepper.advance(self.motion, states, t, h, steps, normals))


def path_of(motion: Any, stepper: Any) -> Path:
    """Return the fastest path of a motion and a scheme."""
    kind = COMPILED.get(type(motion))
    if kind is None:
        return Path(motion, stepper, None, f"{type(motion).__name__} has no compiled steps")
    lanes = kind(motion, stepper)
    if (reason := lanes.refuses()) is not None:
        return Path(motion, stepper, None, reason)
    try:
        lanes.prepare()
    except CodegenError as error:
        return Path(motion, stepper, None, f"no C compiler works: {error}")
    return Path(motion, stepper, lanes, "eight trajectories side by side in C")
