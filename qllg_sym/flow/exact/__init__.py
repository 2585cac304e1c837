"""The exact solution for two levels of ρ and constant H: one formula over floats, mpmath, rigorous balls and SymPy."""
