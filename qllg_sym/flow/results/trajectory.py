"""The result of a solve: one row of a record, shown without the axis of rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qllg_sym.algebra.ring_sector import RingSector
from qllg_sym.display import in_html
from qllg_sym.errors import InputError
from qllg_sym.flow.results import archive
from qllg_sym.flow.results.pictured import MOST_NUMBERS, SMOOTH, Pictured
from qllg_sym.flow.results.provenance import Provenance
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.series import Apply, TimeSeries
from qllg_sym.flow.results.shapes import check_shapes
from qllg_sym.flow.results.stack import Held, Stack
from qllg_sym.observables.ensemble import Ensemble
from qllg_sym.observables.sites import row

Restart = Callable[[float], Ensemble | NDArray[np.float64]]
TODO = ", or read the file with qllg_sym.load, which solves for the others"
_SHOWN = ("trace", "purity", "spectrum", "|m|")
_REPR_COST = 10**8  # n d³ up to which the drift in a repr costs no visible time


class Trajectory(Pictured):
    r"""States at n times, quantum (an ensemble) or classical (unit moments); units are those of the model.

    Args:
        times: (n,), strictly increasing.
        spins: the spin of each site as text, such as "1/2"; site 0 is the leftmost tensor factor.
        ensemble: the quantum states at all n times or, where only the last was kept, at that one.
        moments: (n, N, 3) or (1, N, 3), classical; neither of the two when only observables were kept.
        energy: ⟨H⟩ or the classical energy, (n,).
        labels: names of the states of the equation that was solved.
        method: the method that was used.
        stats: what the method counted: steps, evaluations, seconds and, where they apply, resolution, digits, growth
            (see `solve`); plain text and numbers.
        hbar: ħ of the model.
        observed: arrays (n, …) by name, from `observe=`.
        values: the parameters by name.
        provenance: what was solved.
        restart: the state at any time in between, for `at` and `snapshot`.
        apply: function of kets (d, m) and t that returns H(t)/ħ times the kets, for `variance`.

    Raises:
        InputError: shapes do not fit together.

    >>> up = Ensemble((2,), kets=[[[1], [0]]] * 2, weights=[1])
    >>> trajectory = Trajectory([0, 1], ("1/2",), up, energy=[-0.5, -0.5], method="exact")
    >>> trajectory
    <Trajectory: 2 times from 0 to 1, spins 1/2, method exact, drift trace 0, purity 0, spectrum 0>
    >>> trajectory.bloch(0)[-1].tolist()
    [0.0, 0.0, 1.0]
    """

    KIND = archive.ONE

    def __init__(
        self,
        times: ArrayLike,
        spins: Sequence[str],
        ensemble: Ensemble | None = None,
        moments: ArrayLike | None = None,
        energy: ArrayLike | None = None,
        labels: Sequence[str] = (),
        method: str = "",
        stats: Mapping[str, Any] | None = None,
        hbar: float = 1.0,
        observed: Mapping[str, ArrayLike] | None = None,
        restart: Restart | None = None,
        apply: Apply | None = None,
        values: Mapping[str, Any] | None = None,
        provenance: Provenance | None = None,
    ) -> None:
        """Keep the arrays; see the class for the arguments."""
        times, spins = np.asarray(times, dtype=np.float64), tuple(map(str, spins))
        moments, energy = (None if a is None else np.asarray(a, dtype=np.float64) for a in (moments, energy))
        named = {str(name): np.asarray(values) for name, values in (observed or {}).items()}
        check_shapes(times, spins, ensemble, moments, energy, named)
        held: Held | None = moments if ensemble is None else ensemble
        self._show(Record(
            times, np.array([len(times)]), np.array([float(hbar)]), spins, tuple(map(str, labels)),
            dict(values or {}), held is None or len(held) == len(times), None if energy is None else energy[None],
            [str(method)], [dict(stats or {})], [] if held is None else [Stack.of(0, held)], provenance=provenance,
            observed={name: values[None] for name, values in named.items()}), held, restart, apply)

    def _show(self, record: Record, held: Held | None, restart: Restart | None, apply: Apply | None) -> None:
        """Show a record of one row that reached all its times."""
        self.record, self.restart, self.apply = record, restart, apply
        self.times, self.spins, self.labels = record.times, tuple(record.spins), tuple(record.labels)
        self.ensemble = held if isinstance(held, Ensemble) else None
        self.observed = {name: values[0] for name, values in record.observed.items()}
        self.method, self.stats, self.hbar = record.methods[0], record.stats[0], float(record.hbars[0])
        self.values = dict(record.values)
        self._series = TimeSeries(self.times, self.spins, record.scale(0), held, apply, tuple(self.observed))

    @classmethod
    def _of(cls, record: Record) -> "Trajectory":
        """Return the one row of a record."""
        return row_of(record, 0)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what is pickled: the record, and how states in between are found."""
        return row_of, (self.record, 0, self.restart, self.apply)

    def __len__(self) -> int:
        """Return the number of times."""
        return len(self.times)

    def _repr_html_(self) -> str:
        """What it is, for a notebook."""
        return in_html(repr(self).replace(", ", "\n  ").strip("<>"))

    def __repr__(self) -> str:
        """Say what was solved, how, and how far the invariants drifted (where that is quickly known)."""
        first, last = self.times[[0, -1]]
        span = f"{len(self)} times from {first:g} to {last:g}" if len(self) > 1 else f"t = {last:g}"
        parts = [span, f"spins {row(self.spins)}"]
        parts += [] if self.record.sector is None else [f"S_z = {self.record.sector.magnetisation}"]
        if isinstance(sector := self.record.sector, RingSector):
            parts.append(f"momentum {sector.momentum}")
        parts += [f"method {self.method}"] if self.method else []
        parts += [f"{self.stats['steps']} steps"] if "steps" in self.stats else []
        if "drifts" in vars(self._series) or self._drift_is_cheap():
            shown = [f"{name} {self.invariants[name]:.1g}" for name in _SHOWN if name in self.invariants]
            parts.append("drift " + ", ".join(shown))
        return f"<Trajectory: {', '.join(parts)}>"

    def _drift_is_cheap(self) -> bool:
        """Return whether the invariants take no visible time."""
        if not self.record.stacks or not self.record.complete:
            return False
        if self.ensemble is None:
            return True
        width = self.ensemble.dimension if self.ensemble.weights is None else len(self.ensemble.weights)
        return len(self) * self.ensemble.dimension * width**2 <= _REPR_COST

    def _own(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return the entries of the one row."""
        return array[0]

    def _each(self, read: Callable[[TimeSeries], Any], apart: bool = False) -> Any:
        """Return what is read here."""
        return read(self._series)

    def _rows(self, read: Callable[[TimeSeries], Any], series: bool = True) -> Any:
        """Return what is read here."""
        return read(self._series)

    def _part(self, record: Record) -> "Trajectory":
        """Return states of this trajectory; what was counted and observed is of the whole."""
        return row_of(replace(record, stats=[{}], observed={}), 0, None, self.apply)

    def _between(self, t: float) -> "Trajectory":
        """Return the trajectory at a time whose state is not kept: solved anew, or refused."""
        if not isinstance(t, Real) or not self.times[0] <= t <= self.times[-1]:
            first, last = self.times[[0, -1]]
            raise InputError(f"`t` must be a time from {first:g} to {last:g}, but is {t!r}; solve for more `times`.")
        if self.restart is not None:
            state = self.restart(float(t))
            ensemble, moments = (state, None) if isinstance(state, Ensemble) else (None, state.reshape(1, -1, 3))
            energy = None if self.record.energy is None else self.record.energy[0][self.times == t]
            return Trajectory([t], self.spins, ensemble, moments, None if energy is None or not len(energy) else energy,
                              self.labels, self.method, hbar=self.hbar, apply=self.apply, values=self.values,
                              provenance=self.record.provenance)
        if not self.record.stacks:
            raise InputError(f"`t` asks for a state, but only {self._names()} were kept; solve without `observe`.")
        held = self.times if self.record.complete else self.times[-1:]
        nearest = held[np.argmin(abs(held - t))]
        made = self.record.provenance
        todo = TODO if made is not None and made.has_text and self.record.complete else ""
        raise InputError(f"`t` must be a stored time here, but is {t!r}; the nearest is {nearest:.17g}; "
                         f"take that{todo}.")

    def sensitivity(self, parameter: Any) -> NDArray[Any]:
        r"""Return the derivatives of the states by a parameter, $\partial\rho/\partial\theta$, (n, d, d).

        Exact, no differences: the exact solution differentiated where there is one, else the law linearised along its
        motion and integrated with the tolerances of the solve; also where H jumps at times that move.

        Args:
            parameter: the name, or Symbol, of a parameter of the model, the law or a thermal or ground state that is a
                number.

        Returns:
            ndarray: (n, d, d), of moments (n, N, 3); at the time of a jump that moves, the derivative from before.

        Raises:
            InputError: no such parameter, dimension above 128 (64 without a frame weight), jumps that meet and part, or
                a trajectory without states or without what was solved.

        Source: own; q-LLG is PRL 133, 266704 (2024), eq. 3.

        >>> import sympy as sp
        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, solve, states
        >>> B = sp.Symbol("B", real=True)
        >>> spin = Model(Space("1/2"), [Zeeman((0, 0, B))])
        >>> run = solve(spin, QuantumLLG(0), states.product("+x"), [0, 1], values={"B": 2})
        >>> run.sensitivity(B)[-1].round(6)[0, 1] == (0.5j * np.exp(2j)).round(6)      # ρ_01 = ½ exp(iBt)
        np.True_
        """
        found = getattr(self.restart, "sensitivity", None)
        if found is None or not self.record.complete:
            raise InputError("`parameter` asks for sensitivities, which need all states of a solve and what was "
                             "solved, but this trajectory does not have them; solve again, without `observe` or "
                             "keep=\"final\".")
        return np.asarray(found([str(parameter)])[0])

    def gradient(self, cotangents: Any) -> dict[str, float]:
        r"""Return the derivatives of one number by every parameter, by the adjoint equation.

        $$L = \sum_n \mathrm{Tr}\,\Lambda_n\rho(t_n),\qquad \partial L/\partial\theta$$

        For a function of the states Λ_n is its derivative by ρ(t_n). It costs a few runs however many parameters
        there are, where `sensitivity` costs one for each.

        Args:
            cotangents: Λ, (n, d, d), Hermitian; zero at times that do not matter.

        Returns:
            dict: by the names of the parameters, those of signals left out.

        Raises:
            InputError: another shape, a law without a frame weight, jumps in time, dimension above 128, or a trajectory
                without states or without what was solved.

        Source: adjoint of the equations of `sensitivity`; q-LLG is PRL 133, 266704 (2024), eq. 3.

        >>> import sympy as sp
        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, solve, states
        >>> B = sp.Symbol("B", real=True)
        >>> spin = Model(Space("1/2"), [Zeeman((0, 0, B))])
        >>> run = solve(spin, QuantumLLG(0), states.product("+x"), [0, 1], values={"B": 2})
        >>> sx = np.array([[0, 1], [1, 0]])                                  # ⟨σ_x⟩ = cos Bt
        >>> round(run.gradient([0 * sx, sx])["B"] + np.sin(2), 9) + 0
        np.float64(0.0)
        """
        found = getattr(self.restart, "gradients", None)
        if found is None or not self.record.complete:
            raise InputError("`cotangents` ask for a gradient, which needs all states of a solve and what was solved, "
                             "but this trajectory does not have them; solve again, without `observe` or "
                             "keep=\"final\".")
        d = int(np.prod([int(2 * Fraction(spin) + 1) for spin in self.spins]))
        try:
            given = np.asarray(cotangents, dtype=complex)
        except (TypeError, ValueError):
            given = np.empty(0)
        if given.shape != (len(self.times), d, d) or not np.isfinite(given).all():
            raise InputError(f"`cotangents` must be finite matrices of shape {(len(self.times), d, d)}, but are of "
                             f"shape {given.shape} or not finite; give one for each time.")
        if not np.allclose(given, given.conj().swapaxes(1, 2), rtol=1e-10, atol=0):
            raise InputError("`cotangents` must be Hermitian, for the number is real, but are not; give their "
                             "Hermitian part.")
        return dict(found(given))

    def finer(self, points: int = SMOOTH) -> "Trajectory":
        """Return the same trajectory at more times, the stored ones among them: solved again, by the same method.

        What was loaded, what keeps its last state alone, and what has as many times already, is returned as it is; so
        is what would hold more than four million numbers.

        Args:
            points: how many times there shall be, at least.

        >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, solve, states
        >>> spin = Model(Space("1/2"), [Zeeman((1, 0, 0))])
        >>> run = solve(spin, QuantumLLG(0.5), states.product("up"), [0, 4, 8])
        >>> len(run.finer(9)), abs(run.finer(9).at(6) - run.at(6)).max() < 1e-9
        (9, np.True_)
        """
        over, n = getattr(self.restart, "over", None), len(self.times)
        parts = -(-(points - 1) // max(n - 1, 1))
        whole = bool(self.record.stacks) and self.record.complete
        if over is None or not whole or n < 2 or parts < 2 or self._numbers() * (n - 1) * parts > MOST_NUMBERS:
            return self
        steps = np.arange(parts) / parts
        times = np.append((self.times[:-1, None] + np.diff(self.times)[:, None] * steps).ravel(), self.times[-1])
        record = over(times, self.values)
        return self if record.failures else row_of(record, 0, self.restart, self.apply)

    def _numbers(self) -> int:
        """Return how many numbers the state at one time holds."""
        if self.ensemble is None:
            return 3 * len(self.spins)
        kets = self.ensemble.kets
        return self.ensemble.dimension * (self.ensemble.dimension if kets is None else kets.shape[-1])


def row_of(record: Record, row: int, restart: Restart | None = None, apply: Apply | None = None) -> Trajectory:
    """Return one row of a record as a trajectory of its own, as far as it came.

    Args:
        record: what was found of all.
        row: its number.
        restart: as of a `Trajectory`.
        apply: as of a `Trajectory`.

    Raises:
        InputError: it was not begun.
    """
    count, held = int(record.counts[row]), record.held(row)
    if not count:
        raise InputError(f"`index` must be that of a trajectory that reached these times, but number {row} did "
                         "not; look at `failures`, or solve it anew.")
    if len(record.counts) == 1 and count == len(record.times):
        whole = Trajectory.__new__(Trajectory)
        whole._show(record, held, restart, apply)      # noqa: SLF001
        return whole
    ensemble, moments = (held, None) if isinstance(held, Ensemble) else (None, held)
    energy = None if record.energy is None else record.energy[row, :count]
    observed = {name: values[row, :count] for name, values in record.observed.items()}
    return Trajectory(record.times[:count], record.spins, ensemble, moments, energy, record.labels,
                      record.methods[row], record.stats[row], float(record.hbars[row]), observed, restart, apply,
                      {name: v[row] if np.ndim(v) else v for name, v in record.values.items()}, record.provenance)
