"""What is computed: numbers for models, laws and states, and the methods that move them.

Here may live arrays, tolerances and methods. Its rooms, lowest first: `subspace` (kets and
operators by their action) and `steps`, `steppers` (whole trajectories; no physics yet), `native` (C of the frame form
and of H·v), `hamiltonians` (H as numbers), `drives` (what depends on time), `states` (kets and weights), `exact` and
`results` (formula, what a solve leaves), `methods` (one file each).

What is asked for goes through `options` (how), `layout` and `pose` (what: rows of a `Problem`), `choose` (a method for
rows that are alike), `run` (`alone` or in `lockstep` on `threads`) and `between` (states at other times) in `solve`,
whose one body numbers these stages. No equation is derived here and none is typed: right-hand sides come from
`equations`.
"""
