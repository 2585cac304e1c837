"""States as numbers: weighted orthonormal kets over a multiple of the identity."""
