"""`observe` → what is read at every point: names, operators and functions, the energy apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.studies.axes import TAKEN, Axis

ENERGY = "energy"       # which a solver gives in any case
DEFAULT = {ENERGY: ENERGY, "bloch": "profile"}


def asked(observe: Any, axes: tuple[Axis, ...]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return {name: what} as `solve` takes it, and the names under which the energy is wanted.

    Args:
        observe: {name: what}, a list of names of observables, or None for the energy and the Bloch vectors.
        axes: whose names are taken.

    Raises:
        InputError: nothing asked for, or a name that is an axis.
        InputTypeError: no mapping and no list of names.

    >>> asked(["energy", "purity"], ())
    ({'purity': 'purity'}, ('energy',))
    """
    wanted = _by_name(observe)
    if not wanted:
        raise InputError("`observe` must ask for something, but is empty; write observe={\"B\": \"nonlocality\"}.")
    taken = {*TAKEN, *(axis.name for axis in axes)}
    for name in wanted:
        if name in taken:
            raise InputError(f"`observe` must use names that no axis has, but {name!r} is one; choose another name.")
    energies = tuple(name for name, what in wanted.items() if isinstance(what, str) and what.strip() == ENERGY)
    return {name: what for name, what in wanted.items() if name not in energies}, energies


def _by_name(observe: Any) -> dict[str, Any]:
    """Return what is asked for by name."""
    if observe is None:
        return dict(DEFAULT)
    if isinstance(observe, Mapping):
        return {str(name): what for name, what in observe.items()}
    names = [observe] if isinstance(observe, str) else observe
    if isinstance(names, Sequence) and all(isinstance(name, str) for name in names):
        return {name: name for name in names}
    raise InputTypeError("`observe` must map names to operators, functions or names of observables, but is of type "
                         f"{type(observe).__name__}; write observe={{\"B\": \"nonlocality\"}}.")
