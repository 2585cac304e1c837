"""Product states of spins along the axes."""

from qllg_sym.errors import StateError, meant
from qllg_sym.flow.states.kinds.coherent import Coherent

EXAMPLE = ("up", "-y")
DIRECTIONS = {"up": (0.0, 0.0, 1.0), "down": (0.0, 0.0, -1.0), "+x": (1.0, 0.0, 0.0), "-x": (-1.0, 0.0, 0.0),
              "+y": (0.0, 1.0, 0.0), "-y": (0.0, -1.0, 0.0), "+z": (0.0, 0.0, 1.0), "-z": (0.0, 0.0, -1.0)}


def product(*spins: str) -> Coherent:
    """Return a product state, one label a site: up, down, +x, -x, +y, -y, +z, -z (coherent states for s > ½).

    Definition:
        along = [{"up": "+z", "down": "-z"}.get(label, label) for label in spins]
        prod(top(float(sign + "1") * S(i)["xyz".index(axis)]) for i, (sign, axis) in enumerate(along))

    Raises:
        StateError: an unknown label.

    >>> product("up", "down").directions
    ((0.0, 0.0, 1.0), (0.0, 0.0, -1.0))
    """
    for label in spins:
        if not isinstance(label, str) or label not in DIRECTIONS:
            raise StateError(f"`spins` must be of {', '.join(DIRECTIONS)}, but one is {label!r}"
                             f"{meant(label, DIRECTIONS)}; write product(\"up\", \"down\").")
    if not spins:
        raise StateError("`spins` must name one direction a site, but is empty; write product(\"up\", \"down\").")
    return Coherent(tuple(DIRECTIONS[label] for label in spins))
