"""Quantum clusters among classical moments in numbers: frames on the unitary groups, moments on their spheres.

Here may live how a hybrid problem is posed, how it moves, and what is found. What moves it is the kernel that
`equations.hybrid` derives.
"""
