"""From jump to jump: a method runs each piece of time on which the equation is smooth, from where the last ended.

Rows whose jumps are at the same times go together; others go by themselves. What the method is asked for (times,
`stop`, `receive`) is asked for at the times wanted alone: the ends of pieces are nobody's business.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qllg_sym.flow.drives.activity import Activity
from qllg_sym.flow.drives.piecewise import Piece
from qllg_sym.flow.methods import Method
from qllg_sym.flow.problem import Problem, Watch
from qllg_sym.flow.results.outcome import Outcome
from qllg_sym.flow.results.stack import Stack
from qllg_sym.flow.states.initial_states import InitialStates
from qllg_sym.observables.ensemble import Ensemble

Array = NDArray[Any]
LEAST, PRODUCT, LARGEST = ("digits",), ("growth",), ("resolution",)     # how numbers of pieces become one; others add
TOLD, LOST = ("rank",), ("stationary_from",)


def run_method(method: Method, problem: Problem, watch: Watch) -> Outcome:
    """Return what a method finds, piece by piece where the equation has jumps or kinks in time.

    >>> import sympy
    >>> from qllg_sym import Model, QuantumLLG, Space, Zeeman, states, t
    >>> from qllg_sym.flow import methods
    >>> from qllg_sym.flow.pose import pose
    >>> switched = Model(Space("1/2"), [Zeeman((0, 0, sympy.Heaviside(t - 1)))])
    >>> posed = pose(switched, QuantumLLG(0), states.product("+x"), [0, 1, 1 + float(sympy.pi)])
    >>> found = run_method(methods.find("exact"), posed, lambda time: None)
    >>> found.stats[0]["pieces"], abs(found.block.samples[0, :, :, 0].sum(axis=1)).round(12).tolist()
    (2, [1.414213562373, 1.414213562373, 0.0])
    """
    if problem.branches is None:
        return method.run(problem, watch)
    found = [_Walk(method, part, pieces, watch).outcome() for part, pieces in problem.in_pieces()]
    return found[0] if len(found) == 1 else _joined(problem, found)


class _Walk:
    """Rows with the same pieces on their way."""

    def __init__(self, method: Method, problem: Problem, pieces: Sequence[Piece], watch: Watch) -> None:
        m = len(problem)
        self._method, self._problem, self._pieces, self._watch = method, problem, pieces, watch
        self._rows, self._start = np.arange(m), problem.start
        self._counts, self._reached = np.zeros(m, dtype=int), np.full(m, problem.times[0])
        self._failures: list[str | None] = [None] * m
        self._stats: list[dict[str, Any]] = [{} for _ in range(m)]
        self._parts: list[tuple[Array, Stack]] = []
        self._last: Ensemble | None = None
        self._stopped = False
        self._known: dict[tuple[float, ...], Problem] = {}
        self._activity = problem.activities(pieces)         # all at once: one by one they cost more than the steps

    def outcome(self) -> Outcome:
        """Go from piece to piece."""
        taken = 0
        for k, piece in enumerate(self._pieces):
            upto = int(np.searchsorted(self._problem.times, piece.end, side="right"))
            self._piece(k, piece, self._problem.times[taken:upto])
            taken = upto
            if self._stopped or not len(self._rows):
                break
        return self._whole()

    def _piece(self, k: int, piece: Piece, wanted: Array) -> None:
        """Run one piece, and take the states at the times wanted."""
        grid = np.unique(np.concatenate([[piece.begin, piece.end], wanted]))
        sub = self._posed(piece, grid, set(wanted.tolist()))
        vars(sub)["activity"] = self._moving(k)
        found = self._method.run(sub, self._watch)
        handed, counts, places = found.handed is not None, found.counts, np.searchsorted(grid, wanted)
        if not handed and len(wanted):
            held = found.block.samples      # of fewer times where `stop` ended them
            self._parts.append((self._rows, replace(found.block, samples=held[:, places[places < held.shape[1]]])))
        for i, row in enumerate(self._rows.tolist()):
            self._counts[row] += int(np.count_nonzero(places < counts[i]))
            self._reached[row], self._failures[row] = found.reached[i], found.failures[i]
            _add(self._stats[row], found.stats[i], sub)
        self._stopped = self._problem.stop is not None and counts[0] < len(grid)
        whole = np.array([why is None for why in found.failures]) & (counts == len(grid))
        if whole.any() and not self._stopped:
            self._start = _ends(found, whole, 0 if handed else len(grid) - 1)
        if not whole.all():
            self._rows = self._rows[whole]
            self._known.clear()

    def _moving(self, k: int) -> Activity | None:
        """Return where coefficients move on one piece, of the rows that are still there."""
        found, places = self._activity, k * len(self._problem) + self._rows
        if found is None:
            return None
        limits = found.limits.of(int(places[0])) if len(places) == 1 else \
            replace(found.limits, firsts=found.limits.firsts[places])
        return Activity(limits, found.resolution[places])

    def _posed(self, piece: Piece, grid: Array, wanted: set[float]) -> Problem:
        """Return the problem of one piece."""
        key = tuple(piece.values.values())
        if key not in self._known:
            rows = self._problem if len(self._rows) == len(self._problem) else self._problem.part(self._rows)
            self._known[key] = rows.on(piece)
        known = self._known[key]
        return known.anew(start=self._start, times=grid, stop=self._asked(wanted), receive=self._received(wanted))

    def _asked(self, wanted: set[float]) -> Callable[[float, Any], bool] | None:
        """Return `stop` as it is asked at the times wanted alone."""
        stops = self._problem.stops
        return None if self._problem.stop is None else lambda t, state: t in wanted and stops(t, state)

    def _received(self, wanted: set[float]) -> Callable[[float, Ensemble], None] | None:
        """Return `receive` for the states at the times wanted alone; the last one is kept."""
        receive = self._problem.receive
        if receive is None:
            return None

        def take(t: float, ensemble: Ensemble) -> None:
            """Hand one on."""
            if t in wanted:
                receive(t, ensemble)
                kets, weights = ensemble.weighted or (None, None)
                self._last = Ensemble(ensemble.dims, kets=np.array(kets), weights=weights,
                                      background=ensemble.background)
        return take

    def _whole(self) -> Outcome:
        """Return all pieces as one."""
        problem = self._problem
        if self._last is not None:
            return Outcome.of(problem.number, problem.times[:self._counts[0]], self._last, self._stats[0],
                              self._failures[0], float(self._reached[0]))
        return Outcome(_stack(problem, self._parts, self._counts), self._reached, self._failures, self._stats)


def _ends(found: Outcome, chosen: Array, place: int) -> InitialStates:
    """Return the states at which a piece ended, as those at which the next one begins."""
    block = found.block
    rows, last = block.rows[chosen], block.samples[chosen, place]
    if not block.dims:
        return InitialStates(rows, moments=last)
    if block.weights is None:
        levels, vectors = np.linalg.eigh(last)
        return InitialStates(rows, levels[:, ::-1].copy(), vectors[:, :, ::-1].copy(), np.zeros(len(rows)),
                             np.zeros(len(rows)))
    return InitialStates(rows, block.weights[chosen], last, block.background[chosen], np.zeros(len(rows)))


def _stack(problem: Problem, parts: Sequence[tuple[Array, Stack]], counts: Array) -> Stack:
    """Return the states of all pieces in one stack; rows that ended early have nothing in later pieces."""
    first = parts[0][1]
    if not all(_alike(stack, first, rows) for rows, stack in parts):
        parts = [(rows, _dense(stack)) for rows, stack in parts]
        first = parts[0][1]
    shape = (len(problem), sum(stack.samples.shape[1] for _, stack in parts), *first.samples.shape[2:])
    samples, place = np.zeros(shape, dtype=first.samples.dtype), 0
    for rows, stack in parts:
        n = stack.samples.shape[1]
        samples[rows, place:place + n] = stack.samples
        place += n
    return replace(first, rows=problem.start.rows, counts=counts, samples=samples)


def _alike(stack: Stack, first: Stack, rows: Array) -> bool:
    """Return whether states are written with the weights of the first piece."""
    if first.weights is None:
        return True
    return bool(np.array_equal(stack.weights, first.weights[rows])
                and np.array_equal(stack.background, first.background[rows]))


def _dense(stack: Stack) -> Stack:
    """Return kets as density matrices."""
    kets, d = stack.samples, stack.samples.shape[2]
    rho = (kets * stack.weights[:, None, None, :]) @ kets.conj().swapaxes(2, 3)
    rho[..., range(d), range(d)] += stack.background[:, None, None]
    return replace(stack, samples=rho, weights=None, background=None)


def _add(total: dict[str, Any], stats: dict[str, Any], piece: Problem) -> None:
    """Count one more piece."""
    total["pieces"] = total.get("pieces", 0) + 1
    if piece.activity is not None:
        stats = {**stats, "resolution": float(np.max(piece.activity.resolution))}
    for name, value in stats.items():
        if name in LOST:
            continue
        if name not in total or not isinstance(value, (int, float)) or isinstance(value, bool) or name in TOLD:
            total[name] = value
        elif name in LEAST:
            total[name] = min(total[name], value)
        elif name in LARGEST:
            total[name] = max(total[name], value)
        else:
            total[name] = total[name] * value if name in PRODUCT else total[name] + value


def _joined(problem: Problem, found: Sequence[Outcome]) -> Outcome:
    """Return the outcomes of some of the rows each as one, in the order of all rows."""
    numbers = np.concatenate([one.block.rows for one in found])
    order = np.argsort(numbers)
    blocks = [one.block for one in found]
    if len({block.weights is None for block in blocks}) > 1:
        blocks = [block if block.weights is None else _dense(block) for block in blocks]

    def together(name: str) -> Any:
        """One entry a row."""
        parts = [getattr(block, name) for block in blocks]
        return None if parts[0] is None else np.concatenate(parts)[order]

    stack = replace(blocks[0], **{name: together(name) for name in
                                  ("rows", "counts", "samples", "weights", "background")})
    failures = [why for one in found for why in one.failures]
    stats = [one for outcome in found for one in outcome.stats]
    return Outcome(stack, np.concatenate([one.reached for one in found])[order], [failures[k] for k in order.tolist()],
                   [stats[k] for k in order.tolist()])
