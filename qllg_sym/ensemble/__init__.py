"""Many states at once: exact canonical ensembles on the isospectral orbit of a state, and noisy trajectories.

`canonical` holds exact ensembles. `langevin` checks what is given, `motions` are what noise moves, `steppers` schemes
in time, `simulation` runs trajectories in chunks with the `normals` of each, `thermal` is what users read.
Here may live what a heat bath makes of states. A single motion without noise is in `flow`.
"""
