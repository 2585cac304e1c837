"""Every observable as a property or a method, of one trajectory and of many: the folder `observables`, listed.

What type checkers see of it, `readings.pyi`, is generated from the same folder.
"""

from qllg_sym.flow.results.reading import ManyReadable, Readable, attach
from qllg_sym.observables import observables


class Readings(Readable):
    """The observables of a trajectory; `Trajectory` holds the states.

    None of them builds a (d, d) array when kets are held, but for `T` and `pauli`, whose 4^N numbers are as many.
    Shapes begin with the n times; formulas and errors stand in the file of the same name in `qllg_sym.observables`.
    """


class ManyReadings(ManyReadable):
    """The same of many trajectories; shapes begin with the m rows and the n times."""


for _observable in observables().values():
    attach(Readings, _observable, of_one=True)
    attach(ManyReadings, _observable, of_one=False)
