"""Small pieces of HTML; every text is escaped here and nowhere else."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape

BROAD = 5.0  # inches


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def safe(text: str) -> Markup:
    """Return text as HTML; Markup stays as it is.

    >>> safe("<b> & co"), safe(Markup("<b>"))
    ('&lt;b&gt; &amp; co', '<b>')
    """
    return text if isinstance(text, Markup) else Markup(escape(text))


def tag(name: str, *content: str, **attributes: str) -> Markup:
    """Return an element; `class_` stands for class.

    >>> tag("p", "a < b", class_="note")
    '<p class="note">a &lt; b</p>'
    """
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{written}>{''.join(map(safe, content))}</{name}>")


def paragraphs(*texts: str) -> Markup:
    """Return one paragraph a text."""
    return join(tag("p", text) for text in texts)


def join(pieces: Iterable[str]) -> Markup:
    """Return pieces of HTML one below the other."""
    return Markup("\n".join(map(safe, pieces)))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> Markup:
    """Return a table that scrolls by itself where the page is narrow.

    >>> table(["a"], [["<"]]).count("&lt;")
    1
    """
    top = tag("tr", *(tag("th", cell, scope="col") for cell in head))
    body = join(tag("tr", *(tag("td", cell) for cell in row)) for row in rows)
    inner = (tag("caption", caption) if caption else Markup()) + tag("thead", top) + tag("tbody", body)
    label = caption or head[0]
    return tag("div", tag("table", Markup(inner)), class_="wide", tabindex="0", role="region", aria_label=label)


def math(mathml: str) -> Markup:
    """Return a MathML element in a box that scrolls by itself."""
    return tag("div", Markup(mathml), class_="math", tabindex="0", role="region", aria_label="equation")


def folded(summary: str, *content: str) -> Markup:
    """Return content that opens on a click."""
    return tag("details", tag("summary", summary), *content)


def picture(svg: bytes, alt: str) -> Markup:
    """Return a drawing as an image inside the page, so that names in the SVG cannot clash with those of another.

    It is shown twice as large as on paper, at most; a broad one scrolls by itself where the page is narrow.
    """
    width = re.search(rb'width="([0-9.]+)pt"', svg)
    inches = float(width[1]) / 72 if width else BROAD
    image = Markup(f'<img alt="{escape(alt)}" style="max-width: {8 * inches:.3g}rem" '
                   f'src="data:image/svg+xml;base64,{b64encode(svg).decode()}">')
    kind = "wide broad" if inches >= BROAD else "wide"
    return tag("div", image, class_=kind, tabindex="0", role="region", aria_label=alt)
