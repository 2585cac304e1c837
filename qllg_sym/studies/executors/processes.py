"""A number of fresh processes: spawned, so that they hold no lock and no thread of this one."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.reduction import ForkingPickler
from numbers import Integral
from typing import Any

from qllg_sym.errors import InputError, InputTypeError
from qllg_sym.studies.executors import Chunks, Keep, ParameterStudy, Show
from qllg_sym.studies.executors._futures import collect

NAME = "a number of processes"


def takes(executor: Any) -> bool:
    """Return whether this is a number of processes.

    >>> takes(2), takes(True)
    (True, False)
    """
    return isinstance(executor, Integral) and not isinstance(executor, bool)


def each(executor: int, study: ParameterStudy, chunks: Chunks, keep: Keep, show: Show) -> None:
    """Have chunks solved by processes, which end with the study.

    Raises:
        InputError: less than one process.
        InputTypeError: something in the study cannot be sent to another process.
    """
    if executor < 1:
        raise InputError(f"`executor` must be at least one process, but is {executor}; write executor=2.")
    _check_travels(study)
    pool = ProcessPoolExecutor(min(int(executor), len(chunks)), get_context("spawn"))
    try:
        collect(pool, study, chunks, keep, show)
    except BaseException:               # Ctrl-C among others: nobody waits for what was begun
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _check_travels(study: ParameterStudy) -> None:
    """Refuse functions that another process cannot import, each by its name."""
    parts = {f"observe[{name!r}]": what for name, what in study.observe.items()}
    for name, part in {**parts, "values": dict(study.values), "state": study.states, "model": study.model}.items():
        try:
            ForkingPickler.dumps(part)
        except Exception as error:
            raise InputTypeError(f"`{name}` must be something that can be sent to another process, but is not "
                                 f"({error}); define functions at the top of a module, or leave out "
                                 "`executor`.") from None
