"""Model files: TOML with expressions of our own grammar, read into a model, a law, a state and times.

Here may live the way from tables to objects and back. What the objects mean and whether they fit is judged by them.
"""
