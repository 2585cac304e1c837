"""What is true: laws of motion as implicit residuals, and every exact view of them.

Here may live laws and what follows from them by exact algebra, without a float. What is stored is data, and lies
lowest: `implicit_equation`, `implicit_components`. Views of it lie above: printing (`grouping`, `printing`,
`vector_form`, `operator_form`), explicit forms (`explicit`, `cayley_hamilton`, `spectrum`, `closed_form`), kernels
(`lowering`), Jacobians (`jacobians`), callables (`compiling`). `components`, `equation` and `law` only give them their
public names.
Nothing here holds a second copy of a right-hand side.
"""
