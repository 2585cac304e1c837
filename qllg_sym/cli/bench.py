"""Time the toolkit beside its peers on problems A to D; errors are checked before times count."""

from argparse import ArgumentParser, Namespace
from importlib import import_module

from qllg_sym.cli._console import emit, output_folder, progress_wanted

NAME = "bench"
HELP = "the toolkit beside its peers: table, JSON, pictures"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", metavar="DIR", default="bench", help="folder to write to (default: bench)")
    parser.add_argument("--quick", action="store_true", help="small sizes, half a minute: to see that everything runs")


def run(args: Namespace) -> int:
    """Measure, write and print; the exit code is 1 if a row of the toolkit's own missed the target error."""
    folder = output_folder(args.out)
    bench = import_module("qllg_sym.benchmarks.run")
    results = bench.measure(args.quick, progress_wanted(args))
    paths = bench.write(results, folder)
    emit(args, {**results.record(), "files": [str(path) for path in paths]},
         "\n".join([results.text(), "", *map(str, paths)]))
    return 0 if results.ok else 1
