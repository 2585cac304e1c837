"""qllg_sym: derive, prove, generate and integrate the quantum Landau–Lifshitz–Gilbert equation.

Public names are resolved on first use (PEP 562), so that importing the package loads nothing else.
"""

from functools import cache
from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "algebra.symbols": ("t", "gap"),
    "errors": ("QllgError", "InputError", "InputTypeError", "ModelError", "StateError", "DerivationError", "FileError",
               "CodegenError", "IntegrationError", "SolveInterrupted", "ProofError", "QllgWarning"),
    "model.space": ("Space",),
    "model.model": ("Model",),
    "model.graphs": ("chain", "ring", "square", "from_edges"),
    "flow.states.low_rank": ("LowRank",),
    "equations.equation": ("Equation",),
    "equations.closed_form": ("closed_form",),
    "flow.exact": ("exact",),
    "flow.solve": ("solve",),
    "flow.many": ("solve_many",),
    "flow.results.trajectory": ("Trajectory",),
    "flow.batch.trajectories": ("Trajectories",),
    "flow.qutip_like": ("qllgsolve",),
    "units": ("Units",),
    "derivations": ("theorems",),
}
_NAMES = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = {"states": "model.states"}
# Folders of plugs: a class found in one of their files is public without being listed anywhere.
_PLUGS = ("qllg_sym.model.terms", "qllg_sym.equations.laws")


@cache
def _plugs() -> dict[str, str]:
    """Return {class: module} of the folders of plugs, read and not imported."""
    from qllg_sym.plugs import written

    return {name: home for folder in _PLUGS for name, home in written(folder)}


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return __dir__()
    if name in _MODULES:
        return import_module(f"qllg_sym.{_MODULES[name]}")
    home = f"qllg_sym.{_NAMES[name]}" if name in _NAMES else _plugs().get(name) if name[:1].isupper() else None
    if home is None:
        raise AttributeError(f"module 'qllg_sym' has no attribute {name!r}{_meant(name)}", name=name)
    return getattr(import_module(home), name)


def _meant(name: str) -> str:
    """Return the public names that resemble a wrong one, as the end of its message."""
    from difflib import get_close_matches

    near = [] if name.startswith("_") else get_close_matches(name, __dir__(), 3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def __dir__() -> list[str]:
    """Return the public names, which are all that `from qllg_sym import *` brings."""
    return sorted({*_NAMES, *_MODULES, *_plugs()})
