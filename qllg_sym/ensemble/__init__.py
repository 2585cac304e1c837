"""Many states at once: exact canonical ensembles on the isospectral orbit of a state.

Here may live what a heat bath makes of states: laws of ensembles and noisy trajectories. A single motion is in `flow`.
"""
