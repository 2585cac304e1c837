"""Fits that cannot be: data that do not fit the times, parameters that are none or that nothing depends on."""

from dataclasses import replace

import numpy as np
import sympy as sp

import qllg_sym as q
from test_catalogue.entry import Wrong

B, G = sp.symbols("B G", real=True)
SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, B)), q.Operator([[G, 0], [0, G]])])
DATA = {"model": SPIN, "law": q.QuantumLLG(0.5), "state": q.states.product("+x"), "times": [0, 1, 2],
        "data": np.zeros((3, 3)), "free": {"B": 1.0}, "values": {"G": 0}}


def fitted(**changes):
    """Fit a spin."""
    return lambda: q.fit(**{**DATA, **changes})


SET = q.DataSet(np.zeros((3, 3)), times=[0, 1, 2], state=q.states.product("+x"))


def asked(method, *args, **changes):
    """Fit a spin, and ask the fit."""
    clean = q.solve(SPIN, q.QuantumLLG(0.5), q.states.product("+x"), [0, 1, 2], values={"B": 1, "G": 0}).bloch(0)
    return lambda: getattr(q.fit(**{**DATA, "data": clean, **changes}), method)(*args)


def run(**changes):
    """Solve a spin."""
    given = {"model": SPIN, "law": q.QuantumLLG(0.5), "state": q.states.product("+x"), "times": [0, 1, 2],
             "values": {"B": 1, "G": 0}, **changes}
    return q.solve(**given)


def met(onset):
    """Solve a spin with two jumps, one at a time that is a parameter."""
    t0 = sp.Symbol("t0", real=True)
    model = q.Model(SPIN.space, [q.Zeeman((sp.Heaviside(q.t - t0), 0, sp.Heaviside(q.t - 1)))])
    return run(model=model, values={"t0": onset})


WRONG = [
    Wrong("data that do not fit the times", fitted(data=np.zeros((4, 3))), q.InputError,
          "`data` must be real numbers of shape (3, 3), one a time, but is of shape (4, 3); give as many as there are "
          "times."),
    Wrong("no data", fitted(data=[]), q.InputError,
          "`data` must be real numbers of shape (3, 3), one a time, but is of shape (0,); give as many as there are "
          "times."),
    Wrong("data that are not numbers", fitted(data=np.full((3, 3), np.nan)), q.InputError,
          "`data` must be finite, but holds NaN or infinity; leave these times out."),
    Wrong("standard deviations of some data sets alone", fitted(data=[replace(SET, sigma=0.1), SET]), q.InputError,
          "`sigma` must be given for all data or for none, but data [1] have none beside [0]; add it."),
    Wrong("standard deviations of other data", fitted(data={"a": np.zeros((3, 3))}, observe={"a": "bloch0"},
                                                      sigma={"b": 0.1}), q.InputError,
          "`sigma` must have an entry for each of several data, but has none for 'a'; write sigma={'a': …}."),
    Wrong("a free parameter that is none", fitted(free={"b": 1.0}), q.InputError,
          "`free` must name parameters of the model or the law, but 'b' is none (did you mean B?); the parameters "
          "are B, G."),
    Wrong("nothing is free", fitted(free={}), q.InputTypeError,
          "`free` must map names of parameters to where they start, but is {}; write free={\"J\": 1.0}."),
    Wrong("a start that is none", fitted(free={"B": np.inf}), q.InputError,
          "`free['B']` must be a finite number, but is inf; say where to start."),
    Wrong("a parameter both free and fixed", fitted(values={"B": 1, "G": 0}), q.InputError,
          "`values` must not give what is free, but has 'B'; leave it out there, or in `free`."),
    Wrong("a parameter that nothing depends on", fitted(free={"B": 1.0, "G": 1.0}, values={}), q.InputError,
          "`free` must name parameters on which the data depend, but nothing depends on 'G' at its start; fix it in "
          "`values`, or start elsewhere."),
    Wrong("more parameters than data",
          fitted(free={"B": 1.0, "G": 1.0}, values={}, times=[0], data=[0.0], observe="Sz"), q.InputError,
          "`data` must be as many numbers as are free at least, 2, but are 1; fix some parameters."),
    Wrong("a deviation of nothing", fitted(sigma=0.0), q.InputError,
          "`sigma` must be a positive number, or positive numbers of shape (3, 3), but is not; give standard "
          "deviations."),
    Wrong("a site that does not exist", fitted(observe="bloch1"), q.InputError,
          "`observe` must name one of 1 sites, but is 'bloch1'; the first is bloch0."),
    Wrong("data of what is not Hermitian", fitted(observe=SPIN.space.spin(0).plus, data=np.zeros(3)), q.InputError,
          "`observe` must be Hermitian, for data are real, but is not; fit its real and imaginary part as two data."),
    Wrong("several data without what they are of", fitted(data={"x": np.zeros(3)}), q.InputError,
          "`observe` must have an entry for each of several data, but has none for 'x'; write observe={'x': …}."),
    Wrong("bounds of what is not free", fitted(bounds={"b": (0, 1)}), q.InputError,
          "`bounds` must name what is free, but 'b' is not (did you mean B?); the free parameters are B."),
    Wrong("bounds away from the start", fitted(bounds={"B": (2, 3)}), q.InputError,
          "`bounds['B']` must be (lowest, highest) about the start 1, but is (2, 3); give two numbers."),
    Wrong("data sets among other data", fitted(data=[SET, [1.0]]), q.InputTypeError,
          "`data` must hold data sets alone where it holds one, but has a list; write DataSet(numbers, times=…)."),
    Wrong("a deviation beside data sets", fitted(data=[SET], sigma=0.1), q.InputError,
          "`sigma` and `observe` must be left out beside data sets, which have their own; write them there."),
    Wrong("data sets without times", fitted(data=[SET, q.DataSet(np.zeros((3, 3)))], times=None), q.InputError,
          "`times` must be given to the fit or to every data set, but data[1] has none; write DataSet(…, times=…)."),
    Wrong("data sets without a start", fitted(data=[q.DataSet(np.zeros((3, 3)))], state=None), q.InputError,
          "`state` must be given to the fit or to every data set, but data[0] has none; write DataSet(…, state=…)."),
    Wrong("data of the second set that do not fit its times", fitted(data=[SET, q.DataSet(np.zeros(3))]), q.InputError,
          "`data[1]` must be real numbers of shape (3, 3), one a time, but is of shape (3,); give as many as there are "
          "times."),
    Wrong("a set that fixes what is free", fitted(data=[q.DataSet(np.zeros((3, 3)), values={"B": 1})]), q.InputError,
          "`values` must not give what is free, but has 'B'; leave it out there, or in `free`."),
    Wrong("a likelihood without deviations", asked("log_likelihood", [1.0]), q.InputError,
          "`sigma` must be known for a likelihood, but was not given to the fit; fit with sigma=…."),
    Wrong("a likelihood at too many numbers", asked("log_likelihood", [1.0, 2.0], sigma=0.1), q.InputError,
          "`x` must be 1 finite numbers, for B, but is [1.0, 2.0]; give one for each."),
    Wrong("a profile of what is not free", asked("profile", "b"), q.InputError,
          "`name` must be one of the free parameters, B, but is 'b' (did you mean B?); take one of them."),
    Wrong("a profile at no numbers", asked("profile", "B", [np.nan]), q.InputError,
          "`numbers` must be a list of finite numbers of 'B', but is [nan]; write numpy.linspace(0.1, 0.5, 9)."),
    Wrong("a level that is no probability", asked("interval", "B", 95), q.InputError,
          "`level` must be a probability between 0 and 1, but is 95; write level=0.95."),
    Wrong("a sensitivity to nothing", lambda: run().sensitivity("C"), q.InputError,
          "`parameter` must be a parameter of the model, the law or the state, but 'C' is none; the parameters are B, "
          "G."),
    Wrong("a jump that moves off another one", lambda: met(1.0).sensitivity("t0"), q.InputError,
          "`parameter` must move jumps of H one by one, but two of them meet at t = 1 and part there; take another "
          "value, or differences of two runs."),
    Wrong("cotangents for other times", lambda: run().gradient(np.zeros((2, 2, 2))), q.InputError,
          "`cotangents` must be finite matrices of shape (3, 2, 2), but are of shape (2, 2, 2) or not finite; give one "
          "for each time."),
    Wrong("cotangents that are not Hermitian", lambda: run().gradient(1j * np.ones((3, 2, 2))), q.InputError,
          "`cotangents` must be Hermitian, for the number is real, but are not; give their Hermitian part."),
    Wrong("a gradient across a jump", lambda: met(0.5).gradient(np.zeros((3, 2, 2))), q.InputError,
          "`cotangents` ask for an adjoint equation, but the model jumps or has kinks in time; sum `sensitivity` "
          "instead."),
]
