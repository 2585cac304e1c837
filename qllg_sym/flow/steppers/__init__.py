"""Steppers on plain numbers: they know no physics and no symbols.

Here may live what takes a state from its first time to its last, compiled or in Python, of the parts in `steps`. No
physics: what moves is an array, and what it obeys a function, or C text with a layout.
"""
