"""Many noisy trajectories as data: what is integrated where, in which chunks; nothing of who does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from numpy.typing import NDArray

from qllg_sym.algebra.fields import ByFields
from qllg_sym.ensemble import steppers
from qllg_sym.ensemble.bath import Bath
from qllg_sym.ensemble.choose import motion_of
from qllg_sym.ensemble.readings import prepared_readings
from qllg_sym.ensemble.simulation import Simulation
from qllg_sym.errors import CodegenError
from qllg_sym.flow.blas import one_thread
from qllg_sym.flow.problem import Problem
from qllg_sym.flow.progress import quiet
from qllg_sym.parallel.chunked import ChunkResults, Look
from qllg_sym.parallel.fingerprint import fingerprint

Array = NDArray[Any]
LAYOUT = 1              # of chunks and random numbers: another rule has another one, and older checkpoints are refused
FEWEST, MOST = 1 << 11, 1 << 14     # numbers of a chunk's states: calls are worth it, and a core's cache holds them
KEPT = 1 << 28          # bytes of last states
LANES = 8               # trajectories that compiled steps take side by side
SHARES = 64             # chunks that a large ensemble has at least: as many processors can help
LAST = "last"           # states, beside numbered readings: those may have any name


@dataclass(frozen=True)
class TrajectoryChunk:
    """Trajectories that are integrated in one call.

    Attributes:
        number: its place among the chunks.
        begin, end: its trajectories.
        states: in which they begin, (end − begin, …); None where all begin in the same one.
    """

    number: int
    begin: int
    end: int
    states: Any = None

    def __len__(self) -> int:
        """Return the number of trajectories."""
        return self.end - self.begin


@dataclass(frozen=True, repr=False)
class NoisyRun(ByFields):
    """Noisy trajectories of one law of motion, model, state and bath.

    Attributes:
        problem: one row; its times are those at which something is read.
        bath: the heat bath.
        numbers: the values of the parameters of kT.
        observe: {name: what is read}, as `langevin` takes it.
        method: the name of a stepper.
        grid: times at which a step ends, those of the problem among them, (n,).
        steps: of each interval of the grid, (n − 1,).
        seed: of the random numbers.
        trajectories: how many.
        first: the number of the first step, which the random numbers go by.
        last: the states of all trajectories in which they begin, where they were integrated before; chunks carry them.
        compiled: whether compiled steps are taken; None for those that this process can.
    """

    problem: Problem
    bath: Bath
    numbers: Mapping[str, Any]
    observe: Mapping[str, Any] | None
    method: str
    grid: Array
    steps: Array
    seed: int
    trajectories: int
    first: int = 0
    last: Any = None
    compiled: bool | None = None
    noun: ClassVar[str] = "ensemble"

    def __getstate__(self) -> dict[str, Any]:
        """Return the fields by name without `last`, of which every chunk has its own; steps are those of here."""
        return {**super().__getstate__(), "last": None, "compiled": self.simulation.path.compiled}

    @cached_property
    def motion(self) -> Any:
        """What moves, made anew in every process."""
        return motion_of(self.problem, self.bath, self.bath.temperature(self.numbers))

    @cached_property
    def simulation(self) -> Simulation:
        """What integrates them."""
        return Simulation(self.motion, steppers.find(self.method), self.problem.times, self.grid, self.steps, self.seed,
                          prepared_readings(self.observe, self.problem), first=self.first)

    @cached_property
    def chunks(self) -> tuple[TrajectoryChunk, ...]:
        """The trajectories in pieces; they depend on the ensemble alone."""
        n, numbers = self.trajectories, max(1, self.motion.start.size)
        size = max(1, min(MOST // numbers, max(FEWEST // numbers, -(-n // SHARES))))
        size -= size % LANES if size > LANES else 0
        spans = [(begin, min(begin + size, n)) for begin in range(0, n, size)]
        return tuple(TrajectoryChunk(k, begin, end, None if self.last is None else self.last[begin:end])
                     for k, (begin, end) in enumerate(spans))

    @cached_property
    def digests(self) -> dict[str, str]:
        """A digest of each part that the numbers depend on, by its name in `langevin`."""
        from qllg_sym import __version__

        problem, equation = self.problem, self.problem.equation
        return {name: fingerprint(what) for name, what in {
            "model": equation.model, "law": equation.law, "state": [problem.start, self.last],
            "times": [problem.times, self.grid], "values": [problem.values, dict(self.numbers)], "bath": self.bath,
            "trajectories": self.trajectories, "seed": self.seed, "step": [self.steps, self.first],
            "observe": self.observe, "method": [self.method, self.simulation.path.compiled],
            "version": [__version__, LAYOUT]}.items()}

    @property
    def goes_on(self) -> bool:
        """Whether the last states of all trajectories are small enough to be kept."""
        return self.trajectories * int(self.motion.start.nbytes) <= KEPT

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what is read, in their order in what a chunk gives."""
        return tuple(dict.fromkeys(["energy", *self.simulation.observe]))

    @property
    def digest(self) -> str:
        """One digest of all of it."""
        return fingerprint(self.digests)

    @property
    def sent(self) -> dict[str, Any]:
        """What other processes must get, by the argument it was."""
        parts = {f"observe[{name!r}]": what for name, what in (self.observe or {}).items()}
        return {**parts, "values": [self.problem.values, dict(self.numbers)], "model": self.problem.equation}


def integrate_chunk(run: NoisyRun, chunk: TrajectoryChunk, look: Look = quiet) -> ChunkResults:
    """Integrate some trajectories, in one thread, so that their numbers are the same wherever it is done.

    Args:
        run: all of them.
        chunk: which ones.
        look: called with the part done; may raise KeyboardInterrupt.

    Raises:
        IntegrationError: they do not stay finite.
        CodegenError: where they were begun steps are compiled, and here no compiler works.
    """
    if run.compiled not in (None, run.simulation.path.compiled):
        raise CodegenError("`executor` must take the same steps everywhere, but compiled ones are not everywhere "
                           f"({run.simulation.path.reason}); give all processes a C compiler.")
    d = 1 if run.problem.classical else run.problem.equation.model.space.dimension
    with one_thread(d):
        found, last = run.simulation.part(range(chunk.begin, chunk.end), look, chunk.states)
    numbered = {f"reading_{k}": found[name] for k, name in enumerate(run.names)}
    return ChunkResults(chunk.number, {**numbered, LAST: last} if run.goes_on else numbered, {})
