r"""One law of motion a file; a new file is found by itself, in Python and in model files.

A file holds one frozen dataclass of type `equations.law.Law`: fields of type `Coefficient`, `kind`, `source`
and `residual`. The contract test reads the equation that the docstring prints first, such as $\dot\rho = …$, with
what other equations in it define, and holds the residual to it in random matrices, up to a constant factor.

Here may live residuals, each in the letters of `law.Letters` with its source; all else is derived from them.
"""
