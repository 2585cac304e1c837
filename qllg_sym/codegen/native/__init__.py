"""Hand-written C, for what has loops: shipped as source and compiled on first use."""

from importlib import resources


def source(name: str) -> str:
    """Return the text of a C file of this folder.

    >>> "qllg_action_pass" in source("action.c")
    True
    """
    return resources.files(__name__).joinpath(name).read_text(encoding="ascii")
