"""Small pieces of HTML; every text is escaped here and nowhere else."""

import re
from collections.abc import Iterable, Sequence
from html import escape

NARROW = 26                                     # characters of a formula that fit a phone
_NUMBER = re.compile(r"[−<]?\d+(\.\d+)?( × 10.*)?")


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
    """Return a table; on a phone each row stands by itself, its cells below each other with the names of their columns.

    Columns of numbers alone are set to the right.

    >>> table(["a"], [["<"]]).count("&lt;"), table(["n"], [["7"]]).count('class="number"')
    (1, 2)
    """
    numbers = [all(_NUMBER.fullmatch(row[k]) for row in rows) for k in range(len(head))]
    kinds = [{"class_": "number"} if number else {} for number in numbers]
    top = tag("tr", *(tag("th", cell, scope="col", **kind) for cell, kind in zip(head, kinds, strict=True)))
    body = join(tag("tr", *(tag("td", cell, data_label=name, **kind)
                            for cell, name, kind in zip(row, head, kinds, strict=True))) for row in rows)
    named = [tag("caption", caption)] if caption else []
    return tag("table", *named, tag("thead", top), tag("tbody", body), class_="stack")


def math(mathml: str) -> Markup:
    """Return a MathML element; one that may be broader than a phone is in a named box that scrolls by itself."""
    return tag("div", Markup(mathml), class_="math", **scrolling(mathml))


def scrolling(mathml: str) -> dict[str, str]:
    """Return what marks a box that may be broader than a phone, so that its keys reach it: long rows, and matrices.

    >>> scrolling("<math><mi>a</mi></math>")
    {}
    """
    if breadth(mathml) < NARROW and "<mtable" not in mathml:
        return {}
    return {"tabindex": "0", "role": "region", "aria_label": "equation, may scroll"}


def breadth(mathml: str) -> int:
    """Return how many characters the broadest row of a formula has, or more: what stands above others counts too.

    >>> breadth("<math><mtable><mtr><mi>ab</mi></mtr><mtr><mn>1</mn></mtr></mtable></math>")
    2
    """
    return max(len(re.sub(r"<[^>]*>|\s", "", row)) for row in re.split(r"</mtr>", mathml))


def link(address: str, *words: str) -> Markup:
    """Return a link to a place of the page, a file beside it or an address elsewhere."""
    return tag("a", *words, href=address)


def folded(summary: str, *content: str) -> Markup:
    """Return content that opens on a click."""
    return tag("details", tag("summary", summary), *content)
