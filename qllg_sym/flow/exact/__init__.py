"""The exact solution for two levels of ρ and constant H: one formula over floats, mpmath, rigorous balls and SymPy.

`formula` says it, `charts` pivot for every number type, and a file each says what a type is: `doubles` (with `walk` and
`eigenbasis`), `digits`, `balls`, `symbols`. `states` and `matrices` make states exact data, `solution` is for users,
`enclosure` reads balls. Here may live the formula, and what it is evaluated over and when; no method, no trajectory.
"""
