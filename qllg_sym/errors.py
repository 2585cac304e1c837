"""One exception a stage; every message is one sentence: which argument, what it must be, what it is, what to do."""

import inspect
import warnings
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Any

NEAR = 0.1      # how much less a word may resemble a wrong one than the nearest does, to be named beside it


class QllgError(Exception):
    """Base of every error that qllg_sym raises on purpose."""

    def __str__(self) -> str:
        """Return the sentence on one line, though it may quote an array."""
        return " ".join(super().__str__().split())


class InputError(QllgError, ValueError):
    """An argument has a value that it must not have."""


class InputTypeError(QllgError, TypeError):
    """An argument is of a kind that cannot be used."""


class RowError(InputError, IndexError):
    """There is no such row."""


class AbsentError(InputError, AttributeError):
    """A result does not hold what was asked of it; `hasattr` is then False."""


class ModelError(InputError):
    """A space, a term, a coefficient or a model is not physical or not allowed."""


class StateError(InputError):
    """A state is not a density matrix, a ket or a set of unit moments."""


class DerivationError(InputError):
    """The asked view of an equation does not exist (PRL 4 does not close, say)."""


class FileError(InputError):
    """A file cannot be read or written."""


class CodegenError(QllgError, RuntimeError):
    """A kernel cannot be emitted, compiled or loaded."""


class IntegrationError(QllgError, RuntimeError):
    """An integration failed; `partial` is the trajectory up to `time`, `reason` says why, if it can in few words."""

    def __init__(self, message: str, partial: Any = None, time: float | None = None, reason: str = "") -> None:
        super().__init__(message)
        self.partial, self.time, self.reason = partial, time, reason or str(self)


class SolveInterrupted(QllgError, KeyboardInterrupt):
    """Ctrl-C during an integration; `partial` is the trajectory so far."""

    def __init__(self, message: str, partial: Any = None) -> None:
        super().__init__(message)
        self.partial = partial


class ProofError(QllgError):
    """A claim is false; `counterexample` is a point where its two sides differ."""

    def __init__(self, message: str, counterexample: Any = None) -> None:
        super().__init__(message)
        self.counterexample = counterexample


def meant(given: object, known: Iterable[object]) -> str:
    """Return which known words resemble a wrong one, for a message; nothing where none does.

    >>> meant("slove", ["solve", "study"]), meant("x", ["solve"]), meant("kt", ["kT", "seed"])
    (' (did you mean solve?)', '', ' (did you mean kT?)')
    """
    words, wrong = list(map(str, known)), str(given)
    close = {word: 1.0 for word in words if word.lower() == wrong.lower()} or \
        {word: SequenceMatcher(None, word, wrong).ratio() for word in get_close_matches(wrong, words, 3)}
    near = [word for word, ratio in close.items() if ratio > max(close.values()) - NEAR]
    return f" (did you mean {' or '.join(near)}?)" if near else ""


class QllgWarning(UserWarning):
    """Something works, but not in the way that was asked for."""


def warn(message: str) -> None:
    """Give a QllgWarning at the line of the user's code, however many calls of this package lie between.

    >>> with warnings.catch_warnings(record=True, action="always") as caught:
    ...     warn("Slower than it was.")
    >>> caught[0].category.__name__
    'QllgWarning'
    """
    frame, level = inspect.currentframe(), 1
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "qllg_sym":
        frame, level = frame.f_back, level + 1
    warnings.warn(message, QllgWarning, stacklevel=level)
