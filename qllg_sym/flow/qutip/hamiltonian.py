"""The Hamiltonian as QuTiP's users write it, as a model with numbers for its parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.flow.qutip.driven import first_operator, is_driven, with_args
from qllg_sym.interop.qutip import is_evolving, is_qobj, kind_of, spins_of
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.terms.operator import Operator


@dataclass(frozen=True)
class QutipSystem:
    """What was read.

    Attributes:
        model: the Hamiltonian.
        dims: the dimension of each factor, those of dimension 1, which are no sites, among them.
        values: numbers for parameters, by name or Symbol.
    """

    model: Model
    dims: list[int]
    values: Mapping[Any, Any] | None


def system_of(H: Any, state: Any, args: Any, tlist: Any = None) -> QutipSystem:
    """Read the Hamiltonian and `args`.

    Args:
        H: a Model, a Qobj or a matrix; [H0, [H1, f], …] or a QobjEvo.
        state: rho0, whose dims say which factors a plain matrix has; None where there is no such state.
        args: numbers for the parameters of a Model, of texts and of functions.
        tlist: the times of coefficients that are samples.

    Raises:
        InputTypeError: something else, or `args` that are no mapping.
        InputError: `dims` of H and rho0 that differ.

    >>> system_of(np.diag([0, 1, 1, 2]), None, None).model.space
    Space('1/2', '1/2')
    """
    if not isinstance(args, Mapping | None):
        raise InputTypeError(f"`args` must be a mapping, but is {args!r}; write args={{…}}.")
    if is_driven(H):
        dims = _dims(first_operator(H), state)
        model = Model(Space(*spins_of(dims)), with_args(H, args), tlist=tlist)
        names = {symbol.name for symbol in model.parameters}
        return QutipSystem(model, dims, {key: value for key, value in (args or {}).items() if str(key) in names})
    if isinstance(H, Model):
        H.space.must_be_whole("kets of QuTiP's shape")
    dims = _dims(H, state)
    return QutipSystem(H if isinstance(H, Model) else Model(Space(*spins_of(dims)), [Operator(H)]), dims, args)


def same_dims(name: str, given: Any, dims: Sequence[int]) -> None:
    """Refuse a Qobj or QobjEvo on other factors, whatever its size.

    Raises:
        InputError: with both.

    """
    if list(given.dims[0]) != list(dims):
        raise InputError(f"`{name}` must have the dims of H, {list(dims)}, but has {given.dims[0]}; order its factors "
                         "as those of H.")


def _dims(H: Any, rho0: Any) -> list[int]:
    """Return the dimension of each factor: H's own, or rho0's where H is a plain matrix; 2^N is N spins ½."""
    for name, given, allowed, todo in (("H", H, ("oper",), "give the Hamiltonian; for time dependence a Model"),
                                       ("rho0", rho0, ("oper", "ket"), "give a ket or a density matrix")):
        if (is_evolving(given) and name != "H") or kind_of(given) not in ("", *allowed):
            raise InputTypeError(f"`{name}` must be a constant {' or '.join(allowed)}, but is a "
                                 f"{type(given).__name__} of type {kind_of(given)!r}; {todo}.")
    dims = list(H.space.dimensions) if isinstance(H, Model) else list(H.dims[0]) if is_qobj(H) or is_evolving(H) else \
        _factors(H, rho0.dims[0] if is_qobj(rho0) else [])
    if is_qobj(H) and list(H.dims[1]) != dims:
        raise InputError(f"`H` must be square, but has the dims {H.dims}; give a Hermitian operator.")
    if is_qobj(rho0):
        same_dims("rho0", rho0, dims)
    return dims


def _factors(H: Any, wanted: Sequence[int]) -> list[int]:
    """Return the factors of a plain matrix: those wanted if they fit, else N spins ½ for 2^N, else one spin."""
    try:
        shape = np.shape(H)
    except ValueError:              # a list of unlike entries, as QuTiP's time-dependent Hamiltonians are
        shape = ()
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 2:
        what = f"has shape {shape}" if shape else f"is of type {type(H).__name__}"
        raise InputTypeError(f"`H` must be a Qobj, a square matrix or a Model, but {what}; "
                             "for time dependence give a Model.")
    d = int(shape[0])
    if wanted and prod(wanted) == d:
        return list(wanted)
    return [2] * (d.bit_length() - 1) if d & (d - 1) == 0 else [d]
