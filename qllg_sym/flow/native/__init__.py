"""Right-hand sides in hand-written C: the frame form, and H·v on kets; with the layout of what they read.

Here may live C text and the Python that lays out its numbers and asks for its compilation. What a state or a problem
is, and which method is taken, is decided above; how steps are taken lies below, in `steppers` and `codegen.native`.
"""

from qllg_sym.codegen import native


def source(name: str) -> str:
    """Return the text of a C file of this folder.

    >>> "qllg_action_pass" in source("action.c")
    True
    """
    return native.source(name, __name__)
