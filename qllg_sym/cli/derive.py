"""Print the equations of motion of a model, exact and implicit: each velocity, and what it equals."""

from argparse import ArgumentParser, Namespace
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from qllg_sym.cli._console import answer
from qllg_sym.cli._model import FORMS, add_model, components, described
from qllg_sym.errors import InputError

if TYPE_CHECKING:
    from qllg_sym.equations.components import Components
    from qllg_sym.equations.vector_form import VectorForm

NAME = "derive"
HELP = "equations of motion, exact"
WIDTHS = (60, 120)  # what is easily read; a terminal of another width gets the nearest
FORMATS = ("latex", "text", "json")
VECTOR = "vector"
LATEX_ONLY = ("width", "environment")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_model(parser)
    parser.add_argument("--form", choices=(*FORMS, VECTOR),
                        help="coordinates (default: those that fit the model), or the short form in vectors")
    parser.add_argument("--format", choices=FORMATS,
                        help="default: text, latex with --width or --environment; json is the same as --json")
    parser.add_argument("--width", type=float, metavar="POINTS",
                        help="of a line of LaTeX: 246 for a column of Physical Review (default: a whole page)")
    parser.add_argument("--environment", metavar="NAME",
                        help="of LaTeX: aligned (default), or align or align*, which may be broken between pages")


def run(args: Namespace) -> int:
    """Derive and print."""
    given = [name for name in LATEX_ONLY if getattr(args, name) is not None]
    if given and (args.json or args.format in ("text", "json")):
        raise InputError(f"`--{given[0]}` must go with --format latex, but the format is "
                         f"{'json' if args.json else args.format}; leave one of the two out.")
    shape = args.format or ("json" if args.json else "latex" if given else "text")
    args.json = shape == "json"
    wants_vectors, args.form = args.form == VECTOR, None if args.form == VECTOR else args.form
    model_file, found = components(args)
    shown: Components | VectorForm = found.vector_form() if wants_vectors else found
    if shape == "json":
        answer(args, {"name": model_file.name, **_record(found, shown)}, "")
    elif shape == "latex":
        answer(args, {}, shown.latex(args.width, args.environment or "aligned"))
    else:
        width = min(max(get_terminal_size((100, 24)).columns, WIDTHS[0]), WIDTHS[1])
        head = (f"{described(model_file)}\n"
                f"states: {len(found.states)}, {found.kind}; a prime is d/dt\n")
        answer(args, {}, f"{head}\n{shown.text(width)}")
    return 0


def _record(found: "Components", shown: "Components | VectorForm") -> dict[str, Any]:
    """What JSON holds: the equations in components, and in vectors where those were asked for."""
    from qllg_sym.equations import printing
    record = printing.record(found)
    return record if shown is found else record | {"form": VECTOR, "text": shown.text(), "latex": shown.latex()}
