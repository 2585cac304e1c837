"""Steppers on plain numbers: they know no physics and no symbols.

Here may live steps, their control and their limits, in time or over polynomials of an operator that is given by its
action. No physics: what moves is an array, and what it obeys a function, or C text with a layout.
"""
