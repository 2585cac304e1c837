"""A proved bound of what a Taylor polynomial leaves out, in balls of Arb: Picard's boxes, Lagrange's remainder."""

from collections.abc import Sequence
from math import comb
from typing import Any

import sympy as sp

from qllg_sym.algebra.symbols import t
from qllg_sym.analysis.expansions.recursion import Numbers, Solve, recursion
from qllg_sym.equations.components import Components
from qllg_sym.errors import InputError, IntegrationError
from qllg_sym.flow.exact.balls import ball

BITS = 192
TRIALS = 12         # of boxes, each larger than the one before
STEPS = 2000        # that a time is cut into at most
WIDTH = 0.1         # radius of boxes at most: bounds over them grow fast with it
MORE = 8            # orders past n that are known at the start of a step

Series = list[Numbers]


def remainder(components: Components, coefficients: Sequence[Sequence[sp.Expr]],
              until: sp.Rational) -> tuple[sp.Rational, ...]:
    r"""Return r with $|y_i(t) - \sum_{k \le n} y_{i,k} t^k| \le r_i\, t^{n+1}$ for 0 ≤ t ≤ `until`, proved.

    The time is cut into steps. A box that $y + [0, h]\, \dot y(\mathrm{box})$ does not leave holds the solution through
    a step of length h (Picard and Lindelöf); there it is a Taylor polynomial of degree n + 8 about the beginning of
    the step, with Lagrange's remainder over the box. What it differs by from the polynomial about 0 is bounded term by
    term.

    Args:
        components: with numbers for all parameters.
        coefficients: y_0, …, y_n.
        until: T.

    Raises:
        InputError: python-flint is not installed, or a coefficient is not known to balls.
        IntegrationError: no such boxes are found.

    Source: R. E. Moore, Interval Analysis (1966); W. Tucker, Validated Numerics (2011), sec. 6.
    """
    try:
        import flint
    except ImportError:
        raise InputError("`remainder` must have python-flint, but it is not installed; "
                         "run pip install 'qllg_sym[verified]'.") from None
    kept = flint.ctx.prec
    try:
        flint.ctx.prec = BITS
        known = [[ball(y, flint).real for y in order] for order in coefficients]
        return tuple(map(_rational, _bounds(Motion(components, flint), known, until)))
    finally:
        flint.ctx.prec = kept


def _bounds(motion: "Motion", known: Series, until: sp.Rational) -> Numbers:
    """The largest |y − polynomial|/t^(n+1) of each state, step after step."""
    n, at, time, step = len(known) - 1, known[0], sp.S.Zero, until
    found: Numbers = [motion.point(0)] * len(at)
    while time < until:
        step = min(step, until - time, *([time / (n + 1)] if time else []))
        if (box := motion.box(at, time, step)) is None:
            step /= 2
            if step * STEPS < until:
                raise IntegrationError(f"`remainder` must be a time up to which the solution can be enclosed, but no "
                                       f"box holds it beyond {sp.N(time, 3)}; take a shorter time.")
            continue
        own = motion.orders(at, n + MORE, time, sp.S.Zero)
        own.append(motion.orders(box, n + MORE + 1, time, step)[-1])
        beginning, h = motion.point(time), motion.point(step)
        left = own[n + 1:] if time == 0 else [
            [x - y for x, y in zip(order, _about(known, k, beginning), strict=True)] for k, order in enumerate(own)]
        power = beginning**(n + 1) if time else motion.point(1)
        off = _summed([[abs(x) for x in order] for order in left], h)
        found = [motion.larger(b, x / power) for b, x in zip(found, off, strict=True)]
        at = _summed(own, h)
        time, step = time + step, step * 3 / 2
    return found


def _about(known: Series, k: int, beginning: Any) -> Numbers:
    """The k-th coefficient of the polynomial about another time."""
    terms = [[comb(m, k) * y for y in known[m]] for m in range(k, len(known))]
    return _summed(terms, beginning) if terms else [0 * y for y in known[0]]


def _summed(orders: Series, h: Any) -> Numbers:
    """Σ y_k h^k."""
    *rest, total = orders
    for order in reversed(rest):
        total = [x * h + y for x, y in zip(total, order, strict=True)]
    return total


class Motion:
    """The equations of motion in balls."""

    def __init__(self, components: Components, flint: Any) -> None:
        self._flint, self._recursion = flint, recursion(components)
        self._derivatives = [[*components.polynomials[0].ring.symbols[2 * len(components.states):]]]

    def orders(self, box: Numbers, n: int, time: sp.Rational, step: sp.Rational) -> list[Numbers]:
        """Taylor coefficients up to n, over all starts in a box and all times of a step."""
        times = self._flint.acb(self.point(time).union(self.point(time + step)))
        return self._recursion.run(box, lambda k: self._coefficients(k, times), n, self.point, self._solver)

    def box(self, start: Numbers, time: sp.Rational, step: sp.Rational) -> Numbers | None:
        """A box that holds all solutions from a start through a step; None where none is found."""
        found = start
        for _ in range(TRIALS):
            wider = [x + (x - x.mid()) / 4 + self._flint.arb(0, 1e-9) for x in found]
            if (image := self._image(start, wider, time, step)) is None:
                return None
            if any(x.rad() > WIDTH for x in wider):
                return None
            if all(x.contains_interior(y) for x, y in zip(wider, image, strict=True)):
                return self._image(start, image, time, step) or image
            found = [x.union(y) for x, y in zip(found, image, strict=True)]
        return None

    def point(self, number: Any) -> Any:
        """A rational as a ball."""
        return self._flint.arb(self._flint.fmpq(int(number.numerator), int(number.denominator)))

    def larger(self, one: Any, other: Any) -> Any:
        """The larger of two upper bounds."""
        return one.upper().max(other.upper())

    def _image(self, start: Numbers, box: Numbers, time: sp.Rational, step: sp.Rational) -> Numbers | None:
        """y_0 + [0, h] ẏ(box); None where the mass cannot be inverted over the box."""
        try:
            velocity = self.orders(box, 1, time, step)[1]
        except ZeroDivisionError:
            return None
        through = self.point(0).union(self.point(step))
        reached = [y + through * v for y, v in zip(start, velocity, strict=True)]
        return reached if all(x.is_finite() for x in reached) else None

    def _coefficients(self, k: int, times: Any) -> Numbers:
        while len(self._derivatives) <= k:
            self._derivatives.append([sp.diff(d, t) for d in self._derivatives[-1]])
        return [_over(d / sp.factorial(k), times, self._flint).real for d in self._derivatives[k]]

    def _solver(self, mass: dict[tuple[int, int], Any]) -> Solve:
        n, zero = self._recursion.count, self._flint.arb(0)
        matrix = self._flint.arb_mat(n, n, [mass.get((i, j), zero) for i in range(n) for j in range(n)])
        return lambda right: matrix.solve(self._flint.arb_mat(n, 1, right)).entries()


def _over(expression: Any, time: Any, flint: Any) -> Any:
    """An expression in t over a ball of times; roots of what depends on t have a cut, and are not taken."""
    try:
        if all(x.exp.is_Integer for x in expression.atoms(sp.Pow) if t in x.free_symbols):
            return ball(expression, flint, {t: time})
    except InputError:
        pass
    raise InputError(f"`remainder` must know every coefficient in balls, but {expression} is new to it; leave it out.")


def _rational(bound: Any) -> sp.Rational:
    """A rational not below an upper bound."""
    mantissa, exponent = bound.upper().man_exp()
    return sp.Rational(int(mantissa)) * sp.Rational(2)**int(exponent)
