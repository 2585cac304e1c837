"""What signals are given as → polynomials from piece to piece: splines of samples, interpolations of functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields, short
from qllg_sym.algebra.signals import Signal
from qllg_sym.codegen.samples import checked_samples
from qllg_sym.errors import InputError, InputTypeError, warn
from qllg_sym.flow.splines import nodes, with_fewer_pieces

Array = NDArray[Any]
CUBIC, DEGREE = 3, 7    # of splines, and of what interpolates functions: the 12 nodes of a step show all of either
MANY = 50               # samples from which neighbouring pieces of a spline are joined
SEEN = 0.1              # of the tolerance of a step: how far a joined piece may be from the spline
SHARE = 200             # of the times asked for: the features that a function is taken to have where nothing is said
ACCURACY = 1e-12        # of an interpolation, in units of the largest value
MOST = 2**14            # pieces of one function
FINEST = 16             # narrowest piece, in units in the last place of the time


@dataclass(frozen=True, eq=False, repr=False)
class Waveform(ByFields):
    """A signal with its values: Σ_j c_j u^j on each piece, with u from 0 to 1, or from −1 to 1 where it is centred.

    Attributes:
        edges: of the pieces, ascending, (n + 1,).
        coefficients: c, (n, degree + 1).
        centred: where u is 0 in the middle of a piece.
        given: the times and samples that it goes through; None where it is something else.
        assumed: what nothing said, that a function has no feature narrower than this; 0 where it was said.

    >>> line = Waveform(np.array([0.0, 2.0]), np.array([[1.0, 4.0]]))
    >>> line(0.5), line.at(0.5)
    (2.0, (0.0, 0.5, (1.0, 4.0)))
    """

    edges: Array
    coefficients: Array
    centred: bool = False
    given: Any = None
    assumed: float = 0.0

    @property
    def degree(self) -> int:
        """The degree of its polynomials."""
        return self.coefficients.shape[1] - 1

    def at(self, t: float) -> tuple[float, float, tuple[float, ...]]:
        """Return (origin, rate, coefficients) of the piece at a time: u = (t − origin) · rate."""
        k = int(np.clip(np.searchsorted(self.edges, t, side="right") - 1, 0, len(self.coefficients) - 1))
        left, right = self.edges[k:k + 2].tolist()
        row = tuple(self.coefficients[k].tolist())
        return (0.5 * (left + right), 2 / (right - left), row) if self.centred else (left, 1 / (right - left), row)

    def __call__(self, t: float) -> float:
        """Return the value at a time."""
        origin, rate, coefficients = self.at(t)
        return float(np.polynomial.polynomial.polyval((t - origin) * rate, coefficients))


class SignalValues:
    """What a signal is given as, on its way to where the times are known: samples, or a function."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def __repr__(self) -> str:
        return "a function" if callable(self.what) else "times and samples"


def wrapped(values: Any) -> Any:
    """Return values with functions and pairs of lists apart from numbers; no mapping as it is.

    >>> wrapped({"J": 1.0, "f": abs, "g": ([0, 1], [2, 3])})
    {'J': 1.0, 'f': a function, 'g': times and samples}
    """
    if not isinstance(values, Mapping):
        return values
    return {key: SignalValues(value) if _is_signal(value) else value for key, value in values.items()}


def _is_signal(value: Any) -> bool:
    """Return whether a value is a function, or (times, samples)."""
    if callable(value) and not isinstance(value, type) and not hasattr(value, "free_symbols"):
        return True
    return isinstance(value, tuple) and len(value) == 2 and all(hasattr(part, "__len__") for part in value) \
        and not any(isinstance(part, str) for part in value)


def waveform(signal: Signal, given: Any, begin: float, end: float, tolerance: float = 1e-10) -> Waveform:
    """Return a signal with its values on an interval of times.

    Args:
        signal: the signal.
        given: samples or a function, wrapped; or a number, which it is always.
        begin: first time.
        end: last time.
        tolerance: relative one of a step.

    Raises:
        InputError, InputTypeError: none of these; samples that do not reach so far, are too few, do not ascend in time,
            or are not real and finite; a function whose values are not.

    Warns:
        QllgWarning: a function of which nothing says how fine it is.
    """
    name = f"`values[{signal.name!r}]`"
    if not isinstance(given, SignalValues):
        return Waveform(np.array([begin, max(end, np.nextafter(begin, np.inf))]),
                        np.array([[_number(name, given, None)]]))
    found = _called(signal, name, given.what, begin, end) if callable(given.what) else \
        _sampled(signal, name, given.what, begin, end, tolerance)
    return found


def _sampled(signal: Signal, name: str, given: Any, begin: float, end: float, tolerance: float) -> Waveform:
    """Return the cubic spline through samples, zero outside the support; fewer polynomials where nobody can tell."""
    from scipy.interpolate import CubicSpline

    times, samples = checked_samples(name, given)
    parts = _support(signal, begin, end)
    if parts and (parts[0][0] < times[0] or parts[-1][1] > times[-1]):
        raise InputError(f"{name} must reach over all times, but goes from {times[0]:g} to {times[-1]:g} and is asked "
                         f"for from {parts[0][0]:g} to {parts[-1][1]:g}; give more samples, or the signal's support.")
    spline, miss = CubicSpline(times, samples), SEEN * tolerance * float(abs(samples).max())
    degree = CUBIC if len(times) < MANY else DEGREE
    edges, rows = [np.array([begin])], []
    for a, b in parts:
        if a > edges[-1][-1]:
            rows.append(np.zeros((1, degree + 1)))
            edges.append(np.array([a]))
        inside = np.concatenate([[a], times[(times > a) & (times < b)], [b]])
        ends, found = with_fewer_pieces(spline, inside, degree, miss)
        rows.append(found)
        edges.append(ends[1:])
    if end > edges[-1][-1] or not rows:
        rows.append(np.zeros((1, degree + 1)))
        edges.append(np.array([max(end, np.nextafter(edges[-1][-1], np.inf))]))
    return Waveform(np.concatenate(edges), np.concatenate(rows), centred=True, given=(times, samples))


def _support(signal: Signal, begin: float, end: float) -> list[tuple[float, float]]:
    """Return where a signal is not zero, within the times."""
    parts = signal.support or ((begin, end),)
    return [(max(a, begin), min(b, end)) for a, b in parts if a < end and b > begin]


def _number(name: str, value: Any, t: float | None) -> float:
    """Return a real, finite number."""
    at = "" if t is None else f" at t = {t:g}"
    try:
        number = float(value.real if isinstance(value, complex) and not value.imag else value)
    except (TypeError, ValueError):
        raise InputTypeError(f"{name} must be (times, samples), a function of time with real values, or a number, but "
                             f"is {short(value)}{at}; give real numbers.") from None
    if not np.isfinite(number):
        raise InputError(f"{name} must be finite, but is {number}{at}; give finite values.")
    return number


def _called(signal: Signal, name: str, function: Callable[[float], Any], begin: float, end: float) -> Waveform:
    """Return the interpolation of a function, zero outside the support."""
    parts = _support(signal, begin, end)
    finest = signal.resolution or (sum(b - a for a, b in parts) or 1.0) / SHARE
    if not signal.resolution and parts:
        warn(f"{name} is a function, of which it is assumed that no feature is narrower than {finest:.3g}; say what "
             f"holds with signal({signal.name!r}, resolution=…).")
    look = _Interpolation(lambda t: _number(name, _value(name, function, t), t), name)
    edges, rows = [begin], []
    for a, b in parts:
        if a > edges[-1]:
            rows.append(np.zeros(DEGREE + 1))
            edges.append(a)
        count = max(1, int(np.ceil((b - a) / (2 * finest))))    # at least three looks at every feature
        for _, right, row in look.pieces(np.linspace(a, b, count + 1)):
            rows.append(row)
            edges.append(right)
    if end > edges[-1] or not rows:
        rows.append(np.zeros(DEGREE + 1))
        edges.append(max(end, np.nextafter(edges[-1], np.inf)))
    return Waveform(np.array(edges), np.array(rows), centred=True, assumed=0.0 if signal.resolution else finest)


def _value(name: str, function: Callable[[float], Any], t: float) -> Any:
    """Return what a user's function gives."""
    try:
        return function(t)
    except Exception as error:
        raise InputError(f"{name} must be a function of time, but at t = {t:g} it raises {type(error).__name__} "
                         f"({error}); mend it there.") from error


class _Interpolation:
    """Polynomials through a function at Chebyshev's points, on pieces halved until they hold between them."""

    def __init__(self, function: Callable[[float], float], name: str) -> None:
        self._function, self._name, self._size, self._count = function, name, 0.0, 0
        self._nodes = nodes(DEGREE)
        self._checks = 0.5 * (self._nodes[1:] + self._nodes[:-1])
        self._inverse = np.linalg.inv(np.vander(self._nodes, increasing=True))
        self._between = np.vander(self._checks, DEGREE + 1, increasing=True)

    def pieces(self, edges: Array) -> list[tuple[float, float, Array]]:
        """Return (begin, end, coefficients) of the pieces that a span is halved into."""
        todo = [(float(a), float(b)) for a, b in zip(edges[-2::-1], edges[:0:-1], strict=True)]
        found, least = [], FINEST * np.spacing(float(abs(edges).max()))
        while todo:
            a, b = todo.pop()
            row, error = self._through(a, b)
            if error > ACCURACY * self._size and b - a > least:
                todo += [(0.5 * (a + b), b), (a, 0.5 * (a + b))]
                self._count += 1
                if self._count > MOST:
                    raise InputError(f"{self._name} must be a function that polynomials follow from piece to piece, "
                                     f"but near t = {a:g} none does; give samples of it.")
                continue
            found.append((a, b, row))
        return found

    def _through(self, a: float, b: float) -> tuple[Array, float]:
        """Return the polynomial of a piece, and what it misses between its nodes."""
        values, between = (np.array([self._function(a + 0.5 * (b - a) * (1 + x)) for x in places.tolist()])
                           for places in (self._nodes, self._checks))
        self._size = max(self._size, float(abs(values).max()))
        row = self._inverse @ values
        return row, float(abs(self._between @ row - between).max())
