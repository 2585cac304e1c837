"""Words that name a theorem or a figure as links to it on the page."""

import re
from collections.abc import Sequence

from qllg_sym.report.book import Chapter
from qllg_sym.report.html import Markup, link
from qllg_sym.report.prose import prose

_NUMBER = re.compile(r"\b([Tt]heorems?) (\d+)")
_FIGURE = re.compile(r"\bFig\. (\d)(?!\d)")


class Citing:
    """Prose that knows the theorems of the book.

    >>> Citing([], [1]).prose("p = 1 in Fig. 1")
    '<var>p</var> = 1 in <a href="#figure-1">Fig. 1</a>'
    """

    def __init__(self, chapters: Sequence[Chapter], figures: Sequence[int]) -> None:
        self._ids = {proof.theorem.id for chapter in chapters for proof in chapter.proofs}
        self._numbers = {number(chapter): chapter.name for chapter in chapters}
        self._figures = set(figures)
        names = "|".join(sorted(map(re.escape, self._ids), key=len, reverse=True))
        self._names = re.compile(rf"<code>({names})</code>|(?<![\w#-])((?:{names}))(?=[,)])") if names else None

    def prose(self, text: str) -> Markup:
        """Return a sentence typeset, with its links."""
        shown = _NUMBER.sub(self._of_number, prose(text))
        shown = _FIGURE.sub(self._of_figure, shown)
        return Markup(self._names.sub(self._of_name, shown) if self._names else shown)

    def _of_number(self, found: re.Match[str]) -> str:
        name = self._numbers.get(int(found[2]))
        return link(f"#{name}", found[0]) if name else found[0]

    def _of_figure(self, found: re.Match[str]) -> str:
        return link(f"#figure-{found[1]}", found[0]) if int(found[1]) in self._figures else found[0]

    def _of_name(self, found: re.Match[str]) -> str:
        """A theorem in code, or in parentheses that hold theorems alone up to here."""
        if found[1]:
            return link(f"#theorem-{found[1]}", found[1])
        inside = found.string[:found.start()].rpartition("(")[2]
        alone = all(word in self._ids for word in filter(None, map(str.strip, inside.split(","))))
        return link(f"#theorem-{found[2]}", found[2]) if alone else found[0]


def number(chapter: Chapter) -> int:
    """Return the number of a theorem file.

    >>> number(Chapter("thm_07_positivity", "", "", "", (), ()))
    7
    """
    return int(chapter.name.split("_")[1])
