"""The proof book: every theorem file proved, with its twins refuted, as records that the page and the export show."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from time import perf_counter
from types import ModuleType

from qllg_sym import plugs
from qllg_sym.errors import ProofError
from qllg_sym.proof.certificate import Certificate
from qllg_sym.proof.numeric import show
from qllg_sym.proof.theorem import Theorem

_FOLDER = "qllg_sym.derivations"


@dataclass(frozen=True)
class Refuted:
    """A false twin.

    Attributes:
        why: what was broken.
        counterexample: the point, and the two sides there; empty if the twin was not refuted.
    """

    why: str
    counterexample: str


@dataclass(frozen=True)
class Proved:
    """A theorem after its proof.

    Attributes:
        theorem: the record.
        seconds: that the proof took.
        failure: why it is not proved; empty if it is.
        twins: its false copies.
        certificate: what the proof wrote; None if there is none.
    """

    theorem: Theorem
    seconds: float
    failure: str
    twins: tuple[Refuted, ...]
    certificate: Certificate | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong: a claim that is not proved, a false twin that is not refuted or is missing."""
        name, standing = f"claim {self.theorem.id}", [twin.why for twin in self.twins if not twin.counterexample]
        found = [f"{name}: NOT PROVED: {self.failure}"] if self.failure else []
        found += [f"{name}: false twin NOT REFUTED: {why}" for why in standing]
        return (*found, *([] if self.twins else [f"{name}: has no false twin"]))


@dataclass(frozen=True)
class Chapter:
    """A theorem file.

    Attributes:
        name: of the file, without suffix.
        title: first line of its docstring.
        text: the rest of it: Statement, Hypotheses, Proof, Source.
        source: the whole file.
        proofs: its theorems.
        errata: (what the paper says, what holds, place).
    """

    name: str
    title: str
    text: str
    source: str
    proofs: tuple[Proved, ...]
    errata: tuple[tuple[str, str, str], ...]


def theorem_files() -> Iterator[ModuleType]:
    """Yield the theorem files in their order.

    >>> next(theorem_files()).THEOREMS[0].id
    'purity'
    """
    yield from plugs.modules(_FOLDER, "thm_")


@cache
def book() -> tuple[Chapter, ...]:
    """Prove everything, once a process; a theorem that fails is recorded as failed."""
    return tuple(map(chapter, theorem_files()))


def chapter(module: ModuleType) -> Chapter:
    """Prove the theorems of one file.

    >>> found = chapter(next(theorem_files())); found.proofs[0].failure, found.proofs[0].twins[0].why
    ('', 'without the law')
    """
    title, _, text = (module.__doc__ or module.__name__).partition("\n")
    twins = {twin.id: [t for t in module.BROKEN if t.id == twin.id] for twin in module.BROKEN}
    proofs = tuple(_prove(theorem, twins.get(theorem.id, [])) for theorem in module.THEOREMS)
    source = Path(module.__file__).read_text(encoding="utf-8") if module.__file__ else ""
    errata = tuple(getattr(module, "ERRATA", ()))
    return Chapter(module.__name__.rpartition(".")[2], title, text.strip("\n"), source, proofs, errata)


def _prove(theorem: Theorem, twins: list[Theorem]) -> Proved:
    """Prove one theorem and refute its twins."""
    started, failure, certificate = perf_counter(), "", None
    try:
        certificate = theorem.prove()
    except ProofError as error:
        failure = str(error)
    seconds = perf_counter() - started
    refuted = tuple(Refuted(twin.note, _refute(twin)) for twin in twins)
    return Proved(theorem, seconds, failure, refuted, certificate)


def _refute(twin: Theorem) -> str:
    """The counterexample of a false twin as text."""
    try:
        twin.prove()
    except ProofError as error:
        if not error.counterexample:
            return ""
        found = dict(error.counterexample)
        sides = "; ".join(f"{name} {_value(found[name])}" for name in ("lhs", "rhs") if found.get(name) is not None)
        claim = f"{found['claim']}; " if "claim" in found else ""
        return f"{claim}{sides}; at {found.get('at', '')}"
    return ""


def _value(x: object) -> str:
    """A side as text, whether a number of the proofs or of a numeric record."""
    return str(x) if isinstance(x, float | int | str | Fraction) else show(x)
