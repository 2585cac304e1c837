"""Chains that are free fermions: pure Gaussian states, whose one-particle matrix obeys the law itself.

Here may live how a spin chain becomes a quadratic form in Majorana operators, how frames of the one-particle matrix
move, what is read off them, and what is found. Only `flow.compact` knows this room.
"""
