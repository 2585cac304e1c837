"""Show what this installation has: versions, compiler, cache, threads and optional parts."""

import os
import platform
from argparse import ArgumentParser, Namespace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from qllg_sym.cli._console import answer, table

NAME = "doctor"
HELP = "versions, compiler, back ends"
CORE = ("numpy", "scipy", "sympy", "mpmath", "matplotlib", "tqdm", "platformdirs", "latex2mathml")
EXTRAS = {"io": ("xarray", "h5netcdf"), "verified": ("python-flint",), "interop": ("qutip",), "mps": ("physics-tenpy",),
          "zig": ("ziglang",),
          "threads": ("threadpoolctl",), "bench": ("heyoka", "numba", "qutip")}
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments: none."""


def run(args: Namespace) -> int:
    """Look and report; a missing compiler is no failure, since NumPy stands in."""
    report = diagnosis()
    answer(args, report, _text(report))
    return 0


def diagnosis() -> dict[str, Any]:
    """Return what there is, as a JSON document.

    >>> diagnosis()["packages"]["sympy"].startswith("1.14")
    True
    """
    from qllg_sym import __version__
    from qllg_sym.codegen import cache, targets
    return {
        "qllg_sym": __version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in CORE},
        "extras": {extra: {name: _version(name) for name in names} for extra, names in EXTRAS.items()},
        "targets": list(targets.names()),
        "compiler": _compiler(),
        "cache": [str(folder) for folder in cache.folders()],
        "cpus": os.cpu_count(),
        "usable_cpus": _usable_cpus(),
        "blas": _blas(),
        "blas_threads": {name: os.environ[name] for name in THREAD_VARIABLES if name in os.environ},
    }


def _version(name: str) -> str | None:
    """The version of a distribution, without loading it."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _compiler() -> dict[str, Any]:
    """The compiler, and whether code that it makes runs and is right."""
    from qllg_sym.codegen import build, compiler
    from qllg_sym.codegen.builder import Builder
    from qllg_sym.errors import CodegenError
    try:
        found = compiler.find()
        builder = Builder("doctor", ("x",), ())
        function = build.load(builder.kernel({"square": builder.mul(builder.state(0), builder.state(0))}), "c")
        works = float(function(0.0, [3.0], [])[0]) == 9.0
    except CodegenError as error:
        return {"found": None, "works": False, "reason": str(error)}
    return {"found": found.description, "works": works}


def _usable_cpus() -> int:
    """CPUs that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _blas() -> str:
    """The linear algebra library that NumPy was built with."""
    import numpy
    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip()


def _text(report: dict[str, Any]) -> str:
    """The report for people."""
    compiler = report["compiler"]
    works = f"{compiler['found']}, works" if compiler["works"] else f"none: {compiler.get('reason', 'wrong results')}"
    extras = [(extra, ", ".join(f"{name} {found}" if found else f"{name} absent" for name, found in names.items())
               + ("" if all(names.values()) else f"  (pip install 'qllg-sym[{extra}]')"))
              for extra, names in report["extras"].items()]
    threads = ", ".join(f"{key}={value}" for key, value in report["blas_threads"].items()) or "its default"
    return "\n".join([
        f"qllg_sym {report['qllg_sym']} on {report['python']}, {report['platform']}", "",
        "packages", table([(name, found or "absent") for name, found in report["packages"].items()], "  "),
        "extras", table(extras, "  "),
        "code", table([("targets", ", ".join(report["targets"])), ("C compiler", works),
                       ("cache", report["cache"][0] if report["cache"] else "none can be written")], "  "),
        "machine", table([("CPUs", f"{report['usable_cpus']} usable of {report['cpus']}"),
                          ("BLAS", f"{report['blas']}, threads: {threads}")], "  "),
    ])
