"""Steppers on plain numbers: they know no physics and no symbols."""
