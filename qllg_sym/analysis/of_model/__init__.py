"""Here may live operations on a `Model`: one file each, and by being there a method."""
