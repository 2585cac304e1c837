"""The keys of a model file that are no argument of a class, with what they are; terms, laws and states have their own.

Reading refuses every other key, and the documentation prints these tables.
"""

SYSTEM = {
    "spins": "the spins, site 0 first: `[\"1/2\", \"1\"]`; with `sites` the one spin of all",
    "sites": "how many sites there are, if all have the same spin",
    "magnetisation": "total S_z/ħ of the sector that kets of spins ½ belong to, such as `0` or `\"1/2\"`",
    "momentum": "k of the sector of one wave number 2πk/N on a ring of N spins ½, with `magnetisation`",
    "reflection": "1 or −1: what j ↦ N − 1 − j multiplies kets by, where `momentum` is 0 or N/2",
    "symbols": "names that have no number under [values] and stay symbols",
    "hbar": "ħ; 1 if it is left out",
    "gamma": "γ_g; 1 if it is left out",
    "units": "energy and time of the laboratory, such as `[\"meV\", \"ps\"]`, or \"paper\"; fields are then in tesla",
}
GRAPH = {
    "graph": "`chain`, `ring`, `square`, `triangular` or `cubic`: the same bond between all neighbours; `sites`: the "
             "same term of one site on all of them",
    "size": "`[nx, ny]` of a square or triangular lattice, `[nx, ny, nz]` of a cubic one; site x + nx·(y + ny·z)",
    "periodic": "whether such a lattice closes on itself; `true`, `false`, or one of each direction",
    "directions": "`true` where the coefficient is a list of one for each direction of its bonds: along x, y and z; of "
                  "a triangular lattice along (1, 0, 0), (1/2, √3/2, 0) and (−1/2, √3/2, 0)",
    "edges": "the bonds one by one: `[[0, 1], [1, 2]]`",
}
SIGNAL = {
    "file": "a file of two columns, times and samples, with the path from the folder of the model file",
    "times": "the times, in place of a file; at least four, ascending",
    "samples": "a number for each of them; between them it is a cubic spline",
    "support": "intervals of time outside which it is zero: `[[0, 2], [5, 6]]`",
    "resolution": "a time than which it has no narrower feature",
}
DISSIPATOR = {
    "rate": "at least 0, 1/time",
    "spin": "`minus`, `plus`, `x`, `y` or `z`: S of one site in units of ħ",
    "site": "the site of `spin`; 0 if it is left out",
    "matrix": "the operator's matrix, or its real part",
    "imaginary": "the imaginary part of `matrix`",
}
TIME = {
    "start": "the time of the state; 0 if it is left out",
    "stop": "the last time",
    "points": "how many equally spaced times there are, both ends among them",
    "times": "the times one by one, in place of the three",
}
SOLVER = {
    "method": "how to solve; `auto` takes the cheapest",
    "rtol": "relative tolerance of a step",
    "atol": "absolute tolerance of a step",
    "max_step": "the longest step",
    "breakpoints": "times at which a step must end",
}
BATH = {
    "kT": "k_BT ≥ 0 in the unit of energy: a number, or an expression in `t`, names and signals",
    "kelvin": "in place of `kT`: the temperature, where [system] has units",
    "noise": "`invariant`, or `local` to each spin; `invariant` if it is left out",
    "trajectories": "how many; 1000 if it is left out",
    "seed": "of the random numbers; 0 if it is left out",
    "step": "the longest step; the advised one if it is left out",
    "method": "`strang`, `euler`, `midpoint` or `implicit`; `auto` takes the best",
}
RESPONSE = {
    "operators": "what the field couples to: `[\"Sx\", \"Sz\"]` of the total spin; all three if it is left out",
    "start": "the first angular frequency; 0 if it is left out",
    "stop": "the last one; beyond the highest line if it is left out",
    "points": "how many equally spaced ones there are; 1001 if it is left out",
}
EPR = {
    "frequency": "of the spectrometer, in GHz where [system] has units, else an angular frequency: the field is swept",
    "field": "in place of `frequency`, in tesla where [system] has units: the frequency is swept",
    "start": "the first field or frequency",
    "stop": "the last one",
    "points": "how many equally spaced ones there are; 1001 if it is left out",
    "temperature": "in kelvin where [system] has units, else k_BT",
    "g": "a factor, a tensor of three rows, or one of these for each site; what the units mean if it is left out",
    "direction": "of the field on a crystal: `[0, 0, 1]`",
    "powder": "`zcw` or `lebedev`; a crystal if it is left out",
    "orientations": "how many directions a powder has at least; 1597 if it is left out",
    "width": "full width at half maximum of a Gaussian, in the unit of what is swept; 0 if it is left out",
    "mode": "`perpendicular` or `parallel`: the oscillating field, to the static one",
    "harmonic": "what is drawn: 1 for the derivative, 0 for the absorption; 1 if it is left out",
}
FIT = {
    "free": "where free parameters start: `{J = 1.0, kappa = 0.3}`",
    "observe": "what the data are: `bloch0`, …, or `Sx`, `Sy`, `Sz` of the total spin; `bloch0` if it is left out",
    "sigma": "the standard deviation of the data; their scatter says it if it is left out",
    "bounds": "lowest and highest numbers: `{kappa = [0, 1]}`",
}
HYBRID = {
    "clusters": "the sites of each cluster: `[[0, 1], [4]]`",
    "classical": "the sites that are unit moments: `[2, 3]`",
    "states": "`[[hybrid.states]]`, one for each cluster, with the keys of [state]",
    "moments": "a row `[x, y, z]` of length one for each classical site",
}
