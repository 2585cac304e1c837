"""The paper, file by file: equations, theorems and figures, each derived, proved or drawn from the law itself.

A new theorem is one file `thm_NN_<claim>.py` and nothing else. Its docstring reads Statement, Hypotheses, Proof,
Source; `THEOREMS` holds `Theorem` records, `BROKEN` false twins of them (`THEOREMS[0].twin("why", …)`). A proof
is a list of steps (`qllg_sym.proof.step`), each an identity: what stands in `by` is made of hypotheses, vanishes with
them, and makes up the difference of the two sides. `sample` gives random exact points at which the hypotheses hold; the
first goes into the certificate, so it should be as general as they allow, and nothing should stand there that the proof
does not need. `qllg prove ID` shows the result, `qllg check` replays it. Helpers are shared by relative imports.

What a lemma gives is a step too (`qllg_sym.proof.lemmas`). A hypothesis holds at one instant, unless the proof needs it
always: that is found from the steps, and printed. That something stays is never shown by assuming it: `stays_zero`
takes its rate, linear in itself, and `picard_lindelof` concludes from a start. What must hold always does so along a
`trajectory` through the sample. After a claim has changed: `pytest tests/proof/test_theorems.py -k current --update`.

A new study beyond the paper is one file `study_<what>.py`; its docstring reads Question, Setting, Answer, Source, and
`compute` returns a `Study` whose statements compare computed numbers with an independent path. `qllg study ID` runs it.

Here may live statements about the paper and beyond, and helpers that several of them share. Nothing that the package
needs to solve, derive or prove is defined here. Formulas are typed here on purpose where a file states what the paper
prints: they are claims, held against the law by a proof or by numbers.
"""

from dataclasses import replace
from html import escape
from textwrap import fill
from types import ModuleType
from typing import Any

from qllg_sym import plugs
from qllg_sym.errors import ProofError
from qllg_sym.proof.theorem import Theorem


def figures() -> dict[int, ModuleType]:
    """Return the modules of the paper's figures by number, found by listing this folder for `fig_NN_<what>`.

    Each has `NUMBER`, `TITLE`, `Parameters` and `compute(variant, given=None) -> Figure`.

    >>> sorted(figures())
    [1, 2, 3, 4]
    """
    return {module.NUMBER: module for module in plugs.modules(__name__, "fig_")}


def studies() -> dict[str, ModuleType]:
    """Return the studies beyond the paper by id, found by listing this folder for `study_<what>`.

    Each has `ID`, `TITLE`, `Parameters`, `QUICK` (a `Parameters` of reduced size) and `compute(given=None) -> Study`.

    >>> "large-s" in studies()
    True
    """
    return {module.ID: module for module in plugs.modules(__name__, "study_")}


class Theorems(list[Theorem]):
    """A list of theorems whose `repr` is a table of contents."""

    def __repr__(self) -> str:
        return fill(f"{len(self)} theorems: {', '.join(theorem.id for theorem in self)}", 100, break_on_hyphens=False)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the same in IPython, which has its own way with lists."""
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        """The table of contents for a notebook: a row a scope, the ids in the order of the book."""
        ids: dict[str, list[str]] = {}
        for theorem in self:
            ids.setdefault(theorem.scope, []).append(theorem.id)
        left = 'style="text-align:left;vertical-align:top"'
        rows = "".join(f"<tr><th {left}>{escape(scope)} ({len(found)})</th><td {left}>{escape(', '.join(found))}</td>"
                       "</tr>" for scope, found in ids.items())
        return f"<p><b>{len(self)} theorems</b> by scope; one of them by its id: qllg prove ID</p><table>{rows}</table>"


def theorems() -> Theorems:
    """Return the theorems, found by listing this folder for `thm_NN_<claim>`, each with its false twins.

    Each file has `THEOREMS` and `BROKEN`; a twin has the `id` of the theorem that it is a false copy of.

    Raises:
        ProofError: two theorems have one id, or one has no false twin.

    >>> next(t for t in theorems() if t.id == "purity").scope
    'every dimension'
    """
    found: dict[str, Theorem] = {}
    for module in plugs.modules(__name__, "thm_"):
        for theorem in module.THEOREMS:
            twins = [twin for twin in module.BROKEN if twin.id == theorem.id]
            if theorem.id in found or not twins:
                raise ProofError(f"`{module.__name__}` must have theorems of new ids with a false twin each, but "
                                 f"`{theorem.id}` {'is taken' if twins else 'has no twin'}; mend the file.")
            placed = tuple(replace(twin, origin=(book, (theorem.id, k))) for k, twin in enumerate(twins))
            found[theorem.id] = replace(theorem, twins=placed, origin=(book, (theorem.id, None)))
    return Theorems(found.values())


def book(id: str, twin: int | None = None) -> Theorem:
    """Return a theorem by its id, or one of its false twins by its number: what a pickled theorem comes back from.

    Raises:
        ProofError: there is none.

    >>> book("purity").id
    'purity'
    """
    for found in theorems():
        if found.id == id and (twin is None or twin < len(found.twins)):
            return found if twin is None else found.twins[twin]
    raise ProofError(f"`id` must be that of a theorem of the book, but is {id!r}; choose one of theorems().")
