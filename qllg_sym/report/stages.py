"""The stages of a reproduction; each returns records and leaves files below the output folder."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import SupportsFloat

import numpy as np

from qllg_sym import artefacts
from qllg_sym.codegen import build, compiler, targets
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.passes import optimise
from qllg_sym.equations.laws.von_neumann import VonNeumann
from qllg_sym.errors import CodegenError
from qllg_sym.figures.figure import Figure, Statement
from qllg_sym.files import atomic_write
from qllg_sym.report import book
from qllg_sym.report.book import Chapter
from qllg_sym.report.reproduction import Derived, Source
from qllg_sym.units import Units


def prove() -> tuple[Chapter, ...]:
    """Prove every claim of the proof book and refute its false twins; what fails is recorded, not raised."""
    return book.book()


def derive() -> tuple[Derived, ...]:
    """Derive the equations of `derivations/eq_*.py`, and those of the dimer without damping.

    >>> [item.name for item in derive()][:2]
    ['dimer_q_llg', 'dimer_q_ll']
    """
    dimer = import_module("qllg_sym.derivations.eq_01_dimer")
    wanted = [(name, make) for _, name, make in artefacts.sources()]
    wanted.append(("dimer_von_neumann", lambda: VonNeumann().derive(dimer.model()).pauli()))
    found = []
    for name, make in wanted:
        started = perf_counter()
        components = make()
        _ = components.residual             # written out when asked for
        found.append(Derived(name, components, perf_counter() - started))
    return tuple(found)


def generate(derived: tuple[Derived, ...], out: Path) -> Iterator[Source]:
    """Write each right-hand side below out/generated/ in every language; what runs here is run beside 30 digits."""
    for item in derived:
        kernel = optimise(item.components.kernel())
        at = artefacts.rational_point(kernel)
        exact = [float(v) for v in kernel.evaluate(at, artefacts.DIGITS).values()]
        for name in artefacts.CODE:
            language = targets.find(name)
            path = Path("generated") / name / f"{item.name}{language.suffix}"
            (out / path).parent.mkdir(parents=True, exist_ok=True)
            atomic_write(out / path, language.emit(kernel))
            apart = _apart(kernel, name, at, exact)
            yield Source(item.name, name, path.as_posix(), kernel.operations, kernel.digest, apart)


def _apart(kernel: Kernel, target: str, at: Mapping[str, SupportsFloat], exact: list[float]) -> float | None:
    """How far the generated code is from the exact values; None where it does not run here."""
    try:
        function = build.load(kernel, target)
    except CodegenError:
        return None
    y, p = ([float(at[name]) for name in names] for names in (kernel.states, kernel.parameters))
    return float(np.abs(function(0.0, y, p) - exact).max() / (1 + np.abs(exact).max()))


def compiled_with() -> str:
    """Return what compiles C here, or why nothing does."""
    try:
        return compiler.find().description
    except CodegenError as error:
        return str(error)


def figures(variant: str, out: Path) -> Iterator[Figure]:
    """Compute every figure of the paper, write its data and pictures, and yield it."""
    for module in import_module("qllg_sym.derivations").figures().values():
        figure: Figure = module.compute(variant)
        figure.write(out)
        _copy(out, figure.source, Path(str(module.__file__)).read_text(encoding="utf-8"))
        yield figure


def copied(chapters: tuple[Chapter, ...], out: Path) -> None:
    """Write the theorem files below out/derivations/, where the page links to them."""
    for chapter in chapters:
        _copy(out, f"{chapter.name}.py", chapter.source)


def _copy(out: Path, name: str, text: str) -> None:
    """A file of derivations beside the page."""
    (out / "derivations").mkdir(exist_ok=True)
    atomic_write(out / "derivations" / name, text)


@cache
def large_spins() -> Statement:
    """Return what becomes of two damped coupled spins as they grow, in short; computed once a process.

    >>> large_spins().verdict
    'holds'
    """
    study = import_module("qllg_sym.derivations").studies()["large-s"]
    found: Statement = study.damped()
    return found


@cache
def scales() -> Mapping[str, Mapping[str, float]]:
    """Return what changes in Fig. 1 with the units: |J| = 1 μ_B B0 is 1 ħγ_gB0 in print and half of that for g = 2.

    Computed once a process.

    >>> {name: round(found["exchange"], 6) for name, found in scales().items()}
    {'paper': 1.0, 'CODATA': 0.5}
    """
    fig_1, found = import_module("qllg_sym.derivations").figures()[1], {}
    for name, units in (("paper", Units.paper()), ("CODATA", Units("meV", "ps"))):
        J = units.mu_B / (units.gamma * units.hbar)
        ratio = fig_1.Parameters.D / fig_1.Parameters.J
        numbers = fig_1.numbers(fig_1.Parameters(J=J, D=ratio * J))
        found[name] = {"mu_B": units.mu_B, "ps": 1 / units.gamma, "exchange": J, **numbers}
    return found
