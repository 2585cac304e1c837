"""What a reproduction found: records that the page and the terminal table are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qllg_sym.codegen import targets
from qllg_sym.equations import grouping
from qllg_sym.equations.components import Components
from qllg_sym.equations.printing import Printed
from qllg_sym.equations.vector_form import vector_form
from qllg_sym.figures.figure import VERDICTS, Check, Figure, Statement
from qllg_sym.report.book import Chapter
from qllg_sym.report.formula import equations
from qllg_sym.report.html import Markup


@dataclass(frozen=True)
class Derived:
    """Equations of motion of one model under one law.

    Attributes:
        name: of the files made from it.
        components: the exact, implicit equations.
        seconds: that the derivation took.
    """

    name: str
    components: Components
    seconds: float

    @property
    def size(self) -> str:
        """Number of equations and of terms.

        >>> from qllg_sym import Model, Space, VonNeumann
        >>> Derived("one", VonNeumann().derive(Model(Space("1/2"))).pauli(), 0.1).size
        '3 equations, 3 terms'
        """
        polynomials = self.components.polynomials
        return f"{len(polynomials)} equations, {sum(map(len, polynomials))} terms"

    @cached_property
    def shown(self) -> Markup:
        """The components as a display."""
        return equations(Printed(tuple(grouping.lines(self.components))), self.components)

    @cached_property
    def vectors(self) -> Markup | None:
        """The vector form as a display, or None where there is none."""
        found = vector_form(self.components)
        return None if found is None else equations(found, self.components)


@dataclass(frozen=True)
class Source:
    """A generated file.

    Attributes:
        name, target: what it computes, and in which language.
        path: below the report's folder.
        operations, digest: of its kernel.
        apart: largest distance, relative to 1 + max|ẏ|, from the 30-digit values of the kernel; None if it was not run.
    """

    name: str
    target: str
    path: str
    operations: int
    digest: str
    apart: float | None

    @property
    def not_run(self) -> str:
        """Why it was not run."""
        return "printed only" if targets.find(self.target).load is None else "not run: no compiler"


@dataclass(frozen=True)
class Reproduction:
    """Everything that was found.

    Attributes:
        variant: "paper" or "authors".
        chapters: the theorem files, proved.
        derived, sources, figures: in the order of the page.
        scales: numbers of Fig. 1 for the paper's |J|/(ħγ_gB0) and for CODATA's.
        compiler: what compiled the C files, or why nothing did.
        limit: what becomes of large coupled spins, computed.
    """

    variant: str
    chapters: tuple[Chapter, ...]
    derived: tuple[Derived, ...]
    sources: tuple[Source, ...]
    figures: tuple[Figure, ...]
    scales: Mapping[str, Mapping[str, float]]
    compiler: str
    limit: Statement

    @property
    def checks(self) -> tuple[tuple[str, Check], ...]:
        """Our own checks, each with what it is about."""
        codes = [(f"{source.target} {source.name}", Check("apart from 30-digit values", source.apart, 1e-13))
                 for source in self.sources if source.apart is not None]
        return (*codes, *((f"Fig. {figure.number}", check) for figure in self.figures for check in figure.checks))

    @property
    def faults(self) -> tuple[str, ...]:
        """What of our own is wrong: claims of the proof book, and checks; findings about the paper are no faults."""
        claims = (fault for chapter in self.chapters for proof in chapter.proofs for fault in proof.faults)
        checks = (f"{about}: {check.name} {check.value:.1e} > {check.limit:.0e}" for about, check in self.checks
                  if not check.ok)
        return (*claims, *checks)


@dataclass(frozen=True)
class Report:
    """What `reproduce` returns.

    Attributes:
        rows: (stage, what, found, "ok" or "FAILED") for a table of at most 80 columns.
        index: the page.
        reproduction: everything that was found.
    """

    rows: tuple[tuple[str, str, str, str], ...]
    index: Path
    reproduction: Reproduction

    @property
    def ok(self) -> bool:
        """Whether every claim is proved and every check of our own passes; what the paper has wrong is a finding."""
        return not self.reproduction.faults


def counts(figure: Figure) -> str:
    """Return how many statements have which verdict, the commonest words first."""
    found = [(sum(s.verdict == verdict for s in figure.statements), word)
             for verdict, word in zip(VERDICTS, ("hold", "nearly", "not"), strict=True)]
    return ", ".join(f"{n} {word}" for n, word in found if n)
