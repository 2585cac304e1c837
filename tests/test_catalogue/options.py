"""How to solve: methods, tolerances, and what to keep."""

import numpy as np

import qllg_sym as q
from qllg_sym.errors import AbsentError
from test_catalogue.entry import Wrong
from test_catalogue.listed import METHODS

PAIR = q.Model(q.Space.half(2), [q.Exchange(1, 0, 1)])
UP = q.states.product("up", "down")


def solve(**options):
    """Solve for two spins."""
    state, law = options.pop("state", UP), options.pop("law", q.QuantumLLG(0.5))
    return lambda: q.solve(PAIR, law, state, [0, 1], **options)


def run():
    """Solve, for what is then asked of the result."""
    return solve()()


WRONG = [
    Wrong("a method that is none", solve(method="exakt"), q.InputError,
          f"`method` must be one of auto, {METHODS}, but is 'exakt' (did you mean exact?); choose one of them."),
    Wrong("a method that does not fit", solve(state=np.diag([0.5, 0.3, 0.2, 0]), method="exact"), q.InputError,
          "`method` must fit the problem, but 'exact' does not: the spectrum of the state has more than two values;"
          ' use method="auto".'),
    Wrong("a classical method of a quantum law", solve(method="moments"), q.InputError,
          "`method` must fit the problem, but 'moments' does not: the law is quantum; use method=\"auto\"."),
    Wrong("an option that the method has not", solve(method="frame", options={"bond": 8}), q.InputError,
          "`options` must be empty for the method 'frame', but has 'bond'; drop it."),
    Wrong("options in a list", solve(options=[1]), q.InputTypeError,
          "`options` must be a mapping of a method's own options, but is [1]; write options={…}."),
    Wrong("rtol of zero", solve(rtol=0), q.InputError,
          "`rtol` must be at least 3e-14 and below 1, but is 0; write rtol=1e-10."),
    Wrong("rtol beyond doubles", solve(rtol=1e-16), q.InputError,
          "`rtol` must be at least 3e-14 and below 1, but is 1e-16; write rtol=1e-10."),
    Wrong("rtol in text", solve(rtol="1e-8"), q.InputError,
          "`rtol` must be at least 3e-14 and below 1, but is '1e-8'; write rtol=1e-10."),
    Wrong("atol below zero", solve(atol=-1e-8), q.InputError,
          "`atol` must be above 0 and below 1, but is -1e-08; write atol=1e-12."),
    Wrong("a word for what to keep", solve(keep="some"), q.InputError,
          "`keep` must be \"all\" or \"final\", but is 'some'; choose one of them."),
    Wrong("a word for progress", solve(progress="yes"), q.InputTypeError,
          "`progress` must be True, False or a function of the fraction done, but is 'yes'; write progress=True."),
    Wrong("a number for stop", solve(stop=3), q.InputTypeError,
          "`stop` must be a function of (t, state), but is 3; give one that returns a bool."),
    Wrong("a step below zero", solve(max_step=-1), q.InputError,
          "`max_step` must be a positive number, but is -1; write max_step=0.1, or leave it out."),
    Wrong("breakpoints in text", solve(breakpoints="ab"), q.InputTypeError,
          "`breakpoints` must be a list of times, but is 'ab'; write breakpoints=[1.0, 2.5]."),
    Wrong("observables in a list", solve(observe=[np.eye(4)]), q.InputTypeError,
          '`observe` must map names to operators or functions, but is of type list; write observe={"name": '
          "operator}."),
    Wrong("an observable on one site alone", solve(observe={"a": np.eye(2)}), q.InputTypeError,
          "`observe['a']` must be an operator of shape (4, 4) or a function of the state, but is of type ndarray "
          "and shape (2, 2); give finite numbers of that shape."),
    Wrong("a law in text", solve(law="q-llg"), q.InputTypeError,
          "`law` must be a law of motion, but is 'q-llg'; write QuantumLLG(0.5)."),
    Wrong("a law without its damping", solve(law=q.QuantumLLG), q.InputTypeError,
          "`law` must be a law of motion, but is <class 'qllg_sym.equations.laws.quantum_llg.QuantumLLG'>; write "
          "QuantumLLG(0.5)."),
    Wrong("a space in place of a model",
          lambda: q.solve(q.Space.half(2), q.QuantumLLG(1), UP, [0, 1]), q.InputTypeError,
          '`model` must be a Model, but is of type Space; write Model(Space("1/2"), [Zeeman((0, 0, 1))]).'),
    Wrong("no thread", lambda: q.solve_many(PAIR, q.QuantumLLG(1), [UP], [0, 1], threads=0), q.InputError,
          "`threads` must be a positive integer or None, but is 0; write threads=1."),
    Wrong("no state", lambda: q.solve_many(PAIR, q.QuantumLLG(1), [], [0, 1]), q.InputError,
          "`states` and array `values` must be of one common length of at least 1, but the lengths are states: 0; "
          'give a list of states, or values={"D": array}.'),
    Wrong("a site that is not there", lambda: run().bloch(2), q.InputError,
          "`i` must be a site from 0 to 1, but is 2; sites count from 0."),
    Wrong("a time before the first", lambda: run().at(-1), q.InputError,
          "`t` must be a time from 0 to 1, but is -1; solve for more `times`."),
    Wrong("moments of a quantum run", lambda: run().moments, AbsentError,
          "`moments` needs a classical law, but this trajectory is quantum; use `bloch(i)`."),
    Wrong("a site with itself", lambda: run().correlation(1, 1), q.InputError,
          "`i` and `j` must be different sites, but both are 1; take 0 and 1, say."),
    Wrong("states that were not kept", lambda: solve(observe={"z": np.eye(4)})().states, AbsentError,
          "`states` needs the states, but only z were kept; solve without `observe`."),
]
