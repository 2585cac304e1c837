"""The hand-written right-hand sides in C: plain text that compiles without a warning."""

import shutil
import subprocess

import pytest

from qllg_sym.codegen.native.integrator import LANES
from qllg_sym.flow.native import frame, source

TEXTS = {"frame": lambda: frame.frame_source(1), "frame in lanes": lambda: frame.frame_source(LANES),
         "action": lambda: source("action.c"), "cluster": lambda: source("cluster.c"),
         "sector": lambda: source("sector.c")}


@pytest.mark.parametrize("name", TEXTS)
def test_it_compiles_without_a_warning(name, tmp_path):
    compiler = shutil.which("gcc") or shutil.which("clang") or pytest.skip("needs a compiler")
    path = tmp_path / "form.c"
    path.write_text(TEXTS[name](), encoding="ascii")
    flags = ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-psabi", "-fPIC"]
    done = subprocess.run([compiler, *flags, "-c", "-o", str(tmp_path / "form.o"), str(path)], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_plain_c(name):
    """No flag or intrinsic that would lose NaN or tie the text to one processor."""
    assert "_mm" not in TEXTS[name]()
    assert "fast-math" not in TEXTS[name]()
