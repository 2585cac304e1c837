"""Generated C stands alone: C and C++ compilers take it without a word, and programs in both call it by its header."""

import shutil
import subprocess

import pytest

from codegen.kernels import contract_kernel
from qllg_sym.codegen.infix import function_name, header
from qllg_sym.codegen.kernel import Kernel, Operation
from qllg_sym.codegen.tangent import tangent
from qllg_sym.codegen.targets import find

COMPILERS = {"c11": ["cc", "-std=c11"], "c99": ["cc", "-std=c99"], "c++11": ["c++", "-std=c++11", "-x", "c++"],
             "c++20": ["c++", "-std=c++20", "-x", "c++"]}
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1"]
MAIN = """\
#include <stdio.h>
#include "right.h"
#include "right.h"

int main(void)
{{
    const double y[] = {{{y}}}, p[] = {{{p}}};
    double dy[{rows}], both[{rows}];
    {name}(0.3, y, p, dy);
    {name}_batch(1, 0.3, y, p, 0, both);
    for (int i = 0; i < {rows}; i++) {{
        printf("%.17g %.17g\\n", dy[i], both[i]);
    }}
    return 0;
}}
"""


@pytest.fixture(params=COMPILERS)
def compiler(request):
    command = COMPILERS[request.param]
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here")
    return command


def test_a_program_calls_it_by_its_header(compiler, tmp_path):
    kernel, target = contract_kernel(), find("c")
    numbers = {name: 0.25 + 0.125 * k for k, name in enumerate((*kernel.states, *kernel.parameters))}
    lists = [", ".join(repr(numbers[name]) for name in names) for names in (kernel.states, kernel.parameters)]
    (tmp_path / "right.c").write_text(target.emit(kernel))
    (tmp_path / "right.h").write_text(target.beside(kernel)[".h"])
    (tmp_path / "main.c").write_text(MAIN.format(y=lists[0], p=lists[1], rows=len(kernel.outputs),
                                                 name=function_name(kernel)))
    parts = [tmp_path / "main.c", tmp_path / "right.c"]
    subprocess.run([*compiler, *STRICT, *parts, "-o", tmp_path / "program", "-lm"], check=True, timeout=60)
    lines = subprocess.run([tmp_path / "program"], check=True, capture_output=True, text=True, timeout=20).stdout
    expected = kernel.evaluate({**numbers, "t": 0.3}).values()
    for line, value in zip(lines.splitlines(), expected, strict=True):
        single, batch = map(float, line.split())
        assert single == batch == pytest.approx(float(value), rel=1e-14, abs=1e-14)


def test_c_compiled_as_c_is_called_from_c_plus_plus(tmp_path):
    if not (shutil.which("cc") and shutil.which("c++")):
        pytest.skip("needs cc and c++")
    kernel, target = contract_kernel(), find("c")
    (tmp_path / "right.c").write_text(target.emit(kernel))
    (tmp_path / "right.h").write_text(target.beside(kernel)[".h"])
    program = f'#include "right.h"\nint main() {{ return &{function_name(kernel)} == nullptr; }}\n'
    (tmp_path / "use.cpp").write_text(program)
    subprocess.run(["cc", "-std=c11", *STRICT, "-c", "right.c"], cwd=tmp_path, check=True, timeout=60)
    subprocess.run(["c++", "-std=c++11", "-Wall", "-Wextra", "use.cpp", "right.o", "-o", "use", "-lm"], cwd=tmp_path,
                   check=True, timeout=60)
    subprocess.run([tmp_path / "use"], check=True, timeout=20)


def test_the_head_says_what_is_a_derivative():
    steps = (Operation("x0", "mul", ("p0", "y0")),)
    decay = Kernel("decay", ("n", "*/"), ("rate",), steps, (("n", "x0"), ("*/", "y1")))
    lines = header(decay)
    assert r'  dy[0] = dn/dt, dy[1] = d"\u002a\u002f"/dt' in lines
    assert "  y[0] = n, " + r'y[1] = "\u002a\u002f"' in lines
    energy = Kernel("energy", ("n",), (), (), (("energy", "y0"),))
    assert "  dy[0] = energy" in header(energy)
    assert not [line for line in header(tangent(decay)) if "/dt" in line]       # D(rhs)·v is none
