"""What a notebook shows of an object: a formula, and a few lines of text, never more than a screen of them."""

from html import escape
from typing import Any

MOST_LINES, WIDEST, LONGEST = 30, 118, 240      # lines and characters of what is shown; characters of a short `repr`


def in_html(text: str, formula: str = "") -> str:
    """Return HTML of a formula above lines of text; long lines are cut, and of many the first are shown.

    Args:
        text: plain.
        formula: LaTeX, without dollars; none if empty.

    >>> in_html("E < 0", "E")
    '<div>$$E$$<pre>E &lt; 0</pre></div>'
    """
    shown = escape("\n".join(few(text.splitlines())))
    return f"<div>{f'$${escape(formula)}$$' if formula else ''}<pre>{shown}</pre></div>"


def few(lines: list[str], most: int = MOST_LINES - 1) -> list[str]:
    """Return the first lines, cut where they are long, and a line on how many more there are.

    >>> few(["a", "b", "c"], most=2)
    ['a', 'b', '… 1 more lines']
    """
    rest = [f"… {len(lines) - most} more lines"] if len(lines) > most else []
    return [line if len(line) <= WIDEST else f"{line[:WIDEST - 1]}…" for line in lines[:most]] + rest


class Expressions(tuple[Any, ...]):
    """A tuple of expressions whose `repr` is short: the whole of it where it is, else the beginning of each.

    >>> Expressions(["a" * 300, "b"]).__repr__().splitlines()[::2]
    ['<2 expressions, whole by index or str(tuple(…)):', "  'b'>"]
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """As a tuple where that is short, else the beginning of each."""
        whole = super().__repr__()
        if len(whole) <= LONGEST:
            return whole
        lines = few([f"  {entry!r}" for entry in self], MOST_LINES - 3)
        return "\n".join([f"<{len(self)} expressions, whole by index or str(tuple(…)):", *lines]) + ">"
