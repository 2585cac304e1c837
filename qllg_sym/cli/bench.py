"""Time the toolkit beside its peers on problems A to D; errors are checked before times count."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from importlib import import_module

from qllg_sym.cli._console import answer, output_folder, progress_wanted

NAME = "bench"
HELP = "the toolkit beside its peers: table, JSON, pictures"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", metavar="DIR", default="bench", help="folder to write to (default: bench)")
    parser.add_argument("--quick", action="store_true", help="small sizes, half a minute: to see that everything runs")
    parser.add_argument("--spins", metavar="N", type=_spins, default=20,
                        help="the largest chain beside SciPy (default: 20; at most 24, which takes an hour)")


def _spins(text: str) -> int:
    """Return a number of spins from 2 to 24."""
    if not text.isascii() or not text.isdigit() or not 2 <= int(text) <= 24:
        raise ArgumentTypeError(f"must be a number from 2 to 24, but is {text!r}")
    return int(text)


def run(args: Namespace) -> int:
    """Measure, write and print; the exit code is 1 if a row of the toolkit's own missed the target error."""
    folder = output_folder(args.out)
    bench = import_module("qllg_sym.benchmarks.run")
    results = bench.measure(args.quick, progress_wanted(args), args.spins)
    paths = bench.write(results, folder)
    answer(args, {**results.record(), "files": [str(path) for path in paths]},
         "\n".join([results.text(), "", *map(str, paths)]))
    return 0 if results.ok else 1
