"""Draw a trajectory that `qllg solve` wrote."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from qllg_sym.cli._console import answer

NAME = "plot"
HELP = "draw a trajectory"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="what `qllg solve` wrote: .npz or .nc")
    parser.add_argument("-o", "--output", metavar="PNG", help=".png, .pdf or .svg (default: FILE.png in this folder)")


def run(args: Namespace) -> int:
    """Load, draw, write; a wrong output file is refused before the work."""
    from qllg_sym.files import check_writable
    from qllg_sym.flow.results.trajectory import Trajectory
    from qllg_sym.plot.save import SUFFIXES, save
    name = args.output or f"{Path(args.file).stem}.png"
    check_writable(name, SUFFIXES)
    trajectory = Trajectory.load(args.file)
    figure, _ = trajectory.plot()
    save(figure, name)
    answer(args, {"file": name, "points": len(trajectory)}, f"{name}: {len(trajectory)} times drawn")
    return 0
