"""Result files that are none, and places where none can be written."""

import json
import zipfile
from io import BytesIO

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong, WrongWords

DAMAGED = "must be a complete file saved by qllg_sym, but is damaged or foreign; save anew."


def archive(**changes):
    """The bytes of an archive with a header of ours, in which something is changed."""
    header = {"format": "qllg_sym", "version": 3, "kind": "trajectory", "arrays": {}, "metadata": {}} | changes
    stream, entry = BytesIO(), BytesIO()
    np.lib.format.write_array(entry, np.frombuffer(json.dumps(header).encode(), np.uint8))
    with zipfile.ZipFile(stream, "w") as opened:
        opened.writestr("header.npy", entry.getvalue())
    return stream.getvalue()


def run():
    """A trajectory."""
    return q.solve(q.Model(q.Space("1/2")), q.QuantumLLG(0.5), q.states.product("up"), [0, 1])


WRONG = [
    Wrong("no such file", lambda: q.load("run.npz"), q.FileError,
          "`run.npz` cannot be read, because there is no such file; check the name."),
    Wrong("no path", lambda: q.load(3), q.FileError,
          "`path` must be the name of a file, but is 3; give text such as run.npz."),
    Wrong("another ending", lambda: q.load("run.h5"), q.FileError,
          "`path` must end in .npz or .nc, but is run.h5; give a file that `save` wrote."),
    Wrong("empty", lambda: q.load("run.npz"), q.FileError, f"`run.npz` {DAMAGED}", {"run.npz": b""}),
    Wrong("a picture", lambda: q.load("run.nc"), q.FileError, f"`run.nc` {DAMAGED}", {"run.nc": b"\x89PNG\r\n" * 99}),
    Wrong("an archive of another program", lambda: q.load("run.npz"), q.FileError, f"`run.npz` {DAMAGED}",
          {"run.npz": archive(format="other")}),
    Wrong("a newer format", lambda: q.load("run.npz"), q.FileError,
          "`run.npz` must be of format 3 or older, but has format 4; update qllg_sym.",
          {"run.npz": archive(version=4)}),
    Wrong("parts missing", lambda: q.load("run.npz"), q.FileError,
          "`run.npz` must hold a whole trajectory, but its parts do not fit; save anew.", {"run.npz": archive()}),
    Wrong("another kind", lambda: q.load("run.npz"), q.FileError,
          "`run.npz` must hold trajectories, an ensemble or a dataset, but holds 'checkpoint'; give another "
          "file.",
          {"run.npz": archive(kind="checkpoint")}),
    Wrong("a batch as one", lambda: q.Trajectory.load("run.npz"), q.FileError,
          "`run.npz` must hold a trajectory, but holds trajectories; write Trajectories.load(…).",
          {"run.npz": archive(kind="trajectories")}),
    Wrong("saved as text", lambda: run().save("run.txt"), q.FileError,
          "`path` must end in .npz or .nc, but is run.txt; choose one of these endings."),
    Wrong("no result saved", lambda: q.save([1, 2], "run.npz"), q.InputTypeError,
          "`dataset` must be an xarray Dataset, but is of type list; save trajectories by their own method `save`."),
    Wrong("a temperature below zero", lambda: q.Units("meV", "ps").kelvin(-4), q.InputError,
          "`temperature` must be a number from 0 on, in kelvin, but is -4; write units.kelvin(4.2)."),
    WrongWords("drawn from a damaged file", ["plot", "run.npz"], f"`run.npz` {DAMAGED}", {"run.npz": b"PK"}),
]
