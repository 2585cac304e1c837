"""Finding a compiler, compiling, caching, falling back; and what a loaded function accepts."""

import ctypes
import gc
import os
import pickle
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from codegen.kernels import contract_kernel, skew_kernel
from qllg_sym.codegen import cache, compiler
from qllg_sym.codegen.build import load
from qllg_sym.codegen.builder import Builder
from qllg_sym.errors import CodegenError, InputError, QllgWarning

SOURCE = "int answer(void) { return 42; }\n"
TWIN = "int answer(void) { return 41; }\n"


def square():
    b = Builder("square", ["a"], ["k"])
    return b.kernel({"a": b.mul(b.parameter(0), b.mul(b.state(0), b.state(0)))})


def forget():
    """As a new process would begin."""
    compiler._library.cache_clear()
    compiler._find.cache_clear()


def answer(source=SOURCE):
    return compiler.shared_library(source).answer()


def libraries(folder):
    return sorted(folder.glob("*-*.*"))


@pytest.fixture
def script(tmp_path, monkeypatch, cache_folder):
    """A function that makes $CC a script with the given body."""

    def make(body):
        path = tmp_path / "my cc"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        monkeypatch.setenv("CC", f"'{path}'")
        forget()

    if os.name != "posix":
        pytest.skip("shell scripts stand in for compilers")
    return make


def test_a_library_is_compiled_once(compiler_here, cache_folder, monkeypatch):
    assert answer() == 42
    kept = libraries(cache_folder)
    forget()
    monkeypatch.setattr(cache, "_private_folder", lambda _: pytest.fail("made a folder that is not needed"))
    monkeypatch.setattr(compiler, "_compiled", lambda *_: pytest.fail("compiled again"))
    assert answer() == 42
    assert libraries(cache_folder) == kept


def test_another_source_flag_or_compiler_is_another_library(compiler_here, cache_folder):
    assert [answer(), answer(TWIN)] == [42, 41]
    compiler.shared_library(SOURCE, "-O0")
    assert len(libraries(cache_folder)) == 4  # with the probe


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"MZ" + b, lambda b: b[:-1] + b"!"]
)
def test_a_damaged_library_is_rebuilt(compiler_here, cache_folder, damage):
    answer()
    contents = {path: path.read_bytes() for path in libraries(cache_folder)}
    forget()
    for path, content in contents.items():
        os.replace(path, path.with_suffix(".old"))  # the loaded file itself must not change
        path.write_bytes(damage(content))
        path.with_suffix(".old").unlink()
    assert answer() == 42


def test_a_foreign_library_under_the_right_name_is_rebuilt(compiler_here, cache_folder):
    """Its checksum is right, but it carries another key."""
    answer()
    (ours,) = (path for path in libraries(cache_folder) if b"answer" in path.read_bytes())
    key = ours.stem.split("-")[0]
    answer(TWIN)
    (foreign,) = (path for path in libraries(cache_folder) if b"answer" in path.read_bytes() and path != ours)
    content = foreign.read_bytes()
    ours.unlink()
    built = cache_folder / f"copy{ours.suffix}"
    built.write_bytes(content)
    cache.store(cache_folder, key, built)
    forget()
    assert answer() == 42


@pytest.mark.parametrize("home", ["/dev/null/home", "/nonexistent/\u00e9"])
def test_without_a_usable_home_a_private_folder_serves(compiler_here, home, tmp_path):
    """In a process of its own: the folder is 0700 and is gone at the end."""
    code = (
        "import stat\nfrom qllg_sym.codegen import cache, compiler\n"
        f"print(compiler.shared_library({SOURCE!r}).answer())\n"
        "folder = next(cache.folders())\nprint(folder)\n"
        "print(oct(stat.S_IMODE(folder.stat().st_mode)), len(list(folder.glob('*-*'))))\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "XDG_CACHE_HOME"}
    environment |= {"HOME": home, "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result, folder, mode, count = done.stdout.split()
    assert (result, mode, count) == ("42", "0o700", "2")
    assert folder.startswith(str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_folder_that_others_can_write_to_is_not_trusted(compiler_here, cache_folder):
    cache_folder.mkdir(parents=True)
    cache_folder.chmod(0o777)
    assert answer() == 42
    assert list(cache_folder.iterdir()) == []
    cache_folder.chmod(0o700)
    assert next(cache.folders()) == cache_folder


def test_a_full_disk_falls_back(compiler_here, cache_folder, monkeypatch):
    real = cache.store

    def full(folder, key, built):
        if folder == cache_folder:
            raise OSError(28, "No space left on device")
        return real(folder, key, built)

    monkeypatch.setattr(cache, "store", full)
    assert answer() == 42
    monkeypatch.setattr(cache, "folders", lambda: iter([cache_folder]))
    forget()
    with pytest.raises(CodegenError, match="No space left"):
        answer()


def test_a_disk_that_fills_up_while_the_compiler_writes_falls_back(compiler_here, cache_folder, script, monkeypatch):
    """The compiler itself meets the full disk, and says so in its own words."""
    full = f'case "$*" in *{cache_folder}*kernel.c*) echo "fatal error: error writing"; exit 1;; esac'
    script(f'{full}; exec {compiler_here.command[0]} "$@"')
    with pytest.raises(CodegenError, match="error writing"):
        compiler.shared_library(SOURCE)             # there is room: it is the compiler's own fault
    forget()
    monkeypatch.setattr(cache, "has_room", lambda folder: folder != cache_folder)
    assert answer() == 42


def test_room_is_found_by_writing(tmp_path):
    assert cache.has_room(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not cache.has_room(tmp_path / "missing")


def test_what_killed_processes_left_is_swept(compiler_here, cache_folder):
    cache_folder.mkdir(parents=True, mode=0o700)
    old, new = cache_folder / "build-old", cache_folder / "build-new"
    for folder, age in ((old, 2 * cache.FORGOTTEN), (new, 0)):
        folder.mkdir()
        (folder / "kernel.c").write_text("int x;")
        os.utime(folder, (time.time() - age,) * 2)
    assert answer() == 42
    assert not old.exists()
    assert new.exists()                             # somebody may be building there


def test_a_compiler_that_says_too_much_is_ended(script):
    script("exec yes 'error: no'")
    began = time.monotonic()
    with pytest.raises(CodegenError, match="says more"):
        load(square(), "c")
    assert time.monotonic() - began < 5


def test_two_processes_at_once_build_the_same(compiler_here, cache_folder):
    code = f"from qllg_sym.codegen import compiler; print(compiler.shared_library({SOURCE!r}).answer())"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE) for _ in range(4)
    ]
    assert [process.communicate()[0].split() for process in running] == [[b"42"]] * 4
    assert not list(cache_folder.glob("build-*"))


def test_new_folders_are_private(compiler_here, cache_folder):
    answer()
    assert stat.S_IMODE(cache_folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 1", "said: nothing"),
        ("echo 'some text'; echo 'x.c:1: fatal error: no math.h; sorry.'; exit 1", "fatal error: no math.h; sorry"),
        ("exit 0", "wrote none"),
        ("printf 'error: \\033[31m\\007bad'; exit 4", r"error: \?\[31m\?bad"),
    ],
)
def test_a_broken_compiler_is_reported_in_one_sentence(script, body, words):
    script(body)
    with pytest.raises(CodegenError, match=words) as caught:
        load(square(), "c")
    assert "\n" not in str(caught.value)


def test_a_compiler_that_hangs_is_ended_with_its_children(script, monkeypatch, tmp_path):
    monkeypatch.setattr(compiler, "TIMEOUT", 0.3)
    script(f"(sleep 1; touch '{tmp_path}/survivor') & wait")
    began = time.monotonic()
    with pytest.raises(CodegenError, match=r"end in 0\.3 s"):
        load(square(), "c")
    assert time.monotonic() - began < 0.9
    time.sleep(max(0.0, 1.3 - (time.monotonic() - began)))
    assert not (tmp_path / "survivor").exists()


def test_a_compiler_that_computes_wrongly_is_refused(compiler_here, script):
    script(f'for a; do case "$a" in *.c) sed -i s/sqrt/cbrt/ "$a";; esac; done; exec {compiler_here.command[0]} "$@"')
    with pytest.raises(CodegenError, match="sqrt"):
        compiler.find()


def test_a_compiler_that_does_not_know_native_still_serves(compiler_here, script):
    script(f'for a; do [ "$a" = -march=native ] && exit 1; done; exec {compiler_here.command[0]} "$@"')
    assert "-march=native" not in compiler.find().flags
    assert load(square(), "c")(0, [3], [2]).tolist() == [18]


def test_cc_may_hold_arguments(compiler_here, monkeypatch, cache_folder):
    monkeypatch.setenv("CC", f"{compiler_here.command[0]} -DEXTRA=7")
    assert compiler.shared_library("int answer(void) { return EXTRA; }\n").answer() == 7


@pytest.mark.parametrize("chosen", ["/nonexistent/cc", "'unclosed", "/", "false"])
def test_auto_takes_numpy_with_a_warning(monkeypatch, cache_folder, chosen):
    monkeypatch.setenv("CC", chosen)
    with pytest.raises(CodegenError, match="CC"):
        load(square(), "c")
    with pytest.warns(QllgWarning, match="NumPy"):
        function = load(square())
    assert function.target == "numpy"
    assert function(0, [3], [2]).tolist() == [18]


def test_no_compiler_at_all(monkeypatch, cache_folder, tmp_path):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compiler.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CodegenError, match="PATH"):
        compiler.find()


def test_auto_takes_c_without_a_warning(compiler_here):
    assert load(square()).target == "c"


def test_names_reach_no_file_name(compiler_here, cache_folder):
    load(contract_kernel(), "c")
    assert {path.name.translate(str.maketrans("", "", "0123456789abcdef")) for path in cache_folder.iterdir()} <= {
        "-.so",
        "-.dyli",
    }


@pytest.fixture(params=["c", "numpy", "mpmath"])
def function(request):
    if request.param == "c":
        request.getfixturevalue("compiler_here")
    return load(skew_kernel(3, density=1), request.param)


def test_any_strides_and_types_are_accepted(function):
    y, p = np.array([1.0, -2.0, 3.0]), np.array([1.0, 0.5])
    expected = function(0.0, y, p).tolist()
    table = np.zeros((3, 5))
    table[:, 2] = y
    for other in (
        table[:, 2],
        y[::-1].copy()[::-1],
        y.astype("f4"),
        y.astype("i8"),
        y.astype(">f8"),
        [1, -2, 3],
        tuple(map(Fraction, (1, -2, 3))),
    ):
        assert function(0, other, p).tolist() == expected
        assert function.batch(0, np.asarray(other)[:, None], p)[:, 0].tolist() == expected
    frozen = y.copy()
    frozen.setflags(write=False)
    assert function(np.float32(0), frozen, list(p)).tolist() == expected
    assert function.batch(0, np.asfortranarray(np.column_stack([y, y, y])), p)[:, 1].tolist() == expected


def test_results_are_fresh_and_inputs_stay(function):
    y, p = np.array([1.0, -2.0, 3.0]), np.array([1.0, 0.5])
    first = function(0.0, y, p)
    first[:] = 0
    assert function(0.0, y, p).tolist() != [0, 0, 0]
    assert y.tolist() == [1, -2, 3]


@pytest.mark.parametrize(
    ("y", "p"),
    [
        ([1, 2], [1, 2]), ([1, 2, 3, 4], [1, 2]), ([1, 2, 3], [1]), ([[1, 2, 3]], [1, 2]),
        (5.0, [1, 2]), ([1, 2, 3], [[1], [2]]),
        ([1, 2, 3j], [1, 2]), (["a", "b", "c"], [1, 2]),
        ([1, 2, 3], [1, "2"]), ([1, 2, [3]], [1, 2]), (None, [1, 2]), ([1, None, 2], [1, 2]),
        ([1, 2, 3], np.array([1, 2], dtype="M8[s]")),
    ],
)  # fmt: skip
def test_wrong_arrays_are_refused(function, y, p):
    with pytest.raises(InputError):
        function(0.0, y, p)


@pytest.mark.parametrize(
    ("shape_y", "shape_p"), [((3,), (2,)), ((2, 5), (2,)), ((3, 5), (2, 4)), ((3, 5), (5, 2)), ((3, 5, 1), (2,))]
)
def test_wrong_batches_are_refused(function, shape_y, shape_p):
    with pytest.raises(InputError):
        function.batch(0.0, np.ones(shape_y), np.ones(shape_p))


@pytest.mark.parametrize("t", ["now", None, 1j, [1, 2]])
def test_time_must_be_a_number(function, t):
    with pytest.raises(InputError):
        function(t, [1, 2, 3], [1, 2])


def test_functions_travel_to_other_processes(function):
    again = pickle.loads(pickle.dumps(function))
    assert again.kernel == function.kernel
    assert again(0, [1, 2, 3], [1, 2]).tolist() == function(0, [1, 2, 3], [1, 2]).tolist()


def test_digits_are_for_mpmath_alone():
    with pytest.raises(InputError, match="digits"):
        load(square(), "numpy", digits=40)


def test_addresses_can_be_called_from_c(compiler_here):
    function = load(square(), "c")
    single, batch = function.address, function.batch_address
    prototype = ctypes.CFUNCTYPE(None, ctypes.c_double, *[ctypes.c_void_p] * 3)
    y, p, dy = np.array([3.0]), np.array([2.0]), np.empty(1)
    prototype(single)(0.0, y.ctypes.data, p.ctypes.data, dy.ctypes.data)
    assert dy[0] == 18
    assert batch not in (0, single)
    assert (load(square(), "numpy").address, load(square(), "numpy").batch_address) == (None, None)


def test_a_compiler_that_hung_is_not_asked_again(script, monkeypatch, tmp_path):
    """The second answer is the first one at once; another $CC is asked anew."""
    monkeypatch.setattr(compiler, "TIMEOUT", 0.1)
    script(f"echo x >> '{tmp_path}/calls'; sleep 5")
    for _ in range(3):
        with pytest.raises(CodegenError, match=r"end in 0\.1 s"):
            compiler.find()
    assert (tmp_path / "calls").read_text() == "x\n"
    monkeypatch.setenv("CC", "/nonexistent/cc")
    with pytest.raises(CodegenError, match="cannot"):
        compiler.find()


def test_a_text_that_a_compiler_hung_at_is_not_given_again(compiler_here, script, monkeypatch, tmp_path):
    """It compiles the probe, and hangs at one kernel; other kernels still go through it."""
    hang = f'grep -q forever "$a" && echo x >> "{tmp_path}/calls" && sleep 5'
    script(f'for a; do case "$a" in *.c) {hang};; esac; done; exec {compiler_here.command[0]} "$@"')
    compiler.find()
    monkeypatch.setattr(compiler, "TIMEOUT", 0.3)
    for _ in range(2):
        with pytest.raises(CodegenError, match=r"end in 0\.3 s"):
            compiler.shared_library("int forever(void) { return 1; }\n")
    assert (tmp_path / "calls").read_text() == "x\n"
    monkeypatch.setattr(compiler, "TIMEOUT", 60.0)
    assert compiler.shared_library("int seven(void) { return 7; }\n").seven() == 7


@pytest.mark.parametrize("digits", [0, -5, 2.5, "30", True])
def test_digits_must_be_a_positive_integer(digits):
    with pytest.raises(InputError, match=r"^`digits` must be a positive integer, but is [^\n]*\.$"):
        load(square(), "mpmath", digits=digits)


def test_libraries_beyond_the_number_that_is_kept_are_removed_the_least_used_first(compiler_here, cache_folder,
                                                                                   monkeypatch):
    monkeypatch.setattr(cache, "MOST_STORED", 3)
    sources = [f"int answer(void) {{ return {k}; }}\n" for k in range(5)]
    assert [compiler.shared_library(source, "-O0").answer() for source in sources[:3]] == [0, 1, 2]
    files = [path for path in cache_folder.iterdir() if path.is_file()]
    for path in files:
        os.utime(path, (1, 1))                  # all long ago, but for the one that is asked for again
    compiler._library.cache_clear()
    assert compiler.shared_library(sources[1], "-O0").answer() == 1
    recent = max(cache_folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for source in sources[3:]:
        compiler.shared_library(source, "-O0")
    assert len([path for path in cache_folder.iterdir() if path.is_file()]) == 3
    assert recent.exists()


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="mapped files are listed on Linux alone")
def test_a_library_is_unloaded_when_nothing_uses_it_and_not_before(compiler_here, cache_folder):
    def mapped():
        return str(cache_folder) in Path("/proc/self/maps").read_text()

    answer = compiler.shared_library("int answer(void) { return 42; }\n", "-O0").answer
    compiler._library.cache_clear()
    gc.collect()
    assert mapped()
    assert answer() == 42                       # the function holds its library
    del answer
    gc.collect()
    assert not mapped()


def test_threads_that_need_the_same_at_once_compile_it_once(compiler_here, cache_folder, monkeypatch):
    real, calls, count = compiler._compiled, [], 4
    compiler.find()
    together = threading.Barrier(count)

    def compiled(*arguments):
        calls.append(arguments)
        time.sleep(0.05)
        return real(*arguments)

    def ask():
        together.wait()
        return compiler.shared_library(SOURCE, "-O0").answer()

    monkeypatch.setattr(compiler, "_compiled", compiled)
    with ThreadPoolExecutor(count) as pool:
        assert [task.result() for task in [pool.submit(ask) for _ in range(count)]] == [42] * count
    assert len(calls) == 1
