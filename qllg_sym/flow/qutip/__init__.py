"""QuTiP's shape: `qllgsolve`, `qllsolve` and `llgsolve` take and give what `sesolve` and `mesolve` do.

Here may live what reads QuTiP's arguments, one file each, and what returns its result; everything is solved in `solve`.
"""
