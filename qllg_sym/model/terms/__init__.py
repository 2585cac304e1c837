"""One Hamiltonian term a file; a new file is found by itself, in Python and in model files.

Here may live Hamiltonians of a few sites, each with its sign, counting, unit and source.
"""
