"""Right-hand sides through matrices in doubles: coordinates → ρ → coordinates, for what is too large to unroll.

Here may live what evaluates a law that is given as data: words in ρ, ρ̇ and H with numbers. Which words and which
strings these are is said above, in `equations`; how their coefficients are computed, below, in `codegen`.
"""
