"""Hamiltonians as numbers: a matrix, or an action on kets without one."""
