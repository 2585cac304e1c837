"""QuTiP's objects: what kind they are, which sites they act on, and results in their type."""

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from qllg_sym.observables.operators import LinearMap, check_operator

SPARSE = 64     # dimension above which an operator is taken as a sparse matrix


def is_qobj(given: Any) -> bool:
    """Return whether an object is a Qobj: numbers with `dims`.

    >>> is_qobj([[1, 0], [0, 1]])
    False
    """
    return hasattr(given, "dims") and hasattr(given, "full") and not isinstance(given, type)


def is_evolving(given: Any) -> bool:
    """Return whether an object is a QobjEvo: a Qobj at each time.

    >>> is_evolving(lambda t, state: 0.0)
    False
    """
    return hasattr(given, "dims") and callable(given) and not is_qobj(given) and not isinstance(given, type)


def kind_of(given: Any) -> str:
    """Return what a Qobj or QobjEvo calls itself: "oper", "ket", "super", …; "" for everything else.

    >>> kind_of([[1, 0], [0, 1]])
    ''
    """
    return str(getattr(given, "type", "")) if is_qobj(given) or is_evolving(given) else ""


def spins_of(dims: Sequence[int]) -> list[str]:
    """Return the spin of each factor; a factor of dimension 1 is no site.

    >>> spins_of([2, 1, 3])
    ['1/2', '2/2']
    """
    return [f"{n - 1}/2" for n in dims if n > 1]


def qobj_or_array(kind: Callable[..., Any] | None, dims: Sequence[int], rho: NDArray[Any]) -> Any:
    """Return a density matrix (d, d) as an object of the type that came in: a Qobj, or the array itself for None.

    >>> qobj_or_array(lambda rho, dims: (rho, dims), [2], "rho")
    ('rho', [[2], [2]])
    """
    return rho if kind is None else kind(rho, dims=[list(dims), list(dims)])


def qobj_matrix(given: Any) -> Any:
    """Return a Qobj's operator as a matrix, sparse where it is large; everything else as it is.

    >>> qobj_matrix([[1, 0], [0, 1]])
    [[1, 0], [0, 1]]
    """
    if not is_qobj(given):
        return given
    if given.shape[0] > SPARSE and hasattr(given, "to"):
        return given.to("CSR").data_as("csr_matrix")
    return given.full()


class Evolving:
    """An operator that depends on time, as observables take it.

    Args:
        given: function of t that returns a Qobj, as a QobjEvo does.
        dimension: d.

    >>> Evolving(lambda t: [[t, 0], [0, t]], 2).at(3.0).real.tolist()
    [[3.0, 0.0], [0.0, 3.0]]
    """

    constant = False

    def __init__(self, given: Callable[[float], Any], dimension: int) -> None:
        self._given, self._dimension = given, dimension

    def at(self, t: float) -> LinearMap:
        """Return the operator at a time."""
        return check_operator(qobj_matrix(self._given(t)), self._dimension)
