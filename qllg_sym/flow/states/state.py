"""What every kind of state has: numbers where a trajectory starts, and exact data where there are such."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.errors import StateError
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.flow.states.spectral import Frozen
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space

Array = NDArray[Any]
Hbar = Annotated[float, "hbar"]         # an argument that is the ħ of the model
ExactLevels = tuple[sp.Expr, sp.Expr, sp.ImmutableMatrix]


@dataclass(frozen=True)
class Setting:
    """Where a state is asked for.

    Attributes:
        space: the spins.
        hbar: ħ of the model that moves it, as a number.
        hamiltonian: H of a model as an array at the first time.
        frozen: the same as an action on kets; None where there are none so large.
    """

    space: Space
    hbar: float
    hamiltonian: Callable[[Model], Array]
    frozen: Callable[[Model], Frozen] | None = None

    def must_fit(self, fits: bool, wanted: str, what: str) -> None:
        """Raise StateError for a state of another space."""
        if not fits:
            raise StateError(f"`state` must belong to {self.space}, but {what} belongs to {wanted}; "
                             "choose another state.")


@dataclass(frozen=True)
class ExactSetting:
    """Where exact data of a state are asked for.

    Attributes:
        space: the spins.
        numbers: exact values of all parameters.
        split: function of an exact Hermitian matrix a + b P that returns (a, b, columns that span P); None for others.
        energy: H of a model as an exact matrix.
    """

    space: Space
    numbers: Mapping[sp.Symbol, sp.Expr]
    split: Callable[[sp.Matrix], ExactLevels | None]
    energy: Callable[[Model], sp.Matrix]

    def mixed(self) -> ExactLevels:
        """Return 1/d."""
        d = self.space.dimension
        return one_exact_level(sp.Rational(1, d), d)


class State(ByFields):
    """One kind of state; a file of `kinds/` describes it as a frozen dataclass, exactly as the user said it."""

    @property
    def models(self) -> tuple[Model, ...]:
        """Models of its own, whose parameters need values."""
        return ()

    @property
    def is_of_hbar(self) -> bool:
        """Whether it is another one for another ħ of the model that moves it."""
        return bool(self.models)

    def numbers(self, setting: Setting) -> InitialStates:
        """Return weighted kets over a background, one row; a kind writes it.

        Raises:
            StateError: the state does not fit.
        """
        raise NotImplementedError(f"{type(self).__name__} has no numbers")

    def derivatives(self, hamiltonian: Array, changes: Array) -> Array:
        """Return ∂ρ/∂θ, (p, d, d), given H of its model, (d, d), and ∂H/∂θ, (p, d, d); a kind with a model writes it.

        Raises:
            StateError: there are none.
        """
        raise NotImplementedError(f"{type(self).__name__} does not depend on parameters")

    def exactly(self, setting: ExactSetting) -> ExactLevels | None:
        """Return (a, b, columns that span P) of ρ = a + b P; None where that is known in doubles alone."""
        return None

    def moments(self) -> Any:
        """Return the unit moments (N, 3) that it is to a classical law; None where it is none."""
        return None


def one_exact_level(level: sp.Expr, d: int) -> ExactLevels:
    """Return the levels of a multiple of 1."""
    return level, sp.S.Zero, sp.ImmutableMatrix(d, 0, [])


def models_of(state: Any) -> tuple[Model, ...]:
    """Return the models of a state of any kind, arrays included.

    >>> models_of([1, 0])
    ()
    """
    return state.models if isinstance(state, State) else ()
