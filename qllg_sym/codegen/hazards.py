"""Where a program may leave the finite reals whatever the state is: by its parameters, or by time."""

from qllg_sym.codegen.kernel import Kernel, Operand

PARTIAL = ("div", "pow", "sqrt", "log", "exp", "tan")
TIME, PARAMETERS = "time", "parameters"


def hazards(kernel: Kernel) -> frozenset[str]:
    """Return what may make a coefficient infinite or not real: TIME, PARAMETERS, both or neither.

    Coefficients are the steps that no state enters; a division by 1 + κ² counts, one by 1 + κ²|ρ|² does not.

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
