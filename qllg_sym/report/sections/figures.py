"""Figs. 1–4, each with its caption and the statements of the text."""

from qllg_sym.figures.figure import FAILS, HOLDS, NEARLY, Figure, Statement
from qllg_sym.report.html import Markup, folded, join, picture, table, tag
from qllg_sym.report.reproduction import Reproduction

ORDER, ANCHOR, TITLE = 40, "figures", "Figures"
MARKS = {HOLDS: ("holds", "✓"), NEARLY: ("near", "≈"), FAILS: ("fails", "✗")}  # class, and a sign beside the word


def body(reproduction: Reproduction) -> Markup:
    """Show every figure."""
    return join(map(_figure, reproduction.figures))


def _figure(figure: Figure) -> Markup:
    """Picture, caption, statements, data and checks of one figure."""
    name = f"figure_{figure.number}"
    image = picture(figure.svg, f"Fig. {figure.number}: {figure.title}")
    files = f" Data: {name}.csv; pictures: {name}.png, {name}.svg."
    caption = tag("figcaption", tag("strong", f"Fig. {figure.number}. "), figure.caption, files)
    statements = tag("ul", *map(statement, figure.statements), class_="statements")
    checks = table(["Check", "Value", "Limit", ""], [[check.name, f"{check.value:.1e}", f"{check.limit:.0e}",
                                                      "ok" if check.ok else "FAILED"] for check in figure.checks])
    return join([tag("h3", f"Fig. {figure.number}: {figure.title}"), tag("figure", image, caption), statements,
                 folded("Checks of the computation", checks)])


def statement(item: Statement) -> Markup:
    """One statement: verdict in a colour, a sign and words; what the paper says; what was computed."""
    kind, mark = MARKS[item.verdict]
    said = tag("p", f"{item.text} ", tag("span", f"({item.source})", class_="source"))
    return tag("li", tag("span", f"{mark} {item.verdict}", class_=f"verdict {kind}"),
               tag("div", said, tag("p", item.detail, class_="detail")))
