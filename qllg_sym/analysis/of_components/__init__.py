"""Here may live operations on `Components`: one file each, and by being there a method."""
