"""What a model file says, and the models that need no file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from qllg_sym.algebra.scalars import symbols_in
from qllg_sym.algebra.signals import Signal
from qllg_sym.equations import laws
from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.errors import InputTypeError, ModelError, meant
from qllg_sym.flow.options import Options
from qllg_sym.flow.states.kinds.ground import ground
from qllg_sym.flow.states.state import State
from qllg_sym.model.model import Model
from qllg_sym.model.space import Space
from qllg_sym.model.terms.dmi import DMI
from qllg_sym.model.terms.exchange import Exchange
from qllg_sym.model.terms.zeeman import Zeeman
from qllg_sym.modelfile.epr_table import EprOptions
from qllg_sym.modelfile.noise import NoiseOptions
from qllg_sym.modelfile.response_and_fit import FitOptions, ResponseOptions
from qllg_sym.modeltext.terms_and_laws import kinds

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class ModelFile:
    """A model with what is needed to integrate it; `law`, `state` and `times` are None where the file is silent.

    Attributes:
        name: the file's name without its suffix, or the built-in model's.
        model: the Hamiltonian and its space.
        law: the law of motion.
        state: the state at `times[0]`, as `solve` takes it.
        times: (n,) strictly increasing, in units of 1/(γ_g B) or as the model has it.
        values: numbers for the symbols, (times, samples) for the signals.
        options: how to solve.
        noise: the heat bath with its trajectories.
        response: what a weak field couples to, and frequencies.
        fit: which parameters are free, and what the data are.
        epr: what an EPR spectrometer sweeps.
    """

    name: str
    model: Model
    law: Law | None = None
    state: State | NDArray[Any] | None = None
    times: Reals | None = None
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    options: Options = field(default_factory=Options)
    noise: NoiseOptions | None = None
    response: ResponseOptions | None = None
    fit: FitOptions | None = None
    epr: EprOptions | None = None

    def with_law(self, kind: str | None) -> "WithLaw":
        """Return the same model under another law, "q-llg" if the file has none.

        Arguments that both laws have keep their values; others become symbols of their own names.

        Raises:
            ModelError: an unknown kind.

        >>> builtin("dimer").with_law("q-ll").law
        QuantumLL(kappa=kappa)
        """
        if kind is None and self.law is not None:
            return self._under(self.law)
        known = kinds(laws, Law)
        cls = known.get(kind or "q-llg")
        if cls is None:
            raise ModelError(f"`law` must be one of {', '.join(known)}, but is {kind!r}{meant(kind, known)}; "
                             "choose one of them.")
        given = {item.name: getattr(self.law, item.name, sp.Symbol(item.name, real=True))
                 for item in fields(cls) if item.init and item.type not in (str, bool)}
        try:
            return self._under(cls(**given))
        except InputTypeError:
            raise ModelError(f"The law must take numbers alone to be named so, but {kind} takes more; write "
                             "[law] with its tables in a model file.") from None

    def _under(self, law: Law) -> "WithLaw":
        return WithLaw(self.name, self.model, law, self.state, self.times, self.values, self.options, self.noise,
                       self.response, self.fit, self.epr)

    def noisy(self) -> "tuple[Solvable, NoiseOptions]":
        """Return the same with its noise, if it says all that noisy trajectories need.

        Raises:
            ModelError: no [bath], or as of `solvable`.
        """
        if self.noise is None:
            raise ModelError(f"`{self.name}` must have [bath] to have noise, but has none; add it in a model file, "
                             "such as kT = 0.5.")
        return self.solvable([self.noise.bath.kT]), self.noise

    def still(self) -> "Solvable":
        """Return the same with what the response of a stationary state needs: no times, and the ground state if none.

        Raises:
            ModelError: no law, or a symbol without a value.
        """
        state = ground(self.model) if self.state is None else self.state
        times = np.zeros(1) if self.times is None else self.times
        return replace(self, state=state, times=times).solvable()

    def fitted(self) -> "tuple[Solvable, FitOptions]":
        """Return the same with what a fit needs; times come with the data, and free parameters need no value.

        Raises:
            ModelError: no [fit], or as of `solvable` but for times.
        """
        if self.fit is None:
            raise ModelError(f"`{self.name}` must have [fit] to be fitted, but has none; add it in a model file, such "
                             "as free = {J = 1.0}.")
        times = np.zeros(1) if self.times is None else self.times
        whole = replace(self, times=times, values={**self.values, **self.fit.free}).solvable()
        fixed = {name: value for name, value in whole.values.items() if name not in self.fit.free}
        return replace(whole, values=fixed), self.fit

    def solvable(self, others: Sequence[sp.Expr] = ()) -> "Solvable":
        """Return the same, if it says all that an integration needs, without values of unused names.

        Args:
            others: expressions whose names need values, too.

        A product or coherent state becomes the moments along its directions where the law is classical.

        Raises:
            ModelError: no law, state or times, or a symbol without a value.

        >>> builtin("dimer").solvable()
        Traceback (most recent call last):
            ...
        qllg_sym.errors.ModelError: `dimer` must have [law] to be integrated, but has none; add it in a model file.
        """
        if self.law is None or self.state is None or self.times is None:
            table = "law" if self.law is None else "state" if self.state is None else "time"
            raise ModelError(f"`{self.name}` must have [{table}] to be integrated, but has none; "
                             "add it in a model file.")
        symbols = symbols_in([*self.model.parameters, *self.law.coefficients(), *others])
        used = [s.name for s in symbols]
        if missing := [name for name in used if name not in self.values]:
            if isinstance(symbols[used.index(missing[0])], Signal):
                raise ModelError(f"`{self.name}` must give every signal its samples to be integrated, but "
                                 f"{missing[0]} has none; add them under [signals], such as {missing[0]} = {{file = "
                                 f"\"{missing[0]}.csv\"}}.")
            raise ModelError(f"`{self.name}` must give every symbol a value to be integrated, but {', '.join(missing)} "
                             f"{'has' if len(missing) == 1 else 'have'} none; add it under [values], "
                             f"such as {missing[0]} = 1.0.")
        # A product of coherent states is, to a classical law, the row of its directions.
        classical = self.law.classical and not isinstance(self.law, Hybrid)
        moments = self.state.moments() if classical and isinstance(self.state, State) else None
        state = self.state if moments is None else moments
        values = {name: self.values[name] for name in used}
        return Solvable(self.name, self.model, self.law, state, self.times, values, self.options, self.noise,
                        self.response, self.fit, self.epr)


@dataclass(frozen=True)
class WithLaw(ModelFile):
    """A model file that has a law."""

    law: Law


@dataclass(frozen=True)
class Solvable(WithLaw):
    """A model file that says all that an integration needs."""

    state: State | NDArray[Any]
    times: Reals


BUILTIN = ("dimer", "spin")


def builtin(name: str) -> ModelFile:
    """Return a model that needs no file, under the quantum LLG law with the symbol kappa.

    "dimer": two spins ½ with exchange J, a DMI vector (0, 0, D) and a field (B_x, B_y, B_z), PRL 133, 266704 (2024),
    eq. 10. "spin": one spin of any length s in such a field, eqs. 4 and 8.

    >>> builtin("dimer").model.parameters
    (B_x, B_y, B_z, D, J)
    """
    J, D, *B = sp.symbols("J D B_x B_y B_z", real=True)
    if name == "dimer":
        model = Model(Space("1/2", "1/2"), [Zeeman(B), Exchange(J, 0, 1), DMI((0, 0, D), 0, 1)])
    elif name == "spin":
        model = Model(Space(sp.Symbol("s", positive=True)), [Zeeman(B)])
    else:
        raise ModelError(f"A built-in model must be one of {', '.join(BUILTIN)}, but is {name!r}; choose one of them.")
    return ModelFile(name, model)
