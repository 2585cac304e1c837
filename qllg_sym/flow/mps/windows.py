"""H/ħ as a sum of operators on windows: runs of w neighbouring sites, of which the widest term needs one."""

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.errors import InputError
from qllg_sym.flow.hamiltonians.dense import numeric_part, string_entries
from qllg_sym.flow.problem import Problem
from qllg_sym.memo import kept
from qllg_sym.model.model import Model

Array = NDArray[Any]
LARGEST = 64        # dimension of a window: theta then is 64 times a matrix of the bond dimension
RING = "number the sites so that coupled ones are near: a ring as 0, n−1, 1, n−2, …"


class Windows:
    """The operators of a model on windows, each times an amplitude f_g(t).

    A string of operators is shared in equal parts by all windows that hold its sites.

    Args:
        model: the Hamiltonian, of at least two sites.

    Attributes:
        dims: of the sites.
        width: w, how many sites a window has.
        starts: the first site of each window, 0 … N − w.

    Raises:
        InputError: fewer than two sites, a matrix on all sites, or a term that is too wide.

    >>> from qllg_sym import Exchange, Space, Zeeman, chain
    >>> windows = Windows(Model(Space.half(4), [*chain(4, Exchange, 1), Zeeman((0, 0, 1))]))
    >>> windows.width, windows.at(np.array([1.0, 1.0]))[1].real.diagonal().tolist()
    (2, [0.5, -1.0, -1.0, 1.5])
    """

    def __init__(self, model: Model) -> None:
        self.dims = model.space.dimensions
        strings = _strings(model)
        self.width = _width(model, strings)
        self.starts = range(len(self.dims) - self.width + 1)
        self._offset: list[tuple[int, float]] = []
        self._operators: list[dict[int, Array]] = [{} for _ in self.starts]
        for string, group, c in strings:
            self._share(model, string, group, c)

    def _share(self, model: Model, string: Sequence[int], group: int, c: float) -> None:
        """Add a string to the windows that hold it."""
        sites = [i for i, index in enumerate(string) if index]
        if not sites:
            self._offset.append((group, c))
            return
        w, spins = self.width, model.space.numeric_spins
        homes = range(max(0, sites[-1] - w + 1), min(sites[0], self.starts[-1]) + 1)
        for k in homes:
            size = prod(self.dims[k:k + w])
            operator = self._operators[k].setdefault(group, np.zeros((size, size), dtype=complex))
            places = string_entries(spins[k:k + w], string[k:k + w])
            operator[places[0], places[1]] += c / len(homes) * places[2]

    def at(self, amplitudes: Array) -> list[Array]:
        """Return the traceless operators of H/ħ on all windows, (w sites) × (w sites), for amplitudes (g,)."""
        sizes = [prod(self.dims[k:k + self.width]) for k in self.starts]
        return [sum((amplitudes[g] * operator for g, operator in own.items()), np.zeros((size, size), dtype=complex))
                for own, size in zip(self._operators, sizes, strict=True)]

    def separate(self) -> list[list[Array]]:
        """Return the operators of every amplitude by itself, one list of windows each."""
        groups = sorted({g for own in self._operators for g in own})
        highest = max(groups, default=-1) + 1
        return [self.at(np.arange(highest) == g) for g in groups]

    def offset(self, amplitudes: Array) -> float:
        """Return the multiple of 1 in H/ħ."""
        return float(sum(c * amplitudes[g] for g, c in self._offset))


class MovingWindows:
    """The windows of a problem with its numbers, at any time of a piece on which H is smooth."""

    def __init__(self, problem: Problem) -> None:
        self._problem, model = problem, problem.equation.model
        self.windows = kept_windows(model)
        program, _, self.constant = numeric_kernel(model)
        self._amplitudes, self._names = build.load(program, "numpy"), tuple(program.parameters)
        self._known: list[Array] | None = None

    def amplitudes(self, t: float) -> Array:
        """Return f_g(t), (g,)."""
        found = self._amplitudes(t, np.empty(0), self._problem.parameters(self._names, t)[:, 0])
        if not np.isfinite(found).all():
            raise InputError(f"`values` must make H finite, but at t = {t:g} it is not; change them.")
        return np.asarray(found)

    def at(self, t: float) -> list[Array]:
        """Return the operators at a time."""
        if not self.constant:
            return self.windows.at(self.amplitudes(t))
        if self._known is None:
            self._known = self.windows.at(self.amplitudes(0.0))
        return self._known

    def offset(self, t: float) -> float:
        """Return the multiple of 1 at a time."""
        return self.windows.offset(self.amplitudes(t))


@kept
def kept_windows(model: Model) -> Windows:
    """Return the windows of a model, whatever the numbers of its parameters."""
    return Windows(model)


def _strings(model: Model) -> list[tuple[Sequence[int], int, float]]:
    """Return (string, number of its amplitude, coefficient) of all terms."""
    if model.space.sites < 2:
        raise InputError("`model` must have at least two sites for method=\"mps\", but has one; use method=\"auto\".")
    if numeric_part(model) is not None:
        raise InputError("`model` must be a sum of terms on few neighbouring sites for method=\"mps\", but holds a "
                         "matrix on all sites; write it in spins.")
    return [(string, g, float(c)) for g, group in enumerate(numeric_kernel(model)[1]) for string, c in group]


def _width(model: Model, strings: Sequence[tuple[Sequence[int], int, float]]) -> int:
    """Return how many sites a window has."""
    dims, widest, span = model.space.dimensions, 2, (0, 1)
    for string, _, _ in strings:
        sites = [i for i, index in enumerate(string) if index]
        if sites and sites[-1] - sites[0] + 1 > widest:
            widest, span = sites[-1] - sites[0] + 1, (sites[0], sites[-1])
    size = max(prod(dims[k:k + widest]) for k in range(len(dims) - widest + 1))
    if size > LARGEST and widest > 2:
        raise InputError(f"`model` must have terms on neighbouring sites for method=\"mps\", in windows of at most "
                         f"{LARGEST} dimensions, but one reaches from site {span[0]} to {span[1]}, {size} dimensions; "
                         f"{RING}, or take method=\"auto\" for a small space.")
    return widest
