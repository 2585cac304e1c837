"""Exact operator algebra: no floats, no NumPy; zero is decided by a normal form.

Here may live rings, fields and what is written in them: scalars, spin operators, words, strings of sites. An element
knows its algebra and no model; what a Hamiltonian is, is said in `model`.
"""
