"""Finds a C compiler that works and turns source text into a loaded library, through the cache."""

import _ctypes
import contextlib
import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from qllg_sym.codegen import cache as store
from qllg_sym.errors import CodegenError

TIMEOUT = 120.0  # seconds for one compiler run
QUICK = 15.0  # seconds for a compiler to name its macros, which takes milliseconds
LONGEST = 2**20  # bytes that a compiler may say: its macros are 20 kB
MOST_LOADED = 256  # libraries that are remembered though nothing uses them; every new drive in time has its own
SYMBOL = "qllg_sym_key"  # every library carries its own key under this name
KEY_LENGTH = 32

# Contraction to fused multiply-adds and reordering stay off: a kernel gives the same bits on every machine, alone or
# in a batch. Setting errno after sqrt would keep loops from being vectorised.
_FLAGS = ("-std=c11", "-fPIC", "-shared", "-ffp-contract=off", "-fno-math-errno")
_PROBE = "#include <math.h>\ndouble qllg_sym_probe(double x) { return sqrt(x) + exp(0.0*x); }\n"


class _HungError(CodegenError):
    """A compiler did not end in time; with other flags it would not either."""


class _Remembering:
    """Remembers the last results, and what hung, too: asking again would cost `TIMEOUT` again.

    Threads that ask for the same thing at once wait for the first of them.
    """

    def __init__(self, make: Callable[..., Any]) -> None:
        self._known, self._hung = lru_cache(MOST_LOADED)(make), dict[Hashable, str]()
        self._making = dict[Hashable, threading.Lock]()

    def __call__(self, *key: Hashable) -> Any:
        """What is known, or made now."""
        with self._making.setdefault(key, threading.Lock()):
            try:
                return self._known_or_made(key)
            finally:
                self._making.pop(key, None)     # whoever waits has it in hand; whoever comes now finds what is known

    def _known_or_made(self, key: tuple[Hashable, ...]) -> Any:
        """What is known, or made now by this thread alone."""
        if key in self._hung:
            raise _HungError(self._hung[key])
        try:
            return self._known(*key)
        except _HungError as error:
            self._hung[key] = str(error)
            raise

    def cache_clear(self) -> None:
        """Forget everything."""
        self._known.cache_clear()
        self._hung.clear()


@dataclass(frozen=True)
class Compiler:
    """A command that compiles, the flags it takes, and a text that changes with its version, settings or processor."""

    command: tuple[str, ...]
    flags: tuple[str, ...]
    identity: str

    @property
    def description(self) -> str:
        """The command line and the version, for people."""
        version = [
            line.split(None, 2)[2] for line in self.identity.splitlines() if line.startswith("#define __VERSION__ ")
        ]
        return " ".join([*self.command, *(f"({v.strip(chr(34))})" for v in version)])


def find() -> Compiler:
    """The first compiler that really compiles: $CC (which may hold arguments) if it is set, else cc, gcc, clang, zig.

    Raises:
        CodegenError: none works; the sentence says what the first one answered.
    """
    compiler: Compiler = _find(os.environ.get("CC", ""), os.environ.get("PATH", ""))
    return compiler


def shared_library(source: str, level: str = "-O3", flags: Sequence[str] = ()) -> ctypes.CDLL:
    """Compile C source, or take it from the cache, and load it.

    Args:
        source: C text, self-contained but for the standard headers.
        level: optimisation flag.
        flags: further flags, for example ("-pthread",).

    Returns:
        The loaded library; the same object for the same text.

    Raises:
        CodegenError: there is no working compiler, or it fails, hangs or makes what cannot be loaded.
    """
    library: ctypes.CDLL = _library(find(), source, (level, *flags))
    return library


@_Remembering
def _find(chosen: str, path: str) -> Compiler:
    """The first working compiler, remembered for each $CC and $PATH, as is one that hangs."""
    failures: list[CodegenError] = []
    for command in _commands(chosen):
        # The processor's own instructions are worth a factor of four in batches, where the compiler knows them.
        for flags in ((*_FLAGS, "-march=native"), _FLAGS):
            try:
                compiler = Compiler(command, flags, _identity(command, flags))
                probe = _library(compiler, _PROBE, ("-O1",)).qllg_sym_probe
            except CodegenError as error:
                failures.append(error)
                if isinstance(error, _HungError):
                    break
                continue
            probe.argtypes, probe.restype = [ctypes.c_double], ctypes.c_double
            if probe(4.0) == 3.0:
                return compiler
            failures.append(CodegenError(
                f"The C compiler `{command[0]}` must compute sqrt(4) + 1 = 3, but does not; set CC to another."
            ))
    if failures:
        raise next((error for error in failures if isinstance(error, _HungError)), failures[-1])
    raise CodegenError("A C compiler must be on the PATH (cc, gcc or clang), but none is; install one or set CC.")


def _commands(chosen: str) -> list[tuple[str, ...]]:
    """The commands to try; a $CC that is set is the user's word, and nothing else is tried."""
    if chosen.strip():
        try:
            return [tuple(shlex.split(chosen, posix=os.name == "posix"))]
        except ValueError:
            raise CodegenError(f"`CC` must be a command line, but is {chosen!r}; close its quotes.") from None
    found = [(path,) for name in ("cc", "gcc", "clang") if (path := shutil.which(name))]
    zig = [(sys.executable, "-m", "ziglang", "cc")] if importlib.util.find_spec("ziglang") else []
    return [*found, *zig]


def _identity(command: tuple[str, ...], flags: tuple[str, ...]) -> str:
    """All macros the compiler predefines: they name its version, its target and the processor's instructions."""
    compiling = [flag for flag in flags if flag != "-shared"]
    return f"{command} {flags}\n{_run([*command, *compiling, '-dM', '-E', '-x', 'c', os.devnull], min(QUICK, TIMEOUT))}"


@_Remembering
def _library(compiler: Compiler, source: str, flags: tuple[str, ...]) -> ctypes.CDLL:
    """The loaded library of a source text."""
    content = "\0".join([compiler.identity, *flags, source])
    key = hashlib.sha256(content.encode()).hexdigest()[:KEY_LENGTH]
    failure = "no folder can be written"
    for folder in store.folders():
        path = store.fetch(folder, key)
        if path and (library := _opened(path, key)):
            return library
        try:
            built = _compiled(compiler, f'{source}\nconst char {SYMBOL}[] = "{key}";\n', flags, folder, key)
        except OSError as error:
            failure = error.strerror or str(error)
            continue
        except CodegenError:
            if store.has_room(folder):
                raise
            failure = "there is no room on the disk"        # compilers tell it in words of their own
            continue
        if library := _opened(built, key):
            return library
        failure = f"{built.parent} may forbid running programs"
    raise CodegenError(
        f"A compiled kernel must be stored and loaded, but {failure}; set XDG_CACHE_HOME to a usable folder."
    )


def _opened(path: Path, key: str) -> ctypes.CDLL | None:
    """The library in a file, if it loads and is the one of that key."""
    try:
        library = ctypes.CDLL(str(path))
        found = (ctypes.c_char * KEY_LENGTH).in_dll(library, SYMBOL).raw
    except (OSError, ValueError):
        return None
    if close := getattr(_ctypes, "dlclose", None) or getattr(_ctypes, "FreeLibrary", None):
        # What is called through the library holds it; when nothing does, its pages are given back.
        weakref.finalize(library, close, library._handle).atexit = False  # noqa: SLF001
    return library if found == key.encode() else None


def _compiled(compiler: Compiler, source: str, flags: Sequence[str], folder: Path, key: str) -> Path:
    """Compile into a temporary folder beside the cache's files, then move the result to its place."""
    store.remove_forgotten(folder)
    suffix = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
    with tempfile.TemporaryDirectory(dir=folder, prefix="build-", ignore_cleanup_errors=True) as work:
        text, built = Path(work) / "kernel.c", Path(work) / f"kernel{suffix}"
        text.write_text(source, encoding="ascii")
        _run([*compiler.command, *compiler.flags, *flags, "-o", str(built), str(text), "-lm"], TIMEOUT)
        if not built.exists():
            raise CodegenError(
                f"The C compiler `{compiler.command[0]}` must write a library, but wrote none; set CC to another."
            )
        return store.store(folder, key, built)


def _run(command: Sequence[str], timeout: float) -> str:
    """The output of a compiler; no shell is involved, and its own children end with it."""
    environment = {**os.environ, "LC_ALL": "C"}
    if "ziglang" in command and (folder := next(store.folders(), None)):
        # zig keeps a cache of its own and fails where there is no home folder.
        environment.setdefault("ZIG_GLOBAL_CACHE_DIR", str(folder / "zig"))
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CodegenError(
            f"The C compiler `{command[0]}` must run, but cannot ({error.strerror}); set CC to another."
        ) from None
    with process:
        try:
            output = _said(process, command[0], timeout)
        finally:
            _end(process)
    if process.returncode:
        raise CodegenError(
            f"The C compiler `{command[0]}` must succeed, but said: {_first_error(output)}; set CC to another."
        )
    return output


def _said(process: "subprocess.Popen[bytes]", name: str, timeout: float) -> str:
    """What a compiler says until it ends; one that goes on, or that floods the memory, is ended."""
    assert process.stdout is not None
    late = threading.Event()

    def end() -> None:
        """End a compiler that is late."""
        late.set()
        _end(process)

    timer = threading.Timer(timeout, end)
    timer.start()
    try:
        output = process.stdout.read(LONGEST + 1)
        if len(output) <= LONGEST:
            process.wait()
    finally:
        timer.cancel()
        timer.join()
    if late.is_set():
        raise _HungError(f"The C compiler `{name}` must end in {timeout:g} s, but did not; set CC to another.")
    if len(output) > LONGEST:
        raise _HungError(f"The C compiler `{name}` must say at most {LONGEST} bytes, but says more; set CC to another.")
    return output.decode(errors="replace")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a compiler that is still running (hung, or interrupted by the user), with its children."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()


def _first_error(output: str) -> str:
    """The line of a compiler's output that says what went wrong, shortened and printable."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()] or lines or ["nothing"]
    return "".join(c if c.isprintable() else "?" for c in errors[0])[:200].rstrip(".;")
