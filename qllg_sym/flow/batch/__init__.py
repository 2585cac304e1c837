"""Many initial-value problems of one equation at once: posed as arrays, solved in lockstep.

Here may live what many rows share and one does not need: chunks, threads, rows that fail. Methods and formulas are
those of single rows.
"""
