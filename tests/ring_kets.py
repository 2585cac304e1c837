"""Kets of one wave number on a ring, by permutation matrices of the product states: an independent path."""

import numpy as np


def states_of(sites, down):
    """The product states with so many spins down, as numbers, ascending."""
    return [s for s in range(2**sites) if f"{s:b}".count("1") == down]


def permutation(sites, down, moved):
    """The matrix of what carries the letters of a state as `moved` carries a text."""
    states = states_of(sites, down)
    found = np.zeros((len(states), len(states)))
    for column, s in enumerate(states):
        found[states.index(int(moved(f"{s:0{sites}b}"), 2)), column] = 1
    return found


def projector(sites, down, momentum, reflection=None):
    """P = Σ_r e^{2πikr/N} T^r/N, times (1 + ρR)/2, on kets of one total S_z; T carries site j to j + 1."""
    step = permutation(sites, down, lambda text: text[-1] + text[:-1])
    found, power = np.zeros(step.shape, dtype=complex), np.eye(len(step))
    for r in range(sites):
        found += np.exp(2j * np.pi * momentum * r / sites) * power / sites
        power = step @ power
    if reflection is None:
        return found
    mirror = permutation(sites, down, lambda text: text[::-1])
    return found @ (np.eye(len(mirror)) + reflection * mirror) / 2


def columns(sites, down, momentum, reflection=None):
    """The basis on kets of one total S_z: P|a⟩ normalised, of the smallest number of each orbit, unless it is zero."""
    p, states = projector(sites, down, momentum, reflection), states_of(sites, down)
    found, seen = [], np.zeros(len(states), dtype=bool)
    for a in range(len(states)):
        image = p[:, a]
        if np.linalg.norm(image) > 1e-9 and not seen[a]:
            found.append(image / np.linalg.norm(image))
            seen |= abs(image) > 1e-9
    return np.array(found).T.reshape(len(states), len(found))


def sectors(sites, down, reflections=True):
    """All (k, ρ) that have a ket."""
    every = [(k, rho) for k in range(sites) for rho in (None, 1, -1)
             if rho is None or (reflections and 2 * k % sites == 0)]
    return [each for each in every if round(np.trace(projector(sites, down, *each)).real)]
