"""Matrix product states: TeNPy's DMRG, level by level, for chains that are too long for kets."""

from numbers import Integral, Real
from typing import Any

import numpy as np

from qllg_sym.errors import InputError, IntegrationError
from qllg_sym.flow.mps.dmrg import ChainLevel, ChainLevels
from qllg_sym.searches.asked import LevelSearch
from qllg_sym.searches.result import LowestLevels

NAME, OPTIONS = "mps", ("bond", "cut")
BOND, CUT, TOL = 256, 1e-10, 1e-7
PAIR = 2            # sites that are moved together: TeNPy's sweeps need more


def search(asked: LevelSearch) -> LowestLevels:
    """Return the levels; kets are MatrixProductStates, residuals the roots of their variances.

    Products are those on two sites in their surroundings, not on whole kets.
    """
    bond: Any = asked.own.get("bond", BOND)
    cut: Any = asked.own.get("cut", CUT)
    if isinstance(bond, bool) or not isinstance(bond, Integral) or bond < 1:
        raise InputError(f"`options[\"bond\"]` must be a positive integer, but is {bond!r}; give 256, say.")
    if isinstance(cut, bool) or not isinstance(cut, Real) or not 0 <= float(cut) < 0.1:
        raise InputError(f"`options[\"cut\"]` must be a Schmidt value from 0 to 0.1, but is {cut!r}; leave it out.")
    if (sites := len(asked.model.space.spins)) <= PAIR:
        raise InputError(f"`model` must have more than {PAIR} sites for the method 'mps', but has {sites}; take "
                         "method=\"lanczos\".")
    levels, found = ChainLevels(asked.model, asked.values, int(bond), float(cut), asked.seed), list[ChainLevel]()
    for _ in range(asked.k):
        found.append(levels.next())
        if (products := sum(level.products for level in found)) > asked.most:
            raise IntegrationError(f"`lowest` must stay within {asked.most} products, but {len(found)} of {asked.k} "
                                   f"levels took {products}; raise `most_products`.", _result(asked, found))
    return _result(asked, found)


def _result(asked: LevelSearch, found: list[ChainLevel]) -> LowestLevels:
    """The levels in ascending order."""
    found = sorted(found, key=lambda level: level.energy)
    return LowestLevels(asked.hbar * np.array([level.energy for level in found]),
                        tuple(level.state for level in found),
                        asked.hbar * np.array([level.residual for level in found]),
                        sum(level.products for level in found), NAME,
                        {"bond": max(max(level.state.bonds) for level in found),
                         "sweeps": [level.sweeps for level in found]})
