"""Printed programs run by their own languages, on the paper's dimer and on every construct, against 40 digits.

They need Node, gfortran, JAX and Mathics, which `.ci/run` installs.
"""

import importlib.util
import json
import pickle
import shutil
import subprocess
import sys
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp

import qllg_sym as q
from codegen.kernels import contract_kernel
from qllg_sym.codegen import targets
from qllg_sym.codegen.infix import function_name
from qllg_sym.codegen.passes import optimise
from qllg_sym.derivations import eq_01_dimer

pytestmark = pytest.mark.slow
KERNELS = {"dimer": lambda: optimise(eq_01_dimer.GENERATED["dimer_q_llg"]().kernel()), "contract": contract_kernel}


def javascript(kernel, folder, t, y, p):
    (folder / "f.js").write_text(targets.find("javascript").emit(kernel))
    call = f"console.log(JSON.stringify(require('./f.js').{function_name(kernel)}(...{json.dumps([t, y, p])})))"
    done = subprocess.run(["node", "-e", call], capture_output=True, text=True, check=True, cwd=folder)
    return json.loads(done.stdout)


def fortran(kernel, folder, t, y, p):
    source, library = folder / "f.f90", folder / "f.so"
    source.write_text(targets.find("fortran").emit(kernel))
    subprocess.run(["gfortran", "-O2", "-std=f2008", "-Wall", "-Werror", "-Wno-unused-dummy-argument", "-Wno-unused",
                    "-ffp-contract=off", "-fPIC", "-shared", str(source), "-o", str(library)], check=True)
    import ctypes
    out = np.full(len(kernel.outputs), np.nan)
    arrays = [np.array(a, dtype=float) for a in (y, p)]
    pointers = [a.ctypes.data_as(ctypes.POINTER(ctypes.c_double)) for a in (*arrays, out)]
    getattr(ctypes.CDLL(str(library)), function_name(kernel).lower())(ctypes.c_double(t), *pointers)
    return out


def jax(kernel, folder, t, y, p):
    import jax as package
    package.config.update("jax_enable_x64", True)
    path = folder / "printed.py"
    path.write_text(targets.find("jax").emit(kernel))
    spec = importlib.util.spec_from_file_location("printed", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, function_name(kernel))
    return np.asarray(package.jit(function)(t, np.array(y), np.array(p)))


def wolfram(kernel, folder, t, y, p):
    def written(x):
        return repr(float(x)).replace("e", "*^").replace("+", "")
    path = folder / "f.wl"
    name = function_name(kernel).replace("_", "")
    lists = ["{" + ", ".join(map(written, a)) + "}" for a in (y, p)]
    call = f"Print[InputForm[{name}[{written(t)}, {', '.join(lists)}]]]"
    path.write_text(f"{targets.find('wolfram').emit(kernel)}\n{call}\n")
    done = subprocess.run([sys.executable, "-m", "mathics", "--file", str(path)], capture_output=True, text=True,
                          check=True)
    line = next(line for line in reversed(done.stdout.splitlines()) if line.startswith("{"))
    return [float(x) for x in line.strip("{}").replace("*^", "e").split(",")]


RUN = {"javascript": javascript, "fortran": fortran, "jax": jax, "wolfram": wolfram}


NEEDED = {"javascript": "node", "fortran": "gfortran"}
PACKAGES = {"jax": "jax", "wolfram": "mathics"}


def is_there(language):
    """Whether the language can be run here."""
    return bool(shutil.which(NEEDED[language]) if language in NEEDED else importlib.util.find_spec(PACKAGES[language]))


@pytest.mark.parametrize("which", KERNELS)
@pytest.mark.parametrize("language", [pytest.param(name, marks=pytest.mark.skipif(
    not is_there(name), reason=f"{name} needs {(NEEDED | PACKAGES)[name]}: see .ci/run")) for name in RUN])
def test_a_language_gives_the_values_of_the_kernel(language, which, tmp_path):
    kernel = KERNELS[which]()
    names = (*kernel.states, *kernel.parameters)
    values = {"t": Fraction(3, 8), **{name: Fraction(k + 5, 2 * k + 7) for k, name in enumerate(names)}}
    y, p = ([float(values[name]) for name in group] for group in (kernel.states, kernel.parameters))
    got = RUN[language](kernel, tmp_path, 0.375, y, p)
    exact = kernel.evaluate({name: Fraction(float(x)) for name, x in values.items()}, 40)
    errors = [abs(mpmath.mpf(float(g)) - e) / (1 + abs(e)) for g, e in zip(got, exact.values(), strict=True)]
    assert max(errors) < 1e-14


@pytest.mark.skipif(not is_there("jax"), reason="it needs jax: see .ci/run")
def test_jax_traces_bound_right_hand_sides():
    """Values, Jacobian and derivatives by parameters against NumPy's and finite differences; vmap is rows."""
    import jax as package
    J, B, kappa = sp.symbols("J B kappa", real=True)
    model = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.Zeeman((B, 0, 0.3))])
    components = q.QuantumLLG(kappa).derive(model).pauli()
    pure, plain = components.compile(target="jax"), components.compile("numpy")
    y = np.random.default_rng(0).normal(size=15) / 8
    rhs, wanted = pure.bind({J: 1.0}, B=0.4, kappa=0.5), plain.bind({J: 1.0}, B=0.4, kappa=0.5)
    assert package.jit(rhs)(0.0, y) == pytest.approx(wanted(0.0, y), abs=1e-14)
    assert rhs(0.0, y).dtype == np.float64
    assert np.asarray(package.jacfwd(lambda x: rhs(0.0, x))(y)) == pytest.approx(wanted.jac(0.0, y), abs=1e-13)
    assert np.asarray(package.vmap(lambda x: rhs(0.0, x))(np.stack([y, 2 * y]))) == pytest.approx(
        wanted.batch(np.stack([y, 2 * y])), abs=1e-14)

    def size(number, f):
        return (f.bind(J=number, B=0.4, kappa=0.5)(0.0, y)**2).sum()
    slope = (size(1 + 1e-6, plain) - size(1 - 1e-6, plain)) / 2e-6
    assert package.grad(lambda number: size(number, pure))(1.0) == pytest.approx(slope, rel=1e-8)
    assert pickle.loads(pickle.dumps(pure)).parameters == ("B", "J", "kappa")
    whole = q.VonNeumann().derive(q.Model(q.Space("1/2"), [q.Zeeman((J, 0, B))])).pauli().compile(target="jax")
    turning = whole.bind(J=Fraction(1, 2), B=sp.Integer(2))(0, [0, 0, 1])
    assert turning.dtype == np.float64
    assert turning.tolist() == [0, 0.5, 0]
    for y in (np.ones(2), np.ones(4), np.ones((3, 5)), 1.0):    # JAX itself reads the last entry for those beyond it
        with pytest.raises(q.InputError, match=r"`y` must have shape \(3,\)"):
            whole.bind(J=1, B=2)(0.0, y)
    good = {"J": 1, "B": 1, "kappa": 1}
    for values, says in [({"J": 1}, "'B' is unbound"), ({"J": 1, "K": 2}, "has 'K'"), ([1, 2], "must map names"),
                         ({**good, "J": "1"}, "must be a real number"), ({**good, "J": np.nan}, "must be finite"),
                         ({**good, "J": np.ones(2)}, "must be one number"),
                         ({**good, "J": package.numpy.ones(2)}, "must be one number")]:
        with pytest.raises(q.QllgError, match=says):
            pure.bind(values)
