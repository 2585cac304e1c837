"""Results → a labelled xarray Dataset that says what was solved."""

from importlib import import_module
from typing import Any

from qllg_sym.algebra.signals import Signal
from qllg_sym.errors import InputError
from qllg_sym.flow.hybrid.observed import named_in
from qllg_sym.flow.results.named import reading_named
from qllg_sym.flow.results.provenance import Provenance, text_and_numbers
from qllg_sym.studies.results import Results
from qllg_sym.studies.study import ParameterStudy

XYZ = ["x", "y", "z"]
# The axes of observables that have some, in their order; other axes are called by the observable and a number.
OWN = {"profile": ("site", "axis"), "bloch": ("axis",), "correlation": ("axis", "axis_2"),
       "correlations": ("site", "site_2", "axis", "axis_2"), "pauli": ("component",), "spectrum": ("level",)}
MOST_LETTERS = 6        # sites up to which Pauli correlations are called by their letters


def need_xarray() -> Any:
    """Return xarray.

    Raises:
        InputError: it is not installed.
    """
    try:
        return import_module("xarray")
    except ImportError:
        raise InputError("`sweep` needs xarray, but it is not installed; run pip install qllg_sym[io].") from None


def dataset(results: Results, xarray: Any) -> Any:
    """Return a Dataset with the axes of the study, time, and those of the observables.

    Args:
        results: all chunks.
        xarray: the module.
    """
    study, lead = results.study, [axis.name for axis in results.study.axes]
    variables, sizes = dict[str, Any](), dict[str, int]()
    for name, values in results.arrays().items():
        own = _own_axes(study, name, values.ndim - len(lead) - 1)
        variables[name] = ([*lead, "time", *own], values, {"long_name": name, **_unit(study, name)})
        sizes |= dict(zip(own, values.shape[len(lead) + 1:], strict=True))
    variables["failure"] = (lead, results.failures(), {"long_name": "why a point failed"})
    return xarray.Dataset(variables, _coordinates(study, sizes), attributes(study))


def _own_axes(study: ParameterStudy, name: str, count: int) -> list[str]:
    """Return the names of the axes of an observable's own."""
    what = study.observe.get(name)
    known = OWN.get(reading_named(named_in(what)).observable.name, ()) if isinstance(what, str) else ()
    return list(known) if len(known) == count else [f"{name}_{k + 1}" for k in range(count)]


def _coordinates(study: ParameterStudy, sizes: dict[str, int]) -> dict[str, Any]:
    """Return the labels of all axes that have some."""
    units = study.model.units
    found: dict[str, Any] = {axis.name: (axis.name, axis.points, {"long_name": axis.name}) for axis in study.axes}
    found["time"] = ("time", study.times, {"long_name": "time", "units": units.time if units else "ħ/energy"})
    for name, size in sizes.items():
        if labels := _labels(name, size, study.model.space.sites):
            found[name] = (name, labels)
    return found


def _labels(name: str, size: int, sites: int) -> list[Any]:
    """Return the labels along an axis of an observable's own."""
    if name.startswith("site"):
        return list(range(size))
    if name in ("axis", "axis_2"):
        return XYZ
    if name == "component" and sites <= MOST_LETTERS:
        from itertools import product

        return ["T_" + "".join(letters) for letters in product("0xyz", repeat=sites)][1:]
    return []


def _unit(study: ParameterStudy, name: str) -> dict[str, str]:
    """Return the unit of a variable, where it is known."""
    units = study.model.units
    return {"units": units.energy} if name in study.energies and units and units.energy else {}


def attributes(study: ParameterStudy) -> dict[str, Any]:
    """Return what was solved, as text and numbers that every file format holds.

    What files of trajectories say is there under the same names, but for the hour: a study done again is identical.
    """
    from qllg_sym import __version__

    options = study.options
    about = Provenance.of(study.model, study.law, options, _signals(study)).about(study.values)
    return text_and_numbers({name: about[name] for name in about if name != "created"}) | {
        "title": f"{study.law.kind}: {', '.join(axis.name for axis in study.axes)}",
        "model": " + ".join(dict.fromkeys(each.words for term in study.model.terms for each, _ in term.counted))
                 or "no terms",
        "law": study.law.kind, "law_text": repr(study.law), "spins": ", ".join(map(str, study.model.space.spins)),
        "state": "" if len(study.states) > 1 else " ".join(repr(study.states[0]).split())[:500],
        "method": options.method, "qllg_sym": __version__, "digest": study.digest,
    }


def _signals(study: ParameterStudy) -> dict[str, Any]:
    """Return the samples of the signals that `values` give, None for functions."""
    names = [symbol.name for symbol in study.law.derive(study.model).parameters if isinstance(symbol, Signal)]
    given = {name: study.values[name] for name in names if name in study.values}
    return {name: None if callable(value) else tuple(value) for name, value in given.items()}
