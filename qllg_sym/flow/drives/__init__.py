"""What depends on time, looked at without the state: where it moves, and how long a step may be so as to see it.

Here may live bounds and breakpoints of coefficients in time; states and methods are not known.
"""
