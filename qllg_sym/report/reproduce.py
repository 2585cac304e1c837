"""The main job: prove, derive, generate, integrate, draw, judge, and write one page about it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Self

from qllg_sym.errors import InputTypeError
from qllg_sym.figures.figure import check_variant
from qllg_sym.files import atomic_write, check_writable
from qllg_sym.report import stages
from qllg_sym.report.page import page
from qllg_sym.report.reproduction import Report, Reproduction, counts

Progress = bool | Callable[[str, float], None] | None
FIGURES = 4
STEPS = FIGURES + 4  # proofs, equations, code, page


def reproduce(out: str | os.PathLike[str], variant: str = "paper",
              progress: Progress = None) -> Report:
    """Reproduce the paper: its claims, equations, generated code, Figs. 1–4 with every statement judged, and a page.

    1 theorem files → proofs and refuted twins; 2 derivations → equations; 3 equations → C and NumPy sources, run
    against 30 digits; 4 figures → CSV, PNG, SVG; 5 all of it → index.html, which opens without a network, and beside it
    the sources that it links to.

    Args:
        out: folder, made if it is missing.
        variant: "paper" follows the text, "authors" their scripts.
        progress: True for a bar on standard error, or a function of the step's name and the fraction done.

    Returns:
        Report with `rows` for a table, `ok` (proofs and checks; findings about the paper are no failure) and `index`.

    Raises:
        InputError: an unknown variant.
        FileError: a place that cannot be written to.
    """
    check_variant(variant)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    index = check_writable(folder / "index.html")
    with _Steps(progress) as step:
        step("proofs")
        chapters = stages.prove()
        stages.copied(chapters, folder)
        step("equations")
        derived = stages.derive()
        step("code")
        sources = tuple(stages.generate(derived, folder))
        figures = []
        step("Fig. 1")
        for figure in stages.figures(variant, folder):
            figures.append(figure)
            step(f"Fig. {figure.number + 1}" if figure.number < FIGURES else "page")
        reproduction = Reproduction(variant, chapters, derived, sources, tuple(figures), stages.scales(),
                                    stages.compiled_with(), stages.large_spins())
        atomic_write(index, page(reproduction))
    return Report(_rows(reproduction), folder / "index.html", reproduction)


def _rows(reproduction: Reproduction) -> tuple[tuple[str, str, str, str], ...]:
    """One row for the proof book, and one an equation, a language and a figure."""
    rows = [_proofs(reproduction), *(("derive", item.name, item.size, "ok") for item in reproduction.derived)]
    for target in dict.fromkeys(source.target for source in reproduction.sources):
        chosen = [source for source in reproduction.sources if source.target == target]
        apart = [source.apart for source in chosen if source.apart is not None]
        good = all(check.ok for about, check in reproduction.checks if about.startswith(f"{target} "))
        run = f"within {max(apart):.0e} of 30 digits" if apart else chosen[0].not_run
        rows.append(("generate", f"{len(chosen)} files in {target}", run, _word(good)))
    for figure in reproduction.figures:
        passed = sum(check.ok for check in figure.checks)
        found = f"{counts(figure)}; checks {passed}/{len(figure.checks)} pass"
        rows.append(("figure", f"Fig. {figure.number}", found, _word(figure.ok)))
    return tuple(rows)


def _proofs(reproduction: Reproduction) -> tuple[str, str, str, str]:
    """How many claims are proved, and how many of their false twins refuted."""
    found = [proof for chapter in reproduction.chapters for proof in chapter.proofs]
    twins = [bool(twin.counterexample) for proof in found for twin in proof.twins]
    done = f"{sum(not proof.failure for proof in found)} proved, {sum(twins)} of {len(twins)} false twins refuted"
    return "prove", f"{len(found)} claims", done, _word(bool(found) and not any(proof.faults for proof in found))


def _word(ok: bool) -> str:
    return "ok" if ok else "FAILED"


class _Steps:
    """Tells how far the work is; called with the name of each step as it begins."""

    def __init__(self, progress: Progress) -> None:
        if not (progress is None or isinstance(progress, bool) or callable(progress)):
            raise InputTypeError(f"`progress` must be True, False or a function of (name, fraction), but is "
                                 f"{progress!r}; write progress=True.")
        self._progress, self._bar, self._begun = progress, None, 0

    def __enter__(self) -> Self:
        if self._progress is True:
            from tqdm import tqdm
            self._bar = tqdm(total=STEPS, bar_format="{desc:<10}{percentage:3.0f}%|{bar}| {elapsed}", leave=False)
        return self

    def __call__(self, name: str) -> None:
        """Begin a step."""
        if self._bar is not None:
            self._bar.set_description_str(name)
            self._bar.update(min(self._begun, 1))
        elif callable(self._progress):
            self._progress(name, min(self._begun / STEPS, 1.0))
        self._begun += 1

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.close()
        elif callable(self._progress) and error[0] is None:
            self._progress("done", 1.0)
