"""Fields in time that are none: signals, switches, lists of QuTiP."""

import numpy as np

import qllg_sym as q
from test_catalogue.entry import Wrong

HALF, PULSE = q.Space("1/2"), q.signal("pulse")
MODEL = q.Model(HALF, [q.Zeeman((PULSE, 0, 0))])


def solved(**values):
    """Solve for a spin in a field that is a signal."""
    return lambda: q.solve(MODEL, q.QuantumLLG(0.5), q.states.product("up"), [0, 10], values)


def listed(coefficient, tlist=None):
    """Make a model of [H0, [H1, f]]."""
    return lambda: q.Model(HALF, [np.diag([1, -1]), [np.eye(2)[::-1], coefficient]], tlist=tlist)


WRONG = [
    Wrong("a signal without values", solved(), q.InputError,
          "`values` must give the signal 'pulse', but does not; add values={'pulse': (times, samples)}, or a function "
          "of time."),
    Wrong("three samples", solved(pulse=([0, 5, 10], [0, 1, 0])), q.InputError,
          "`values['pulse']` must have one sample for each of at least 4 times, but has 3 times and 3 samples; give "
          "more, for a cubic spline."),
    Wrong("a sample that is no number", solved(pulse=([0, 3, 6, 10], [0, 1, np.nan, 0])), q.InputError,
          "`values['pulse']` must be finite, but number 2 of its samples is not; give finite numbers."),
    Wrong("times that do not ascend", solved(pulse=([0, 6, 3, 10], [0, 1, 2, 0])), q.InputError,
          "`values['pulse']` must have times that ascend, but has 6 followed by 3; sort them."),
    Wrong("complex samples", solved(pulse=([0, 3, 6, 10], [0, 1j, 2, 0])), q.InputTypeError,
          "`values['pulse']` must be times and real samples, one list each, but is complex; write (times, samples), "
          "two arrays of real numbers."),
    Wrong("samples that end too early", solved(pulse=([0, 3, 6, 9], [0, 1, 2, 0])), q.InputError,
          "`values['pulse']` must reach over all times, but goes from 0 to 9 and is asked for from 0 to 10; give more "
          "samples, or the signal's support."),
    Wrong("a text for a signal", solved(pulse="sin(t)"), q.InputTypeError,
          "`values['pulse']` must be (times, samples), a function of time with real values, or a number, but is "
          "'sin(t)'; give real numbers."),
    Wrong("a signal named t", lambda: q.signal("t"), q.ModelError,
          "`name` must be letters, digits and underscores, and no name of a state or of time, but is 't'; write "
          "signal(\"pulse\")."),
    Wrong("a support that ends before it begins", lambda: q.signal("pulse", support=[(2, 1)]), q.InputError,
          "`support` must be intervals of numbers that ascend, but is [(2, 1)]; write support=[(0, 2), (5, 6)]."),
    Wrong("a resolution below zero", lambda: q.signal("pulse", resolution=-1), q.InputError,
          "`resolution` must be a positive time, but is -1; write resolution=0.1."),
    Wrong("samples without their times", listed(np.zeros(5)), q.InputError,
          "`tlist` must be given with coefficients that are samples, but is not; add the 5 times of the samples."),
    Wrong("fewer times than samples", listed(np.zeros(5), np.arange(4.0)), q.InputError,
          "`tlist` must have a time for each sample, but has 4 for 5 samples; give as many."),
    Wrong("Python in a text", listed("np.sin(t)"), q.ModelError,
          "The expression `np.sin(t)` must be arithmetic on declared names, but has '.' at character 3; use + - * / ** "
          "( ), numbers and names."),
]
