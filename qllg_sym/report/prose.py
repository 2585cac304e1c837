"""Plain text as HTML: letters of formulas in italics, indices below, powers above, sources as links."""

import re

from qllg_sym.report.html import Markup, safe, tag
from qllg_sym.report.references import linked

_SHORT = (                                      # how a line of a terminal writes indices and powers of ten
    (re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)e([−-]?)\+?0*(\d+)\b"), r"\1 × 10^{\2\3}"),
    (re.compile(r"(?<![\w])([rmu])([12])([xyz]?)(?!\w)"), r"\1_{\2\3}"),
    (re.compile(r"σ([xyz])(?![a-zα-ρτ-ω])"), r"σ_{\1}"), (re.compile(r"B0\b"), "B_{0}"),
    (re.compile(r"(?<=[ΨΦ])([+−])"), r"_{\1}"),
    (re.compile(r"(_[a-z0-9α-ω]+?)(?=[A-Zα-ω]_)"), "\\1\u2060"))       # S_kS_l: a second letter begins
_INDEX = r"\{[^{}]*\}|[a-z0-9α-ω]+(?!_)|[A-Z]{1,3}(?![A-Za-z_])|[+−]"
_ALPHABET = "A-Za-zα-ωΑ-ΩÀ-ÖØ-öø-ÿḢṁṪż"
_TOKEN = re.compile(rf"`(?P<code>[^`]+)`|(?<=\S)_(?P<sub>{_INDEX})|(?<=\S)\^(?P<sup>\{{[^{{}}]*\}}|\w)"
                    rf"|(?<![{_ALPHABET}#&’'])(?<!&#x27;)(?P<letter>[{_ALPHABET}]\u0307?)(?![{_ALPHABET}\u0307’'])")
_WORDS = {"a", "A", "I"}                        # of English; as letters of formulas only with an index


def prose(text: str) -> Markup:
    """Return a sentence with its formulas typeset; markup stays as it is.

    >>> prose("T_xy = −T_yx")
    '<var>T</var><sub><var>xy</var></sub> = −<var>T</var><sub><var>yx</var></sub>'
    >>> prose("|r1| = 3e−16 < p in (b), after 2 s")
    '|<var>r</var><sub>1</sub>| = 3 × 10<sup>−16</sup> &lt; <var>p</var> in (b), after 2 s'
    """
    if isinstance(text, Markup):
        return text
    for pattern, form in _SHORT:
        text = pattern.sub(form, text)
    return Markup(linked(_TOKEN.sub(_shown, safe(text))))


def _shown(found: re.Match[str]) -> str:
    """A piece of a formula as HTML."""
    if found["code"]:
        return tag("code", Markup(found["code"]))
    if found["letter"]:
        return f"<var>{found['letter']}</var>" if _stands_for_something(found) else found["letter"]
    inner = (found["sub"] or found["sup"]).strip("{}").replace("-", "−")
    inner = re.sub(rf"(?<![{_ALPHABET}])([{_ALPHABET}]{{1,2}})(?![{_ALPHABET}])", r"<var>\1</var>", inner)
    return f"<sub>{inner}</sub>" if found["sub"] else f"<sup>{inner}</sup>"


def _stands_for_something(found: re.Match[str]) -> bool:
    """Whether a single letter is one of a formula: no panel (b), no unit, no journal, not q-LLG."""
    before, letter, after = found.string[:found.start()], found[0], found.string[found.end():]
    panel = re.search(r"(^|[\s\d(,])\($", before) and re.match(r"\)(?!\()|, [a-d]\)", after)
    unit = (letter == "s" and re.search(r"\d $", before)) or (letter == "T" and re.search(r"(\d |ps |meV/)$", before))
    name = re.match(r"-[A-Z]|/dt", after) or before.endswith(("Rev. ", "Lett. ", "C and ")) or (
        letter == "C" and re.match(r" (code|and|compiler|file)", after))
    return not (panel or unit or name or (letter in _WORDS and not re.match(r" ?[·+=_^]", after)))
