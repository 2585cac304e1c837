"""Times, values of parameters, and units."""

import numpy as np
import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong

HALF = q.Space("1/2")
J, K = sp.symbols("J K", real=True)
PAIR = q.Model(q.Space.half(2), [q.Exchange(J, 0, 1), q.Zeeman((0, 0, 1))])
UP = q.states.product("up", "down")


def times(given):
    """Solve for times."""
    return lambda: q.solve(PAIR, q.QuantumLLG(0.5), UP, given, {"J": 1})


def values(given):
    """Solve with values of J and K."""
    return lambda: q.solve(PAIR, q.QuantumLLG(K), UP, [0, 1], given)


WRONG = [
    Wrong("no time", times([]), q.InputError,
          "`times` must be a strictly increasing list of at least one finite time, but is of shape (0,); write "
          "numpy.linspace(0, 10, 101)."),
    Wrong("times that go back", times([1, 0]), q.InputError,
          "`times` must be a strictly increasing list of at least one finite time, but is 1 followed by 0; write "
          "numpy.linspace(0, 10, 101)."),
    Wrong("a time twice", times([0, 0]), q.InputError,
          "`times` must be a strictly increasing list of at least one finite time, but is 0 followed by 0; write "
          "numpy.linspace(0, 10, 101)."),
    Wrong("a time that is no number", times([0, np.nan]), q.InputError,
          "`times` must be a strictly increasing list of at least one finite time, but is not finite everywhere; "
          "write numpy.linspace(0, 10, 101)."),
    Wrong("one time that is not in a list", times(1.0), q.InputError,
          "`times` must be a strictly increasing list of at least one finite time, but is of shape (); write "
          "numpy.linspace(0, 10, 101)."),
    Wrong("times in text", times("ab"), q.InputTypeError,
          "`times` must be real numbers, but is of type str; write numpy.linspace(0, 10, 101)."),
    Wrong("complex times", times([0, 1j]), q.InputTypeError,
          "`times` must be real numbers, but is of type list; write numpy.linspace(0, 10, 101)."),
    Wrong("no times", times(None), q.InputTypeError,
          "`times` must be real numbers, but is of type NoneType; write numpy.linspace(0, 10, 101)."),
    Wrong("a parameter without a value", values({"J": 1}), q.InputError,
          "`values` must give every parameter a number, but 'K' is unbound; add values={'K': 1.0}."),
    Wrong("no values", values(None), q.InputError,
          "`values` must give every parameter a number, but 'J' is unbound; add values={'J': 1.0}."),
    Wrong("a value for a name that is none", values({"J": 1, "K": 1, "L": 1}), q.InputError,
          "`values` must name parameters, but has 'L'; the parameters are J, K."),
    Wrong("a value twice", values({"J": 1, J: 1, "K": 1}), q.InputError,
          "`values` must give 'J' once, but gives it twice; drop one."),
    Wrong("a value that is no number", values({"J": np.nan, "K": 1}), q.InputError,
          "`values['J']` must be finite, but is nan; give a finite number."),
    Wrong("a value that is too large", values({"J": 10**400, "K": 1}), q.InputError,
          "`values['J']` must be finite, but is inf; give a finite number."),
    Wrong("a list of values for one run", values({"J": [1.0, 2.0], "K": 1}), q.InputError,
          "`values['J']` must be one number, but is an array; use `solve_many` for a batch."),
    Wrong("a complex value", values({"J": 1j, "K": 1}), q.InputTypeError,
          "`values['J']` must be a real number, but is 1j; give a number such as 0.5."),
    Wrong("a value that is text", values({"J": "1", "K": 1}), q.InputTypeError,
          "`values['J']` must be a real number, but is '1'; give a number such as 0.5."),
    Wrong("values in a list", values([1, 2]), q.InputTypeError,
          '`values` must map names or Symbols to numbers, but is of type list; write values={"J": 1.0}.'),
    Wrong("arrays of different lengths",
          lambda: q.solve_many(PAIR, q.QuantumLLG(K), UP, [0, 1], {"J": [1, 2], "K": [1, 2, 3]}),
          q.InputError,
          "`states` and array `values` must be of one common length of at least 1, but the lengths are values['J']:"
          " 2, values['K']: 3; give a list of states, or values={\"D\": array}."),
    Wrong("a unit of energy that is none", lambda: q.Units("mev", "ps"), q.InputError,
          "`energy` must be one of J, eV, meV, ueV, K, cm-1, GHz, but is 'mev' (did you mean meV?); choose one of "
          "these."),
    Wrong("a unit of time that is none", lambda: q.Units("meV", "hours"), q.InputError,
          "`time` must be one of s, ns, ps, fs, but is 'hours'; choose one of these."),
    Wrong("energy without time", lambda: q.Units("meV"), q.InputError,
          "`time` must be one of s, ns, ps, fs, but is missing; choose one of these."),
    Wrong("a unit that is a number", lambda: q.Units(1, 2), q.InputError,
          "`energy` must be one of J, eV, meV, ueV, K, cm-1, GHz, but is 1; choose one of these."),
    Wrong("a word in place of units", lambda: q.Model(HALF, [], units="meV"), q.InputTypeError,
          "`units` must be Units, but is 'meV'; write Units(\"meV\", \"ps\")."),
    Wrong("units and hbar at once", lambda: q.Model(HALF, [], units=q.Units("meV", "ps"), hbar=2), q.ModelError,
          "`hbar` must be left out where `units` are given, but is 2; these units have 0.6582119569509067."),
]
