"""The target-free program between mathematics and code: straight-line, real, each name set once.

Not supported, on purpose: loops, jumps, complex numbers, arrays, integers as a type, function calls other than those of
`FUNCTIONS`, choices other than those of `CHOICES` (every argument is computed, one is taken), more than one time,
constants that are not closed (`pi`, `Closed`), and any rounding: a Kernel is exact until a target prints it or
`Kernel.evaluate` puts numbers in.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

import mpmath

from qllg_sym.algebra.fields import ByFields
from qllg_sym.codegen.closed import Closed
from qllg_sym.display import in_html
from qllg_sym.errors import CodegenError, InputError

Operand = str | Fraction

SMOOTH = ("sqrt", "sin", "cos", "tan", "exp", "tanh", "log", "sinh", "cosh", "atan", "erf")
KINKED = ("abs", "sign", "heaviside")           # the last is 1/2 at 0
FUNCTIONS = SMOOTH + KINKED
CHOICES = {"min": 2, "max": 2, "choose": 3}     # choose(c, a, b) is a where c > 0, else b, whatever the other one is
ARITY = {"add": 2, "sub": 2, "mul": 2, "div": 2, "pow": 2, "neg": 1, **dict.fromkeys(FUNCTIONS, 1), **CHOICES, "pi": 0}
LARGEST_EXPONENT = 2**53  # beyond it a double cannot hold the exponent exactly
PROMISE = 1e-13  # what a right-hand side in doubles is meant to be wrong by, relative to 1 + max|dy/dt|
GUARD_DIGITS = 20  # carried beyond the digits asked for, against cancellation

_STEP_NAME = re.compile(r"x(?:0|[1-9][0-9]*)", re.ASCII)


def arity(op: str) -> int | None:
    """Return the number of arguments of an operation, None for what is none.

    >>> arity("add"), arity("besselj")
    (2, None)
    """
    return 0 if isinstance(op, Closed) else ARITY.get(op)


class Operation(NamedTuple):
    """One assignment `name = op(args)`; each argument is a name set before or an exact constant."""

    name: str
    op: str
    args: tuple[Operand, ...]


@dataclass(frozen=True, repr=False)
class Kernel(ByFields):
    """A straight-line program from states, parameters and time to named outputs; checks itself on creation.

    Inside, the inputs are called `t`, `y0`, `y1`, … (states) and `p0`, `p1`, … (parameters), the steps `x0`, `x1`, ….
    The user's own names live only in `states`, `parameters` and `outputs`; they may be any strings.

    Args:
        name: what the kernel computes.
        states: names of the states, in the order of the array y.
        parameters: names of the parameters, in the order of the array p.
        steps: the assignments, each using only what was set before it.
        outputs: pairs (name, operand), in the order of the result.
        merged: whether a `Builder` made it, so that no two steps are equal.
        about: lines on where it comes from, for the comment of what is printed; no part of the program or its digest.

    Raises:
        CodegenError: a name is set twice or used before it is set, or a step has a wrong operation or argument.

    Example:
        >>> from fractions import Fraction
        >>> steps = (Operation("x0", "mul", ("p0", "y0")), Operation("x1", "neg", ("x0",)))
        >>> decay = Kernel("decay", ("n",), ("rate",), steps, (("n", "x1"),))
        >>> decay.operations, decay.evaluate({"n": Fraction(1, 4), "rate": 2})
        (2, {'n': mpf('-0.5')})
    """

    name: str
    states: tuple[str, ...]
    parameters: tuple[str, ...]
    steps: tuple[Operation, ...]
    outputs: tuple[tuple[str, Operand], ...]
    merged: bool = field(default=False, compare=False, repr=False)
    about: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check every rule of the class docstring."""
        _check_names("states and parameters", (*self.states, *self.parameters, "t"))
        _check_names("outputs", [name for name, _ in self.outputs])
        known = set(self.inputs)
        for step in self.steps:
            _check_step(step, known)
            known.add(step.name)
        for name, operand in self.outputs:
            if operand.__class__ is not Fraction and operand not in known:
                raise CodegenError(
                    f"The output {name!r} must be a name set by a step or a Fraction, but is {operand!r}."
                )

    def __repr__(self) -> str:
        """Say what it is, in one line; `text` holds the steps."""
        return (f"<Kernel {self.name!r}: {len(self.states)} states, {len(self.parameters)} parameters, "
                f"{len(self.outputs)} outputs, {self.operations} operations, {self.digest}>")

    def _repr_html_(self) -> str:
        """Inputs and the first steps for a notebook; `text` holds all."""
        names = (f"{kind}: {', '.join(known) or 'none'}" for kind, known in (
            ("states", self.states), ("parameters", self.parameters)))
        steps = (f"{step.name} = {step.op}({', '.join(map(str, step.args))})" for step in self.steps)
        return in_html("\n".join([repr(self), *self.about, *names, *steps]))

    @property
    def inputs(self) -> tuple[str, ...]:
        """The operands that no step sets: `t`, then one a state, then one a parameter."""
        states = (f"y{i}" for i in range(len(self.states)))
        return ("t", *states, *(f"p{i}" for i in range(len(self.parameters))))

    @cached_property
    def operations(self) -> int:
        """The number of arithmetic steps; constants are free."""
        return sum(1 for step in self.steps if arity(step.op))

    @cached_property
    def text(self) -> str:
        """The canonical text: ASCII, one line a step, equal for equal kernels alone."""
        head = [json.dumps(part) for part in (self.name, self.states, self.parameters)]
        steps = [" ".join((step.name, step.op, *map(str, step.args))) for step in self.steps]
        outputs = [f"{json.dumps(name)} {operand}" for name, operand in self.outputs]
        return "\n".join([*head, *steps, *outputs, ""])

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits of the SHA-256 of `text`."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def evaluate(self, values: Mapping[Any, Any], digits: int = 30) -> dict[str, mpmath.mpf]:
        """Evaluate every output in multiple precision; the reference for all generated code.

        Args:
            values: one real number a state and a parameter, keyed by name or Symbol; `t` may be given (default 0).
            digits: decimal digits of the results; 20 more are carried.

        Returns:
            The outputs by name, as `mpmath.mpf`.

        Raises:
            InputError: a name is missing or unknown, a value is not real, or a step leaves the finite reals.

        Example:
            >>> third = Kernel("third", ("a",), (), (Operation("x0", "div", ("y0", Fraction(3))),), (("b", "x0"),))
            >>> print(third.evaluate({"a": 1})["b"])
            0.333333333333333
        """
        if not isinstance(digits, int) or digits < 1:
            raise InputError(f"`digits` must be a positive integer, but is {digits!r}; give a number such as 30.")
        with mpmath.workdps(digits + GUARD_DIGITS):
            known = self._input_values({str(key): value for key, value in values.items()}, digits)
            for step in self.steps:
                known[step.name] = _applied(step, [_number(arg, known) for arg in step.args])
            results = {name: _found(_number(operand, known)) for name, operand in self.outputs}
        with mpmath.workdps(digits):
            return {name: +value for name, value in results.items()}

    def _input_values(self, values: Mapping[str, Any], digits: int) -> "dict[str, mpmath.mpf | InputError]":
        """The values of the inputs `t`, `y0`, …, `p0`, … as mpf."""
        names = ("t", *self.states, *self.parameters)
        if unknown := [name for name in values if name not in names]:
            raise InputError(f"`values` must name inputs of the kernel, but has {unknown[0]!r}; use {_listing(names)}.")
        if missing := [name for name in names[1:] if name not in values]:
            raise InputError(f"`values` must give every input of the kernel, but {missing[0]!r} is missing; add it.")
        return {key: _real(name, values.get(name, 0), digits) for key, name in zip(self.inputs, names, strict=True)}


def live(steps: Iterable[Operation],
         outputs: Mapping[str, Operand]) -> tuple[tuple[Operation, ...], dict[str, Operand]]:
    """The steps that the outputs need, renamed `x0`, `x1`, … without gaps, and the outputs in the new names."""
    steps = tuple(steps)
    needed = {operand for operand in outputs.values() if operand.__class__ is str}
    for step in reversed(steps):
        if step.name in needed:
            needed.update(arg for arg in step.args if arg.__class__ is str)
    renamed: dict[Operand, str] = {}
    kept: list[Operation] = []
    for step in steps:
        if step.name in needed:
            args = tuple(renamed.get(arg, arg) if arg.__class__ is str else arg for arg in step.args)
            renamed[step.name] = f"x{len(kept)}"
            kept.append(Operation(renamed[step.name], step.op, args))
    return tuple(kept), {name: renamed.get(operand, operand) for name, operand in outputs.items()}


def _check_names(what: str, names: Iterable[str]) -> None:
    """Refuse anything but distinct strings; `t` is time."""
    seen = set()
    for name in names:
        if not isinstance(name, str) or name in seen:
            raise CodegenError(
                f"The names of {what} must be distinct strings other than 't', but {name!r} is not; rename it."
            )
        seen.add(name)


def _check_step(step: Operation, known: set[str]) -> None:
    """Refuse a step that breaks a rule of Kernel."""
    name, op, args = step
    if name in known or not _STEP_NAME.fullmatch(name):
        raise CodegenError(f"A step must set a new name x0, x1, …, but one sets {name!r}.")
    if arity(op) != len(args):
        raise CodegenError(
            f"The step {name} must be one of {_listing(ARITY)} with its arguments, but is {op!r} of {len(args)}."
        )
    for arg in args:
        if arg.__class__ is not Fraction and arg not in known:
            raise CodegenError(f"The step {name} must use names set before it or a Fraction, but uses {arg!r}.")
    if op == "pow":
        exponent = args[1]
        if not isinstance(exponent, Fraction) or exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT:
            raise CodegenError(
                f"The exponent of the step {name} must be an integer of at most 2^53, but is {exponent}."
            )


def _listing(names: Iterable[str]) -> str:
    """Up to twelve names for a message."""
    names = list(names)
    return ", ".join(map(repr, names[:12])) + (", …" if len(names) > 12 else "")


def _real(name: str, value: Any, digits: int) -> mpmath.mpf:
    """A number of any library as mpf, SymPy's included."""
    try:
        exact = value.evalf(digits + GUARD_DIGITS) if hasattr(value, "evalf") else value
        number = mpmath.mpmathify(exact)
    except (TypeError, ValueError, ArithmeticError):
        number = None
    if isinstance(value, str | bool) or not isinstance(number, mpmath.mpf):
        raise InputError(f"`values[{name!r}]` must be a real number, but is {value!r}; give a number such as 0.5.")
    return number


def _number(operand: Operand, known: "Mapping[str, mpmath.mpf | InputError]") -> "mpmath.mpf | InputError":
    """The value of an operand in the working precision, or why it has none."""
    if isinstance(operand, Fraction):
        return mpmath.mpf(operand.numerator) / operand.denominator
    return known[operand]


def _found(value: "mpmath.mpf | InputError") -> mpmath.mpf:
    """A value; why there is none is raised."""
    if isinstance(value, InputError):
        raise value
    return value


def _applied(step: Operation, args: "list[mpmath.mpf | InputError]") -> "mpmath.mpf | InputError":
    """One step in the working precision, or why it has no value: a choice does not look at what it leaves."""
    if step.op == "choose" and not isinstance(args[0], InputError):
        return args[1] if args[0] > 0 else args[2]
    if lost := [arg for arg in args if isinstance(arg, InputError)]:
        return lost[0]
    try:
        return _apply(step, [_found(arg) for arg in args])
    except InputError as error:
        return error


def _apply(step: Operation, args: list[mpmath.mpf]) -> mpmath.mpf:
    """One step in the working precision."""
    if isinstance(step.op, Closed):
        return step.op.value(mpmath.mp.dps)
    try:
        value = _ARITHMETIC[step.op](*args) if step.op in _ARITHMETIC else getattr(mpmath, step.op)(*args)
    except (ZeroDivisionError, ValueError, OverflowError):
        value = None
    if not isinstance(value, mpmath.mpf):
        shown = ", ".join(mpmath.nstr(arg, 8) for arg in args)
        raise InputError(
            f"`values` must keep every step real and finite, but {step.name} is {step.op}({shown}); change them."
        )
    return value


_ARITHMETIC: Mapping[str, Callable[..., mpmath.mpf]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, n: a ** int(n),
    "neg": lambda a: -a,
    "abs": abs,
    "heaviside": lambda a: (1 + mpmath.sign(a)) / 2,
    "min": min,
    "max": max,
    "pi": lambda: +mpmath.pi,
}
