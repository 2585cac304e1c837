"""Which path takes the steps: compiled ones, or NumPy with what does it in general; and why.

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
from qllg_sym.ensemble.motions.kets import NoisyKets
from qllg_sym.ensemble.motions.local_frames import LocalFrames
from qllg_sym.ensemble.motions.local_friction import LocalFriction
from qllg_sym.ensemble.motions.moments import Moments
from qllg_sym.ensemble.native.frames import FrameLanes
from qllg_sym.ensemble.native.kets import KetSteps
from qllg_sym.ensemble.native.local_friction import FrictionLanes
from qllg_sym.ensemble.native.moments import MomentLanes
from qllg_sym.ensemble.native.stream import in_c, prepare_numbers
from qllg_sym.errors import CodegenError

Array = NDArray[Any]
COMPILED: dict[type, Any] = {Frames: FrameLanes, LocalFrames: FrameLanes, LocalFriction: FrictionLanes,
                             Moments: MomentLanes, NoisyKets: KetSteps}


@dataclass(frozen=True)
class Path:
    """A way to take steps.

    Attributes:
        motion: what moves; see `motions`.
        stepper: a scheme; see `steppers`.
        lanes: the same in C, or None.
        reason: why it is this path.
        drawn_in_c: whether random numbers are made in C where steps are not.
    """

    motion: Any
    stepper: Any
    lanes: Any
    reason: str
    drawn_in_c: bool = False

    @property
    def compiled(self) -> bool:
        """Whether C has a part in it: the last bits are others without a compiler."""
        return self.lanes is not None or self.drawn_in_c

    @property
    def name(self) -> str:
        """What it is called."""
        if self.lanes is not None:
            return str(self.lanes.name)
        return "NumPy, random numbers in C" if self.drawn_in_c else "NumPy"

    @property
    def stats(self) -> dict[str, Any]:
        """What a result tells of it."""
        return {"motion": _name(self.motion), "path": self.name, "path_reason": self.reason}

    def advance(self, states: Array, t: float, h: float, steps: int, numbers: Any, first: int,
                watch: Callable[[float], None]) -> Array:
        """Return the states after some steps."""
        if self.lanes is not None:
            return np.asarray(self.lanes.advance(states, t, h, steps, numbers, first, watch))
        drawn = in_c(numbers) if self.drawn_in_c else numbers

        def normals(step: int) -> Array:
            """Return the variates of a step, and look whether the work is over."""
            watch(step / steps)
            return np.asarray(drawn.at(first + step))

        return np.asarray(self.stepper.advance(self.motion, states, t, h, steps, normals))


def path_of(motion: Any, stepper: Any) -> Path:
    """Return the fastest path of a motion and a scheme."""
    kind = COMPILED.get(type(motion))
    lanes = None if kind is None else kind(motion, stepper)
    reason = f"{_name(motion)} have no compiled steps" if lanes is None else lanes.refuses()
    try:
        if lanes is None or reason is not None:
            prepare_numbers()
            return Path(motion, stepper, None, str(reason), True)
        lanes.prepare()
    except CodegenError as error:
        return Path(motion, stepper, None, f"no C compiler works: {error}")
    return Path(motion, stepper, lanes, lanes.reason)


def _name(motion: Any) -> str:
    """Return what a motion is called."""
    return str(getattr(motion, "name", type(motion).__name__))
