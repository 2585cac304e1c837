"""QuTiP's c_ops: collapse operators beside a damping, as one law."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

from qllg_sym.equations.law import Law
from qllg_sym.equations.laws.lindblad import Lindblad
from qllg_sym.errors import InputError, InputTypeError, QllgError
from qllg_sym.flow.qutip.hamiltonian import same_dims
from qllg_sym.interop.qutip import is_evolving, is_qobj, kind_of, qobj_matrix
from qllg_sym.model.jump_operator import JumpOperator


def with_jumps(law: Law, c_ops: Any, dims: Sequence[int]) -> Law:
    r"""Return a law with $\sum_k(C_k\rho C_k^\dagger-\frac12\{C_k^\dagger C_k,\rho\})$ beside it.

    Args:
        law: of the damping.
        c_ops: one collapse operator or a list of them, √rate in each, as in QuTiP: Qobj, matrices, terms, spins.
        dims: those of H.

    Raises:
        InputTypeError: what is no constant operator.
        InputError: other dims.

    >>> from qllg_sym.equations.laws.quantum_llg import QuantumLLG
    >>> with_jumps(QuantumLLG(0), [[[0, 1], [0, 0]]], [2]).kind
    'q-llg + lindblad'
    """
    found = list(_operators(c_ops, dims))
    return law + Lindblad([(1, operator) for operator in found]) if found else law


def _operators(c_ops: Any, dims: Sequence[int]) -> Iterator[JumpOperator]:
    """Yield each of them, judged."""
    for k, given in enumerate([] if c_ops is None else c_ops if isinstance(c_ops, list | tuple) else [c_ops]):
        name = f"c_ops[{k}]"
        if is_evolving(given) or kind_of(given) not in ("", "oper"):
            raise InputTypeError(f"`{name}` must be a constant operator, but is a {type(given).__name__} of type "
                                 f"{kind_of(given)!r}; for a rate in time take `solve` and Lindblad([(rate, L)]).")
        if is_qobj(given):
            same_dims(name, given, dims)
        d = prod(dims)
        if getattr(given, "shape", (d, d)) != (d, d):
            raise InputError(f"`{name}` must be an operator of shape ({d}, {d}), but has {given.shape}; act on the "
                             "whole space.")
        try:
            yield JumpOperator.of(qobj_matrix(given))
        except QllgError:
            if isinstance(given, list | tuple):         # [C, f], say
                raise InputTypeError(f"`{name}` must be one constant operator, but is a list; for a rate in time take "
                                     "`q.solve` and Lindblad([(rate, L)]).") from None
            raise InputTypeError(f"`{name}` must be an operator of shape ({d}, {d}), but is of type "
                                 f"{type(given).__name__}; give a Qobj, an array, a term or an expression in "
                                 "spins.") from None
