"""Rewrites Kernel -> Kernel that leave every output exactly equal; `optimise` is what every build applies."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.kernel import FUNCTIONS, Kernel, Operand, Step, live


def optimise(kernel: Kernel) -> Kernel:
    """All passes in their order; optimising twice changes nothing more.

    Example:
        >>> b = Builder("f", ["x", "y", "r"], [])
        >>> kernel = b.kernel({"u": b.div(b.state(0), b.state(2)), "v": b.div(b.state(1), b.state(2))})
        >>> [step.op for step in optimise(kernel).steps]
        ['div', 'mul', 'mul']
    """
    return merge_duplicates(share_reciprocals(merge_duplicates(drop_dead(kernel))))


def drop_dead(kernel: Kernel) -> Kernel:
    """The kernel without the steps that no output needs, the others renamed without gaps."""
    steps, outputs = live(kernel.steps, dict(kernel.outputs))
    return replace(kernel, steps=steps, outputs=tuple(outputs.items()))


def merge_duplicates(kernel: Kernel) -> Kernel:
    """The kernel rebuilt by a `Builder`: equal steps become one, constants are folded, signs move outwards."""
    builder = Builder(kernel.name, kernel.states, kernel.parameters)
    known: dict[Operand, Operand] = {name: name for name in kernel.inputs}
    for step in kernel.steps:
        known[step.name] = _rebuilt(builder, step.op, [known.get(arg, arg) for arg in step.args])
    return builder.kernel({name: known.get(operand, operand) for name, operand in kernel.outputs})


def share_reciprocals(kernel: Kernel) -> Kernel:
    """The kernel with one reciprocal for each divisor of two or more divisions, which become multiplications.

    A division costs several multiplications; the price is one more rounding of half a unit in the last place, and a
    divisor below 1e-308 overflows. Pivots of 1 + skew systems are at least 1.
    """
    shared = {d for d, count in Counter(s.args[1] for s in kernel.steps if s.op == "div").items() if count > 1}
    reciprocal: dict[Operand, str] = {}
    renamed: dict[Operand, Operand] = {}
    steps: list[Step] = []

    def append(op: str, args: tuple[Operand, ...]) -> str:
        """A new step; its name."""
        steps.append(Step(f"x{len(steps)}", op, args))
        return steps[-1].name

    for step in kernel.steps:
        args = tuple(renamed.get(arg, arg) for arg in step.args)
        if step.op != "div" or step.args[1] not in shared:
            renamed[step.name] = append(step.op, args)
            continue
        if args[1] not in reciprocal:
            reciprocal[args[1]] = append("div", (Fraction(1), args[1]))
        inverse = reciprocal[args[1]]
        renamed[step.name] = inverse if args[0] == 1 else append("mul", (args[0], inverse))
    outputs = tuple((name, renamed.get(operand, operand)) for name, operand in kernel.outputs)
    return replace(kernel, steps=tuple(steps), outputs=outputs)


def _rebuilt(builder: Builder, op: str, args: list[Operand]) -> Operand:
    """One step made again by the builder."""
    if op in FUNCTIONS:
        return builder.call(op, args[0])
    if op == "pi":
        return builder.pi
    if op == "pow":
        exponent = args[1]
        assert isinstance(exponent, Fraction)  # Kernel checks it on creation
        return builder.power(args[0], exponent)
    operations: dict[str, Callable[..., Operand]] = {
        "add": builder.add,
        "sub": builder.sub,
        "mul": builder.mul,
        "div": builder.div,
        "neg": builder.neg,
    }
    return operations[op](*args)
