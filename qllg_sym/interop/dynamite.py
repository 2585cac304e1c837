"""A script for dynamite (PETSc and SLEPc): operators, a product state, and steps of the complex time of a law."""

from qllg_sym.interop.exchanged import Handed

SCRIPT = '''"""H/ħ of {n} spins ½ for dynamite: run it with mpirun; PETSc must be built for complex numbers."""

from dynamite import config
from dynamite.computations import evolve
from dynamite.operators import identity, op_product, op_sum, sigmax, sigmay, sigmaz
from dynamite.states import State

config.L = {n}
SIGMA = {{"X": sigmax, "Y": sigmay, "Z": sigmaz}}
TERMS = [
{terms}]


def term(letters, coefficient):
    """One string of Pauli matrices, such as "X0 X1"."""
    factors = [SIGMA[name[0]](int(name[1:])) for name in letters.split()]
    return coefficient * (op_product(factors) if factors else identity())


def hamiltonian():
    """H/ħ."""
    return op_sum([term(letters, coefficient) for letters, coefficient in TERMS])
'''
STATE = '''

def start():
    """The product state at first: site 0 is the first letter."""
    return State(state="{letters}")
'''
STEP = '''

def step(H, psi, dt):
    """Move psi by dt: real-time evolution with a complex step, normalised."""
    psi = evolve(H, psi, t=dt * complex({re!r}, {im!r}))
    psi.normalize()
    return psi
'''


def dynamite_text(handed: Handed) -> str:
    r"""Return the script.

    >>> "TERMS = [\n    (\"Z0 Z1\", 0.25),\n]" in dynamite_text(Handed(2, [(((0, "Z"), (1, "Z")), 0.25)]))
    True
    """
    terms = "".join(f'    ("{" ".join(f"{letter}{site}" for site, letter in letters)}", {c!r}),\n'
                    for letters, c in handed.strings)
    text = SCRIPT.format(n=handed.sites, terms=terms)
    if handed.spins:
        text += STATE.format(letters="".join("U" if spin == "up" else "D" for spin in handed.spins))
    if handed.rate is not None:
        time = 1j * handed.rate
        text += STEP.format(re=time.real, im=time.imag)
    return text
