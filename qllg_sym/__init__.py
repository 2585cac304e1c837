"""qllg_sym: derive, prove, generate and integrate the quantum Landau–Lifshitz–Gilbert equation.

Public names are resolved on first use (PEP 562), so that importing the package loads nothing else.
"""

import sys
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "algebra.symbols": ("t", "gap"),
    "errors": ("QllgError", "InputError", "InputTypeError", "ModelError", "StateError", "DerivationError", "FileError",
               "CodegenError", "IntegrationError", "SolveInterrupted", "ProofError", "QllgWarning"),
    "model.space": ("Space",),
    "model.model": ("Model",),
    "model.signal": ("signal",),
    "flow": ("states",),
    "model.graphs": ("chain", "ring", "from_edges", "from_sites"),
    "model.regular": ("square", "triangular", "cubic"),
    "model.dipolar": ("dipolar",),
    "equations.hybrid.law": ("Hybrid",),
    "flow.states.low_rank": ("LowRank",),
    "flow.states.hybrid_state": ("HybridState",),
    "equations.equation": ("Equation",),
    "equations.closed_form": ("closed_form",),
    "flow.exact.solution": ("exact",),
    "flow.solve": ("solve", "solve_many"),
    "ensemble.canonical.canonical": ("canonical",),
    "ensemble.bath": ("Bath",),
    "ensemble.langevin": ("langevin",),
    "ensemble.thermal": ("ThermalEnsemble",),
    "flow.results.trajectory": ("Trajectory",),
    "flow.hybrid.trajectory": ("HybridTrajectory",),
    "flow.hybrid.trajectories": ("HybridTrajectories",),
    "flow.gaussian.trajectory": ("GaussianTrajectory",),
    "flow.gaussian.state": ("GaussianState",),
    "flow.mps.trajectory": ("MatrixProductTrajectory",),
    "flow.results.chains": ("ChainTrajectories",),
    "flow.mps.matrix_product": ("MatrixProductState",),
    "flow.results.trajectories": ("Trajectories",),
    "studies.load": ("load", "save"),
    "flow.qutip.solvers": ("qllgsolve", "qllsolve", "llgsolve"),
    "studies.sweep": ("sweep",),
    "spectra.response": ("response",),
    "spectra.epr": ("epr",),
    "spectra.magnetic_resonance": ("MagneticResonance",),
    "searches.lowest": ("lowest",),
    "searches.result": ("LowestLevels",),
    "spectra.symbolic": ("symbolic_response", "SymbolicResponse"),
    "spectra.neutrons": ("neutron_spectrum", "NeutronSpectrum"),
    "spectra.levels": ("energy_levels",),
    "spectra.typicality": ("structure_factor",),
    "spectra.structure_factor": ("StructureFactor",),
    "fitting.data_set": ("DataSet",),
    "fitting.fit": ("fit",),
    "fitting.result": ("Fit",),
    "spectra.linear_response": ("Response",),
    "units": ("Units",),
    "derivations": ("theorems",),
}
# Folders of plugs: a class found in one of their files is public without being listed anywhere.
_PLUGS = ("qllg_sym.model.terms", "qllg_sym.equations.laws")


@cache
def homes() -> dict[str, str]:
    """Return {public name: module or package in which it is found}; plugs are read, nothing is imported."""
    from qllg_sym.plugs import classes_written

    listed = {name: f"qllg_sym.{home}" for home, names in _HOMES.items() for name in names}
    return {**listed, **{name: home for folder in _PLUGS for name, home in classes_written(folder)}}


def __getattr__(name: str) -> Any:
    if name == "__all__":
        return __dir__()
    if name.startswith("__") or name not in homes():
        raise AttributeError(f"module 'qllg_sym' has no attribute {name!r}{_meant(name)}", name=name)
    home = import_module(homes()[name])
    # `states` is a module: loading its package does not load it.
    return getattr(home, name) if hasattr(home, name) else import_module(f"{home.__name__}.{name}")


def _meant(name: str) -> str:
    """Return the public names that resemble a wrong one, as the end of its message."""
    from difflib import get_close_matches

    near = [] if name.startswith("_") else get_close_matches(name, __dir__(), 3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def __dir__() -> list[str]:
    """Return the public names, which are all that `from qllg_sym import *` brings."""
    return sorted(homes())


class _Front(ModuleType):
    """The package as `help` shows it."""

    @property
    def __doc__(self) -> str:               # type: ignore[override]
        """Every public name with its line."""
        from qllg_sym.front import overview

        return overview(self.__dict__["__doc__"], homes())


sys.modules[__name__].__class__ = _Front
