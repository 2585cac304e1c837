"""The page: one section a file of `sections/`, found by listing the folder and put in the order that each states.

A section has `ORDER`, `ANCHOR`, `TITLE` and `body(reproduction) -> Markup`. It may have `links(reproduction)`, pairs of
an anchor and a title that the contents list below it; `CSS`, a style sheet; and `script(reproduction) -> str`, which
runs once the page is read. Scripts are allowed one by one, by their digests: no other can run.
"""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
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
    """Return the sections in their order.

    >>> [chapter.ANCHOR for chapter in chapters()][0]
    'summary'
    """
    return sorted(plugs.modules(sections.__name__), key=lambda module: (module.ORDER, module.ANCHOR))


def page(reproduction: Reproduction) -> str:
    """Return the whole HTML document; it loads nothing from anywhere."""
    modules = chapters()
    scripts = [module.script(reproduction) for module in modules if hasattr(module, "script")]
    bodies = join(tag("section", tag("h2", module.TITLE, id=f"{module.ANCHOR}-title"), module.body(reproduction),
                      id=module.ANCHOR, aria_labelledby=f"{module.ANCHOR}-title") for module in modules)
    parts = [tag("a", "Skip to the text", href="#text", class_="skip"), tag("header", tag("h1", TITLE)),
             contents(modules, reproduction), tag("main", bodies, id="text"),
             *(tag("script", Markup(script)) for script in scripts)]
    return f'<!DOCTYPE html>\n{tag("html", metadata(modules, scripts), tag("body", join(parts)), lang="en")}\n'


def metadata(modules: Sequence[ModuleType], scripts: Sequence[str]) -> Markup:
    """Return the head: what may run, and how everything looks."""
    digests = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    policy = f"{POLICY}; script-src {digests}" if digests else POLICY
    css = "\n".join([CSS, f"math {{ {FONT}; }}", *(getattr(module, "CSS", "") for module in modules)])
    return tag("head", join([
        Markup('<meta charset="utf-8">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        Markup('<meta name="color-scheme" content="light dark">'), Markup('<link rel="icon" href="data:,">'),
        tag("title", TITLE), tag("style", Markup(css))]))


def contents(modules: Sequence[ModuleType], reproduction: Reproduction) -> Markup:
    """Return the contents: sections, and below them what they hold."""
    def entry(module: ModuleType) -> Markup:
        found = module.links(reproduction) if hasattr(module, "links") else []
        below = [tag("ol", *(tag("li", tag("a", title, href=f"#{anchor}")) for anchor, title in found))]
        return tag("li", tag("a", module.TITLE, href=f"#{module.ANCHOR}"), *(below if found else []))
    return tag("nav", tag("ol", *map(entry, modules)), aria_label="Contents")
