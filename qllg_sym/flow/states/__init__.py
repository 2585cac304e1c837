"""States as numbers: weighted orthonormal kets over a multiple of the identity.

Here may live every kind of start and its way to kets and weights; H is used where a state is made of it, as the
ground state is.
"""
