"""What the tests of code generation share."""

import random
import subprocess
from fractions import Fraction

import pytest

from codegen.kernels import contract_kernel
from qllg_sym.codegen import compiler
from qllg_sym.errors import CodegenError


@pytest.fixture(scope="session")
def compiler_here():
    """A working compiler, or a skip that says why there is none."""
    try:
        return compiler.find()
    except CodegenError as error:
        print(f"skipped, no compiler: {error}")
        pytest.skip(f"needs a C compiler: {error}")


@pytest.fixture
def cache_folder(tmp_path, monkeypatch):
    """An empty cache folder of this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    compiler._library.cache_clear()
    compiler._find.cache_clear()
    yield tmp_path / "cache" / "qllg_sym"
    compiler._library.cache_clear()
    compiler._find.cache_clear()


@pytest.fixture(scope="session")
def contract():
    """A kernel with every operation, constant and kind of name there is."""
    return contract_kernel()


@pytest.fixture(scope="session")
def contract_values(contract):
    """Names to exact values at which every step of `contract` is regular, time included."""
    rng = random.Random(3)
    names = (*contract.states, *contract.parameters)
    return {"t": Fraction(3, 8), **{name: Fraction(rng.randint(40, 200), 128) for name in names}}


@pytest.fixture
def strict_compile(compiler_here, tmp_path):
    """A function that compiles C text with warnings as errors and returns the finished process."""

    def compile_strictly(source, *flags):
        text = tmp_path / "strict.c"
        text.write_text(source, encoding="ascii")
        command = [*compiler_here.command, "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", *flags]
        return subprocess.run([*command, "-o", tmp_path / "strict.so", text, "-lm"], capture_output=True, text=True)

    return compile_strictly
