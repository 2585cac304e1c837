"""Hamiltonians as numbers: a matrix, or an action on kets without one.

Here may live ways to hold H and to apply it, with their bounds, layouts and threads. States enter as plain kets.
"""
