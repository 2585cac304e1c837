"""Every theorem of the book: statement, scope, source, and the file that proves it."""

from qllg_sym.proof.theorem import Theorem
from qllg_sym.report.book import theorem_files

_HEAD = """# Theorems

{count} claims, each proved by a certificate that is replayed with the standard library alone; each has false twins
that must be refuted. `qllg prove ID` prints the proof, and [proofs and how to check them](../tutorials/proofs.md) says
how to read it.

*Every dimension*: words in ρ, ρ̇, H under a trace, for matrices of any size. *This dimension*: an exact polynomial
identity in the entries or components shown. *Numeric*: to a tolerance.

"""


def pages() -> dict[str, str]:
    """Return the page."""
    files = list(theorem_files())
    parts = [line for module in files for line in chapter(module.__name__.rpartition(".")[2], module.__doc__ or "",
                                                          module.THEOREMS)]
    return {"theorems": _HEAD.format(count=sum(len(x.THEOREMS) for x in files)) + "\n".join(parts)}


def chapter(name: str, text: str, theorems: list[Theorem]) -> list[str]:
    """Return the lines of one file: the first line of its docstring as title, then its claims."""
    title = text.partition("\n")[0].rstrip(".")
    return [f"## {title}", "", f"`derivations/{name}.py`", "", *(line for x in theorems for line in record(x))]


def record(theorem: Theorem) -> list[str]:
    """Return the lines of one theorem."""
    note = [theorem.note, ""] if theorem.note else []
    return [f"({anchor(theorem.id)})=", f"### {theorem.id}", "", "$$", theorem.statement, "$$", "",
            f"*{theorem.scope}*; {theorem.source}", "", *note]


def anchor(id: str) -> str:
    """The name by which pages link to a theorem.

    >>> anchor("purity")
    'thm-purity'
    """
    return f"thm-{id}"
