"""Runge–Kutta tableaux as exact or decimal text, one method a file, read by steppers and by the C driver."""
