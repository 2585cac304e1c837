"""What is read off a quantum trajectory: arrays in, arrays out; one observable a file, found by listing the folder.

An observable is a file whose name is also the name of a public function in it; the function takes an `Ensemble` first
and returns an array whose first axis is time. It is then a method of `Trajectory` and of batches, with its docstring
and types. In the file there may be, besides,

* `EXAMPLE`, always: further arguments that fit two spins ½;
* `PROPERTY = True`, to be read without a call, and `NAME`, to be read under another name than the file's;
* `of_moments(moments, …)`, the same reading of a classical trajectory's moments (n, N, 3), with the same arguments:
  what spins ½ that point along them would give.

Arguments of the types in `arguments.py` are operators and states: a trajectory takes terms, models and descriptions for
them, with `values=` for their parameters.

The docstring says under "Definition:" what the observable of one density matrix is, in NumPy and in these words, and
the contract test holds the function against it: `rho` (d, d), `N` (how many sites) and the arguments;
`S(i)` the three matrices S_i/ħ on all sites and `s(i)` their spin; `sigma("xz")` a string of Pauli matrices, 0 for 1,
and `words(n)` the names of all of n letters; `tr`, `eig` (descending), `sv` (singular values, descending), `root` (of
a positive matrix), `part(rho, sites)` (the partial trace), `log`, `np`.

Here may live formulas for arrays. Trajectories, files and models are not known; SymPy is not loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter, signature
from types import ModuleType
from typing import Any

from qllg_sym import plugs
from qllg_sym.observables.arguments import Hamiltonian, Operator, State


@dataclass(frozen=True)
class Observable:
    """One file of this folder.

    Attributes:
        name: under which it is read.
        read: function of an `Ensemble` and of the arguments.
        of_moments: the same of moments (n, N, 3); None where classical trajectories have no such reading.
        is_property: whether it is read without a call.
        example: arguments that fit two spins ½.
    """

    name: str
    read: Callable[..., Any]
    of_moments: Callable[..., Any] | None
    is_property: bool
    example: tuple[Any, ...]

    @cached_property
    def arguments(self) -> list[Parameter]:
        """The arguments after the ensemble."""
        return list(signature(self.read).parameters.values())[1:]

    def of_type(self, *types: Any) -> tuple[str, ...]:
        """Return the names of the arguments of some types.

        >>> observables()["expectation"].of_type(Operator)
        ('op',)
        """
        return tuple(item.name for item in self.arguments if item.annotation in types)

    @cached_property
    def is_described(self) -> bool:
        """Whether an argument may be given in words of physics, which need values and the model's units."""
        return bool(self.of_type(Operator, Hamiltonian, State))


def observables() -> dict[str, Observable]:
    """Return every observable of this folder by the name of its file.

    >>> sorted(observables())[:3]
    ['bloch', 'concurrence', 'correlation']
    """
    return {name: _observable(name, plugs.module(__name__, name)) for name in plugs.functions(__name__)}


def _observable(name: str, module: ModuleType) -> Observable:
    """Return what a file holds."""
    return Observable(getattr(module, "NAME", name), getattr(module, name), getattr(module, "of_moments", None),
                      getattr(module, "PROPERTY", False), module.EXAMPLE)
