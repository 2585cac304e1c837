"""States at rest, and motion near them: levels of H by exact algebra, the states that are built of them, small motions.

Here may live what `fixed_points`, `linearise` and `phase_portrait` share.
"""
