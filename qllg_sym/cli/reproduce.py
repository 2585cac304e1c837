"""Do the main job: prove, derive, generate, integrate, draw figures, judge the text, write a report."""

from argparse import ArgumentParser, Namespace
from importlib import import_module
from typing import TYPE_CHECKING

from qllg_sym.cli._console import answer, output_folder, paragraph, progress_wanted, table

if TYPE_CHECKING:
    from qllg_sym.report.reproduction import Report

NAME = "reproduce"
HELP = "the whole paper: proofs, equations, code, figures, report"


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--out", metavar="DIR", default="reproduction",
                        help="folder to write to (default: reproduction)")
    parser.add_argument("--variant", choices=("paper", "authors"), default="paper",
                        help="figures follow the paper's text or the authors' scripts (default: paper)")


def run(args: Namespace) -> int:
    """Run everything and print the table; 1 if a claim or check of our own fails, not for findings about the paper."""
    folder = output_folder(args.out)
    result = import_module("qllg_sym.report").reproduce(folder, args.variant, progress_wanted(args))
    findings = [{"figure": figure.number, "text": s.text, "verdict": s.verdict, "detail": s.detail}
                for figure in result.reproduction.figures for s in figure.statements]
    answer(args, {"ok": result.ok, "rows": result.rows, "failed": result.reproduction.faults, "statements": findings,
                "report": str(result.index)}, _text(result))
    return 0 if result.ok else 1


def _text(result: "Report") -> str:
    """The table, what is not exactly as the paper has it, and where the page is."""
    lines = [table(result.rows), "", "What does not hold exactly:"]
    for figure in result.reproduction.figures:
        for statement in figure.statements:
            if statement.verdict != "holds":
                line = f"Fig. {figure.number}, {statement.verdict}: {statement.text}"
                lines.append(paragraph(line, first="  ", later="    "))
    failed = (paragraph(f"FAILED {fault}", later="    ") for fault in result.reproduction.faults)
    return "\n".join([*lines, "", *failed, f"report: {result.index}"])
