"""Figs. 1–4, each with its caption and the statements of the text."""

from qllg_sym.figures.figure import FAILS, HOLDS, NEARLY, Figure, Statement
from qllg_sym.plot.drawn import drawn
from qllg_sym.report.html import Markup, folded, join, link, table, tag
from qllg_sym.report.prose import prose
from qllg_sym.report.reproduction import Reproduction
from qllg_sym.report.svg import small_multiples

ORDER, ANCHOR, TITLE = 30, "figures", "Figures"
MARKS = {HOLDS: ("holds", "✓"), NEARLY: ("near", "≈"), FAILS: ("fails", "✗")}  # class, and a sign beside the word


def body(reproduction: Reproduction) -> Markup:
    """Show every figure."""
    return join(map(_figure, reproduction.figures))


def links(reproduction: Reproduction) -> list[tuple[str, str]]:
    """What the contents list."""
    return [(f"figure-{figure.number}", f"Fig. {figure.number}") for figure in reproduction.figures]


def pill(verdict: str, word: str = "") -> Markup:
    """Return a verdict in a colour, a sign and words."""
    kind, mark = MARKS[verdict]
    return tag("span", f"{mark} {word or verdict}", class_=f"verdict {kind}")


def _figure(figure: Figure) -> Markup:
    """Picture, caption, statements, data and checks of one figure."""
    name = f"figure_{figure.number}"
    files = Markup(", ".join(link(f"{name}.{ending}", ending.upper()) for ending in ("csv", "png", "svg")))
    caption = tag("figcaption", tag("strong", f"Fig. {figure.number}. "), prose(figure.caption),
                  " Data and pictures: ", files, "; computed in ",
                  link(f"derivations/{figure.source}", tag("code", f"derivations/{figure.source}")), ".")
    statements = tag("ul", *map(statement, figure.statements), class_="statements")
    checks = table(["Check", "Value", "Limit", "Result"], [
        [check.name, prose(f"{check.value:.1e}"), prose(f"{check.limit:.0e}"), "ok" if check.ok else "FAILED"]
        for check in figure.checks])
    passed = f"{sum(check.ok for check in figure.checks)} of {len(figure.checks)}"
    picture = small_multiples(drawn(figure.draw()), f"Fig. {figure.number}")
    return join([tag("h3", f"Fig. {figure.number}: {figure.title}", id=f"figure-{figure.number}"),
                 tag("figure", picture, caption), statements,
                 folded(f"Checks of the computation: {passed} pass", checks)])


def statement(item: Statement) -> Markup:
    """One statement: the verdict; what the paper says; what was computed."""
    said = tag("p", prose(item.text), " ", tag("span", "(", prose(item.source), ")", class_="source"))
    return tag("li", pill(item.verdict), tag("div", said, tag("p", prose(item.detail), class_="detail")))
