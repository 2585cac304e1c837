"""Kinds of states: one a file, which holds a public function of the file's name, found by listing the folder.

The function returns a `State`: a frozen dataclass that says what the user said, with `numbers` for where a trajectory
starts and, where it has two levels at most, `exactly`. It is then `qllg_sym.states.<name>` and a `kind` in the [state]
table of model files, whose keys are the function's arguments, read by their types: str, float, int, lists of them;
Space, Model and `Hbar` are those of the file's model.

`EXAMPLE` holds the arguments but those, on some space of one or two spins. The docstring says under "Definition:" what
ρ is, in NumPy and in the words of `qllg_sym.observables`, with `one` for the identity, `H` for the matrix of a model,
`exp` of a Hermitian matrix, `top` for the projector on its highest level, and `prod` for the product of matrices.

Here may live what one kind of state is; how states are split, diagonalised or found at size lies in the room around.
"""
