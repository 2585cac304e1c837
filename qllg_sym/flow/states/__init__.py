"""States as users describe them, one kind a file of `kinds/`, and as numbers: kets over a multiple of the identity.

The public namespace `qllg_sym.states`: every function of `kinds/` that has the name of its file.

Here may live every kind of start and its way to kets and weights; H is used where a state is made of it, as the
ground state is.
"""

import sys
from importlib import import_module
from typing import Any

from qllg_sym import plugs

KINDS = f"{__name__}.kinds"


def __getattr__(name: str) -> Any:
    known = sys.modules.get(f"{KINDS}.{name}")
    if known is None and (name.startswith("__") or name not in plugs.names(KINDS)):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return getattr(known or import_module(f"{KINDS}.{name}"), name)


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return plugs.names(KINDS)
