"""What a weak field in time makes of a stationary state: susceptibilities, lines and absorption.

`response` checks what is given, `perturbations` are what a field couples to, `stationary` the levels and populations of
the state; `transitions` is the closed form of laws with a frame weight, `linearised` is for every other law;
`linear_response` is what users read, `symbolic` the same with symbols. `structure_factor` and `typicality` are of many
spins; `levels`, `epr` and `neutrons` of molecules in the laboratory: `in_field`, `resonances`, `orientations` and
`line_shapes` are what these stand on, `magnetic_resonance` what users read.
Here may live what experiments with weak fields see. Strong fields are driven in `flow`.
"""
