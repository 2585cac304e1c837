"""Runs a kernel on sets of numbers: intervals or disks in place of doubles."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen.closed import Closed
from qllg_sym.codegen.kernel import Kernel, Operand

Array = NDArray[Any]


class Pair(NamedTuple):
    """Many sets of numbers: two arrays of one shape, the lower and upper ends or the centres and radii."""

    a: Array
    b: Array


Operation = Callable[..., Any]


def walk(kernel: Kernel, operations: Mapping[str, Operation], point: Callable[[Any], Any], time: Any,
         parameters: Array) -> list[Any]:
    """Return the outputs of a kernel without states.

    Args:
        kernel: the program.
        operations: for each of its operations, and "square" for a product of equals.
        point: number or numbers -> the set of it alone.
        time: the sets of times, (n,).
        parameters: (k, n), or (k, 1) for the same ones everywhere.

    The arithmetic is that of doubles, not rounded outwards: what it gives is exact to some units in the last place of
    the largest number on the way.
    """
    known: dict[Operand, Any] = {"t": time, **{f"p{i}": point(row) for i, row in enumerate(parameters)}}
    with np.errstate(all="ignore"):             # an overflow is a set without bounds, which is what it says
        for name, op, args in kernel.steps:
            known[name] = _apply(op, args, operations, point, known)
        return [known[operand] if operand in known else point(float(operand)) for _, operand in kernel.outputs]


def _apply(op: str, args: Sequence[Operand], operations: Mapping[str, Operation], point: Callable[[Any], Any],
           known: Mapping[Operand, Any]) -> Any:
    """Return one step."""
    if op == "pi":
        return point(np.pi)
    if isinstance(op, Closed):
        return point(float(op.fraction))
    if op == "pow":
        return operations["pow"](known[args[0]], int(args[1]))
    sets = [known[arg] if isinstance(arg, str) else point(float(arg)) for arg in args]
    if op == "mul" and args[0] == args[1]:
        return operations["square"](sets[0])
    return operations[op](*sets)
