"""Matrix product states: pure q-LLG and q-LL on chains, rings and ladders of a hundred spins and more.

A pure state follows Schrödinger's equation with a complex step, so that every engine for time evolution that takes one
integrates q-LLG. Here may live what such engines need: H as operators on few sites, near or far, splittings of its
exponential, the sweeps of tensors, estimates of errors, and what was found; and DMRG, for which `door` alone imports
TeNPy.
"""
