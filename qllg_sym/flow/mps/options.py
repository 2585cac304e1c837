"""Options of matrix product states alone, checked at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from numbers import Integral, Real
from typing import Any

from qllg_sym.errors import InputError, meant

NAMES = ("bond", "cut", "step", "tolerance")
FINEST, LARGEST_BOND, ROUNDS = 1e-6, 512, 4
STEP, CUT, COARSER = 0.2, 1e-3, 100.0   # step over the spread of a window at FINEST, cut over tolerance², coarser cut


@dataclass(frozen=True)
class Accuracy:
    """How finely a matrix product state is moved.

    Attributes:
        bond: largest bond dimension.
        cut: the weight that one truncation may discard.
        step: in time.
        tolerance: of the error that is estimated, in ⟨S_i⟩/(s_i ħ) and in the energy of a window over its spread.
        given: names of what the user chose, which is then kept.
    """

    bond: int
    cut: float
    step: float
    tolerance: float
    given: frozenset[str] = field(default_factory=frozenset)

    def coarser(self) -> "Accuracy":
        """Return the same step with larger truncations: by the cut, and where the bond dimension limits by that."""
        return replace(self, bond=max(2 * self.bond // 3, 1), cut=min(COARSER * self.cut, 0.1))

    def frees(self, name: str) -> bool:
        """Return whether something may be chosen by the tolerance."""
        return name not in self.given


def accuracy(own: Mapping[str, Any], rtol: float, pace: float, width: int) -> Accuracy:
    """Return checked options; what is not given follows from the tolerance.

    Args:
        own: `options` of `solve`.
        rtol: a relative tolerance; FINEST where it is smaller, unless `tolerance` is given.
        pace: the spread of the levels of a window of H/ħ.
        width: sites of a window.

    Raises:
        InputError: another name, or a number that means nothing.

    >>> accuracy({"bond": 32}, 1e-10, 2.0, 2).step
    0.1
    """
    if unknown := [name for name in own if name not in NAMES]:
        raise InputError(f"`options` must be of {', '.join(NAMES)} for the method 'mps', but has {unknown[0]!r}"
                         f"{meant(unknown[0], NAMES)}; drop it.")
    tolerance = _number(own, "tolerance", max(rtol, FINEST), 1e-12, 0.1)
    finest = STEP * (tolerance / FINEST) ** 0.25 / (pace or 1.0)
    bond = own.get("bond", LARGEST_BOND)
    if isinstance(bond, bool) or not isinstance(bond, Integral) or bond < 1:
        raise InputError(f"`options[\"bond\"]` must be a positive integer, but is {bond!r}; give 128, say.")
    step = _number(own, "step", min(finest, 1 / (pace or 1.0)) if width == 2 else 0.75 * finest, 0.0, float("inf"))
    return Accuracy(int(bond), _number(own, "cut", max(CUT * tolerance**2, 1e-26), 1e-30, 0.1), step, tolerance,
                    frozenset(map(str, own)))


def _number(own: Mapping[str, Any], name: str, default: float, least: float, largest: float) -> float:
    """Return a number of the options."""
    value = own.get(name, default)
    if isinstance(value, bool) or not isinstance(value, Real) or not least <= float(value) <= largest \
            or not 0 < float(value) < float("inf"):
        span = "a positive number" if largest == float("inf") else f"a number from {least:g} to {largest:g}"
        raise InputError(f"`options[{name!r}]` must be {span}, but is {value!r}; leave it out to have it chosen by "
                         "the tolerance.")
    return float(value)
