"""Fit parameters of a model file to data."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from qllg_sym.cli._console import answer

NAME = "fit"
HELP = "fit parameters of a model file to data"
EPILOG = """\
MODEL is a model file as of `qllg solve` with one table more; [time] may be left out:

  [fit]
  free = {J = 1.0, kappa = 0.3}      # where they start
  observe = "bloch0"                 # these may be left out: or Sx, Sy, Sz of the total spin
  sigma = 0.01                       # the standard deviation of the data
  bounds = {kappa = [0, 1]}

DATA has a line a time: t, x, y, z of a Bloch vector, or t and one number; between commas or blanks.
The state is that at the first time.
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument("model", metavar="MODEL", help="a TOML file with [law], [state] and [fit]")
    parser.add_argument("data", metavar="DATA", help="a text file of numbers, such as .csv")


def run(args: Namespace) -> int:
    """Read, fit, and say what was found."""
    import numpy as np

    from qllg_sym.fitting.fit import fit
    from qllg_sym.modelfile.read import model_named
    from qllg_sym.modeltext.sample_file import read_columns
    model_file, asked = model_named(args.model).fitted()
    several = asked.observe.startswith("bloch")
    counts = {4: "a time and three numbers a line"} if several else {2: "a time and a number a line"}
    rows = np.array(read_columns(Path(args.data), "`DATA`", counts, f"they are of `{asked.observe}`"))
    rows = rows.reshape(-1, 4 if several else 2)
    found = fit(model_file.model, model_file.law, model_file.state, rows[:, 0],
                rows[:, 1:] if several else rows[:, 1], asked.free, asked.observe, asked.sigma, model_file.values,
                asked.bounds)
    answer(args, {"model": model_file.name, "data": args.data, "values": dict(found.values), "errors": found.errors,
                  "covariance": found.covariance.tolist(), "chi2": found.chi2, "freedom": found.freedom,
                  "unfixed": list(found.unfixed), "stats": dict(found.stats)}, found.describe())
    return 0
