"""Grows a kernel one operation at a time, simplified exactly as it grows."""

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from qllg_sym.codegen.closed import Closed
from qllg_sym.codegen.kernel import FUNCTIONS, KINKED, LARGEST_EXPONENT, Kernel, Operand, Operation, live
from qllg_sym.errors import CodegenError

ZERO, ONE, MINUS_ONE = Fraction(0), Fraction(1), Fraction(-1)
LARGEST_UNROLLED_POWER = 64  # above it `pow` is the better code
LARGEST_FOLDED_BITS = 100_000  # constants beyond this size stay unevaluated steps
ODD_FUNCTIONS = frozenset({"sin", "tan", "tanh", "sinh", "atan", "erf", "sign"})
EVEN_FUNCTIONS = frozenset({"cos", "cosh", "abs"})
VALUES_AT_ZERO = {"sin": ZERO, "cos": ONE, "tan": ZERO, "exp": ONE, "tanh": ZERO, "sqrt": ZERO, "sinh": ZERO,
                  "cosh": ONE, "atan": ZERO, "erf": ZERO}


def is_zero(a: Operand) -> bool:
    """Whether an operand is the constant 0; comparing a name with a Fraction is slow, and this is asked often."""
    return type(a) is Fraction and not a


class Builder:
    """Builds a Kernel with value numbering: the same operation on the same operands is one step.

    Constants are folded exactly; 0, 1 and −1 vanish; signs move outwards, so that a sum ends as one subtraction.
    Rewrites hold in exact real arithmetic wherever both sides are defined (x/x is 1, 0·x is 0).

    Args:
        name: what the kernel computes.
        states: names of the states.
        parameters: names of the parameters.

    Example:
        >>> b = Builder("area", ["a", "b"], [])
        >>> kernel = b.kernel({"minus area": b.mul(b.neg(b.state(0)), b.state(1))})
        >>> kernel.steps
        (Operation(name='x0', op='mul', args=('y0', 'y1')), Operation(name='x1', op='neg', args=('x0',)))
    """

    def __init__(self, name: str, states: Iterable[str], parameters: Iterable[str]) -> None:
        """Begin with no steps."""
        self._frame = Kernel(name, tuple(states), tuple(parameters), (), ())
        # Commutative operands are sorted by this rank: time, parameters, states, then steps by age.
        inputs = sorted(self._frame.inputs[1:], key=lambda key: (key[0], int(key[1:])))
        self._rank: dict[Operand, int] = {key: rank for rank, key in enumerate(("t", *inputs))}
        self._steps: dict[Operand, Operation] = {}
        self._numbers: dict[tuple[str, tuple[Operand, ...]], str] = {}

    @property
    def time(self) -> Operand:
        """The time t."""
        return "t"

    def state(self, index: int) -> Operand:
        """The state number `index`."""
        return self._known(f"y{index}")

    def parameter(self, index: int) -> Operand:
        """The parameter number `index`."""
        return self._known(f"p{index}")

    @property
    def pi(self) -> Operand:
        """The constant π."""
        return self._step("pi")

    def closed(self, expression: Any) -> Operand:
        """A closed constant: a real SymPy expression without symbols."""
        return self._step(Closed(expression))

    def constant(self, value: int | Fraction) -> Operand:
        """The exact constant `value`; a float is refused, since it would not be exact."""
        if isinstance(value, bool) or not isinstance(value, int | Fraction):
            raise CodegenError(f"`value` must be an int or a Fraction, but is {value!r}; write 0.1 as Fraction(1, 10).")
        return Fraction(value)

    def add(self, a: Operand, b: Operand) -> Operand:
        """The sum a + b."""
        if type(a) is Fraction and type(b) is Fraction:
            return a + b
        if is_zero(a) or is_zero(b):
            return self._known(b if is_zero(a) else a)
        (a_sign, a), (b_sign, b) = self._signed(a), self._signed(b)
        if a_sign != b_sign:
            return self._difference(a, b) if b_sign < 0 else self._difference(b, a)
        if a == b:
            return self._with_sign(a_sign, self.mul(Fraction(2), a))
        return self._with_sign(a_sign, self._step("add", *self._sorted(a, b)))

    def sub(self, a: Operand, b: Operand) -> Operand:
        """The difference a − b."""
        return self.add(a, self.neg(b))

    def neg(self, a: Operand) -> Operand:
        """The opposite −a."""
        if type(a) is Fraction:
            return -a
        step = self._steps.get(a)
        return step.args[0] if step and step.op == "neg" else self._step("neg", a)

    def mul(self, a: Operand, b: Operand) -> Operand:
        """The product a·b."""
        if type(a) is Fraction and type(b) is Fraction:
            return a * b
        if is_zero(a) or is_zero(b):
            return ZERO
        (a_sign, a), (b_sign, b) = self._signed(a), self._signed(b)
        a, b = self._sorted(a, b)
        sign = a_sign * b_sign
        if type(a) is Fraction:
            a, b = self._gathered(a, b)
            if a == ONE:
                return self._with_sign(sign, self._known(b))
        return self._with_sign(sign, self._step("mul", a, b))

    def div(self, a: Operand, b: Operand) -> Operand:
        """The quotient a/b; a constant b is multiplied by its inverse."""
        if is_zero(b):
            raise CodegenError("`b` must not be zero in a division, but is the constant 0; cancel the factor first.")
        if type(b) is Fraction:
            return self.mul(a, 1 / b)
        if is_zero(a) or a == b:
            return ZERO if is_zero(a) else ONE
        (a_sign, a), (b_sign, b) = self._signed(a), self._signed(b)
        return self._with_sign(a_sign * b_sign, ONE if a == b else self._step("div", a, b))

    def power(self, a: Operand, exponent: int | Fraction) -> Operand:
        """The power a**exponent for an integer or half-integer exponent, by repeated squaring where that is short."""
        exponent = Fraction(exponent)
        if exponent.denominator == 2:
            return self.power(self.call("sqrt", a), exponent.numerator)
        if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT:
            raise CodegenError(f"`exponent` must be an integer or half-integer of at most 2^53, but is {exponent}.")
        n = int(exponent)
        if n < 0 and abs(n) <= LARGEST_UNROLLED_POWER:
            return self.div(ONE, self.power(a, -n))
        if type(a) is Fraction and (a or n >= 0) and _bits(a) * abs(n) <= LARGEST_FOLDED_BITS:
            return a**n
        if abs(n) <= LARGEST_UNROLLED_POWER:
            return self._unrolled(a, n)
        sign, base = self._signed(a)
        return self._with_sign(sign if n % 2 else 1, self._step("pow", base, exponent))

    def call(self, function: str, a: Operand) -> Operand:
        """One of `FUNCTIONS` of a; log is the natural one, heaviside is 1/2 at 0."""
        if function not in FUNCTIONS:
            raise CodegenError(f"`function` must be one of {', '.join(FUNCTIONS)}, but is {function!r}; rewrite it.")
        if type(a) is Fraction:
            return self._call_of_constant(function, a)
        sign, argument = self._signed(a)
        if function in ODD_FUNCTIONS:
            return self._with_sign(sign, self._step(function, argument))
        return self._step(function, argument if function in EVEN_FUNCTIONS else a)

    def min(self, a: Operand, b: Operand) -> Operand:
        """The smaller one of a and b."""
        return self._extreme("min", a, b)

    def max(self, a: Operand, b: Operand) -> Operand:
        """The larger one of a and b."""
        return self._extreme("max", a, b)

    def choose(self, c: Operand, a: Operand, b: Operand) -> Operand:
        """Either a, where c > 0, or b."""
        if type(c) is Fraction:
            return self._known(a if c > 0 else b)
        return self._known(a) if a == b else self._step("choose", c, a, b)

    def apply(self, op: str, args: Sequence[Operand]) -> Operand:
        """The same operation on other operands."""
        if op in FUNCTIONS:
            return self.call(op, args[0])
        if op == "pi" or isinstance(op, Closed):
            return self._step(op)
        if op == "pow":
            exponent = args[1]
            assert isinstance(exponent, Fraction)  # Kernel checks it on creation
            return self.power(args[0], exponent)
        result: Operand = getattr(self, op)(*args)
        return result

    def sum(self, operands: Iterable[Operand]) -> Operand:
        """The sum of the operands, from left to right; 0 for none."""
        total: Operand = ZERO
        for operand in operands:
            total = self.add(total, operand)
        return total

    def product(self, operands: Iterable[Operand]) -> Operand:
        """The product of the operands, from left to right; 1 for none."""
        total: Operand = ONE
        for operand in operands:
            total = self.mul(total, operand)
        return total

    def kernel(self, outputs: Mapping[str, Operand]) -> Kernel:
        """The kernel that computes `outputs`; steps that no output needs are dropped."""
        frame = self._frame
        steps, renamed = live(self._steps.values(), {name: self._known(operand) for name, operand in outputs.items()})
        return Kernel(frame.name, frame.states, frame.parameters, steps, tuple(renamed.items()), merged=True)

    def _extreme(self, op: str, a: Operand, b: Operand) -> Operand:
        """The smaller or the larger one of two operands."""
        if type(a) is Fraction and type(b) is Fraction:
            return (a if a < b else b) if op == "min" else (b if a < b else a)
        return self._known(a) if a == b else self._step(op, *self._sorted(a, b))

    def _known(self, operand: Operand) -> Operand:
        """The operand itself, if this builder made it."""
        if type(operand) is Fraction or operand in self._rank:
            return operand
        raise CodegenError(
            f"An operand must come from this builder, but {operand!r} does not; make it with its methods."
        )

    def _step(self, op: str, *args: Operand) -> str:
        """The name of the step `op(args)`, made now if it is new."""
        key = (op, args)
        name = self._numbers.get(key)
        if name is None:
            for arg in args:
                self._known(arg)
            name = self._numbers[key] = f"x{len(self._steps)}"
            self._rank[name] = len(self._rank)
            self._steps[name] = Operation(name, op, args)
        return name

    def _signed(self, a: Operand) -> tuple[int, Operand]:
        """The sign and the rest of an operand: (−1, b) where a is −b."""
        if type(a) is Fraction:
            return (-1, -a) if a < 0 else (1, a)
        step = self._steps.get(a)
        return (-1, step.args[0]) if step and step.op == "neg" else (1, a)

    def _with_sign(self, sign: int, a: Operand) -> Operand:
        """The operand times ±1."""
        return self.neg(a) if sign < 0 else a

    def _difference(self, a: Operand, b: Operand) -> Operand:
        """The difference a − b of operands without sign; reuses b − a where that is a step already."""
        if a == b:
            return ZERO
        if ("sub", (b, a)) in self._numbers:
            return self._step("neg", self._step("sub", b, a))
        return self._step("sub", a, b)

    def _sorted(self, a: Operand, b: Operand) -> tuple[Operand, Operand]:
        """Both operands, constants first, then by rank."""
        if type(a) is Fraction:
            return a, b
        if type(b) is Fraction:
            return b, a
        return (a, b) if self._rank.get(a, -1) <= self._rank.get(b, -1) else (b, a)

    def _gathered(self, constant: Fraction, b: Operand) -> tuple[Operand, Operand]:
        """The factors of constant·b with one constant in front."""
        step = self._steps.get(b)
        if step and step.op == "mul" and type(step.args[0]) is Fraction:
            return constant * step.args[0], step.args[1]
        return constant, b

    def _unrolled(self, a: Operand, n: int) -> Operand:
        """The power a**n, n ≥ 0, by repeated squaring."""
        result: Operand = ONE
        square = a
        while n:
            if n & 1:
                result = self.mul(result, square)
            n >>= 1
            square = self.mul(square, square) if n else square
        return result

    def _call_of_constant(self, function: str, a: Fraction) -> Operand:
        """A function of a constant, folded where the value is rational."""
        if (function == "sqrt" and a < 0) or (function == "log" and a <= 0):
            raise CodegenError(
                f"The argument of {function} must keep it real, but is {a}; kernels have no complex numbers."
            )
        if function == "log" and a == 1:
            return ZERO
        if function in KINKED:
            sign = Fraction((a > 0) - (a < 0))
            return {"abs": abs(a), "sign": sign, "heaviside": (1 + sign) / 2}[function]
        if a == 0:
            return VALUES_AT_ZERO[function]
        root = Fraction(math.isqrt(a.numerator), math.isqrt(a.denominator)) if function == "sqrt" else ZERO
        if root and root * root == a:
            return root
        if function in ODD_FUNCTIONS and a < 0:
            return self._step("neg", self._step(function, -a))
        return self._step(function, abs(a) if function in EVEN_FUNCTIONS else a)


def _bits(a: Fraction) -> int:
    """The size of a constant."""
    return max(a.numerator.bit_length(), a.denominator.bit_length())
