"""What the living figure must show: runs at given settings by the package's own solvers, and settings at random.

Kets and settings stand here a second time on purpose.
"""

import numpy as np

import qllg_sym as q
from qllg_sym.report.living.settings import SLIDERS, choices, first

HALF = 0.5**0.5
KETS = {"updown": [0, 1, 0, 0], "upup": [1, 0, 0, 0], "xx": [0.5, -0.5, 0.5, -0.5], "psiplus": [0, HALF, HALF, 0],
        "psiminus": [0, HALF, -HALF, 0], "phiplus": [HALF, 0, 0, HALF], "phiminus": [HALF, 0, 0, -HALF]}
POINTS = 400
COLUMNS = [a + b for a in "0xyz" for b in "0xyz"][1:]


def ket_of(settings):
    """The pure part of the start, (4,)."""
    if settings["start"] != "angles":
        return np.array(KETS[settings["start"]], dtype=complex)
    found = np.ones(1)
    for spin in "12":
        theta, phi = np.radians([settings[f"theta{spin}"], settings[f"phi{spin}"]])
        found = np.kron(found, [np.cos(theta / 2), np.exp(1j * phi) * np.sin(theta / 2)])
    return found


def problem(settings):
    """The model, the law and the state."""
    field = [settings[f"B_{axis}"] for axis in "xyz"]
    model = q.Model(q.Space.half(2), [q.Zeeman(field), q.Exchange(settings["J"], 0, 1),
                                      q.DMI((0, 0, settings["D"]), 0, 1)])
    p = settings["p"]
    return model, q.QuantumLLG(settings["kappa"]), q.LowRank([p], ket_of(settings)[:, None], (1 - p) / 4)


def couplings(settings):
    """The factors of H = J σ·σ + D (σxσy − σyσx) − ½ B·(σ1 + σ2), by the names of the components."""
    J, D, B = settings["J"], settings["D"], {axis: -settings[f"B_{axis}"] / 2 for axis in "xyz"}
    known = {"xx": J, "yy": J, "zz": J, "xy": D, "yx": -D, **{f"0{k}": x for k, x in B.items()},
             **{f"{k}0": x for k, x in B.items()}}
    return np.array([known.get(name, 0.0) for name in COLUMNS])


def times_of(settings):
    return np.arange(POINTS + 1) * settings["stop"] / POINTS


def in_doubles(settings):
    """Pauli components (n, 15), energy, purity and nonlocality (n,) at all times."""
    run = q.solve(*problem(settings), times_of(settings), method="exact")
    return run.pauli, run.energy, run.purity, run.nonlocality()


def in_digits(settings, places):
    """Pauli components (len(places), 15) from 40 digits at some of the times."""
    solution = q.exact(*problem(settings))
    rho = [np.array(x.tolist(), dtype=complex) for x in solution.at(times_of(settings)[places], 40)]
    return np.einsum("nij,kji->nk", rho, STRINGS).real


PAULI = np.array([np.eye(2), [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
STRINGS = np.array([[np.kron(a, b) for b in PAULI] for a in PAULI]).reshape(16, 4, 4)[1:]


def classical(settings):
    """The moments of the classical partner, (n, 6), from the Bloch vectors of the start."""
    model, _, _ = problem(settings)
    ket = ket_of(settings)
    spins = [[np.kron(s, PAULI[0]) for s in PAULI[1:]], [np.kron(PAULI[0], s) for s in PAULI[1:]]]
    start = np.array([[(ket.conj() @ s @ ket).real for s in spin] for spin in spins])
    start /= np.linalg.norm(start, axis=1)[:, None]
    run = q.solve(model, q.ClassicalLLG(settings["kappa"]), start, times_of(settings), rtol=1e-12, atol=1e-14)
    return run.moments.reshape(-1, 6)


def at_random(count, seed):
    """Positions of the sliders and choices: half of them with zeros, where symmetries forbid what rounding feeds."""
    rng, found = np.random.default_rng(seed), []
    starts = list(choices()["start"])
    for k in range(count):
        one = {slider.key: slider.low + slider.step * int(rng.integers(0, round((slider.high - slider.low)
                                                                              / slider.step) + 1))
               for slider in SLIDERS}
        if k % 2:
            one |= {"D": 0.0, "B_y": 0.0, "B_z": 0.0}
        found.append({**first(), **{key: round(x, 10) for key, x in one.items()}, "start": starts[k % len(starts)]})
    return found


def drawn(name, other, run, columns):
    """The curves of a run in a figure: column of its data file, and both at the times that they share.

    Runs have 400 steps to 80 ps or 60 ps, data files one a tenth of a picosecond. B is squared: near 0 rounding of
    1e-16 is 1e-8 of the root.
    """
    rows, letter = run["rows"], name[2:3]
    mine, theirs = (1, 2) if name[0] == "1" else (2, 3)
    for column, values in curves(name[0], letter, other, rows, run["classical"]):
        power = 2 if column.startswith("B_") else 1
        yield column, values[::mine]**power, columns[column][::theirs]**power


def curves(number, letter, other, rows, moments):
    """The curves of a run by the names that columns have."""
    if number == "1":
        yield from ((f"{letter}_r1_{axis}", rows[:, COLUMNS.index(f"{axis}0")]) for axis in "xyz")
        yield from ((f"{letter}_m1_{axis}", np.array(moments)[:, k]) for k, axis in enumerate("xyz"))
    elif number == "2":
        yield from ((f"{letter}_T_{k}{l}", rows[:, COLUMNS.index(k + l)]) for k in "xyz" for l in "xyz")
    elif number == "3":
        yield f"B_D_{other['D']:g}", rows[:, 19]
    else:
        yield f"B_{'FM' if letter == 'a' else 'AFM'}_{BELL[other['start']]}", rows[:, 19]


BELL = {"psiplus": "psi+", "psiminus": "psi-", "phiplus": "phi+", "phiminus": "phi-"}
