"""The page: one section a file of `sections/`, found by listing the folder and put in the order that each states."""

from types import ModuleType

from qllg_sym import plugs
from qllg_sym.equations.notations.mathml import FONT
from qllg_sym.report import sections
from qllg_sym.report.html import Markup, join, tag
from qllg_sym.report.reproduction import Reproduction
from qllg_sym.report.style import CSS

TITLE = "The quantum Landau–Lifshitz–Gilbert equation, reproduced"
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"  # a browser may load nothing, even by mistake


def chapters() -> list[ModuleType]:
    """Return the sections in their order; each has `ORDER`, `ANCHOR`, `TITLE` and `body(reproduction) -> Markup`.

    >>> [chapter.ANCHOR for chapter in chapters()][:2]
    ['about', 'equation']
    """
    return sorted(plugs.modules(sections.__name__), key=lambda module: (module.ORDER, module.ANCHOR))


def page(reproduction: Reproduction) -> str:
    """Return the whole HTML document; it loads nothing from anywhere."""
    parts = chapters()
    head = join([
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Markup('<link rel="icon" href="data:,">'), tag("title", TITLE),
        tag("style", Markup(f"{CSS}math {{ {FONT}; }}\n"))])
    links = tag("nav", *(tag("a", part.TITLE, href=f"#{part.ANCHOR}") for part in parts), aria_label="Contents")
    bodies = join(tag("section", tag("h2", part.TITLE), part.body(reproduction), id=part.ANCHOR) for part in parts)
    main = tag("main", tag("h1", TITLE), links, bodies)
    return f'<!DOCTYPE html>\n{tag("html", tag("head", head), tag("body", main), lang="en")}\n'
