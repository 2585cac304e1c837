"""Kets as tall arrays, and operators known by their action on them: polynomials of such, and their lowest levels.

Here may live linear algebra that needs no matrix of the operator. No physics, and no time.
"""
