"""What is true: theorems, their certificates, and a small checker that shares no code with the prover.

Here may live the language of claims, the search for certificates, and sample points. Theorems are files of
`derivations`; what they are about is taken from `equations`. `checker` is a program of its own: it imports nothing
from here, and says some things a second time on purpose.
"""
