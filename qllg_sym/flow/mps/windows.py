"""H/ħ as a sum of operators on windows, runs of w neighbouring sites, and on pairs of sites that are further apart."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.codegen import build
from qllg_sym.equations.lowering import numeric_kernel
from qllg_sym.errors import InputError
from qllg_sym.flow.hamiltonians.dense import numeric_part, string_entries
from qllg_sym.flow.mps.distant import DistantTerms, Pair, String, acted_sites
from qllg_sym.flow.mps.expectations import expected, variance_of
from qllg_sym.flow.mps.matrix_product import MatrixProductState
from qllg_sym.flow.mps.matrix_product_operator import MatrixProductOperator
from qllg_sym.flow.problem import Problem
from qllg_sym.memo import kept
from qllg_sym.model.model import Model

Array = NDArray[Any]
LARGEST = 64        # dimension of a window: theta then is 64 times a matrix of the bond dimension


class Windows:
    """The operators of a model on windows, each times an amplitude f_g(t).

    A string of operators is shared in equal parts by all windows that hold its sites. Where one needs more than LARGEST
    dimensions, windows are as wide as strings on three sites and more need, and two sites may be anywhere.

    Args:
        model: the Hamiltonian, of at least two sites.

    Attributes:
        dims: of the sites.
        width: w, how many sites a window has.
        starts: the first site of each window, 0 … N − w.
        distant: the terms on two sites that no window holds; None where there are none.

    Raises:
        InputError: fewer than two sites, a matrix on all sites, or a term on three sites and more that is too wide.

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
        distant = [string for string in strings if _span(string) > self.width]
        self.distant = DistantTerms(model, strings, distant) if distant else None
        for string, group, c in strings:
            if _span((string, group, c)) <= self.width:
                self._share(model, string, group, c)

    def _share(self, model: Model, string: Sequence[int], group: int, c: float) -> None:
        """Add a string to the windows that hold it."""
        sites = acted_sites(string)
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

    def mean(self, psi: MatrixProductState, amplitudes: Array) -> float:
        """Return ⟨H⟩/ħ without the multiple of 1."""
        if self.distant is not None:
            return self.distant.whole(amplitudes).mean(psi)
        return expected(psi, self.at(amplitudes), self.width)

    def variance(self, psi: MatrixProductState, amplitudes: Array) -> float:
        """Return (⟨H²⟩ − ⟨H⟩²)/ħ²."""
        if self.distant is not None:
            return self.distant.whole(amplitudes).variance(psi)
        return variance_of(psi, self.at(amplitudes), self.width)


class MovingWindows:
    """The windows of a problem with its numbers, at any time of a piece on which H is smooth."""

    def __init__(self, problem: Problem) -> None:
        self._problem, model = problem, problem.equation.model
        self.windows = kept_windows(model)
        program, _, self.constant = numeric_kernel(model)
        self._amplitudes, self._names = build.load(program, "numpy"), tuple(program.parameters)
        self._known: dict[str, Any] = {}

    def amplitudes(self, t: float) -> Array:
        """Return f_g(t), (g,)."""
        found = self._amplitudes(t, np.empty(0), self._problem.parameters(self._names, t)[:, 0])
        if not np.isfinite(found).all():
            raise InputError(f"`values` must make H finite, but at t = {t:g} it is not; change them.")
        return np.asarray(found)

    def at(self, t: float) -> list[Array]:
        """Return the operators at a time."""
        return self._kept("near", self.windows.at, t)

    def distant(self, t: float) -> dict[Pair, Array]:
        """Return the operators on pairs of distant sites at a time."""
        return {} if self.windows.distant is None else self._kept("distant", self.windows.distant.at, t)

    def whole(self, t: float) -> MatrixProductOperator | None:
        """Return H/ħ as one operator at a time, without its multiple of 1; None where windows hold all of it."""
        return None if self.windows.distant is None else self._kept("whole", self.windows.distant.whole, t)

    def _kept(self, name: str, made: Callable[[Array], Any], t: float) -> Any:
        """Return something of the amplitudes at a time; of a constant H the first one."""
        if not self.constant:
            return made(self.amplitudes(t))
        if name not in self._known:
            self._known[name] = made(self.amplitudes(0.0))
        return self._known[name]

    def offset(self, t: float) -> float:
        """Return the multiple of 1 at a time."""
        return self.windows.offset(self.amplitudes(t))


@kept
def kept_windows(model: Model) -> Windows:
    """Return the windows of a model, whatever the numbers of its parameters."""
    return Windows(model)


def _strings(model: Model) -> list[String]:
    """Return (string, number of its amplitude, coefficient) of all terms."""
    if model.space.sites < 2:
        raise InputError("`model` must have at least two sites for method=\"mps\", but has one; use method=\"auto\".")
    if numeric_part(model) is not None:
        raise InputError("`model` must be a sum of terms on few sites for method=\"mps\", but holds a "
                         "matrix on all sites; write it in spins.")
    return [(string, g, float(c)) for g, group in enumerate(numeric_kernel(model)[1]) for string, c in group]


def _width(model: Model, strings: Sequence[String]) -> int:
    """Return how many sites a window has: all terms in windows, or those on three sites and more."""
    several = [string for string in strings if len(acted_sites(string[0])) > 2]
    for own in (strings, several):
        width = max([2, *map(_span, own)])
        size = _size(model, width)
        if size <= LARGEST or width == 2:
            return width
    sites = acted_sites(max(several, key=_span)[0])
    raise InputError(f"`model` must have terms on two sites, or on more that are near, in windows of at most {LARGEST} "
                     f"dimensions, for method=\"mps\", but one on {len(sites)} sites reaches from site {sites[0]} to "
                     f"{sites[-1]}, {size} dimensions; number the sites so that these are near, or take "
                     "method=\"auto\" for a small space.")


def _span(string: String) -> int:
    """Return over how many sites a string reaches."""
    sites = acted_sites(string[0])
    return sites[-1] - sites[0] + 1 if sites else 0


def _size(model: Model, width: int) -> int:
    """Return the dimension of the largest window."""
    dims = model.space.dimensions
    return max(prod(dims[k:k + width]) for k in range(len(dims) - width + 1))
