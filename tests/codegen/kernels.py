"""Kernels to test with: every construct there is, random arithmetic, the shape of a real right-hand side."""

import random
from fractions import Fraction

from qllg_sym.codegen.builder import Builder
from qllg_sym.codegen.elimination import eliminate
from qllg_sym.codegen.kernel import FUNCTIONS, Kernel, Operation

HOSTILE_STATES = (
    "double", "lambda", "T_xx", "a'b\"c", "{x}", "{0}%s", "*/ #error closed", "??/", "tail\\", "line\nbreak", "ψ̇", "",
    "y_1", "1", "x0", "np", "\ud800", "/* open", "ends in newline\n", "\\u000a", "m", "row",
    "__import__('os')", "a" * 500, "$(touch x)",
)  # fmt: skip
HOSTILE_PARAMETERS = (
    "for",
    "dy",
    "p",
    "0",
    "\\kappa",
    "B_{x}",
    "\x00\x07\x7f",
    "`id`",
    "if",
    "None",
    "sin",
    "i",
    "width",
    "stride",
)


def contract_kernel():
    """A kernel with every operation, constant and kind of name there is; raw steps, so that no Builder tidies them."""
    steps: list[Operation] = []

    def step(op, *args):
        steps.append(Operation(f"x{len(steps)}", op, args))
        return steps[-1].name

    outputs = []
    for i, function in enumerate(FUNCTIONS):
        positive = step("add", Fraction(3, 2), step("mul", f"y{i}", f"y{i}"))
        outputs.append(step("neg", step(function, positive)))
    a, b, c = "y7", "y8", "p0"
    outputs += [
        step("sub", a, step("sub", b, step("sub", c, "t"))),
        step("sub", step("neg", step("neg", a)), step("neg", step("neg", step("neg", b)))),
        step("mul", step("neg", a), step("add", b, Fraction(-2, 7))),
        step("div", a, step("div", b, step("mul", c, step("div", "p1", "p2")))),
        step("mul", Fraction(-1, 3), step("mul", Fraction(2**70 + 1), step("mul", Fraction(1, 2**70), a))),
        step("pow", step("sub", a, b), Fraction(-3)),
        step("pow", step("neg", a), Fraction(4)),
        step("neg", step("pow", step("neg", a), Fraction(3))),
        step("add", Fraction(10**25, 3 * 10**24 + 1), step("sub", Fraction(-5), Fraction(-1, 6))),
        step("mul", step("sin", "t"), step("cos", step("mul", "t", step("pi")))),
        step("add", step("sqrt", Fraction(2)), step("exp", Fraction(-1, 2))),
        step("div", step("add", a, b), step("sub", step("add", "p3", "p4"), step("neg", "p5"))),
        step("mul", step("div", a, "p6"), step("div", b, "p6")),
        step("min", step("sub", a, b), step("neg", "t")), step("max", a, step("mul", b, c)),
        step("choose", step("sub", a, b), step("neg", a), step("add", b, "t")),
        step("choose", step("sub", b, a), step("neg", a), step("add", b, "t")),
        step("abs", step("sub", a, "y9")), step("sign", step("sub", "y9", a)), step("heaviside", step("neg", a)),
        step("mul", step("erf", step("div", a, Fraction(3))), step("atan", step("neg", b))),
        "y23", "t", Fraction(-7, 3), step("pi"), Fraction(0),
    ]  # fmt: skip
    total = "t"
    for key in (*(f"y{i}" for i in range(len(HOSTILE_STATES))), *(f"p{i}" for i in range(len(HOSTILE_PARAMETERS)))):
        total = step("add", total, key)  # so that every name becomes a local variable
    outputs.append(total)
    names = [f"out {i}" for i in range(len(outputs) - 1)] + ['*/ "??/ \\']
    return Kernel(
        "int */ main", HOSTILE_STATES, HOSTILE_PARAMETERS, tuple(steps), tuple(zip(names, outputs, strict=True))
    )


def rational_kernel(seed, steps=60, states=4, parameters=2):
    """A random raw kernel of rational arithmetic, with duplicates, dead steps and shared divisors."""
    rng = random.Random(seed)
    pool = ["t", *(f"y{i}" for i in range(states)), *(f"p{i}" for i in range(parameters))]
    constants = [Fraction(n, d) for n in (-2, -1, 0, 1, 3) for d in (1, 2, 3)]
    made: list[Operation] = []
    divisors = [f"p{i}" for i in range(parameters)]
    for _ in range(steps):
        op = rng.choice(["add", "sub", "mul", "mul", "neg", "div", "pow"])
        args = [rng.choice(pool[-12:] + pool[:6]) if rng.random() < 0.8 else rng.choice(constants) for _ in range(2)]
        if op == "div":
            args[1] = rng.choice(divisors)
        elif op == "pow":
            args = [rng.choice(divisors), Fraction(rng.randint(-3, 3))]
        elif op == "neg":
            args = args[:1]
        made.append(Operation(f"x{len(made)}", op, tuple(args)))
        pool.append(made[-1].name)
    outputs = tuple((f"o{i}", pool[-1 - 3 * i]) for i in range(5))
    return Kernel(
        "random", tuple(f"s{i}" for i in range(states)), tuple(f"q{i}" for i in range(parameters)), tuple(made), outputs
    )


def skew_kernel(size, density=0.5, seed=1):
    """The solution of (1 + S(y)) x = b(y) with a random sparse skew S: the shape of every right-hand side here."""
    rng = random.Random(seed)
    builder = Builder("skew", [f"T_{i}" for i in range(size)], ["J", "kappa"])
    matrix = {(i, i): Fraction(1) for i in range(size)}
    for i in range(size):
        for j in range(i):
            if rng.random() < density:
                matrix[i, j] = builder.mul(builder.parameter(1), builder.state(rng.randrange(size)))
                matrix[j, i] = builder.neg(matrix[i, j])
    rhs = [
        builder.mul(
            builder.parameter(0),
            builder.sub(builder.state(rng.randrange(size)), builder.mul(Fraction(1, 3), builder.state(i))),
        )
        for i in range(size)
    ]
    solution = eliminate(builder, matrix, rhs)
    return builder.kernel({f"T_{i}": value for i, value in enumerate(solution)})
