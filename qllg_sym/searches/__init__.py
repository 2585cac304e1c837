"""The lowest levels of a model, found in several ways, each with residual norms as its certificate.

Here may live searches of levels and what they cost; each way is a file of `methods`. What is found moves in `flow`.
"""
