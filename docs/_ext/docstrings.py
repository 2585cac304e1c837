r"""Docstrings of the house as Markdown: they are nearly that, but for their sections and examples.

Formulas stand between $ signs, tables and lists are Markdown's; "Args:" and its like become lists, what stands below
"Definition:" is code, and so are examples.
"""

import re
from collections.abc import Iterator
from inspect import cleandoc
from itertools import groupby

_SECTION = re.compile(r"(Args|Attributes|Returns|Yields|Raises|Definition):$")
_ITEM = re.compile(r"([\w*`][^:()]{0,80}?): (.*)", re.DOTALL)


def markdown(docstring: str) -> str:
    r"""Return a docstring as Markdown.

    >>> markdown("Return $x$.\n\nArgs:\n    x: a number,\n        real.\n\n>>> x\n2").splitlines()[4:]
    ['- `x`: a number, real.', '', '```python', '>>> x', '2', '```']
    """
    lines = cleandoc(docstring).splitlines()
    paragraphs = (list(part) for blank, part in groupby(lines, key=lambda line: not line.strip()) if not blank)
    return "\n\n".join(block for paragraph in paragraphs for block in _blocks(paragraph))


def _blocks(lines: list[str]) -> Iterator[str]:
    """Yield the blocks of one paragraph: what stands before an example, and the example."""
    first = next((k for k, line in enumerate(lines) if line.lstrip().startswith(">>>")), len(lines))
    if first:
        yield _prose(lines[:first])
    if first < len(lines):
        yield _fenced(lines[first:])


def _prose(lines: list[str]) -> str:
    """A paragraph, a section, or code that is set off."""
    section = _SECTION.match(lines[0])
    if section and len(lines) > 1:
        if section[1] == "Definition":
            return f"**Definition**\n\n{_fenced(lines[1:])}"
        return f"**{section[1]}**\n\n" + "\n".join(_items(lines[1:]))
    if lines[0].startswith("    "):
        return _fenced(lines)
    return "\n".join(_escaped(line) for line in lines)


def _items(lines: list[str]) -> Iterator[str]:
    """Yield the items of a section: each begins at its margin and goes on deeper."""
    margin = len(lines[0]) - len(lines[0].lstrip())
    items = list[str]()
    for line in lines:
        if len(line) - len(line.lstrip()) <= margin and (_ITEM.match(line.strip()) or not items):
            items.append(line.strip())
        else:
            items[-1] += " " + line.strip()
    for item in items:
        named = _ITEM.match(item)
        yield f"- `{named[1].strip('`')}`: {_escaped(named[2])}" if named else f"- {_escaped(item)}"


def _fenced(lines: list[str]) -> str:
    """Code without its margin."""
    return "\n".join(["```python", *cleandoc("\n" + "\n".join(lines)).splitlines(), "```"])


def _escaped(line: str) -> str:
    """Prose in which < begins no tag."""
    parts = re.split(r"(\$[^$]+\$|`[^`]*`)", line)
    return "".join(part if k % 2 else part.replace("<", "&lt;") for k, part in enumerate(parts))
