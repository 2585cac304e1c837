"""Here may live expansions of equations of motion and of their solutions: each kind a file, `series` calls it."""
