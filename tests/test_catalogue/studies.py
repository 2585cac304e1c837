"""Studies that cannot be: axes, executors, checkpoints, schedulers."""

import json

import numpy as np
import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong, WrongWords

D = sp.Symbol("D", real=True)
DIMER = q.Model(q.Space.half(2), [q.DMI((0, 0, D), 0, 1), q.Zeeman((1, 0, 0))])
UP = q.states.product("up", "up")
TOML = """
[system]
spins = ["1/2"]
[[term]]
kind = "zeeman"
B = [0, 0, "B"]
[values]
B = 1.0
[law]
kind = "q-llg"
kappa = 0.5
[state]
kind = "product"
spins = ["+x"]
[time]
stop = 1
points = 2
"""
ABOUT = json.dumps({"digest": "another", "parts": {}})


def sweep(**changes):
    """Study a dimer over D."""
    arguments = {"model": DIMER, "law": q.QuantumLLG(0.5), "state": UP, "times": [0, 1], "over": {"D": [0, 1]}}
    return lambda: q.sweep(**{**arguments, **changes})


def words(*more):
    """Study a model file on the command line."""
    return ["sweep", "spin.toml", *more]


FILES = {"spin.toml": TOML}
SYNTAX = "`--over` must be NAME=START:STOP:POINTS or NAME=NUMBER,NUMBER, but is {!r}; write --over D=0:1:51 or --over" \
         " kappa=0.1,0.5."

WRONG = [
    Wrong("nothing varies", sweep(over={}), q.InputError,
          "`over` must have at least one axis, but has none; write over={\"D\": numpy.linspace(0, 1, 51)}, or use "
          "`solve`."),
    Wrong("a list of numbers", sweep(over=[0, 1]), q.InputTypeError,
          "`over` must map names to points, but is of type list; write over={\"D\": numpy.linspace(0, 1, 51)}."),
    Wrong("a misspelt parameter", sweep(over={"kapa": [0, 1]}), q.InputError,
          "`over` must name parameters of the model, of the law or \"state\", but 'kapa' is none (did you mean "
          "kappa?); the parameters are D."),
    Wrong("a parameter in small letters", sweep(over={"D_": [0, 1]}), q.InputError,
          "`over` must name parameters of the model, of the law or \"state\", but 'D_' is none (did you mean D?); the "
          "parameters are D."),
    Wrong("an empty axis", sweep(over={"D": []}), q.InputError,
          "`over['D']` must be a list of at least one number, but is of shape (0,); write numpy.linspace(0, 1, 51)."),
    Wrong("NaN on an axis", sweep(over={"D": [0, np.nan]}), q.InputError,
          "`over['D']` must be finite, but number 1 is nan; leave it out."),
    Wrong("words on an axis", sweep(over={"D": ["a"]}), q.InputTypeError,
          "`over['D']` must be real numbers, but is of type list; write numpy.linspace(0, 1, 51)."),
    Wrong("an axis that values fix", sweep(values={"D": 1}), q.InputError,
          "`over` must vary what `values` does not fix, but 'D' is in both; drop one."),
    Wrong("an axis by name and symbol", sweep(over={"D": [0], D: [1]}), q.InputError,
          "`over` must name each axis once, but has 'D' twice; drop one."),
    Wrong("an array among the values", sweep(over={"kappa": [1]}, values={"D": [0, 1]}), q.InputError,
          "`values['D']` must be one number, but is an array; move it to `over`."),
    Wrong("states without names", sweep(state=None, over={"state": [UP]}), q.InputTypeError,
          "`over[\"state\"]` must map names to states, but is of type list; write over={\"state\": {\"up\": state}}."),
    Wrong("a state beside states", sweep(over={"state": {"up": UP}}, values={"D": 1}), q.InputError,
          "`state` must be None where `over` has states, but both are given; drop one."),
    Wrong("a state of another space", sweep(state=None, values={"D": 1}, over={"state": {
        "up": UP, "one": q.states.product("up")}}), q.StateError,
          "`over[\"state\"]['one']` must belong to Space('1/2', '1/2'), but this product state belongs to 1 site; "
          "choose another state."),
    Wrong("an observable that is none", sweep(observe={"B": "nonlocal"}), q.InputError,
          "`observe` must name an observable of a trajectory, but 'nonlocal' is none (did you mean nonlocality?); "
          "choose among bloch, concurrence, correlation, correlations, entanglement, entropy, mutual_information, "
          "nonlocality, pauli, population, profile, purity, reduced, renyi, spectrum, T."),
    Wrong("an observable called like an axis", sweep(observe={"D": "purity"}), q.InputError,
          "`observe` must use names that no axis has, but 'D' is one; choose another name."),
    Wrong("an executor that is none", sweep(executor="cluster"), q.InputTypeError,
          "`executor` must be one of a dask.distributed Client, a concurrent.futures Executor, a number of processes, "
          "threads of this process, but is 'cluster'; write executor=2 for two processes."),
    Wrong("no process", sweep(executor=0), q.InputError,
          "`executor` must be at least one process, but is 0; write executor=2."),
    Wrong("more than memory", sweep(over={"D": np.linspace(0, 1, 10**6)}, times=np.linspace(0, 1, 10**6)), q.InputError,
          "`results of the study` must fit into memory, but needs 52154 GiB; ask for fewer points, times or "
          "observables."),
    Wrong("the checkpoint of another study", sweep(checkpoint="."), q.FileError,
          "`checkpoint` must be an empty folder or hold this study, but . holds thesis.tex; choose another folder.",
          files={"thesis.tex": ""}),
    Wrong("a checkpoint that is damaged", sweep(checkpoint="."), q.FileError,
          "`checkpoint` must say which study it holds, but study.json is damaged; choose another folder.",
          files={"study.json": "{"}),
    WrongWords("an axis without numbers", words("--over", "B"), SYNTAX.format("B"), files=FILES),
    WrongWords("an axis without a count", words("--over", "B=0:1"), SYNTAX.format("B=0:1"), files=FILES),
    WrongWords("half a point", words("--over", "B=0:1:2.5"), SYNTAX.format("B=0:1:2.5"), files=FILES),
    WrongWords("no points", words("--over", "B=0:1:0"), "`--over` must have between 1 and 10000000 points an axis, but "
               "'B=0:1:0' has 0; write --over D=0:1:51 or --over kappa=0.1,0.5.", files=FILES),
    WrongWords("an axis twice", words("--over", "B=1", "--over", "B=2"),
               "`--over` must name each axis once, but has 'B' twice; drop one.", files=FILES),
    WrongWords("another study in the folder", words("--over", "B=1", "--checkpoint", "."),
               "`checkpoint` must hold this study, but . holds one with another `model` and another `law` and another "
               "`state` and another `times` and another `values` and another `over` and another `observe` and another "
               "`method` and another `rtol` and another `atol` and another `max_step` and another `version`; choose "
               "another folder.", files={**FILES, "study.json": ABOUT}),
]
