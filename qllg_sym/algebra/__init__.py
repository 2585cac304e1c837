"""Exact operator algebra: no floats, no NumPy; zero is decided by a normal form."""
