"""Lattices as arrays: where sites are, how they repeat, which of them are joined.

Here may live what positions and numbers of sites say; no terms, which are exact and stand above.
"""
