r"""The proof book as a LaTeX document: statements, scopes and formal claims; needs amsmath and amssymb alone."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable

from qllg_sym.proof.theorem import Theorem

_PREAMBLE = r"""\documentclass[a4paper,10pt]{article}
\usepackage[margin=2.2cm]{geometry}
\usepackage{amsmath,amssymb}
\setlength{\parindent}{0pt}
\allowdisplaybreaks
\begin{document}
\title{Theorems on the quantum Landau--Lifshitz--Gilbert equation}
\author{}
\date{}
\maketitle
In formal claims $\hbar = 1$, \texttt{D} is the time derivative, \texttt{|a|\^{}2} is $\mathrm{Tr}(a^\dagger a)$, and
what stands left of \texttt{|-} is assumed, always or at one instant; a claim holds at that instant, or always if it
says so. ``Every dimension'' holds for operators of any finite dimension, ``this
dimension'' for the components shown, ``numeric'' to a tolerance.
"""
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
            **{c: f"\\{c}" for c in "&%$#_{}"}}
_PLAIN = {"–": "--", "—": "---", "−": "-", "“": "``", "”": "''", "’": "'", "≥": ">=", "≤": "<=", "½": "1/2", "ß": "ss"}
_WIDTH = 96


def document(theorems: Iterable[Theorem]) -> str:
    r"""Return the document.

    Args:
        theorems: in the order in which they are to stand, such as `theorems()`.

    Source: of each theorem, as printed beside it.

    >>> from qllg_sym.report.book import theorem_files
    >>> text = document(next(theorem_files()).THEOREMS)
    >>> text.count(r"\subsection*"), text.isascii()
    (1, True)
    """
    return "\n".join([_PREAMBLE, *map(_record, theorems), r"\end{document}", ""])


def _record(theorem: Theorem) -> str:
    """One theorem; a formula that is too broad for its line is set small and broken at its large spaces."""
    about = plain(f"{theorem.scope}; {theorem.source}")
    return "\n".join([rf"\subsection*{{{plain(theorem.id)}}}", rf"\emph{{{about}}}", r"\begin{gather*}",
                      _lines(theorem.statement), r"\end{gather*}", r"{\footnotesize\begin{verbatim}",
                      _verbatim(theorem.claim), r"\end{verbatim}}",
                      *([rf"In words, not in the certificate: {plain(theorem.note)}"] if theorem.note else [])])


def _lines(statement: str) -> str:
    r"""A long statement broken at its \quad, or behind a comma or colon with a space, outside braces."""
    depth, parts, start = 0, list[str](), 0
    for found in re.finditer(r"\\begin|\\end|\\quad|(?<=[,:;])\\ |[{}]", statement):
        depth += {"{": 1, "}": -1, "\\begin": 1, "\\end": -1}.get(found[0], 0)
        broad = found.start() - start > (_WIDTH // 3 if found[0] == "\\quad" else 2 * _WIDTH // 3)
        if found[0] in ("\\quad", "\\ ") and depth == 0 and len(statement) > _WIDTH and broad:
            parts.append(statement[start:found.start()])
            start = found.end()
    return " \\\\\n".join(part.strip() for part in [*parts, statement[start:]])


def _verbatim(claim: str) -> str:
    """A formal claim in lines of one width."""
    return "\n".join(textwrap.wrap(_ascii(claim), _WIDTH, subsequent_indent="  ", break_on_hyphens=False))


def plain(text: str) -> str:
    r"""Return text as LaTeX.

    >>> plain("50 % – Gåtö_1")
    '50 \\% -- Gato\\_1'
    """
    return "".join(_SPECIAL.get(c, c) for c in _ascii(text))


def _ascii(text: str) -> str:
    """Text in ASCII: known signs by name, letters without accents, ? for anything else."""
    known = "".join(_PLAIN.get(c, c) for c in text)
    letters = "".join(c for c in unicodedata.normalize("NFKD", known) if not unicodedata.combining(c))
    return letters.encode("ascii", "replace").decode()
