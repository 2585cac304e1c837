"""What `plot` can show over time: one file each, found by listing the folder.

A file has a function `panels(trajectory, units)` that returns functions which draw into axes, and `TITLE`, a few words
for lists. Everything that can be refused is read before they are returned. `FINER = False` where stored times alone
may be drawn. Files that begin with an underscore are shared.

Here may live axes and labels; what is drawn comes from the trajectory.
"""
