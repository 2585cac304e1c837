"""One run of everything: problems A to D, each peer tuned to just reach the target error, and what is drawn of it."""

import os
from collections.abc import Callable
from dataclasses import replace
from json import dumps
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import numpy as np

from qllg_sym import files
from qllg_sym.errors import CodegenError
from qllg_sym.plot.save import render
from qllg_sym.plot.workprecision import growth_with_size, work_precision

from . import by_size, chain, chain_flow, derivation, lattice, lowest, matrix_products, noise, sectors
from .inside_c import evaluations
from .peers import installed, peers
from .problems import TARGET, DimerProblem, dimers
from .reference import Array, reference
from .results import OURS, Results, Row, Section, machine, today

COMPARED = 8            # dimers of problem D whose reference is computed
QUICK = (64, 10, 8)     # dimers, spins of the large chain, spins beside peers
WHOLE = (10_000, 20, 10)
QUICKEST = 6            # spins beside SciPy in a quick run
QUICK_DERIVED = 1       # spins whose equations are derived in a quick run
SIZES = 8, 20           # of the size sweep
FAST = (1e-10, 1e-12)   # tolerances of a quick run
T = TypeVar("T")


def measure(quick: bool = False, progress: bool = False, spins: int = by_size.SIZES[-1]) -> Results:
    """Run all benchmarks: about ten minutes on two cores, or half a minute.

    Args:
        quick: fewer tolerances and small sizes, for tests.
        progress: a bar on standard error.
        spins: of the largest chain beside SciPy; 24 take an hour.

    Raises:
        IntegrationError: a reference disagrees with itself, so nothing may be timed.
    """
    rows, largest, beside = QUICK if quick else WHOLE
    sizes = range(SIZES[0], (largest if quick else SIZES[1]) + 1)
    beside_scipy = range(by_size.SIZES[0], (QUICKEST if quick else spins) + 1)
    problems, tasks = dimers(rows), [peer for peer in peers() for _ in peer.PROBLEMS]
    from tqdm import tqdm
    derived = range(1, (QUICK_DERIVED if quick else derivation.LARGEST) + 1)
    parts = len(tasks) + 8 + len(sizes) + len(beside_scipy) + len(derivation.LAWS) * len(derived) + \
        len(noise.WORKS)
    with tqdm(total=parts, desc="bench", disable=not progress, leave=False) as bar:
        def tell(what: str = "") -> None:
            """Show that one more part is done."""
            bar.set_postfix_str(what)
            bar.update()

        sections = [integrate(problem, quick, tell) for problem in problems.values()]
        sections += [_told(lambda: right_hand_sides(problems["A"]), tell), _told(lambda: chain.products(largest), tell),
                     _told(lambda: chain_flow.one_step(largest), tell),
                     *_told(lambda: chain_flow.relaxation(beside, largest), tell),
                     *_told(lambda: sectors.sectors(largest), tell), by_size.by_size(beside_scipy, tell),
                     derivation.derivation(derived, tell), *noise.noisy(quick, tell),
                     _told(lambda: lattice.lattices(quick), tell), *_told(lambda: lowest.lowest_levels(quick), tell),
                     _told(lambda: matrix_products.matrix_products(quick), tell)]
        columns, slopes = chain.growth(sizes, tell)
    return Results(tuple(sections), columns, slopes, quick, machine(), today())


def write(results: Results, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write bench.json, bench.txt, work_precision.png and growth.png, and return their paths.

    Raises:
        FileError: the folder is missing or closed to writing.
    """
    names = ("bench.json", "bench.txt", "work_precision.png", "growth.png")
    paths = tuple(Path(folder) / name for name in names)
    for path in paths:
        files.check_writable(path)
    curves = [(section.title, {name: np.array(points)[:, 1:] for name, points in section.curves.items()})
              for section in results.sections if section.curves]
    files.atomic_write(paths[0], dumps(results.record(), indent=1, ensure_ascii=False) + "\n")
    files.atomic_write(paths[1], results.text() + "\n")
    files.atomic_write(paths[2], render(work_precision(curves, TARGET, OURS)))
    files.atomic_write(paths[3], render(growth_with_size(results.sizes)))
    return paths


def integrate(problem: DimerProblem, quick: bool, tell: Callable[[str], object]) -> Section:
    """Run every peer on a problem and keep, of each, the fastest run that reached the target error."""
    expected = reference(problem, min(2 if quick else COMPARED, np.size(problem.D)))
    rows, curves = [], {}
    for peer in peers():
        if problem.name not in peer.PROBLEMS:
            continue
        row, points = _tuned(peer, problem, expected, quick)
        rows.append(row)
        if points:
            curves[peer.NAME] = points
        tell(f"{problem.name}: {peer.NAME}")
    rows.sort(key=lambda row: (row.seconds is None, not row.ok, row.seconds))
    return Section(f"Problem {problem.name}: {problem.title}", tuple(rows), TARGET, curves)


def _tuned(peer: ModuleType, problem: DimerProblem, expected: Array,
           quick: bool) -> tuple[Row, list[tuple[float, float, float]]]:
    """Return a peer's row and all its points (tolerance, error, seconds)."""
    if not installed(peer):
        return Row(peer.NAME, note=f"not installed: pip install 'qllg-sym[bench]' brings {peer.PACKAGE}"), []
    if quick and peer.PATIENCE:
        return Row(peer.NAME, note="left out of a quick run: it compiles for seconds"), []
    found, setup = [], 0.0
    few = [tolerance for tolerance in peer.TOLERANCES if tolerance in FAST] or peer.TOLERANCES[-1:]
    for tolerance in few if quick else peer.TOLERANCES:
        try:
            outcome = peer.run(problem, tolerance)
        except (CodegenError, ImportError) as reason:
            return Row(peer.NAME, note=f"cannot run here: {reason}"), []
        states = outcome.states if problem.batch else outcome.states[None]
        count = min(len(states), len(expected))
        error = float(np.abs(states[:count] - expected[:count]).max()) * outcome.error_factor
        setup = max(setup, outcome.setup)       # what is compiled once is told once
        found.append(Row(peer.NAME, outcome.seconds, error, tolerance, outcome.setup, outcome.note, error <= TARGET))
    reached = [row for row in found if row.ok]
    best = min(reached, key=lambda row: row.seconds or 0.0) if reached else min(found, key=lambda row: row.error or 0.0)
    return replace(best, setup=setup), [(row.tolerance or 0.0, row.error or 0.0, row.seconds or 0.0) for row in found]


def right_hand_sides(problem: DimerProblem) -> Section:
    """Time one evaluation of the right-hand side, inside C; the NumPy one is what ratios are to."""
    try:
        found = evaluations(problem)
    except CodegenError as error:
        return Section("One right-hand side, a dimer of full rank", (Row("in C", note=f"no compiler: {error}"),))
    rows = tuple(Row(name, seconds, note=note) for name, (seconds, note) in found.items())
    return Section("One right-hand side a trajectory, a dimer of full rank", rows, unit=rows[0].seconds)


def _told(work: Callable[[], T], tell: Callable[[str], object]) -> T:
    """Return what the work gives, and show that it is done."""
    result = work()
    tell("")
    return result
