"""From exact expressions to fast code: knows straight-line arithmetic and languages, no physics.

Here may live kernels (straight-line programs over doubles), passes over them, languages that print them, and what
compiles, loads and binds them. No physics: its quantities come from above, as names of states and parameters. NumPy
is loaded only where a kernel is made callable. The pipeline is `lower` → `Kernel` → `passes` → `targets` → `build`.
"""
