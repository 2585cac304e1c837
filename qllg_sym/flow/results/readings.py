"""Every observable as a property or a method, of one trajectory and of many: the folder `observables`, listed.

What type checkers see of it, `readings.pyi`, is generated from the same folder.
"""

from qllg_sym.flow.results.reading import Readable, attach
from qllg_sym.observables import observables


class Readings(Readable):
    """The observables of one trajectory or of many; what derives from this holds the states.

    None of them builds a (d, d) array when kets are held, but for `T` and `pauli`, whose 4^N numbers are as many.
    Shapes begin with the n times, of many trajectories with the m rows and the n times; formulas and errors stand in
    the file of the same name in `qllg_sym.observables`.
    """


for _observable in observables().values():
    attach(Readings, _observable)
