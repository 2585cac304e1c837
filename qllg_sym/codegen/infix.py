"""Prints kernel steps as infix assignments: what the targets with C-like formulas share."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import wrap
from typing import NamedTuple

from qllg_sym.codegen.closed import Closed
from qllg_sym.codegen.kernel import Kernel, Operand, Operation
from qllg_sym.errors import CodegenError

FORMULA_WIDTH = 84  # keeps a whole line, with indent and name, below 120
SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4  # how strongly a formula binds

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,29}", re.ASCII)
_PLAIN_COMMENT = re.compile(r"[A-Za-z0-9_.,^{}()'|+= \\-]{0,60}[A-Za-z0-9_.,^{}()'|+=-]", re.ASCII)
_RISKY = re.compile(r"[^A-Za-z0-9 .,;:_^{}()\[\]'|+=/<>~-]", re.ASCII)     # of which `*` and a backslash end comments
_SIGNS = {"add": (" + ", SUM), "sub": (" - ", SUM), "mul": ("*", PRODUCT), "div": ("/", PRODUCT)}


class Formula(NamedTuple):
    """Text of an expression and how strongly it binds."""

    text: str
    binding: int = ATOM

    def within(self, least: int) -> str:
        """The text, in brackets where it binds less than `least`."""
        return self.text if self.binding >= least else f"({self.text})"


@dataclass(frozen=True)
class Dialect:
    """How a language writes what differs: functions and `pi` by operation ("sqrt({})"), constants, powers, names."""

    calls: Mapping[str, str]
    constant: Callable[[Fraction], str]
    power: Callable[[Formula, int], Formula]
    names: Callable[[Kernel], Mapping[str, str]] = lambda kernel: local_names(kernel)


class Assignment(NamedTuple):
    """One line to print: `name = text`; `varies` is False where it depends on time alone."""

    name: str
    text: str
    varies: bool


class Program(NamedTuple):
    """The lines of a kernel in a language, and the text of each output."""

    lines: Sequence[Assignment]
    outputs: Sequence[str]


def program(kernel: Kernel, dialect: Dialect) -> Program:
    """Print a kernel; short steps that are used once go into the line that uses them.

    The order of operations is that of the kernel: formulas keep every bracket that rounding needs.
    """
    return _Printer(kernel, dialect).program()


class _Printer:
    """The state of one printing: what each operand looks like so far."""

    def __init__(self, kernel: Kernel, dialect: Dialect) -> None:
        self._kernel, self._dialect = kernel, dialect
        self._known = {key: Formula(name) for key, name in dialect.names(kernel).items()}
        self._varies = {key: key != "t" for key in kernel.inputs}
        self._pending: dict[Operand, Assignment] = {}  # used once, not yet printed
        self._lines: list[Assignment] = []

    def program(self) -> Program:
        """Print every step, then the outputs."""
        uses = Counter(arg for step in self._kernel.steps for arg in step.args)
        uses.update(operand for _, operand in self._kernel.outputs)
        for step in self._kernel.steps:
            self._print(step, uses[step.name] == 1)
        for _, operand in self._kernel.outputs:
            # Text of an output stands inside the loop over columns: what depends on time alone is printed before it.
            if operand in self._pending and not self._pending[operand].varies:
                self._settle(operand)
        return Program(self._lines, [self._formula_of(operand).text for _, operand in self._kernel.outputs])

    def _print(self, step: Operation, is_used_once: bool) -> None:
        """Print one step, or keep it for its only user."""
        varies = self._varies[step.name] = any(
            self._varies.get(arg, False) for arg in step.args if arg.__class__ is str
        )
        for arg in step.args:
            if arg in self._pending and self._pending[arg].varies != varies:
                self._settle(arg)
        formula = self._formula(step)
        if len(formula.text) > FORMULA_WIDTH:
            for arg in step.args:
                self._settle(arg)
            formula = self._formula(step)
        for arg in step.args:
            self._pending.pop(arg, None)
        self._known[step.name] = formula
        if not step.args:
            return
        self._pending[step.name] = Assignment(step.name, formula.text, varies)
        if not is_used_once:
            self._settle(step.name)

    def _settle(self, operand: Operand) -> None:
        """Print a kept step on a line of its own."""
        if operand in self._pending:
            line = self._pending.pop(operand)
            self._lines.append(line)
            self._known[line.name] = Formula(line.name)

    def _formula_of(self, operand: Operand) -> Formula:
        """An operand as a formula."""
        if isinstance(operand, str):
            return self._known[operand]
        text = self._dialect.constant(operand)
        return Formula(text, SUM if text.startswith("-") else ATOM)

    def _formula(self, step: Operation) -> Formula:
        """The right-hand side of one step."""
        if isinstance(step.op, Closed):
            return self._formula_of(step.op.fraction)
        if step.op == "pow":
            return self._dialect.power(self._formula_of(step.args[0]), int(Fraction(step.args[1])))
        args = [self._formula_of(arg) for arg in step.args]
        if step.op == "neg":
            return Formula(f"-{args[0].within(PRODUCT)}", SUM)
        if step.op in _SIGNS:
            sign, binding = _SIGNS[step.op]
            return Formula(f"{args[0].within(binding)}{sign}{args[1].within(binding + 1)}", binding)
        return Formula(self._dialect.calls[step.op].format(*(arg.text for arg in args)))


def local_names(kernel: Kernel) -> dict[str, str]:
    """A readable local variable for each input: `y_T_xx`, `p_J` where the user's name is plain, else `y_3`, `p_0`.

    No two collide and none is a word of any language: plain names begin with a letter, numbers do not.

    Example:
        >>> local_names(Kernel("k", ("n", "*/"), ("for",), (), ()))
        {'t': 't', 'y0': 'y_n', 'y1': 'y_1', 'p0': 'p_for'}
    """
    names = {"t": "t"}
    for letter, group in (("y", kernel.states), ("p", kernel.parameters)):
        for i, name in enumerate(group):
            names[f"{letter}{i}"] = f"{letter}_{name if _PLAIN_NAME.fullmatch(name) else i}"
    return names


def used_inputs(kernel: Kernel) -> list[str]:
    """The states and parameters that some step or output uses, in their order."""
    used = {arg for step in kernel.steps for arg in step.args} | {operand for _, operand in kernel.outputs}
    return [key for key in kernel.inputs[1:] if key in used]


def function_name(kernel: Kernel) -> str:
    """The name of the generated function: `qllg_` and the kernel's name where that is plain, else its digest."""
    plain = kernel.name.removeprefix("qllg_")
    return f"qllg_{plain if _PLAIN_NAME.fullmatch(plain) else kernel.digest}"


def header(kernel: Kernel) -> list[str]:
    """Lines for the comment on top: ASCII, and nothing in them can end a comment or a line of any language."""
    lines = [
        f"{comment(kernel.name)}: kernel {kernel.digest}, {kernel.operations} operations.",
        "Generated by qllg_sym; edit the derivation, not this file.",
        *(line for text in kernel.about for line in wrap(_RISKY.sub(".", text), 110, subsequent_indent="  ",
                                             break_on_hyphens=False)),
    ]
    outputs = [comment(name) for name, _ in kernel.outputs]
    if tuple(name for name, _ in kernel.outputs) == kernel.states:      # a right-hand side
        outputs = [f"d{name}/dt" for name in outputs]
    for array, names in (("y", map(comment, kernel.states)), ("p", map(comment, kernel.parameters)), ("dy", outputs)):
        entries = [f"{array}[{i}] = {name}" for i, name in enumerate(names)]
        lines += [f"  {line}" for line in _wrapped(entries)]
    return lines


def comment(name: str) -> str:
    """A user's name for a comment: as it is where harmless, else quoted with every risky character escaped."""
    if _PLAIN_COMMENT.fullmatch(name):
        return name
    quoted = json.dumps(name if len(name) <= 16 else name[:13] + "...").replace("\x7f", "\\u007f")
    return quoted.replace("*", "\\u002a").replace("/", "\\u002f").replace("?", "\\u003f")


def float_literal(value: Fraction) -> str:
    """The double closest to an exact constant: `(1.0/3.0)` where both parts are exact, else the shortest decimal.

    Example:
        >>> float_literal(Fraction(1, 3)), float_literal(Fraction(-3, 4)), float_literal(Fraction(10**23))
        ('(1.0/3.0)', '-0.75', '1e+23')
    """
    numerator, denominator = value.numerator, value.denominator
    if denominator & (denominator - 1) and max(abs(numerator), denominator) < 2**53:
        return f"({float(numerator)!r}/{float(denominator)!r})"
    try:
        number = float(value)
    except OverflowError:
        number = 0.0
    if number == 0 != value:
        bits = numerator.bit_length() - denominator.bit_length()
        raise CodegenError(f"Every constant must fit into a double, but one is about 2**{bits}; rescale the model.")
    return repr(number)


def _wrapped(entries: Sequence[str]) -> list[str]:
    """Entries joined by commas into lines of at most 112 characters."""
    lines: list[str] = []
    for entry in entries:
        if lines and len(lines[-1]) + len(entry) < 110:
            lines[-1] += f", {entry}"
        else:
            lines.append(entry)
    return lines
