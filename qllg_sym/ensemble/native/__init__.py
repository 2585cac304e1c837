"""Steps of noisy trajectories in hand-written C, eight side by side, random numbers included; with their Python.

Here may live C text of motions and the Python that lays out their numbers. Each does what its motion and stepper do in
NumPy, with the same random numbers: `paths` decides which is taken.
"""

from qllg_sym.codegen import native


def source(name: str) -> str:
    """Return the text of a C file of this folder.

    >>> "philox" in source("normals.c")
    True
    """
    return native.source(name, __name__)
