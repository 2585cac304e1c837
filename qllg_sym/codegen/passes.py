"""Rewrites Kernel -> Kernel that leave every output exactly equal; `optimise` is what every build applies."""

from collections import Counter
from dataclasses import replace

from qllg_sym.codegen.builder import ONE, Builder
from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.memo import kept


@kept
def optimise(kernel: Kernel) -> Kernel:
    """All passes in their order; optimising twice changes nothing more.

    Example:
        >>> b = Builder("f", ["x", "y", "r"], [])
        >>> kernel = b.kernel({"u": b.div(b.state(0), b.state(2)), "v": b.div(b.state(1), b.state(2))})
        >>> [step.op for step in optimise(kernel).steps]
        ['div', 'mul', 'mul']
    """
    return replace(share_reciprocals(merge_duplicates(kernel)), about=kernel.about)


def merge_duplicates(kernel: Kernel) -> Kernel:
    """The kernel rebuilt by a `Builder`: equal steps become one, unused ones none; signs move outwards."""
    return kernel if kernel.merged else _rebuilt(kernel, frozenset())


def share_reciprocals(kernel: Kernel) -> Kernel:
    """The kernel rebuilt with one reciprocal for each divisor of two or more divisions, which become multiplications.

    A division costs several multiplications; the price is one more rounding of half a unit in the last place, and a
    divisor below 1e-308 overflows. Pivots of 1 + skew systems are at least 1.
    """
    counts = Counter(step.args[1] for step in kernel.steps if step.op == "div")
    shared = frozenset(divisor for divisor, count in counts.items() if count > 1)
    return _rebuilt(kernel, shared) if shared else kernel


def _rebuilt(kernel: Kernel, shared: frozenset[Operand]) -> Kernel:
    """The kernel made again by a `Builder`; a division by one of `shared` multiplies by its reciprocal."""
    builder = Builder(kernel.name, kernel.states, kernel.parameters)
    known: dict[Operand, Operand] = {name: name for name in kernel.inputs}
    for step in kernel.steps:
        args = [known.get(arg, arg) for arg in step.args]
        if step.op == "div" and step.args[1] in shared:
            known[step.name] = builder.mul(args[0], builder.div(ONE, args[1]))
        else:
            known[step.name] = builder.apply(step.op, args)
    return builder.kernel({name: known.get(operand, operand) for name, operand in kernel.outputs})
