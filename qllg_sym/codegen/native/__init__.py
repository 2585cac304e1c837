"""Hand-written C, for what has loops: stepping and the turning of rows; shipped as source, compiled on first use.

It takes right-hand sides as pointers and knows none: those of physics lie in `flow.native`.

Here may live C that steps or turns what it is given, with the Python that puts its text together.
"""

from importlib import resources


def source(name: str, package: str = __name__) -> str:
    """Return the text of a C file of this folder, or of another package's.

    >>> "int advance(" in source("dop853.c")
    True
    """
    return resources.files(package).joinpath(name).read_text(encoding="ascii")
