"""The lowest levels of a model."""

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from qllg_sym.codegen.values import checked_values
from qllg_sym.errors import InputError, InputTypeError, IntegrationError, meant
from qllg_sym.model.model import Model
from qllg_sym.searches.asked import LevelSearch
from qllg_sym.searches.methods import ways
from qllg_sym.searches.result import LowestLevels

MOST = 1_000_000        # products of H and a ket
TOL = 1e-10


def lowest(model: Model, k: int = 4, method: str = "lanczos", values: Mapping[Any, Any] | None = None,
           tol: float | None = None, seed: int = 0, most_products: int = MOST,
           options: Mapping[str, Any] | None = None) -> LowestLevels:
    r"""Return the k lowest levels of a model, ascending, each with the norm of its residual.

    Args:
        model: constant in time.
        k: how many, copies of a degenerate level counted.
        method: "lanczos" (blocks, thick restarts; small spaces are diagonalised whole), "q-llg" (the law itself, from k
            random kets with distinct weights $w_1 > \dots > w_k$: its passive end state is $\sum w_j |E_j\rangle\langle
            E_j|$, the levels in order) or "mps" (TeNPy's DMRG, extra `mps`: chains of a hundred spins and more).
        values: numbers for the parameters of the model, keyed by name or Symbol.
        tol: the largest residual, in units of a bound of the width of the spectrum: 1e-10 by default, of "mps" 1e-7,
            since its residuals are roots of variances.
        seed: of the random starts.
        most_products: of H and a ket; more are not taken.
        options: what the method alone has: "q-llg" takes kappa (strong by default, for the fewest products), "lanczos"
            block, "mps" bond (256 by default) and cut (the smallest Schmidt value that is kept, 1e-10).

    Returns:
        LowestLevels.

    Raises:
        InputError, InputTypeError: bad input.
        IntegrationError: the residuals are not so small after `most_products`; `partial` holds what was reached.

    Source: K. Wu and H. Simon, SIAM J. Matrix Anal. Appl. 22, 602 (2000); the end states of PRL 133, 266704 (2024),
    eq. 3, and their rates are theorems of this package, `relaxation` and `passive`.

    >>> from qllg_sym import Exchange, Space
    >>> ring = Model(Space.half(10), [Exchange(1, i, (i + 1) % 10) for i in range(10)])
    >>> found = lowest(ring, k=2); (found.energies / 4).round(8).tolist(), found.products < 200
    ([-4.51544635, -4.09220735], True)
    """
    asked = _checked(model, k, method, values, tol, seed, most_products, options)
    found = ways()[method].search(asked)
    wanted = asked.tol * asked.hbar * asked.width
    if not max(found.residuals) <= wanted:
        raise IntegrationError(f"`lowest` must reach residuals of {wanted:.2g}, but "
                               f"after {found.products} products the largest is {max(found.residuals):.2g}; raise "
                               "`most_products` or `tol`, or look at `.partial`.", found)
    return found


def _checked(model: Model, k: Any, method: Any, values: Any, tol: Any, seed: Any, most: Any,
             options: Any) -> LevelSearch:
    """Return the search, its arguments checked."""
    if not isinstance(model, Model):
        raise InputTypeError(f"`model` must be a Model, but is of type {type(model).__name__}; write Model(space, "
                             "terms).")
    if method not in ways():
        raise InputError(f"`method` must be one of {', '.join(sorted(ways()))}, but is {method!r}"
                         f"{meant(method, ways())}; choose one of them.")
    if model.time_dependent:
        raise InputError("`model` must be constant in time to have levels, but depends on t; write "
                         "model.subs({q.t: 0}).")
    numbers = checked_values([symbol.name for symbol in model.parameters], values)
    if arrays := [name for name, value in numbers.items() if not isinstance(value, float)]:
        raise InputError(f"`values[{arrays[0]!r}]` must be one number, but is an array; call `lowest` for each.")
    d = model.space.dimension
    if isinstance(k, bool) or not isinstance(k, Integral) or not 1 <= int(k) <= d:
        raise InputError(f"`k` must be an integer from 1 to {d}, but is {k!r}; give 4, say.")
    tol = getattr(ways()[method], "TOL", TOL) if tol is None else tol
    if isinstance(tol, bool) or not isinstance(tol, Real) or not 1e-14 <= float(tol) < 1:
        raise InputError(f"`tol` must be a number from 1e-14 to 1, but is {tol!r}; give 1e-10.")
    for name, number in (("seed", seed), ("most_products", most)):
        if isinstance(number, bool) or not isinstance(number, Integral) or int(number) < 0:
            raise InputError(f"`{name}` must be an integer of at least 0, but is {number!r}; leave it out.")
    if not isinstance(options, Mapping | None):
        raise InputTypeError(f"`options` must be a mapping of a method's own options, but is {options!r}; write "
                             "options={…}.")
    own, known = dict(options or {}), ways()[method].OPTIONS
    if unknown := [name for name in own if name not in known]:
        raise InputError(f"`options` must be {f'of {chr(44).join(known)}' if known else 'empty'} for the method "
                         f"{method!r}, but has {unknown[0]!r}; drop it.")
    return LevelSearch(model, numbers, int(k), float(tol), int(seed), int(most), own)
