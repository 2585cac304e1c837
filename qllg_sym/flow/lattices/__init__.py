"""Large lattices of unit moments in numbers: lists of neighbours, and the fields and velocities that they give.

Here may live how families of terms become arrays, and what is computed with them. What the terms say is derived in
`equations.hybrid.families`; a law is asked at one moment in a unit field.
"""
