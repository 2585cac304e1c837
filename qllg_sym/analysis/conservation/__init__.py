"""Constants of motion with polynomial multipliers: a system over a field, linear algebra in it, names, proofs.

Here may live what `Components.conserved` is made of; no numbers but exact ones.
"""
