"""Many initial-value problems of one equation at once: posed as arrays, solved in lockstep."""
