"""Runge–Kutta tableaux as exact or decimal text, one method a file, read by steppers and by the C driver.

Here may live numbers of published methods with their source, as text; no stepping.
"""
