"""The exact solution with symbols: ρ(t) in exponentials whose rates are eigenvalues of H in square roots.

Here may live exact algebra of such functions of time, what is read off them, and how that is written; no doubles.
"""
