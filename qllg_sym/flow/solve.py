"""solve and solve_many: rows of a law of motion are posed, each gets its method, all run, and one record is shown."""

from collections.abc import Callable, Mapping
from math import inf
from time import perf_counter
from typing import Any, Literal, overload

from numpy.typing import NDArray

from qllg_sym.equations.hybrid.law import Hybrid
from qllg_sym.equations.law import Law
from qllg_sym.flow.between import Solved
from qllg_sym.flow.choose import choose
from qllg_sym.flow.compact import forms
from qllg_sym.flow.compact_many import solve_compact_many
from qllg_sym.flow.damping import warn_of_driving
from qllg_sym.flow.gaussian.trajectory import GaussianTrajectory
from qllg_sym.flow.hybrid.many import solve_hybrid_many
from qllg_sym.flow.hybrid.solve import solve_hybrid
from qllg_sym.flow.hybrid.trajectories import HybridTrajectories
from qllg_sym.flow.hybrid.trajectory import HybridTrajectory
from qllg_sym.flow.lattices.memory import reserve
from qllg_sym.flow.layout import Layout
from qllg_sym.flow.mps.trajectory import MatrixProductTrajectory
from qllg_sym.flow.options import Options
from qllg_sym.flow.pose import pose_rows
from qllg_sym.flow.progress import Progress
from qllg_sym.flow.results.chains import ChainTrajectories
from qllg_sym.flow.results.digits import warn_of_lost
from qllg_sym.flow.results.endings import Ended, interrupted, many_interrupted, many_stopped, stopped
from qllg_sym.flow.results.record import Record
from qllg_sym.flow.results.recorder import check_observed
from qllg_sym.flow.results.trajectories import Trajectories
from qllg_sym.flow.results.trajectory import Trajectory
from qllg_sym.flow.run import run
from qllg_sym.model.model import Model

Array = NDArray[Any]


@overload
def solve(model: Model, law: Hybrid, state: Any, times: Any, values: Mapping[Any, Any] | None = None,
          method: str = "auto",
          rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False, keep: str = "all",
          observe: Mapping[str, Any] | None = None, stop: Callable[[float, Array], bool] | None = None,
          max_step: float = inf, breakpoints: Any = (), options: Mapping[str, Any] | None = None
          ) -> HybridTrajectory: ...


@overload
def solve(model: Model, law: Law, state: Any, times: Any, values: Mapping[Any, Any] | None = None,
          *, method: Literal["gaussian"],
          rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False, keep: str = "all",
          observe: Mapping[str, Any] | None = None, stop: Callable[[float, Any], bool] | None = None,
          max_step: float = inf, breakpoints: Any = (), options: Mapping[str, Any] | None = None
          ) -> GaussianTrajectory: ...


@overload
def solve(model: Model, law: Law, state: Any, times: Any, values: Mapping[Any, Any] | None = None,
          *, method: Literal["mps"],
          rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False, keep: str = "all",
          observe: Mapping[str, Any] | None = None, stop: Callable[[float, Any], bool] | None = None,
          max_step: float = inf, breakpoints: Any = (), options: Mapping[str, Any] | None = None
          ) -> MatrixProductTrajectory: ...


@overload
def solve(model: Model, law: Law, state: Any, times: Any, values: Mapping[Any, Any] | None = None, method: str = "auto",
          rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False, keep: str = "all",
          observe: Mapping[str, Any] | None = None, stop: Callable[[float, Array], bool] | None = None,
          max_step: float = inf, breakpoints: Any = (), options: Mapping[str, Any] | None = None) -> Trajectory: ...


def solve(model: Model, law: Law, state: Any, times: Any, values: Mapping[Any, Any] | None = None, method: str = "auto",
          rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False, keep: str = "all",
          observe: Mapping[str, Any] | None = None, stop: Callable[[float, Array], bool] | None = None,
          max_step: float = inf, breakpoints: Any = (), options: Mapping[str, Any] | None = None
          ) -> Any:
    r"""Integrate a law of motion, e.g. $\dot\rho = \frac{i}{\hbar}[\rho, H] + i\kappa[\rho, \dot\rho]$.

    Args:
        model: Hamiltonian and space.
        law: `QuantumLLG(kappa)`, …
        state: at times[0]; density matrix (d, d), ket (d,), Qobj, LowRank, one of `qllg_sym.states`; unit moments
            (N, 3) for classical laws; `HybridState` for `Hybrid`.
        times: strictly increasing, at least one, in units of ħ/energy.
        values: numbers for the parameters of model and law, keyed by name or Symbol.
        method: "exact" (two-valued spectrum, constant H: diagonalises H), "krylov" (the same without a matrix), "frame"
            (laws with a frame weight, dense), "low-rank" (the same, without a matrix), "local" (local Gilbert friction,
            without a matrix), "pauli" (generated components), "moments" (classical laws), "heun" (the same with
            field="mean" and one length of steps, options={"step": 0.01}) or "auto", by dimension and rank the quickest
            that applies. Without kets, and with results of their own: "gaussian" (free fermions: open XX, XY and
            transverse-field Ising chains, pure Gaussian states such as products along z); "mps" (matrix product
            states: chains, rings and ladders of any spins, two of them coupled at any distance, a pure state or a
            background and one ket; to a tolerance of 1e-6, or `rtol` if that is larger, unless `options` say
            otherwise).
        rtol: local relative tolerance of the integrator, at least 3e-14: errors of steps add up, at worst to about rtol
            times `stats["steps"]`.
        atol: local absolute tolerance of the integrator.
        progress: True for a bar on stderr, or a function of the fraction done.
        keep: "all", or "final" for the last state alone, also beside `observe`.
        observe: {name: operator (d, d), terms, spins, model, function of ρ (of the moments, classical), or the name of
            an observable such as "bloch0"}: stored instead of states, which "krylov" and "low-rank" then never hold
            together. Where d > 1024 a function is given ρ as a LowRank. Of `Hybrid` functions of a `HybridState`,
            "energy" or "bloch0", stored beside the states, of which keep="final" leaves the last.
        stop: function of (t, state), given as to a function in `observe`, at the times as they are reached; True ends
            the trajectory there.
        max_step: longest step in time. Where H or the damping depends on time, steps keep by themselves to what sees
            it: bounds of its expressions show where it moves, however briefly; `stats["resolution"]` is the widest
            interval that they leave open, 0.0 where none, and `stats["assumed"]` says what was taken for granted of
            signals.
        breakpoints: times at which a step ends and the next begins, such as kinks; "exact" and "krylov" take no steps.
        options: what the method alone has, by name; other names are refused. Of "mps": "tolerance" of the estimated
            error of local readings, and "bond" (the largest bond dimension), "cut" (the weight that one truncation may
            discard) and "step" (in time), which follow from it where they are not given.

    Returns:
        Trajectory; of `Hybrid` a `HybridTrajectory`, of "gaussian" a `GaussianTrajectory`, of "mps" a
        `MatrixProductTrajectory`.

    Raises:
        QllgError: bad input, before any work.
        IntegrationError: with the time reached and the partial trajectory; also where a constant of motion (Tr ρ, the
            spectrum, |m|) moves by more than 100 (rtol + atol) a step.
        SolveInterrupted: on Ctrl-C, with the partial trajectory.

    Warns:
        QllgWarning: a negative damping.
        QllgWarning: near an unstable state rounding grew until far fewer digits are left than rtol asks for;
            `stats` of "exact" estimates them, "digits"; that of "frame", "low-rank" and "pauli" the "growth" of errors
            on the way, or an upper bound of it where that is harmless.

    Source: PRL 133, 266704 (2024), eq. 3; frame form in `flow.methods.frame`.

    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, states
    >>> model = Model(Space("1/2"), [Zeeman((0, 0, 1))])
    >>> solve(model, QuantumLLG(0.5), states.product("+x"), [0, 100]).bloch(0)[-1].round(6).tolist()
    [-0.0, 0.0, 1.0]
    """
    return solve_with(model, law, state, times, values, Options(
        method, rtol, atol, keep, observe, stop, progress, None, max_step, breakpoints,
        {} if options is None else options))


@overload
def solve_with(model: Model, law: Hybrid, state: Any, times: Any, values: Mapping[Any, Any] | None,
               options: Options) -> HybridTrajectory: ...


@overload
def solve_with(model: Model, law: Law, state: Any, times: Any, values: Mapping[Any, Any] | None,
               options: Options) -> Trajectory: ...


def solve_with(model: Model, law: Law, state: Any, times: Any, values: Mapping[Any, Any] | None,
               options: Options) -> Any:
    """Integrate a law of motion as `solve` does, its options in one record.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> solve_with(Model(Space("1/2")), QuantumLLG(0.5), states.product("up"), [0, 1], None, Options()).method
    'exact'
    """
    reserve(model, law, times, options)
    if isinstance(law, Hybrid):
        return solve_hybrid(model, law, state, times, values, options)
    if options.method in forms():
        return forms()[options.method].run(model, law, state, times, values, options)
    many = _solved(model, law, Layout.one(state, values), times, options)
    found: Trajectory = many[0]
    _report(many.record, found, options.rtol)
    return found


@overload
def solve_many(model: Model, law: Hybrid, states: Any, times: Any, values: Mapping[Any, Any] | None = None,
               method: str = "auto", rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False,
               keep: str = "all", observe: Mapping[str, Any] | None = None,
               stop: Callable[[float, Any], bool] | None = None, threads: int | None = None, max_step: float = inf,
               breakpoints: Any = (), options: Mapping[str, Any] | None = None) -> HybridTrajectories: ...


@overload
def solve_many(model: Model, law: Law, states: Any, times: Any, values: Mapping[Any, Any] | None = None,
               *, method: Literal["gaussian", "mps"], rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False,
               keep: str = "all", observe: Mapping[str, Any] | None = None,
               stop: Callable[[float, Any], bool] | None = None, threads: int | None = None, max_step: float = inf,
               breakpoints: Any = (), options: Mapping[str, Any] | None = None) -> ChainTrajectories: ...


@overload
def solve_many(model: Model, law: Law, states: Any, times: Any, values: Mapping[Any, Any] | None = None,
               method: str = "auto", rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False,
               keep: str = "all", observe: Mapping[str, Any] | None = None,
               stop: Callable[[float, Any], bool] | None = None, threads: int | None = None, max_step: float = inf,
               breakpoints: Any = (), options: Mapping[str, Any] | None = None) -> Trajectories: ...


def solve_many(model: Model, law: Law, states: Any, times: Any, values: Mapping[Any, Any] | None = None,
               method: str = "auto", rtol: float = 1e-10, atol: float = 1e-12, progress: Any = False,
               keep: str = "all", observe: Mapping[str, Any] | None = None,
               stop: Callable[[float, Any], bool] | None = None, threads: int | None = None, max_step: float = inf,
               breakpoints: Any = (), options: Mapping[str, Any] | None = None
               ) -> Trajectories | HybridTrajectories | ChainTrajectories:
    r"""Solve for many states, many values of parameters, or both side by side, as one batch.

    The numbers are those of `solve` row by row. Dense methods run all rows in lockstep: the exact solution on stacked
    arrays, "frame", "pauli" and "moments" on SIMD lanes and all cores; other methods
    and `stop` take the rows one by one, and so do steps in NumPy on a machine without a C compiler.

    Args:
        model: as in `solve`.
        law: as in `solve`.
        states: a list of m states or an array (m, d, d) or (m, N, 3), or one state for all; of `Hybrid` each a
            `HybridState`.
        times: as in `solve`.
        values: numbers, or arrays (m,) with one number a row; arrays of more axes are broadcast against each other,
            and `shape` of the result says how the rows are laid out: `many.purity.reshape(*many.shape, -1)`.
        method: as in `solve`; "auto" chooses for each row by its state.
        rtol: as in `solve`.
        atol: as in `solve`.
        progress: as in `solve`; one bar, or one fraction done, for the whole batch.
        keep: as in `solve`.
        observe: as in `solve`.
        stop: as in `solve`; every row ends by itself.
        threads: how many cores to use; all that this process may use when None.
        max_step: as in `solve`.
        breakpoints: as in `solve`.
        options: as in `solve`.

    Returns:
        Trajectories; of `Hybrid`, whose rows run one by one, HybridTrajectories, and of the methods "gaussian" and
        "mps", whose rows too run one by one, ChainTrajectories. Where a row ended early its arrays are NaN from the
        first time that it did not reach.

    Raises:
        QllgError: bad input, before any work: lists and arrays of different lengths, or as `solve`, with the row.
        IntegrationError: rows failed; all others are done, and `.partial` holds the Trajectories.
        SolveInterrupted: on Ctrl-C; `.partial` holds what is done.

    Warns:
        QllgWarning: a negative damping in some row.

    Source: PRL 133, 266704 (2024), eq. 3; frame form in `flow.methods.frame`.

    >>> from sympy import Symbol
    >>> from qllg_sym import Exchange, Model, QuantumLLG, Space, states
    >>> model = Model(Space("1/2", "1/2"), [Exchange(Symbol("J", real=True), 0, 1)])
    >>> many = solve_many(model, QuantumLLG(0.5), states.product("up", "down"), [0, 50], {"J": [-1, 1]})
    >>> (many.concurrence()[:, -1].round(6) + 0).tolist()
    [1.0, 1.0]
    """
    return solve_many_with(model, law, states, times, values, Options(
        method, rtol, atol, keep, observe, stop, progress, threads, max_step, breakpoints,
        {} if options is None else options))


def solve_many_with(model: Model, law: Law, states: Any, times: Any, values: Mapping[Any, Any] | None,
                    options: Options) -> Trajectories | HybridTrajectories | ChainTrajectories:
    """Solve many rows as `solve_many` does, its options in one record.

    >>> from qllg_sym import Model, QuantumLLG, Space, states
    >>> solve_many_with(Model(Space("1/2")), QuantumLLG(0.5), [states.product("up")], [0, 1], None, Options()).method
    array(['exact'], dtype='<U5')
    """
    if isinstance(law, Hybrid):
        return solve_hybrid_many(model, law, states, times, values, options)
    if options.method in forms():
        return solve_compact_many(model, law, states, times, values, options)
    many = _solved(model, law, Layout.many(states, values), times, options)
    _report(many.record, many, options.rtol)
    return many


def _solved(model: Model, law: Law, rows: Layout, times: Any, options: Options) -> Trajectories:
    """Return what is found of all rows; what ended some of them early is told in the record.

    1 `pose_rows`: model, law, states and numbers → `Problem`s, every input checked, rows of one shape together
    2 `choose`: rows that are alike → the method asked for, or the cheapest that applies
    3 `run`: → `Record`, in lockstep and on threads where a method can, else row by row
    4 `Trajectories` show the record, and go on from it for states in between
    """
    bound, parts = pose_rows(model, law, rows, times, options)
    first = parts[0].row(0)
    warn_of_driving(first.equation.law, {**first.values, **bound}, first.times)
    check_observed(options.observe, first)
    chosen = tuple((part, str(choose(part.row(0), options, None if rows.single else int(part.start.rows[0])).NAME))
                   for whole in parts for part in whole.alike())
    started = perf_counter()
    with Progress(options.progress) as show:
        record = run(chosen, bound, options, show)
    record.seconds, record.grid = perf_counter() - started, rows.shape
    solved = Solved(chosen, bound, options.threads, record if rows.single else None)
    return Trajectories(record, solved.again, solved.more)


def _report(record: Record, found: Trajectory | Trajectories, rtol: float) -> None:
    """Raise what ended rows early; warn of few digits."""
    alone = isinstance(found, Trajectory)
    if record.interrupted:
        raise interrupted(found) if alone else many_interrupted(found)
    if record.failures:
        early = {row: Ended(why, reached) for row, (why, reached) in record.failures.items()}
        raise stopped(next(iter(early.values())), found) if alone else many_stopped(early, found)
    warn_of_lost(record.stats, rtol)
