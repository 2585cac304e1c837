"""Directional derivatives of a kernel, step by step: exact forward differentiation, Kernel -> Kernel."""

from collections.abc import Sequence
from fractions import Fraction

from qllg_sym.codegen.builder import MINUS_ONE, ONE, ZERO, Builder, is_zero
from qllg_sym.codegen.kernel import FUNCTIONS, Kernel, Operand, Operation
from qllg_sym.memo import kept


@kept
def tangent(kernel: Kernel) -> Kernel:
    """The kernel of D(outputs)·v: states are the states y, then a direction v of the same length.

    Parameters and t are held fixed. Where a function has no derivative, the tangent divides by zero, but at a kink or a
    jump it is what it is beside it.

    Example:
        >>> b = Builder("energy", ["x"], ["k"])
        >>> energy = b.kernel({"E": b.mul(b.parameter(0), b.power(b.state(0), 2))})
        >>> along = tangent(energy)
        >>> along.states, along.evaluate({"x": 3, "direction x": 1, "k": 2})
        (('x', 'direction x'), {'E': mpf('12.0')})
    """
    builder = tangent_builder(kernel)
    size = len(kernel.states)
    return _along(kernel, builder, {f"y{i}": builder.state(size + i) for i in range(size)})


@kept
def time_derivative(kernel: Kernel) -> Kernel:
    """The kernel of ∂(outputs)/∂t: states and parameters are held fixed; a jump has the slope beside it.

    Example:
        >>> b = Builder("switch", [], ["w"])
        >>> switch = b.kernel({"f": b.call("abs", b.mul(b.parameter(0), b.time))})
        >>> time_derivative(switch).evaluate({"w": 2, "t": -3})
        {'f': mpf('-2.0')}
    """
    return _along(kernel, Builder(f"{kernel.name} in time", kernel.states, kernel.parameters), {"t": ONE})


@kept
def parameter_derivative(kernel: Kernel, parameter: str) -> Kernel:
    """The kernel of ∂(outputs)/∂parameter: states, the other parameters and t are held fixed.

    Example:
        >>> b = Builder("drive", [], ["w"])
        >>> drive = b.kernel({"f": b.call("sin", b.mul(b.parameter(0), b.time))})
        >>> parameter_derivative(drive, "w").evaluate({"w": 0, "t": 3})
        {'f': mpf('3.0')}
    """
    builder = Builder(f"{kernel.name} in {parameter}", kernel.states, kernel.parameters)
    return _along(kernel, builder, {f"p{kernel.parameters.index(parameter)}": ONE})


@kept
def sensitivity_kernel(kernel: Kernel, parameters: tuple[str, ...]) -> Kernel:
    """The kernel of a right-hand side with those of its sensitivities, Ṡ_k = (∂f/∂y) S_k + ∂f/∂θ_k.

    States are the states y, then S of each parameter; a parameter that the kernel lacks has ∂f/∂θ = 0.

    Example:
        >>> b = Builder("decay", ["n"], ["rate"])
        >>> decay = b.kernel({"n": b.neg(b.mul(b.parameter(0), b.state(0)))})
        >>> sensitivity_kernel(decay, ("rate",)).evaluate({"n": 3, "n by rate": 1, "rate": 2})
        {'n': mpf('-6.0'), 'n by rate': mpf('-5.0')}
    """
    n, names = len(kernel.states), [f"{state} by {name}" for name in parameters for state in kernel.states]
    builder = Builder(f"{kernel.name} sensitivities", [*kernel.states, *names], kernel.parameters)
    outputs, found = dict[str, Operand](), dict[str, Operand]()
    for k, name in enumerate(parameters):
        slopes: dict[str, Operand] = {f"y{i}": builder.state((k + 1) * n + i) for i in range(n)}
        slopes |= {f"p{j}": ONE for j, one in enumerate(kernel.parameters) if one == name}
        values = _followed(kernel, builder, slopes)
        outputs = {one: values[operand] if isinstance(operand, str) else operand for one, operand in kernel.outputs}
        found |= {f"{one} by {name}": _slope_of(slopes, operand) for one, operand in kernel.outputs}
    return builder.kernel({**outputs, **found})


def _along(kernel: Kernel, builder: Builder, slopes: dict[str, Operand]) -> Kernel:
    """The kernel of the derivatives of the outputs, given those of inputs."""
    _followed(kernel, builder, slopes)
    return builder.kernel({name: _slope_of(slopes, operand) for name, operand in kernel.outputs})


def _slope_of(slopes: dict[str, Operand], operand: Operand) -> Operand:
    """The derivative of an operand."""
    return slopes.get(operand, ZERO) if isinstance(operand, str) else ZERO


def _followed(kernel: Kernel, builder: Builder, slopes: dict[str, Operand]) -> dict[str, Operand]:
    """The values of all steps; the derivatives of steps that have one are added to those of inputs."""
    values: dict[str, Operand] = {key: key for key in kernel.inputs}
    for step in kernel.steps:
        args = [values[arg] if isinstance(arg, str) else arg for arg in step.args]
        moved = [_slope_of(slopes, arg) for arg in step.args]
        value = values[step.name] = builder.apply(step.op, args)
        if not all(map(is_zero, moved)):
            slopes[step.name] = _slope(builder, step, value, args, moved)
    return values


def tangent_builder(kernel: Kernel) -> Builder:
    """A builder whose states are those of a kernel, then a direction."""
    states = [*kernel.states, *(f"direction {name}" for name in kernel.states)]
    return Builder(f"{kernel.name} tangent", states, kernel.parameters)


def _slope(builder: Builder, step: Operation, value: Operand, args: Sequence[Operand],
           moved: Sequence[Operand]) -> Operand:
    """The derivative of one step, given its value and the derivatives of its arguments."""
    if step.op in ("add", "sub", "neg"):
        return builder.apply(step.op, moved)
    if step.op == "mul":
        return builder.add(builder.mul(moved[0], args[1]), builder.mul(args[0], moved[1]))
    if step.op == "div":
        return builder.div(builder.sub(moved[0], builder.mul(value, moved[1])), args[1])
    if step.op == "pow":
        exponent = args[1]
        assert isinstance(exponent, Fraction)  # Kernel checks it on creation
        return builder.product([exponent, builder.power(args[0], exponent - 1), moved[0]])
    if step.op in ("min", "max"):
        smaller = builder.sub(args[1], args[0])
        return builder.choose(smaller if step.op == "min" else builder.neg(smaller), *moved)
    if step.op == "choose":
        return builder.choose(args[0], *moved[1:])
    return builder.mul(_derivative(builder, step.op, args[0], value), moved[0])


def _derivative(builder: Builder, function: str, x: Operand, value: Operand) -> Operand:
    """f′(x) of one of FUNCTIONS, given f(x)."""
    assert function in FUNCTIONS
    if function == "sqrt":
        return builder.div(Fraction(1, 2), value)
    if function == "exp":
        return value
    if function == "log":
        return builder.div(ONE, x)
    if function in ("sin", "cos"):
        other = builder.call("cos" if function == "sin" else "sin", x)
        return other if function == "sin" else builder.neg(other)
    if function in ("sinh", "cosh"):
        return builder.call("cosh" if function == "sinh" else "sinh", x)
    if function in ("abs", "sign", "heaviside"):
        return builder.call("sign", x) if function == "abs" else ZERO
    square = builder.mul(x, x)
    if function == "atan":
        return builder.div(ONE, builder.add(ONE, square))
    if function == "erf":
        factor = builder.div(Fraction(2), builder.call("sqrt", builder.pi))
        return builder.mul(factor, builder.call("exp", builder.mul(MINUS_ONE, square)))
    square = builder.mul(value, value)
    return builder.add(ONE, square) if function == "tan" else builder.sub(ONE, square)
