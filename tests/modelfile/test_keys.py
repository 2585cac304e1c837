"""The tables of keys are those that are read: each key is taken, every other one is refused."""

import pytest

from qllg_sym.errors import ModelError
from qllg_sym.modelfile.read import parse_document
from qllg_sym.modeltext import keys

EXAMPLES = {
    "SYSTEM": {"spins": "1/2", "sites": 2, "symbols": ["J"], "hbar": 2, "gamma": 3, "units": ["meV", "ps"],
               "magnetisation": 0, "momentum": 0, "reflection": 1},
    "GRAPH": {"graph": "square", "size": [2, 1], "periodic": False, "directions": False, "edges": [[0, 1]]},
    "DISSIPATOR": {"rate": 0.1, "spin": "minus", "site": 0, "matrix": [[1, 0], [0, -1]], "imaginary": [[0, 0], [0, 0]]},
    "TIME": {"start": 1, "stop": 2, "points": 2, "times": [1, 2]},
    "SOLVER": {"method": "frame", "rtol": 1e-8, "atol": 1e-9, "max_step": 1, "breakpoints": [1]},
    "BATH": {"kT": 0.5, "kelvin": 5, "noise": "local", "trajectories": 9, "seed": 1, "step": 0.1, "method": "euler"},
    "HYBRID": {"clusters": [[0]], "classical": [1], "states": [{"kind": "product", "spins": ["up"]}],
               "moments": [[0, 0, 1]]},
    "EPR": {"frequency": 9.5, "field": 0.3, "start": 0.1, "stop": 1, "points": 5, "temperature": 4, "g": 2.1,
            "direction": [0, 0, 1], "powder": "zcw", "orientations": 9, "width": 0.1, "mode": "parallel",
            "harmonic": 0},
}
# What goes with what: a key alone is often too little, and some exclude each other.
TOGETHER = {
    "SYSTEM": [["spins", "sites", "symbols", "units"], ["spins", "sites", "hbar", "gamma"],
               ["spins", "sites", "magnetisation", "momentum", "reflection"]],
    "GRAPH": [["graph", "size", "periodic", "directions"], ["edges"]],
    "DISSIPATOR": [["rate", "spin", "site"], ["rate", "matrix", "imaginary"]],
    "TIME": [["start", "stop", "points"], ["times"]],
    "SOLVER": [["method", "rtol", "atol", "max_step", "breakpoints"]],
    "BATH": [["kT", "noise", "trajectories", "seed", "step", "method"], ["kelvin"]],
    "HYBRID": [["clusters", "classical", "states", "moments"]],
    "EPR": [["frequency", "start", "stop", "points", "temperature", "g", "direction", "powder", "orientations", "width",
             "mode", "harmonic"], ["field", "start", "stop", "temperature"]],
}


def document(table, content):
    """A model file in which a table has this content."""
    whole = {"system": {"spins": ["1/2", "1/2"], **({"units": ["meV", "ps"]} if table == "BATH" else {})}}
    if table == "GRAPH":
        return {**whole, "term": [{"kind": "exchange", "J": 1, **content}]}
    if table == "DISSIPATOR":
        return {"system": {"spins": ["1/2"]}, "law": {"kind": "lindblad", "dissipators": [content]}}
    law = {"law": {"kind": "hybrid", "kappa": 0, "alpha": 0}} if table == "HYBRID" else {}
    return {**whole, **law, table.lower(): content}


@pytest.mark.parametrize("table", EXAMPLES)
def test_every_key_is_read_and_no_other(table):
    assert set(EXAMPLES[table]) == set(getattr(keys, table)) == {key for some in TOGETHER[table] for key in some}
    for some in TOGETHER[table]:
        content = {key: EXAMPLES[table][key] for key in some}
        parse_document(document(table, content), "made")
        with pytest.raises(ModelError, match="must have known keys alone, but has 'colour'"):
            parse_document(document(table, {**content, "colour": 1}), "made")
