"""Models and laws as text: the tables [system], [[term]], [values] and [law] of TOML, read into objects and written.

Here may live the way from tables to models and laws, and back. What they mean and whether they fit is judged by them.
"""
