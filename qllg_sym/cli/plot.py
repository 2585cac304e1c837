"""Draw what `qllg solve`, `qllg sweep` or `qllg langevin` wrote."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from qllg_sym.cli._console import answer
from qllg_sym.errors import InputError

NAME = "plot"
HELP = "draw a trajectory, an ensemble or a study"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="what `qllg solve`, `langevin` or `sweep` wrote: .npz or .nc")
    parser.add_argument("-o", "--output", metavar="PNG", help=".png, .pdf or .svg (default: FILE.png in this folder)")
    parser.add_argument("--what", metavar="NAME", help="of a study or an ensemble: which variable (default: all)")
    parser.add_argument("--time", metavar="T", type=float, help="of a study: which time (default: the last)")
    parser.add_argument("--at", metavar="NAME=POINT", action="append", default=[],
                        help="of a study: a point of an axis that is not to be drawn")


def run(args: Namespace) -> int:
    """Load, draw, write; a wrong output file is refused before the work."""
    from qllg_sym.ensemble.thermal import ThermalEnsemble
    from qllg_sym.files import check_writable
    from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
    from qllg_sym.flow.results.chain import ChainTrajectory
    from qllg_sym.flow.results.trajectory import Trajectory
    from qllg_sym.plot.save import SUFFIXES, save
    from qllg_sym.studies.load import load
    name = args.output or f"{Path(args.file).stem}.png"
    check_writable(name, SUFFIXES)
    found = load(args.file)
    if hasattr(found, "data_vars") and "failure" in found:
        return _study(args, name, found)
    if isinstance(found, ThermalEnsemble) and args.time is None and not args.at:
        figure, _ = found.plot(args.what)
        save(figure, name)
        answer(args, {"file": name, "points": len(found.times)}, f"{name}: {len(found.times)} times drawn")
        return 0
    if args.what or args.time is not None or args.at:
        raise InputError(f"`--what`, `--time` and `--at` must go with a study, but {args.file} holds none; "
                         "leave them out.")
    drawable = isinstance(found, Trajectory | HybridTrajectory | ChainTrajectory)
    trajectory = found if drawable else Trajectory.load(args.file)     # refuses other kinds
    figure, _ = trajectory.plot()
    save(figure, name)
    answer(args, {"file": name, "points": len(trajectory)}, f"{name}: {len(trajectory)} times drawn")
    return 0


def _study(args: Namespace, name: str, ds: Any) -> int:
    """Draw a study."""
    from qllg_sym.plot.save import save
    from qllg_sym.plot.study import plot_study
    at = {}
    for word in args.at:
        key, equals, point = word.partition("=")
        if not equals:
            raise InputError(f"`--at` must be NAME=POINT, but is {word!r}; write --at kappa=0.5.")
        at[key] = point
    figure, _ = plot_study(ds, args.what, args.time, at)
    save(figure, name)
    answer(args, {"file": name, "points": int(ds.failure.size)}, f"{name}: {ds.failure.size} points drawn")
    return 0
