"""Draw one figure of the paper, computed anew, and judge what its text says about it."""

from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qllg_sym.cli._console import answer, paragraph
from qllg_sym.errors import InputError

if TYPE_CHECKING:
    from qllg_sym.figures.figure import Figure

NAME = "figure"
HELP = "one figure of the paper"
VARIANTS = ("paper", "authors")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("number", metavar="N", type=int, help="number in the paper")
    parser.add_argument("--variant", choices=VARIANTS, default="paper",
                        help="follow the paper's text or the authors' scripts (default: paper)")
    parser.add_argument("-o", "--output", metavar="PNG",
                        help=".png, .pdf or .svg; the data go to a .csv beside it (default: figure_N.png)")


def run(args: Namespace) -> int:
    """Integrate, judge, draw, write; a wrong number or output file is refused before the work."""
    from qllg_sym.files import check_writable, write_csv
    from qllg_sym.plot.save import SUFFIXES, save
    figures = import_module("qllg_sym.derivations").figures()
    if args.number not in figures:
        raise InputError(f"`N` must be one of {', '.join(map(str, figures))}, but is {args.number}; choose one of "
                         "them.")
    name = args.output or f"figure_{args.number}.png"
    data = str(Path(name).with_suffix(".csv"))
    check_writable(name, SUFFIXES)
    check_writable(data)
    figure = figures[args.number].compute(args.variant)
    write_csv(data, list(figure.columns), list(figure.columns.values()))
    save(figure.draw(), name)
    answer(args, _document(figure, name, data), _text(figure, name, data))
    return 0 if figure.ok else 1


def _document(figure: "Figure", name: str, data: str) -> dict[str, Any]:
    """What was found, for programs."""
    return {
        "file": name, "data": data, "figure": figure.number, "variant": figure.variant, "ok": figure.ok,
        "statements": [{"text": s.text, "source": s.source, "verdict": s.verdict, "detail": s.detail}
                       for s in figure.statements],
        "checks": [{"name": c.name, "value": c.value, "limit": c.limit, "ok": c.ok} for c in figure.checks],
    }


def _text(figure: "Figure", name: str, data: str) -> str:
    """What was found, for people."""
    lines = [f"Fig. {figure.number}, {figure.title} (variant: {figure.variant})", ""]
    for statement in figure.statements:
        head = f"{statement.verdict.upper()}: {statement.text} ({statement.source})"
        lines += [paragraph(head, later="  "),
                  paragraph(statement.detail, first="    ", later="    ")]
    failed = [f"{check.name} {check.value:.1e} > {check.limit:.0e}" for check in figure.checks if not check.ok]
    checks = "; ".join(failed) if failed else f"all {len(figure.checks)} pass"
    return "\n".join([*lines, "", f"checks of the computation: {checks}", f"written: {name}, {data}"])
