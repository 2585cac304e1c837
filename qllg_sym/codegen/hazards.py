"""Where a program may leave the finite reals, or lose digits, whatever the state is: by its parameters, or by time."""

from collections.abc import Mapping
from fractions import Fraction

from qllg_sym.codegen.kernel import Kernel, Operand
from qllg_sym.memo import kept

PARTIAL = ("div", "pow", "sqrt", "log", "exp", "tan", "sinh", "cosh")
DIGITS = 25
TIME, PARAMETERS = "time", "parameters"


@kept
def hazards(kernel: Kernel) -> frozenset[str]:
    """Return what may make a coefficient infinite or not real: TIME, PARAMETERS, both or neither.

    Coefficients are steps that no state enters; a division by 1 + k² of a parameter counts, by 1 + k²|y|² it does not.

    >>> from qllg_sym.codegen.builder import Builder
    >>> b = Builder("f", ["x"], ["a"])
    >>> sorted(hazards(b.kernel({"f": b.mul(b.state(0), b.div(b.time, b.parameter(0)))})))
    ['parameters']
    """
    enters: dict[Operand, frozenset[str]] = {"t": frozenset({TIME})}
    enters |= {f"p{i}": frozenset({PARAMETERS}) for i in range(len(kernel.parameters))}
    enters |= {f"y{i}": frozenset({"state"}) for i in range(len(kernel.states))}
    found: frozenset[str] = frozenset()
    for step in kernel.steps:
        parts = [enters.get(arg, frozenset()) for arg in step.args]
        enters[step.name] = whole = frozenset().union(*parts)
        if step.op in PARTIAL and "state" not in whole:
            found |= parts[-1] if step.op == "div" else whole
    return found


@kept
def cancelling(kernel: Kernel) -> Kernel | None:
    """Return the part of a program that parameters alone enter, where a sum in it may cancel; None where none can.

    Its outputs are the values that the rest of the program takes. Sums of two inputs are as good as these, and sums of
    what is positive by its form cancel nothing.

    >>> from qllg_sym.codegen.builder import Builder
    >>> b = Builder("f", ["x"], ["a", "b"]); a, c = b.parameter(0), b.parameter(1)
    >>> near = b.kernel({"f": b.mul(b.state(0), b.mul(b.sub(a, c), b.add(a, c)))})
    >>> far = b.kernel({"f": b.mul(b.state(0), b.sub(b.mul(a, a), b.mul(c, c)))})
    >>> cancelling(near), len(cancelling(far).outputs)
    (None, 1)
    """
    fixed = {f"p{i}" for i in range(len(kernel.parameters))}
    positive: set[Operand] = set()
    steps, made, risky = [], set(), False
    for step in kernel.steps:
        if not all(isinstance(arg, Fraction) or arg in fixed for arg in step.args):
            continue
        fixed.add(step.name)
        made.add(step.name)
        steps.append(step)
        signs = [arg > 0 if isinstance(arg, Fraction) else arg in positive for arg in step.args]
        if step.op in ("exp", "sqrt") or (all(signs) and step.op in ("add", "mul", "div", "pow", "pi")) or \
                (step.op == "mul" and step.args[0] == step.args[1]) or (step.op == "pow" and step.args[1] % 2 == 0):
            positive.add(step.name)
        rounded = any(arg in made for arg in step.args)
        risky = risky or (rounded and (step.op == "sub" or (step.op == "add" and not all(signs))))
    if not risky:
        return None
    taken = [arg for step in kernel.steps if step.name not in made for arg in step.args]
    taken += [operand for _, operand in kernel.outputs]
    outputs = tuple((name, name) for name in made.intersection(arg for arg in taken if isinstance(arg, str)))
    return Kernel("coefficients", (), kernel.parameters, tuple(steps), tuple(sorted(outputs)))


def lost_digits(part: Kernel, found: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Return by how much the outputs of a part without states, in doubles, differ from the exact ones.

    Relative to 1 + the largest of them.

    Args:
        part: from `cancelling`.
        found: its outputs in doubles.
        values: its parameters.
    """
    exact = part.evaluate(values, DIGITS)
    size = 1 + max(map(abs, exact.values()))
    return float(max(abs(found[name] - value) for name, value in exact.items()) / size)
