"""Model files: the text of a model and its law (`modeltext`) with a state, times and a solver.

Here may live the way from tables to what is integrated. What the objects mean and whether they fit is judged by them.
"""
