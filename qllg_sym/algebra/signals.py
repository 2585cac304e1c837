"""Signals: unknown real functions of time, which algebra takes for letters; their values come with the numbers."""

from typing import Any

import sympy as sp

from qllg_sym.algebra.symbols import t


class Attached(sp.Atom):
    """What a signal that is written with its values has for them: a function, or (times, samples).

    >>> Attached(abs) == Attached(abs), Attached(abs) == Attached(len)
    (True, False)
    """

    __slots__ = ("what",)
    what: Any

    def __new__(cls, what: Any) -> "Attached":
        """Keep it."""
        made: Attached = super().__new__(cls)  # type: ignore[no-untyped-call]
        made.what = what
        return made

    def __getnewargs__(self) -> tuple[Any]:
        """What a copy is made of."""
        return (self.what,)

    def _hashable_content(self) -> tuple[int]:
        return (id(self.what),)

    def _sympystr(self, printer: Any) -> str:
        return "values"


class Signal(sp.Function):
    """The value at a time of a function that is known by name alone.

    Its arguments are the time, the name, the intervals outside which it is zero, how finely it must be looked at, and,
    where it was written with them, its values.

    >>> pulse = Signal(t, sp.core.symbol.Str("pulse"), sp.Tuple(), sp.S.Zero)
    >>> pulse, pulse.name, pulse.is_real, sorted(map(str, (2*pulse).free_symbols))
    (pulse(t), 'pulse', True, ['t'])
    """

    nargs = (4, 5)
    is_real = is_extended_real = is_finite = True

    @classmethod
    def eval(cls, *args: Any) -> None:
        """Stay as it is."""

    @property
    def name(self) -> str:
        """The name, by which `values` give it."""
        return str(self._given[1].name)

    @property
    def support(self) -> tuple[tuple[float, float], ...]:
        """Intervals outside which it is zero; () for everywhere."""
        return tuple((float(a), float(b)) for a, b in self._given[2])

    @property
    def resolution(self) -> float:
        """What it has no features narrower than, 0 where that is not said."""
        return float(self._given[3])

    @property
    def values(self) -> Any:
        """The values that it was written with, None for a name alone."""
        return self._given[4].what if len(self.args) > 4 else None

    @property
    def _given(self) -> Any:
        """The arguments."""
        return self.args

    def _eval_derivative(self, symbol: Any) -> Any:
        return sp.Derivative(self, symbol, evaluate=False) if symbol in self.args[0].free_symbols else sp.S.Zero

    def _sympystr(self, printer: Any) -> str:
        return f"{self.name}({printer.doprint(self.args[0])})"

    def _sympyrepr(self, printer: Any) -> str:
        return self._sympystr(printer)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        word = self.name if len(self.name) == 1 else rf"\mathrm{{{self.name}}}".replace("_", r"\_")
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"{word}{power}\left({sp.latex(self.args[0])}\right)"


def signals_in(expressions: Any) -> set[Signal]:
    """Return the signals at time t in some expressions.

    >>> signals_in([sp.Symbol("a") + 1])
    set()
    """
    found: set[Signal] = set()
    for expression in expressions:
        found |= {signal for signal in expression.atoms(Signal) if signal.args[0] == t}
    return found
