"""Here may live operations on an `Equation`: one file each, and by being there a method."""
