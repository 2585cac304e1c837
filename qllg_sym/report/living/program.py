"""The program of the living figure: printed kernels, tables, and the files `*.js` of this folder, as one text."""

import json
from functools import cache
from importlib import resources

from qllg_sym.codegen import targets
from qllg_sym.codegen.infix import function_name
from qllg_sym.codegen.kernel import Kernel
from qllg_sym.codegen.tableaux import dop853
from qllg_sym.report.living import settings
from qllg_sym.report.living.kernels import KERNELS
from qllg_sym.report.living.states import named_kets

COMPUTE = ("stepper.js", "motion.js")               # without a page
TABLEAU = ("A", "B", "C", "E5", "E3")
SHOW = ("link.js", "plots.js", "sphere.js", "controls.js")


@cache
def computation() -> str:
    """Return what computes: it runs in any engine of JavaScript, and draws nothing.

    >>> "function qllg_exact_step(t, y, p)" in computation()
    True
    """
    kernels = [make() for make in KERNELS]
    printed = [targets.find("javascript").emit(kernel) for kernel in kernels]
    table = ", ".join(f"{kernel.name}: {_entry(kernel)}" for kernel in kernels)
    tableau = {name: [[float(x) for x in row] for row in dop853.coefficients(name)] for name in TABLEAU}
    tables = {"DOP853": tableau, "KETS": named_kets(), "FIRST": settings.first(), "ALIASES": settings.ALIASES,
              "FAMILIES": settings.families(), "PRESETS": settings.presets(),
              "RANGES": {slider.key: [slider.low, slider.high, slider.step] for slider in settings.SLIDERS},
              "CHOICES": {key: list(shown) for key, shown in settings.choices().items()}}
    lines = [f"const {name} = {_text(value)};" for name, value in tables.items()]
    return "\n".join([*printed, f"const KERNELS = {{ {table} }};", *lines, *map(_file, COMPUTE)])


@cache
def page_program() -> str:
    """Return the whole program for a page; nothing of it is seen by other programs of the page."""
    return "\n".join(["(() => {", computation(), *map(_file, SHOW), "})();", ""])


def style() -> str:
    """Return the style sheet of the figure; colours of curves are those of the page."""
    return _file("living.css")


def _entry(kernel: Kernel) -> str:
    """A kernel in the table of all."""
    outputs = [name for name, _ in kernel.outputs]
    return f"{{ run: {function_name(kernel)}, parameters: {_text(kernel.parameters)}, outputs: {_text(outputs)} }}"


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _text(value: object) -> str:
    """A value as JavaScript; nothing in it can end a script."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
