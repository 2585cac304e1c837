"""What an argument of an observable is, where a trajectory takes more for it than an array."""

from typing import Annotated, Any

Operator = Annotated[Any, "operator"]       # a matrix; of a trajectory also terms, spins, a model, in time too
Hamiltonian = Annotated[Any, "Hamiltonian"] # the same, and of a trajectory its own H where none is given
State = Annotated[Any, "state"]             # an array; of a trajectory also a description from `qllg_sym.states`
