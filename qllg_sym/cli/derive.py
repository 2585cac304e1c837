"""Print the equations of motion of a model, exact and implicit: each velocity, and what it equals."""

from argparse import ArgumentParser, Namespace
from shutil import get_terminal_size

from qllg_sym.cli._console import answer
from qllg_sym.cli._model import FORMS, add_model, components, described

NAME = "derive"
HELP = "equations of motion, exact"
WIDTHS = (60, 120)  # what is easily read; a terminal of another width gets the nearest
FORMATS = ("latex", "text", "json")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    parser.add_argument("--form", choices=FORMS, help="coordinates (default: those that fit the model)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text; json is the same as --json")


def run(args: Namespace) -> int:
    """Derive and print."""
    from qllg_sym.equations import printing
    args.json = args.json or args.format == "json"
    model_file, found = components(args)
    if args.json:
        answer(args, {"name": model_file.name, **printing.record(found)}, "")
    elif args.format == "latex":
        answer(args, {}, printing.latex(found))
    else:
        width = min(max(get_terminal_size((100, 24)).columns, WIDTHS[0]), WIDTHS[1])
        head = (f"{described(model_file)}\n"
                f"states: {len(found.states)}, {found.kind}; a prime is d/dt\n")
        answer(args, {}, f"{head}\n{printing.text(found, width)}")
    return 0
