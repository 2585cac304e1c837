"""Steps in time of what noise moves, one scheme a file, found by themselves; they know no physics.

A file has NAME, ORDER (of the error of means: weak order), SETS (of normal variates a step), and

advance(motion, states, t, h, steps, normals) -> the states after so many steps of length h

    motion: generators and what they do, see `motions`.
    states: of m trajectories at t.
    normals: k ↦ the variates of step k of these, (m, SETS · motion.count).

Noise is meant in the sense of Stratonovich. States are brought back from rounding every POLISH steps and at the end.
Here may live schemes for generators of drift and noise. What is moved is in `motions`.
"""

from functools import cache
from types import ModuleType

from qllg_sym import plugs

POLISH = 16


@cache
def find(name: str) -> ModuleType:
    """Return the stepper of a name.

    >>> find("strang").ORDER
    2
    """
    return next(one for one in plugs.modules(__name__) if name == one.NAME)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all steppers.

    >>> "euler" in names()
    True
    """
    return tuple(sorted(str(one.NAME) for one in plugs.modules(__name__)))
