"""What a solve leaves: states, what is read off them, how they are kept in files.

Here may live records of runs, their views, readings and files, and estimates of their errors. Nothing here moves a
state, and what is read off is computed in `observables`.
"""
