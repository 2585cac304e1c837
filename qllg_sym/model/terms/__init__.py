"""One Hamiltonian term a file; a new file is found by itself, in Python and in model files.

A file holds one frozen dataclass of type `model.term.Term`: its fields say by their types what they are, `kind` and
`latex` are its name and formula, `hamiltonian` writes it in the letters of a `Context`, and `describe` prints it with
its numbers. The contract test reads what `describe` and `latex` print, in S_i, ħ, γ and the fields, and builds it from
spin matrices of its own; the docstring begins with "$H = " and the same LaTeX.

Here may live Hamiltonians of a few sites, each with its sign, counting, unit and source.
"""
