"""Integrate a model file and write the trajectory."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qllg_sym import plugs
from qllg_sym.cli._console import answer, paragraph, progress_wanted, table, without_partial
from qllg_sym.cli._model import law_of, values_of
from qllg_sym.errors import IntegrationError, SolveInterrupted

if TYPE_CHECKING:
    from qllg_sym.flow.results.trajectory import Trajectory
    from qllg_sym.modelfile.model_file import Solvable

NAME = "solve"
HELP = "integrate a model file"
EPILOG = """\
A model file (vectors and matrices are arrays; expressions are strings):

  [system]
  spins = ["1/2", "1/2"]             # or one spin and sites = 12; hbar, gamma, symbols
  [[term]]
  kind = "exchange"
  J = "J0"                           # for keys see `help(qllg_sym.Exchange)`
  sites = [0, 1]                     # or graph = "chain", "square", …, or edges = [[0, 1]]
  [[term]]
  kind = "zeeman"
  B = ["5*exp(-100*(t - 5)**2) + pulse", 0, 1]
  [values]
  J0 = 1.0
  [signals]                          # functions of time, for any expression
  pulse = {times = [0, 4, 5, 6, 10], samples = [0, 0, 1, 0, 0]}    # or file = "pulse.csv"
  [law]
  kind = "q-llg"
  kappa = 0.5                        # alpha for ll and llg, rate for dephasing
  [[law.dissipators]]                # any number, beside a quantum law or of kind = "lindblad"
  rate = 0.05
  spin = "minus"                     # plus, x, y, z; or matrix and imaginary; or the keys of a term
  site = 0
  [state]
  kind = "product"                   # for keys see `help(qllg_sym.states.product)`
  spins = ["up", "down"]             # amplitudes of ket, matrix of density, moments of moments
  [time]
  stop = 10                          # start, stop and points, or times = [0, 1, 5]
  points = 101
  [solver]                           # may be left out, as each of its keys
  method = "auto"                    # rtol, atol
  max_step = 0.5
  breakpoints = [4, 6]
  [bath]                             # thermal noise, which `qllg langevin` alone looks at
  kT = "0.1*exp(-t)"

{kinds}

Quantum clusters among classical moments are of kind = "hybrid", with kappa and alpha in [law],
and a table [hybrid] in place of [state]: clusters = [[0, 1]], classical = [2],
moments = [[0, 0, 1]], and for each cluster [[hybrid.states]] with the keys of [state].

Where the integration fails, what there is goes to MODEL.partial.npz, and the exit code is 3.
"""
ARRAYS = ("ket", "density", "moments")      # states that are given as they are
WIDTH = 98


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = epilog()
    parser.add_argument("model", metavar="MODEL", help="a TOML file with [law], [state] and [time]")
    parser.add_argument("-o", "--output", metavar="FILE", help=".npz or .nc (default: MODEL.npz in this folder)")


def epilog() -> str:
    """Return what a model file looks like, with every kind that there is; their files are read, not imported.

    >>> "biquadratic" in epilog()
    True
    """
    found = {"term": plugs.kinds_written("qllg_sym.model.terms"), "law": plugs.kinds_written("qllg_sym.equations.laws"),
             "state": [*plugs.names("qllg_sym.flow.states.kinds"), *ARRAYS]}
    lines = (paragraph(f"Kinds of {table}: {', '.join(kinds)}.", WIDTH) for table, kinds in found.items())
    return EPILOG.replace("{kinds}", "\n".join(lines))


def run(args: Namespace) -> int:
    """Read, integrate, write, and say what was found; a wrong output file is refused before the work."""
    from qllg_sym.files import SUFFIXES, check_writable
    from qllg_sym.modelfile.read import model_named
    name = args.output or f"{Path(args.model).stem}.npz"
    check_writable(name, SUFFIXES)
    model_file = model_named(args.model).solvable()
    trajectory = _integrate(model_file, progress_wanted(args), name)
    trajectory.save(name)
    answer(args, {
        "file": name, "model": model_file.name, "law": model_file.law.kind, "method": trajectory.method,
        "points": len(trajectory), "times": [float(trajectory.times[0]), float(trajectory.times[-1])],
        "energy": [float(trajectory.energy[0]), float(trajectory.energy[-1])],
        "invariants": {key: float(value) for key, value in trajectory.invariants.items()},
        "stats": {key: value for key, value in trajectory.stats.items() if isinstance(value, str | int | float)},
    }, _text(model_file, trajectory, name))
    return 0


def _integrate(model_file: "Solvable", progress: bool, name: str) -> "Trajectory":
    """The trajectory of a model file; where it ends early, what there is goes to a file of its own."""
    from qllg_sym.flow.solve import solve_with
    try:
        return solve_with(model_file.model, model_file.law, model_file.state, model_file.times, model_file.values,
                          replace(model_file.options, progress=progress))
    except (IntegrationError, SolveInterrupted) as error:
        if error.partial is None:
            raise
        kept = str(Path(name).with_suffix(f".partial{Path(name).suffix}"))
        error.partial.save(kept)
        raise type(error)(f"{without_partial(error)}; what there is was written to `{kept}`.") from None


def _text(model_file: "Solvable", trajectory: "Trajectory", name: str) -> str:
    """What was solved, and how well."""
    drift = ", ".join(f"{key} {value:.1e}" for key, value in trajectory.invariants.items())
    steps = [str(trajectory.stats[key]) + " " + key for key in ("steps", "evaluations") if trajectory.stats.get(key)]
    seconds = [f"{trajectory.stats['seconds']:.2g} s"] if "seconds" in trajectory.stats else []
    return f"{model_file.model.describe(getattr(model_file.law, 'field', None))}\n" + table([
        ("values", values_of(model_file)),
        ("law", law_of(model_file)),
        ("times", f"{len(trajectory)} from {trajectory.times[0]:g} to {trajectory.times[-1]:g}"),
        ("method", ", ".join([trajectory.method, *steps, *seconds])),
        *([("bath", "left out: `qllg langevin` has its noise")] if model_file.noise is not None else []),
        ("energy", f"{trajectory.energy[0]:.10g} at the start, {trajectory.energy[-1]:.10g} at the end"),
        ("drift", drift),
        *([("open", f"{width:.2g} is the widest interval in which bounds do not show how the field moves; a "
            "max_step below it looks closer")] if (width := trajectory.stats.get("resolution")) else []),
        ("written", f"{name} (draw it with `qllg plot {name}`)"),
    ])
