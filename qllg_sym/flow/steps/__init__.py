"""What steps in time are made of: right-hand sides, limits and control of steps, tableaux, and Runge–Kutta in NumPy.

Here may live what steppers share, on plain numbers. No physics: what moves is an array, and what it obeys a function,
or C text with a layout. Whole trajectories are taken above, in `steppers`.
"""
