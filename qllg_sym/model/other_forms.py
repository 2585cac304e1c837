"""Hamiltonians in the forms of other programs: Pauli sums, matrices, lists of matrices with coefficients.

Nothing is imported: what an object is, is seen by what it has.
"""

from collections.abc import Iterable, Iterator, Mapping
from numbers import Complex
from typing import Any, Protocol

from qllg_sym.algebra.fields import short
from qllg_sym.errors import InputTypeError, ModelError
from qllg_sym.model.coefficients_in_time import Read
from qllg_sym.model.space import Space
from qllg_sym.model.spin_expression import SpinExpression, SpinVector
from qllg_sym.model.spin_term import SpinTerm
from qllg_sym.model.sums import Additive
from qllg_sym.model.term import Term
from qllg_sym.model.terms.operator import Operator
from qllg_sym.model.terms.pauli import Pauli


class Shaped(Protocol):
    """A matrix of any library."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""


Hamiltonian = Additive | Mapping[Any, Any] | Iterable[Any] | Shaped      # what `Model` takes as terms
WRITE = "write [Zeeman((0, 0, 1)), Exchange(1, 0, 1)], a sum of terms, {\"XX\": J}, or a matrix"


def terms_of(given: Any, space: Space, read: Read) -> Iterator[Term]:
    """Yield the terms of a Hamiltonian: terms, sums of them, and other forms, in sequences nested as you like.

    Args:
        given: a term or a sum; {"XX": J}; a matrix (array, SciPy sparse, SymPy, Qobj) in the basis of all sites; a
            Qiskit SparsePauliOp (qubit i is site i, and Qiskit writes site 0 rightmost); an OpenFermion QubitOperator;
            [H1, f] with a matrix and a coefficient f, as QuTiP has it; a QobjEvo; or a sequence of these.
        space: the spins.
        read: f ↦ the coefficient that it stands for.

    Raises:
        InputTypeError: none of these.
        ModelError: a coefficient that is not real, or a string that does not fit the space.

    >>> [term.letters for term in terms_of({"XX": 1, "ZI": 0.5}, Space.half(2), len)]
    ['XX', 'ZI']
    """
    if isinstance(given, Additive):
        yield from _own(given.parts)
    elif isinstance(given, Mapping):
        yield from (_pauli(letters, c) for letters, c in given.items())
    elif hasattr(given, "paulis") and hasattr(given, "to_list"):
        yield from (_pauli(label[::-1], c) for label, c in given.to_list())
    elif is_pauli_sum(given):
        yield from (_pauli(_letters(factors, space), c) for factors, c in given.terms.items())
    elif hasattr(given, "to_list") and hasattr(given, "dims") and not isinstance(given, type):
        yield from _evolving(given, space, read)
    elif is_matrix(given):
        yield Operator(given)
    elif _is_pair(given):
        operator = Operator(given[0])
        operator.check(space)               # which sees a Qobj's dims; the product is a plain matrix
        yield read(given[1]) * operator
    elif isinstance(given, Iterable) and not isinstance(given, (str, type, SpinVector)) \
            and getattr(given, "shape", None) != ():
        for item in given:
            yield from terms_of(item, space, read)
    else:
        raise InputTypeError(f"`terms` must be Hamiltonian terms, but is or has {_shown(given)}; {WRITE}.")


def _shown(given: Any) -> str:
    """What was given, for a message: a class or a function by its name."""
    name = getattr(given, "__name__", None)
    return short(given) if name is None else f"the {'class' if isinstance(given, type) else 'function'} {name}"


def is_pauli_sum(value: Any) -> bool:
    """Return whether a value is {"XX": J}, or a sum of Pauli strings of Qiskit or OpenFermion.

    >>> from sympy import eye
    >>> is_pauli_sum({"XX": 1}), is_pauli_sum(eye(2))
    (True, False)
    """
    return isinstance(value, Mapping) or (hasattr(value, "paulis") and hasattr(value, "to_list")) \
        or (isinstance(getattr(value, "terms", None), Mapping) and not isinstance(value, type))


def is_matrix(value: Any) -> bool:
    """Return whether a value is a matrix: of two axes, or a Qobj.

    >>> from sympy import eye
    >>> is_matrix(eye(2)), is_matrix([[1, 0], [0, 1]])
    (True, False)
    """
    return hasattr(value, "full") or len(getattr(value, "shape", ())) == 2


def _own(parts: tuple[Any, ...]) -> Iterator[Term]:
    """The terms of a sum; its spin operators are one term, which is Hermitian as a whole."""
    spins = [part for part in parts if isinstance(part, SpinExpression)]
    if spins:
        yield SpinTerm(sum(spins[1:], spins[0]))
    yield from (part for part in parts if not isinstance(part, SpinExpression))


def _pauli(letters: Any, c: Any) -> Pauli:
    """A Pauli string; other programs write real coefficients as complex numbers."""
    if isinstance(c, Complex) and not c.imag:
        c = c.real
    return Pauli(c, letters)


def _letters(factors: Iterable[tuple[int, str]], space: Space) -> str:
    """The letters of ((0, "X"), (2, "Z")), of every site."""
    pairs = list(factors)
    found = dict(pairs)
    if len(found) < len(pairs) or not all(letter in ("X", "Y", "Z") for letter in found.values()):
        raise InputTypeError(f"`terms` must be products of X, Y and Z, one a site, but one is {pairs}; give a "
                             "QubitOperator, as openfermion.jordan_wigner makes it.")
    if wrong := [site for site in found if site not in range(space.sites)]:
        raise ModelError(f"`terms` must act on sites 0 to {space.sites - 1}, but one acts on {wrong[0]}; give a larger "
                         "space.")
    return "".join(found.get(site, "I") for site in range(space.sites))


def _is_pair(given: Any) -> bool:
    """Whether something is [H1, f]: a matrix, and something that is neither a term nor a matrix."""
    return isinstance(given, (list, tuple)) and len(given) == 2 and is_matrix(given[0]) and not (
        isinstance(given[1], (Additive, Mapping, list, tuple)) or is_matrix(given[1]) or hasattr(given[1], "paulis"))


def _evolving(given: Any, space: Space, read: Read) -> Iterator[Term]:
    """The terms of a QobjEvo."""
    for item in given.to_list():
        if not is_matrix(item) and not (isinstance(item, list) and is_matrix(item[0])):
            raise InputTypeError("`terms` must be a QobjEvo of operators with coefficients, but it is made of a "
                                 "function that returns operators; write [H0, [H1, f], …].")
        yield from terms_of(item, space, read)
