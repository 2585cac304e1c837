"""Baths, noisy trajectories and canonical ensembles that cannot be."""

import warnings

import numpy as np
import sympy as sp

import qllg_sym as q
from qllg_sym.ensemble.origin import Origin
from qllg_sym.flow.states.initial_states import InitialStates
from test_catalogue.entry import Wrong, WrongWords
from test_catalogue.listed import COMMANDS

D = sp.Symbol("D", real=True)
SPIN = q.Model(q.Space("1/2"), [q.Zeeman((0, 0, 1))])
DIMER = q.Model(q.Space.half(2), [q.DMI((0, 0, D), 0, 1), q.Zeeman((1, 0, 0))])
UP = q.states.product("up")


class NoPickle:
    """A function that stays in its process."""

    def __call__(self, rho):
        return 1.0

    def __reduce__(self):
        raise TypeError("it stays here")


def langevin(**changes):
    """Noisy trajectories of a spin."""
    given = {"model": SPIN, "law": q.QuantumLLG(0.5), "state": UP, "times": [0, 1], "bath": q.Bath(1),
             "trajectories": 2, **changes}

    def make():
        with warnings.catch_warnings(action="ignore", category=q.QllgWarning):      # of a damping that drives
            return q.langevin(**given)
    return make


def resume(*times, **changes):
    """Two trajectories that go on from t = 1."""
    start = InitialStates.one(np.array([1.0]), np.eye(2, 1, dtype=complex))
    origin = Origin(SPIN, q.QuantumLLG(0.5), None, q.Bath(1), None, "strang", 0, 0.1, start)
    samples = {"energy": np.zeros((2, 2)), "bloch": np.zeros((2, 2, 1, 3))}
    ens = q.ThermalEnsemble(np.array([0.0, 1]), samples, {"steps": 10}, origin.law, origin.bath, origin,
                            np.tile(np.eye(2, dtype=complex), (2, 1, 1)))
    return lambda: ens.resume(*times, **changes)


def canonical(*given, **named):
    """An ensemble on the orbit of a state."""
    return lambda: q.canonical(*given, **named)


TOML = """
[system]
spins = ["1/2"]
[[term]]
kind = "zeeman"
B = [0, 0, 1]
[values]
T = 0.5
[law]
kind = "q-llg"
kappa = 0.5
[state]
kind = "product"
spins = ["+x"]
[time]
stop = 1
points = 2
[bath]
kT = "T"
"""


def words(old, new, says, *more):
    """An entry: the command on the file with one piece replaced."""
    assert old in TOML
    return WrongWords(f"{old} becomes {new}".replace("\n", " "), ["langevin", "hot.toml", *more], says,
                      {"hot.toml": TOML.replace(old, new, 1)})


FUNCTIONS = "piecewise, min, max, sqrt, sin, cos, tan, exp, tanh, log, sinh, cosh, atan, erf, abs, sign, heaviside"
DAMP = "`law` must damp where kT > 0, since noise without friction heats without end, but "
KT = 'kT = "T"'
KINDS = '`noise` must be "invariant" or "local", but is '
WRONG = [
    Wrong("noise without friction", langevin(law=q.QuantumLLG(0)), q.InputError,
          f"{DAMP}q-llg has the friction 0 at t = 0; give a positive `kappa`, or Bath(0)."),
    Wrong("noise with negative friction", langevin(law=q.QuantumLLG(-0.5)), q.InputError,
          f"{DAMP}q-llg has the friction -0.5 at t = 0; give a positive `kappa`, or Bath(0)."),
    Wrong("friction that ends", langevin(law=q.QuantumLLG(0.5 - q.t)), q.InputError,
          f"{DAMP}q-llg has the friction 0 at t = 0.5; give a positive `kappa`, or Bath(0)."),
    Wrong("a law without friction", langevin(law=q.VonNeumann()), q.InputError,
          f"{DAMP}von-neumann has the friction 0 at t = 0; take QuantumLLG(0.5), or Bath(0)."),
    Wrong("a law that mixes", langevin(law=q.Dephasing(0.1)), q.InputError,
          "`law` must keep the spectrum of the state by a frame weight, as QuantumLLG does, but dephasing does not, so "
          "that its noise is not known here; use `solve`, without noise."),
    Wrong("a negative temperature", lambda: q.Bath(-1), q.InputError,
          "`kT` must be at least 0, but is -1; give k_BT in the unit of H."),
    Wrong("a temperature that becomes negative", langevin(bath=q.Bath(1 - 2 * q.t)), q.InputError,
          "`kT` must be finite and at least 0 at all times, but is -0.015625 at t = 0.507812; change 1 - 2*t."),
    Wrong("a temperature that is negative for a moment",
          langevin(times=[0, 20], bath=q.Bath(1 - 3 * sp.Heaviside(q.t - 1) * sp.Heaviside(1.001 - q.t))), q.InputError,
          "`kT` must be finite and at least 0 at all times, but is -2 at t = 1; change -3*Heaviside(1001/1000 - "
          "t)*Heaviside(t - 1) + 1."),
    Wrong("a complex temperature", lambda: q.Bath(1j), q.ModelError,
          "`kT` must be real, but is 1j; give a real number."),
    Wrong("a temperature in a symbol that may be complex", lambda: q.Bath(sp.Symbol("T")), q.ModelError,
          "`kT` must have real symbols, but `T` is not declared real; write `T = sympy.Symbol('T', real=True)`."),
    Wrong("a temperature in words", lambda: q.Bath("300 K"), q.InputTypeError,
          "`kT` must be a number or a SymPy expression, but is '300 K'; give a number such as 0.5 or a real Symbol."),
    Wrong("no temperature", langevin(bath=300), q.InputTypeError,
          "`bath` must be a Bath, but is of type int; write Bath(0.5)."),
    Wrong("a temperature without its number", langevin(bath=q.Bath(sp.Symbol("T", positive=True))), q.InputError,
          "`values` must give 'T' of kT, but does not; add values={'T': …}."),
    Wrong("noise by a matrix", lambda: q.Bath(1, noise=[[0, 1j], [1j, 0]]), q.InputError,
          f"{KINDS}[[0, 1j], [1j, 0]]; choose one of them."),
    Wrong("a misspelt noise", lambda: q.Bath(1, "locl"), q.InputError,
          f"{KINDS}'locl' (did you mean local?); choose one of them."),
    Wrong("a step that is too long", langevin(step=5), q.InputError,
          "`step` must be at most 0.59, as precession and noise move states at the rate 1.69, but is 5; write "
          "step=0.177, which is advised."),
    Wrong("no step", langevin(step=0), q.InputError,
          "`step` must be positive and finite, but is 0; write step=0.177, which is advised."),
    Wrong("a scheme for other noise", langevin(method="strang", bath=q.Bath(1, "local")), q.InputError,
          "`method` must be one of midpoint, auto for this noise, but is 'strang'; choose one of them."),
    Wrong("a misspelt scheme", langevin(method="strnag"), q.InputError,
          "`method` must be one of strang, euler, auto for this noise, but is 'strnag' (did you mean strang?); choose "
          "one of them."),
    Wrong("half a trajectory", langevin(trajectories=0.5), q.InputError,
          "`trajectories` must be a positive integer, but is 0.5; write 1000."),
    Wrong("a seed beyond", langevin(seed=2**64), q.InputError,
          "`seed` must be an integer from 0 to 2^64 − 1, but is 18446744073709551616; write seed=0."),
    Wrong("a reading that is none", langevin(observe={"B": "nonlocal"}), q.InputError,
          "`observe` must name an observable of a trajectory, but 'nonlocal' is none (did you mean nonlocality?); "
          "choose among bloch, concurrence, correlation, correlations, entanglement, entropy, mutual_information, "
          "nonlocality, pauli, population, profile, purity, reduced, renyi, spectrum, T."),
    Wrong("an executor that is none", langevin(executor="cluster"), q.InputTypeError,
          "`executor` must be one of a dask.distributed Client, a concurrent.futures Executor, a number of processes, "
          "threads of this process, but is 'cluster'; write executor=2 for two processes."),
    Wrong("no process", langevin(executor=0), q.InputError,
          "`executor` must be at least one process, but is 0; write executor=2."),
    Wrong("a function that cannot be sent", langevin(executor=2, observe={"z": NoPickle()}), q.InputTypeError,
          "`observe['z']` must be something that can be sent to another process, but is not (it stays here); define "
          "functions at the top of a module, or leave out `executor`."),
    Wrong("a folder of other things", langevin(checkpoint="."), q.FileError,
          "`checkpoint` must be an empty folder or hold this ensemble, but . holds thesis.tex; choose another folder.",
          files={"thesis.tex": ""}),
    Wrong("no folder", langevin(checkpoint=3), q.InputTypeError,
          "`checkpoint` must be the path of a folder, but is 3; write checkpoint=\"ensemble\"."),
    Wrong("earlier times", resume([0.5]), q.InputError,
          "`times` must go on after t = 1, the last time of the ensemble, but begin at 0.5; give later times."),
    Wrong("other readings", resume([2], observe={"purity": "purity"}), q.InputError,
          "`observe` must have the names of before, energy, bloch, but has energy, purity; give the same readings."),
    Wrong("an orbit whose temperature moves", canonical(q.Model(q.Space("1/2")), [1, 0], q.t), q.InputError,
          "`kT` must be constant in time, for a canonical ensemble has one temperature, but is t; give a number, or "
          "use langevin."),
    Wrong("an orbit of no model", canonical(3, [1, 0], 1), q.InputTypeError,
          "`model` must be a Model, but is of type int; write Model(space, terms)."),
    Wrong("an orbit in a moving field", canonical(q.Model(q.Space("1/2"), [q.Zeeman((0, 0, q.t))]), [1, 0], 1),
          q.InputError, "`model` must be constant in time and of numeric spins, but it depends on time; freeze it with "
          "subs."),
    Wrong("too few populations", canonical(DIMER, [1, 0], 1), q.StateError,
          "`spectrum` must be 4 real populations, but is of shape (2,); write [1, 0, 0, 0] for a pure state."),
    Wrong("populations that are not one together", canonical(SPIN, [1, 0.5], 1), q.StateError,
          "`spectrum` must be populations ≥ 0 that add up to 1, but they add up to 1.5; divide by their sum."),
    Wrong("a negative population", canonical(SPIN, [1.5, -0.5], 1), q.StateError,
          "`spectrum` must be populations ≥ 0 that add up to 1, but one is -0.5; divide by their sum."),
    Wrong("an orbit at zero temperature", canonical(SPIN, [1, 0], 0), q.InputError,
          "`kT` must be positive and finite, but is 0; give k_BT in the unit of H."),
    Wrong("an orbit at a temperature in words", canonical(SPIN, [1, 0], "hot"), q.InputTypeError,
          "`kT` must be a positive number, but is 'hot'; give k_BT in the unit of H."),
    Wrong("no digits", canonical(SPIN, [1, 0], 1, digits=0), q.InputError,
          "`digits` must be an integer from 1 to 1000, but is 0; give 15."),
    words('[bath]\nkT = "T"\n', "", "`hot` must have [bath] to have noise, but has none; add it in a model file, such "
          "as kT = 0.5."),
    words(KT, "kt = 0.5", "[bath] must have known keys alone, but has 'kt' (did you mean kT?); use kT, kelvin, noise, "
          "trajectories, seed, step, method."),
    words(KT, 'noise = "local"', "[bath] must have the key `kT`, but has `noise`; add it."),
    words(KT, "kelvin = 5", "[bath] may have `kelvin` where [system] has units, but it has none; give `kT` in the unit "
          "of H, or write units = [\"meV\", \"ps\"] there."),
    words(KT, "kT = 1\nkelvin = 5", "[bath] must have either `kT` or `kelvin`, but has both; leave one of them out."),
    words(KT, "kT = -1", "[bath]: `kT` must be at least 0, but is -1; give k_BT in the unit of H."),
    words(KT, 'kT = 1\nnoise = "locl"', f"[bath]: {KINDS}'locl' (did you mean local?); choose one of them."),
    words(KT, "kT = 1\ntrajectories = 0", "[bath] `trajectories` must be a positive integer, but is 0; mend it."),
    words(KT, 'kT = 1\nmethod = "strnag"', "`method` must be one of strang, euler, auto for this noise, but is "
          "'strnag' (did you mean strang?); choose one of them."),
    words("T = 0.5\n", "", "[bath] `kT`: The expression `T` must use known names alone, but `T` is not one; the names "
          f"are none declared, beside pi, t, {FUNCTIONS}."),
    words(KT, 'kT = "T"\nseed = 1', "`--scheduler` must stand without `--processes`, but both are given; drop one.",
          "--scheduler", "tcp://127.0.0.1:9", "--processes", "2"),
    words(KT, 'kT = "T"\nseed = 2', "`--resume` must stand without `--seed`, which is that of before, but both are "
          "given; drop one.", "--resume", "hot.langevin.npz", "--seed", "1"),
    WrongWords("a misspelt command", ["langevn", "hot.toml"],
               f"`COMMAND` must be one of {COMMANDS}, but is 'langevn' (did you mean langevin?); see `qllg --help`."),
]
