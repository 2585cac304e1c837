"""Study a model over a grid of parameters, and write one labelled file."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qllg_sym.cli._console import answer, table
from qllg_sym.cli._executors import add_executors, check_executors, executor_of, progress_of
from qllg_sym.cli._model import values_of
from qllg_sym.errors import InputError, IntegrationError

if TYPE_CHECKING:
    from qllg_sym.modelfile.model_file import ModelFile, Solvable

NAME = "sweep"
HELP = "parameter study of a model file"
EXAMPLE = "write --over D=0:1:51 or --over kappa=0.1,0.5"
EPILOG = """\
Parameters that vary need no value in MODEL; the coefficients of its law go by their names (kappa,
alpha, rate). Points that fail are NaN and told; the exit code is 3 where all of them do.

With --checkpoint a study that was interrupted or killed goes on from what it had done.

  qllg sweep dimer.toml --over D=0:1:51 --over kappa=0.1,0.5 --checkpoint study -o map.nc
  qllg plot map.nc
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.epilog = EPILOG
    parser.add_argument("model", metavar="MODEL", help="a TOML file with [law], [state] and [time]")
    parser.add_argument("--over", metavar="AXIS", action="append", required=True,
                        help="NAME=START:STOP:POINTS or NAME=NUMBER,NUMBER,…; once for each axis")
    parser.add_argument("--observe", metavar="NAME", action="append",
                        help="what is read: energy, purity, bloch0, nonlocality, … (default: energy and Bloch vectors)")
    add_executors(parser, "a study")
    parser.add_argument("-o", "--output", metavar="FILE",
                        help=".nc or .npz (default: MODEL.sweep.nc in this folder)")


def run(args: Namespace) -> int:
    """Read, study, write, and say what there is; a wrong output file is refused before the work."""
    from qllg_sym.files import SUFFIXES, check_writable
    from qllg_sym.modelfile.read import model_named
    from qllg_sym.studies.load import save
    check_executors(args)
    name = args.output or f"{Path(args.model).stem}.sweep.nc"
    over = _axes(args.over)
    check_writable(name, SUFFIXES)
    model_file = _solvable(model_named(args.model), over)
    with executor_of(args) as executor:
        ds = _study(args, model_file, over, executor)
    save(ds, name)
    points, failed = ds.failure.size, int((ds.failure != "").sum())
    reasons = sorted({str(why) for why in ds.failure.values.ravel() if why})
    answer(args, {"file": name, "model": model_file.name, "law": model_file.law.kind, "sizes": dict(ds.sizes),
                  "observables": [str(v) for v in ds.data_vars if v != "failure"], "points": points, "failed": failed,
                  "reasons": reasons}, _text(model_file, ds, name, failed))
    if failed == points:
        raise IntegrationError(f"The study must have one point at least that can be solved, but all {points} failed: "
                               f"{reasons[0].rstrip('.')}; the reasons are in `{name}`.")
    return 0


def _axes(words: list[str]) -> dict[str, Any]:
    """Return the axes that --over names."""
    found: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name.strip():
            raise InputError(f"`--over` must be NAME=START:STOP:POINTS or NAME=NUMBER,NUMBER, but is {word!r}; "
                             f"{EXAMPLE}.")
        if name.strip() in found:
            raise InputError(f"`--over` must name each axis once, but has {name.strip()!r} twice; drop one.")
        found[name.strip()] = _points(word, text)
    return found


def _points(word: str, text: str) -> Any:
    """Return the numbers of an axis."""
    import numpy as np
    try:
        if ":" not in text:
            return [float(number) for number in text.split(",")]
        start, stop, points = text.split(":")
        count = int(points)
    except ValueError:
        raise InputError(f"`--over` must be NAME=START:STOP:POINTS or NAME=NUMBER,NUMBER, but is {word!r}; "
                         f"{EXAMPLE}.") from None
    if not 1 <= count <= 10**7:
        raise InputError(f"`--over` must have between 1 and {10**7} points an axis, but {word!r} has {count}; "
                         f"{EXAMPLE}.")
    return np.linspace(float(start), float(stop), count)


def _solvable(model_file: "ModelFile", over: dict[str, Any]) -> "Solvable":
    """Return the model file, which need not give values to what varies."""
    given: Solvable = replace(model_file, values={**dict.fromkeys(over, 0.0), **model_file.values}).solvable()
    return replace(given, values={name: value for name, value in given.values.items() if name not in over})


def _study(args: Namespace, model_file: "Solvable", over: dict[str, Any], executor: Any) -> Any:
    """Return the Dataset."""
    from qllg_sym.studies.sweep import sweep
    options = model_file.options
    return sweep(model_file.model, model_file.law, model_file.state, model_file.times, over, model_file.values,
                 args.observe, executor, args.checkpoint, progress_of(args), options.method, options.rtol, options.atol,
                 options.max_step, options.breakpoints, options.own)


def _text(model_file: "Solvable", ds: Any, name: str, failed: int) -> str:
    """What was studied, and where it is."""
    axes = [str(axis) for axis in ds.failure.dims]
    return f"{model_file.model.describe(getattr(model_file.law, 'field', None))}\n" + table([
        ("law", f"{model_file.law.kind} ({model_file.law.source})"),
        ("values", values_of(model_file)),
        *((axis, f"{ds.sizes[axis]} points from {ds[axis].values[0]} to {ds[axis].values[-1]}") for axis in axes),
        ("read", ", ".join(str(v) for v in ds.data_vars if v != "failure")),
        ("failed", f"{failed} of {ds.failure.size} points"),
        ("written", f"{name} (draw it with `qllg plot {name}`)"),
    ])
